#include "deid/check_digits.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sfumato {
namespace {

std::vector<std::uint8_t> digits_of(std::string_view text) {
  std::vector<std::uint8_t> digits;
  for (const char c : text) digits.push_back(static_cast<std::uint8_t>(c - '0'));
  return digits;
}

/// Whether a wrong digit, and an exchange of neighbours, is noticed anywhere in a text that passes.
template <class Passes>
void expect_noticed(const std::string& text, Passes passes, int exchanges_missed) {
  ASSERT_TRUE(passes(text)) << text;
  for (std::size_t i = 0; i < text.size(); ++i)
    for (char c = '0'; c <= '9'; ++c) {
      std::string wrong = text;
      wrong[i] = c;
      EXPECT_EQ(passes(wrong), wrong == text) << wrong;
    }
  int missed = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    std::string wrong = text;
    std::swap(wrong[i], wrong[i + 1]);
    missed += wrong != text && passes(wrong) ? 1 : 0;
  }
  EXPECT_EQ(missed, exchanges_missed) << text;
}

TEST(CheckDigits, LuhnsNoticesADigitAndExchangesButThoseOf09) {
  const auto passes = [](const std::string& text) { return passes_luhn(digits_of(text)); };
  expect_noticed(
      "4992739871"
      "6",
      passes, 0);
  expect_noticed(
      "79092739816",
      passes, 2);  // 09 and 90
  EXPECT_TRUE(passes("0"));
  EXPECT_TRUE(passes("18"));
  EXPECT_FALSE(passes("81"));
}

TEST(CheckDigits, Modulo97NoticesADigitAndExchanges) {
  // ISO 7064: numbers whose rest is 1 pass. An example of the standard: 794 has the check characters 44.
  expect_noticed(
      "79444", [](const std::string& text) { return modulo_97(text) == 1; }, 0);
  EXPECT_EQ(modulo_97("A"), 10u);
  EXPECT_EQ(modulo_97("Z"), 35u);
  EXPECT_EQ(modulo_97("DE89", modulo_97("3704")), modulo_97("3704DE89"));
}

TEST(CheckDigits, Modulo11IsThatOfTheStandard) {
  // ISO 7064: 0794 has the check character 0; 079 has X.
  EXPECT_EQ(mod_11_2_of(digits_of("0794")), '0');
  EXPECT_EQ(mod_11_2_of(digits_of("079")), 'X');
  EXPECT_EQ(mod_11_2_of(digits_of("11010519491231002")), 'X');
}

TEST(CheckDigits, RoutingNumbersNoticeADigitAndExchangesButThoseFiveApart) {
  expect_noticed(
      "011401533", [](const std::string& text) { return passes_routing(digits_of(text)); }, 0);
  expect_noticed(
      "111000025", [](const std::string& text) { return passes_routing(digits_of(text)); }, 0);
}

TEST(CheckDigits, TravelDocumentsWeighWith731) {
  // Doc 9303, part 3, 4.9: the date 520727 has the digit 3, the number AB2134<<< has 5.
  EXPECT_EQ(travel_document_check("520727"), 3u);
  EXPECT_EQ(travel_document_check("AB2134<<<"), 5u);
  EXPECT_EQ((travel_document_check("AB21") + travel_document_check("34<<<", 4)) % 10, 5u);
}

}  // namespace
}  // namespace sfumato
