#pragma once

#include <random>
#include <string>
#include <vector>

namespace sfumato {

/// Pieces of what detectors look for, and of what they do not, side by side.
inline std::string jumble(std::mt19937_64& rng, int pieces) {
  static const std::vector<std::string> kPieces = {"4111 1111 1111 1111",
                                                   "4111111111111111",
                                                   "3782-822463-10005",
                                                   "1111",
                                                   "4111",
                                                   "DE89 3704",
                                                   " 0044 0532 0130 00",
                                                   "DE89370400440532013000",
                                                   "123-45-6789",
                                                   "021000021",
                                                   "123456789",
                                                   "11010519491231002X",
                                                   "13800138000",
                                                   "+86 ",
                                                   "86",
                                                   "0086",
                                                   "138 0013 8000",
                                                   "a@b.cd",
                                                   "@x.com",
                                                   "jdoe",
                                                   "192.0.2.1",
                                                   ".5",
                                                   "2001:db8::1",
                                                   "::1",
                                                   ":",
                                                   "::",
                                                   "ac:de:48:00:00:80",
                                                   "-80",
                                                   "(415) 555-2671",
                                                   "415-555-2671",
                                                   "1-",
                                                   "+49 (0)30 123456",
                                                   "+",
                                                   "(0)",
                                                   "00",
                                                   "0",
                                                   "7",
                                                   "x",
                                                   "é",
                                                   "王",
                                                   " ",
                                                   " ",
                                                   "-",
                                                   ".",
                                                   ",",
                                                   "<",
                                                   "\n",
                                                   "Anna",
                                                   "Anna Lena",
                                                   "Anna \n Lena",
                                                   "/",
                                                   "\t",
                                                   "\u5F20\u4E09@",
                                                   "\uD55C",
                                                   "\u4E2D\u56FD",
                                                   "4222 2222 2222 2",
                                                   "4111  1111",
                                                   "_",
                                                   "=",
                                                   "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};
  std::string text;
  for (int i = 0; i < pieces; ++i) text += kPieces[rng() % kPieces.size()];
  return text;
}

}  // namespace sfumato
