#include "io/number_order.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "io/cell.h"

namespace sfumato {
namespace {

Decimal decimal(const std::string& text) {
  return Decimal::parse(text).value();
}

Order mirrored(Order order) {
  return order == Order::less ? Order::greater : order == Order::greater ? Order::less : order;
}

TEST(NumberOrder, ComparesDecimalsOfAnyLength) {
  EXPECT_EQ(order_of_text("1" + std::string(399, '0') + "1", decimal("1e400")), Order::greater);
  EXPECT_EQ(order_of_text("1" + std::string(400, '0'), decimal("1e400")), Order::equal);
  EXPECT_EQ(order_of_text("0." + std::string(399, '0') + "1", decimal("1e-400")), Order::equal);
  EXPECT_EQ(order_of_text("-0.5", decimal("-0.25")), Order::less);
  EXPECT_EQ(order_of_text("-12", decimal("-3")), Order::less);
  EXPECT_EQ(order_of_text("5.", decimal("5")), Order::equal);
  EXPECT_EQ(order_of_text(".5", decimal("0.5")), Order::equal);
  EXPECT_EQ(order_of_text("0", decimal("0")), Order::equal);
  EXPECT_EQ(order_of_text("0.00e5", decimal("1e-400")), Order::less);
}

TEST(NumberOrder, WordsAreInfiniteAndNumbersThatAreTooLargeAreNot) {
  EXPECT_EQ(order_of_text("inf", decimal("1e400")), Order::greater);
  EXPECT_EQ(order_of_text("-infinity", decimal("-1e400")), Order::less);
  EXPECT_EQ(order_of_text("1e399", decimal("1e400")), Order::less);
  EXPECT_EQ(order_of_text("nan", decimal("0")), Order::unknown);
}

/// Texts of numbers that lie together: of few digits, and at the edges of doubles and integers.
std::string number_text(std::mt19937_64& rng) {
  static const std::vector<std::string> kEdges = {"9007199254740992",
                                                  "9007199254740993",
                                                  "9223372036854775807",
                                                  "9223372036854775808",
                                                  "-9223372036854775808",
                                                  "-9223372036854775809",
                                                  "18446744073709551615",
                                                  "1e308",
                                                  "1.7976931348623157e308",
                                                  "1.7976931348623158e308",
                                                  "5e-324",
                                                  "2e-324",
                                                  "0",
                                                  "-0",
                                                  "0.1",
                                                  "0.1000000000000000055511151231257827",
                                                  "0.10000000000000002",
                                                  "0.3",
                                                  "1e22",
                                                  "1e23"};
  if (rng() % 3 == 0) return kEdges[rng() % kEdges.size()];
  std::string text = rng() % 3 ? "" : "-";
  for (std::size_t digits = 1 + rng() % 4; digits > 0; --digits)
    text += static_cast<char>('0' + rng() % 10);
  if (rng() % 2) text += "." + std::to_string(rng() % 100);
  if (rng() % 4 == 0) text += "e" + std::to_string(static_cast<int>(rng() % 7) - 3);
  return text;
}

TEST(NumberOrder, TheNearestDoubleSparesDigitsAndChangesNothing) {
  std::mt19937_64 rng(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = number_text(rng), b = number_text(rng);
    const Order expected = order_of_text(a, decimal(b));
    ASSERT_EQ(NumberCut(decimal(b)).order(a), expected) << a << " to " << b;
    ASSERT_EQ(order_of_text(b, decimal(a)), mirrored(expected)) << b << " to " << a;
  }
}

template <class Value>
std::string canonical(Value value) {
  if constexpr (std::is_integral_v<Value>) {
    return std::to_string(value);
  } else {
    char pen[kRealText];
    const Key key = key_of_real(value, pen);
    return key.kind == Key::Kind::integer ? std::to_string(key.integer) : std::string(key.text);
  }
}

template <class Value>
Value some_value(std::mt19937_64& rng) {
  if constexpr (std::is_integral_v<Value>) {
    const auto edge =
        rng() % 2 ? std::numeric_limits<Value>::max() : std::numeric_limits<Value>::min();
    const auto near = static_cast<Value>(rng() % 3);
    return static_cast<Value>(rng() % 2 ? edge - (edge > 0 ? near : Value{0}) : rng() % 2000);
  } else {
    const std::string text = number_text(rng);
    Value value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    for (std::size_t steps = rng() % 3; steps > 0; --steps)
      value = std::nextafter(value, rng() % 2 ? Value{INFINITY} : Value{-INFINITY});
    return rng() % 50 ? value : rng() % 2 ? Value{INFINITY} : Value{-INFINITY};
  }
}

template <class Value>
void expect_cuts_to_agree(std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  for (int i = 0; i < 1'000; ++i) {
    const Value near = some_value<Value>(rng);
    const auto parsed = Decimal::parse(rng() % 2 ? canonical(near) : number_text(rng));
    const Decimal constant = parsed ? *parsed : Decimal();
    const auto cut = Cut<Value>::make(constant);
    for (int j = 0; j < 10; ++j) {
      const Value value = j == 0 ? near : some_value<Value>(rng);
      ASSERT_EQ(cut.order(value), order_of_text(canonical(value), constant))
          << canonical(value) << " to " << constant.to_string();
    }
  }
}

TEST(NumberOrder, ACutOrdersAllValuesOfATypeAsTheirTexts) {
  expect_cuts_to_agree<std::int64_t>(2);
  expect_cuts_to_agree<std::uint64_t>(3);
  expect_cuts_to_agree<double>(4);
  expect_cuts_to_agree<float>(5);
}

TEST(NumberOrder, AFloatIsTheDecimalThatItShows) {
  EXPECT_EQ(Cut<float>::make(decimal("0.1")).order(0.1F), Order::equal);
  EXPECT_EQ(Cut<double>::make(decimal("0.1")).order(0.1), Order::equal);
  EXPECT_EQ(Cut<double>::make(decimal("0.1")).order(double{0.1F}), Order::greater);
  EXPECT_EQ(Cut<double>::make(decimal("0")).order(-0.0), Order::equal);
  EXPECT_EQ(Cut<double>::make(decimal("0")).order(std::nan("")), Order::unknown);
  EXPECT_EQ(Cut<float>::make(decimal("1e400")).order(INFINITY), Order::greater);
}

}  // namespace
}  // namespace sfumato
