#include "homomorphic/owned.h"

#include "random/wipe.h"

namespace sfumato {

Owned<BIGNUM> number_of(std::string_view bytes) {
  return owned(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                         static_cast<int>(bytes.size()), nullptr));
}

Owned<BIGNUM> number_of(uint128 value) {
  const std::uint64_t words[] = {static_cast<std::uint64_t>(value),
                                 static_cast<std::uint64_t>(value >> 64)};
  Owned<BIGNUM> number = new_number();
  read_words(words, number.get());
  return number;
}

std::string bytes_of(const BIGNUM* number, std::size_t size) {
  std::string bytes(size, '\0');
  must(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                    static_cast<int>(size)) == static_cast<int>(size));
  return bytes;
}

void read_words(std::span<const std::uint64_t> words, BIGNUM* into) {
  std::vector<unsigned char> bytes(8 * words.size());
  for (std::size_t i = 0; i < words.size(); ++i)
    for (std::size_t j = 0; j < 8; ++j)
      bytes[8 * i + j] = static_cast<unsigned char>(words[i] >> 8 * j);
  const bool done = BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), into) != nullptr;
  wipe(bytes.data(), bytes.size());
  must(done);
}

std::vector<std::uint64_t> words_of(const BIGNUM* number, std::size_t count) {
  std::vector<unsigned char> bytes(8 * count);
  must(BN_bn2lebinpad(number, bytes.data(), static_cast<int>(bytes.size())) >= 0);
  std::vector<std::uint64_t> words(count);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    words[i / 8] |= std::uint64_t{bytes[i]} << 8 * (i % 8);
  wipe(bytes.data(), bytes.size());
  return words;
}

Owned<BN_MONT_CTX> montgomery(const BIGNUM* modulus, BN_CTX* context) {
  Owned<BN_MONT_CTX> made = owned(BN_MONT_CTX_new());
  must(BN_MONT_CTX_set(made.get(), modulus, context) == 1);
  return made;
}

}  // namespace sfumato
