#include "io/number_order.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <string>
#include <system_error>

#include "io/cell.h"

namespace sfumato {
namespace {

/// ±0.DIGITS · 10^place, without zeros at either end; no digits for zero.
struct Digits {
  bool negative = false;
  std::string digits;
  std::int64_t place = 0;
};

/// An exponent; one that no int64 holds outweighs any number of digits.
std::int64_t exponent_of(std::string_view text) {
  constexpr std::int64_t kBeyond = std::int64_t{1} << 62;
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (read.ec == std::errc::result_out_of_range) return text[0] == '-' ? -kBeyond : kBeyond;
  return std::clamp(exponent, -kBeyond, kBeyond);
}

/// Reads a text that is known to write a finite number.
Digits digits_of(std::string_view text) {
  Digits number;
  bool past_point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '-') number.negative = true;
    if (c == '.') past_point = true;
    if (c == 'e' || c == 'E') {
      number.place += exponent_of(text.substr(i + 1, text.find_last_not_of(" \t") - i));
      break;
    }
    if (c < '0' || c > '9') continue;
    if (number.digits.empty() && c == '0') {
      number.place -= past_point;
      continue;
    }
    number.digits += c;
    number.place += !past_point;
  }
  number.digits.erase(number.digits.find_last_not_of('0') + 1);
  return number;
}

std::strong_ordering compare_magnitudes(const Digits& a, const Digits& b) {
  if (a.digits.empty() || b.digits.empty()) return a.digits.size() <=> b.digits.size();
  if (a.place != b.place) return a.place <=> b.place;
  return a.digits.compare(b.digits) <=> 0;
}

std::strong_ordering compare(const Digits& a, const Digits& b) {
  const bool a_below = a.negative && !a.digits.empty();
  const bool b_below = b.negative && !b.digits.empty();
  if (a_below != b_below) return b_below <=> a_below;
  return a_below ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

Order order_from(std::strong_ordering order) {
  return order < 0 ? Order::less : order > 0 ? Order::greater : Order::equal;
}

/// Values of a type in their order, as whole numbers from 0 on. (-0 comes just before 0.)
template <class Value>
struct Ladder {
  using Step = std::make_unsigned_t<Value>;
  static constexpr Step kSign = Step{1} << (sizeof(Step) * 8 - 1);
  static constexpr Step kLast = static_cast<Step>(~Step{0});
  static constexpr bool kSigned = std::signed_integral<Value>;
  static constexpr Step kFirst = 0;
  static Value at(Step step) { return static_cast<Value>(kSigned ? step ^ kSign : step); }
};

template <std::floating_point Value>
struct Ladder<Value> {
  using Step = std::conditional_t<sizeof(Value) == 8, std::uint64_t, std::uint32_t>;
  static constexpr Step kSign = Step{1} << (sizeof(Step) * 8 - 1);
  static constexpr Step kInfinite = std::bit_cast<Step>(std::numeric_limits<Value>::infinity());
  static constexpr Step kFirst = kSign - 1 - kInfinite;  // -∞
  static constexpr Step kLast = kSign + kInfinite;       // +∞
  static Value at(Step step) {
    return std::bit_cast<Value>(step >= kSign ? step - kSign : kSign | (kSign - 1 - step));
  }
};

template <std::integral Value>
Order order_of(Value value, const Decimal& constant) {
  return order_of_text(std::to_string(value), constant);
}
template <std::floating_point Value>
Order order_of(Value value, const Decimal& constant) {
  char pen[kRealText];
  const Key key = key_of_real(value, pen);
  return order_of_text(
      key.kind == Key::Kind::integer ? std::to_string(key.integer) : std::string(key.text),
      constant);
}

}  // namespace

Order order_of_text(std::string_view text, const Decimal& constant) {
  const Number number = number_of_text(text);
  if (number.kind == Number::Kind::null) return Order::unknown;
  if (number.kind == Number::Kind::real && std::isinf(number.real) &&
      text.find_first_of("0123456789") == text.npos)  // a word for it, and no number too large
    return number.real > 0 ? Order::greater : Order::less;
  return order_from(compare(digits_of(text), digits_of(constant.to_string())));
}

template <class Value>
Cut<Value> Cut<Value>::make(const Decimal& constant) {
  using Rungs = Ladder<Value>;
  auto least = Rungs::kFirst, most = Rungs::kLast;
  const auto less = [&](auto step) { return order_of(Rungs::at(step), constant) == Order::less; };
  if (less(most)) return {.beyond = true};
  while (least < most) {
    const auto middle = static_cast<decltype(least)>(least + (most - least) / 2);
    if (less(middle))
      least = static_cast<decltype(least)>(middle + 1);
    else
      most = middle;
  }
  const Value at = Rungs::at(least);
  return {.at = at, .equal = order_of(at, constant) == Order::equal};
}

template struct Cut<std::int64_t>;
template struct Cut<std::uint64_t>;
template struct Cut<float>;
template struct Cut<double>;

Order NumberCut::order(std::string_view text) const {
  const Number number = number_of_text(text);
  if (number.kind == Number::Kind::null) return Order::unknown;
  if (number.kind == Number::Kind::integer) return whole_.order(number.integer);
  // The nearest double of a number grows with it.
  if (number.real < below_) return Order::less;
  if (number.real > above_) return Order::greater;
  return order_of_text(text, constant_);
}

}  // namespace sfumato
