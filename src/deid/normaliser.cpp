#include <algorithm>

#include "deid/transform.h"

namespace sfumato {
namespace {

std::string_view trimmed(std::string_view value) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!value.empty() && blank(value.front())) value.remove_prefix(1);
  while (!value.empty() && blank(value.back())) value.remove_suffix(1);
  return value;
}

std::string_view lowered(std::string_view value, TextStore& store) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (std::ranges::none_of(value, upper)) return value;
  char* const out = store.room(value.size());
  std::ranges::transform(value, out,
                         [&](char c) { return static_cast<char>(upper(c) ? c - 'A' + 'a' : c); });
  return {out, value.size()};
}

std::string_view digits_of(std::string_view value, TextStore& store) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (std::ranges::all_of(value, digit)) return value;
  char* const out = store.room(value.size());
  const char* const end = std::ranges::copy_if(value, out, digit).out;
  return {out, static_cast<std::size_t>(end - out)};
}

}  // namespace

std::string_view normalised(std::string_view value, std::span<const Normaliser> rules,
                            TextStore& store) {
  for (const Normaliser rule : rules) {
    if (rule == Normaliser::trim) value = trimmed(value);
    if (rule == Normaliser::lower) value = lowered(value, store);
    if (rule == Normaliser::digits) value = digits_of(value, store);
  }
  return value;
}

}  // namespace sfumato
