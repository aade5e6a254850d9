#include "deid/pattern_finder.h"

#include <gtest/gtest.h>

#include <random>

#include "deid/jumble.h"

namespace sfumato {
namespace {

PatternFinder pattern(Pattern given) {
  return PatternFinder::make(std::move(given), 0).value();
}

using Places = std::vector<std::pair<std::size_t, std::size_t>>;

/// At each place the longest, tried out end by end.
Places by_the_law(const PatternFinder& finder, std::string_view text) {
  Places found;
  for (std::size_t begin = 0; begin < text.size(); ++begin)
    for (std::size_t end = text.size(); end > begin; --end)
      if (finder.is_found(text, begin, end)) {
        found.emplace_back(begin, end);
        break;
      }
  return found;
}

Places found_by(const PatternFinder& finder, std::string_view text) {
  Places found;
  for (std::size_t from = 0; from < text.size(); from = found.back().first + 1) {
    const Finding next = finder.next(text, from);
    if (next.by != 0) break;
    found.emplace_back(next.begin, next.end);
  }
  return found;
}

const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> kPatterns = {
      {.name = "", .regex = R"(\d{3,6}( \d)?)"},
      {.name = "", .regex = R"(\d{3,6})", .whole = false},
      {.name = "", .regex = R"([\d ]{2,19})", .validator = Validator::luhn},
      {.name = "", .regex = R"(\w+)", .validator = Validator::mod_97, .whole = false},
      {.name = "", .regex = R"([\dX -]+)", .validator = Validator::mod_11_2, .whole = false},
      {.name = "", .regex = R"(^[^@]+|x$|\b1\d*)", .whole = false},
      {.name = "", .regex = R"(A.*a|.\n)", .whole = false},
      {.name = "", .regex = R"(\C\C)", .whole = false},
      {.name = "", .regex = R"((?i)anna|\p{Han}+)", .context = {"Lena", "4111"}},
      {.name = "", .regex = R"(\b|7)", .whole = false}};
  return kPatterns;
}

TEST(PatternFinder, AgreesWithItsLawOnJumbles) {
  std::mt19937_64 rng(3);
  for (const Pattern& given : patterns()) {
    const PatternFinder finder = pattern(given);
    std::size_t seen = 0;
    for (int round = 0; round < 40; ++round) {
      const std::string text = jumble(rng, 1 + static_cast<int>(rng() % 12));
      const Places wanted = by_the_law(finder, text);
      EXPECT_EQ(found_by(finder, text), wanted) << given.regex << "\n" << text;
      EXPECT_EQ(found_by(finder.copy(), text), wanted) << given.regex << "\n" << text;
      seen += wanted.size();
    }
    EXPECT_GT(seen, 0u) << given.regex;
  }
}

TEST(PatternFinder, WhatIsFoundHas300BytesAtMostWhereverItLies) {
  const PatternFinder finder = pattern({.name = "", .regex = "a[b]*c", .whole = false});
  for (std::size_t before : {0u, 1u, 1700u, 1747u, 1748u, 1749u, 2047u, 2048u, 5000u})
    for (std::size_t size : {2u, 299u, 300u, 301u}) {
      const std::string word = "a" + std::string(size - 2, 'b') + "c";
      const std::string text = std::string(before, 'a') + word + std::string(100, ' ') + "ac";
      Places wanted = {{text.size() - 2, text.size()}};
      if (size <= 300) wanted.insert(wanted.begin(), {before, before + size});
      EXPECT_EQ(found_by(finder, text), wanted) << before << " " << size;
    }
}

/// Bytes, of which a letter beyond ASCII has several; the word has to lie within them as a whole.
TEST(PatternFinder, AContextStandsWithin60BytesOnEitherSide) {
  const PatternFinder finder = pattern({.name = "", .regex = R"(\d{4})", .context = {"case"}});
  const auto found_with = [&](const std::string& before, const std::string& after) {
    return !found_by(finder, before + "1234" + after).empty();
  };
  for (const std::string& fill : {std::string(56, '.'), std::string(54, ' ') + "\u2014."}) {
    const bool wide = fill.size() > 56;
    EXPECT_EQ(found_with("case" + fill, ""), !wide);
    EXPECT_EQ(found_with("", fill + "case"), !wide);
    EXPECT_FALSE(found_with("case" + fill + ".", ""));
    EXPECT_FALSE(found_with("", "." + fill + "case"));
  }
  EXPECT_TRUE(found_with("case" + std::string(53, ' ') + "\u2014", ""));
}

TEST(PatternFinder, AnExpressionLooksAtWhatStandsAround) {
  const std::string long_text = std::string(3000, '.');
  EXPECT_EQ(found_by(pattern({.name = "", .regex = "\\bx$"}), long_text + "x"),
            (Places{{3000, 3001}}));
  EXPECT_EQ(found_by(pattern({.name = "", .regex = "^x", .whole = false}), "xx" + long_text + "x"),
            (Places{{0, 1}}));
}

}  // namespace
}  // namespace sfumato
