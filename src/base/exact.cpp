#include "sfumato/base/exact.h"

#include <charconv>
#include <cmath>
#include <iterator>

namespace sfumato {

Result<Exact> Exact::parse(std::string_view text) {
  Result<Decimal> decimal = Decimal::parse(text);
  if (!decimal) return decimal.error();
  return Exact(*decimal);
}

double Exact::lower() const noexcept {
  if (const auto* x = std::get_if<double>(&value_)) return *x;
  return std::get_if<Decimal>(&value_)->to_double_down();
}

double Exact::upper() const noexcept {
  if (const auto* x = std::get_if<double>(&value_)) return *x;
  return std::get_if<Decimal>(&value_)->to_double_up();
}

bool Exact::is_finite() const noexcept {
  const auto* x = std::get_if<double>(&value_);
  return !x || std::isfinite(*x);
}

int Exact::sign() const noexcept {
  if (const auto* x = std::get_if<double>(&value_)) return (*x > 0) - (*x < 0);
  return std::get_if<Decimal>(&value_)->sign();
}

std::string Exact::to_string() const {
  if (const auto* x = std::get_if<Decimal>(&value_)) return x->to_string();
  char text[32];  // a shortest double has at most 24 characters
  const auto end = std::to_chars(std::begin(text), std::end(text), *std::get_if<double>(&value_));
  return std::string(text, end.ptr);
}

}  // namespace sfumato
