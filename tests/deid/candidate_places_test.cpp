#include "deid/candidate_places.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <random>

#include "deid/jumble.h"

namespace sfumato {
namespace {

std::vector<bool> one_by_one(std::string_view text) {
  std::vector<bool> is;
  for (std::size_t at = 0; at < text.size(); ++at) is.push_back(is_candidate(text, at));
  return is;
}

std::vector<bool> at_once(std::string_view text) {
  std::vector<std::uint64_t> marks = {~std::uint64_t{0}};  // what stood there is gone
  mark_candidates(text, marks);
  EXPECT_EQ(marks.size(), (text.size() + 63) / 64);
  std::vector<bool> is;
  for (std::size_t at = 0; at < marks.size() * 64; ++at) {
    const bool marked = (marks[at / 64] >> at % 64 & 1) == 1;
    if (at < text.size()) is.push_back(marked);
    EXPECT_FALSE(marked && at >= text.size());
  }
  return is;
}

/// Bytes of all values, those near digits and letters most often.
std::string any_bytes(std::mt19937_64& rng, std::size_t size) {
  constexpr std::string_view kOften = "0189azAZ/:@[`{()+-.,*' \x7F\x80\xB0\xC3";
  std::string text;
  for (std::size_t i = 0; i < size; ++i)
    text += rng() % 3 == 0 ? static_cast<char>(rng() % 256) : kOften[rng() % kOften.size()];
  return text;
}

TEST(CandidatePlaces, AreWhereAWordBeginsThatSoonTells) {
  const auto places = [](std::string_view text) {
    std::string marks;
    for (const bool is : at_once(text)) marks += is ? '^' : ' ';
    return marks;
  };
  EXPECT_EQ(places("see 192.0.2.1, ab12 or fe80::1 fee, fading: 1"),
            "^   ^   ^ ^ ^  ^       ^   ^^^            ^ ^");
  EXPECT_EQ(places("(+49) a-b ab, abcd. abcde. x 1"), "^^^   ^       ^            ^ ^");
  EXPECT_EQ(places(""), "");
}

TEST(CandidatePlaces, EveryInstructionSetAgreesWithTheDefinition) {
  std::mt19937_64 rng(5);
  std::vector<std::string> texts;
  for (std::size_t size : {0u, 1u, 4u, 15u, 16u, 17u, 63u, 64u, 65u, 127u, 128u, 129u, 1000u})
    for (int i = 0; i < 20; ++i) texts.push_back(any_bytes(rng, size));
  for (int i = 0; i < 100; ++i) texts.push_back(jumble(rng, 12));
  // What tells lies at each distance behind the beginning, and in the next block.
  for (std::size_t before = 50; before < 70; ++before)
    for (std::size_t letters = 0; letters < 7; ++letters)
      texts.push_back(std::string(before, ' ') + std::string(letters, 'a') + "1");
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    for (const std::string& text : texts)
      EXPECT_EQ(at_once(text), one_by_one(text)) << hwy::TargetName(target) << "\n" << text;
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace
}  // namespace sfumato
