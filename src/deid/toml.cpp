#include "deid/toml.h"

// The library asserts that a key begins as one before it looks whether it does, and then says what is wrong: a
// policy must not end the program. Nor may what was asserted be assumed, as it would be with NDEBUG.
#undef NDEBUG
#define TOML_ASSERT(condition) static_cast<void>(0)
#define TOML_EXCEPTIONS 1
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sfumato {
namespace {

TomlPlace place_of(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

Result<Decimal> decimal_of(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return Decimal::parse({text, static_cast<std::size_t>(end - text)});
}

Result<TomlTable> table_of(const toml::table& table, const std::string& path);

Result<TomlValue> value_of(const toml::node& node, const std::string& path) {
  TomlValue value{place_of(node.source()), {}};
  if (const auto* text = node.as_string()) {
    value.is = text->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.is = flag->get();
  } else if (const auto* whole = node.as_integer()) {
    value.is = Decimal::parse(std::to_string(whole->get())).value();
  } else if (const auto* real = node.as_floating_point(); real && std::isfinite(real->get())) {
    const Result<Decimal> decimal = decimal_of(real->get());
    if (!decimal) return Error{Errc::malformed, at(path, value.place), "is no number in reach"};
    value.is = *decimal;
  } else if (const auto* list = node.as_array()) {
    std::vector<TomlValue> values;
    for (const toml::node& item : *list) {
      Result<TomlValue> one = value_of(item, path);
      if (!one) return one;
      values.push_back(*std::move(one));
    }
    value.is = std::move(values);
  } else if (const auto* inner = node.as_table()) {
    Result<TomlTable> entries = table_of(*inner, path);
    if (!entries) return std::move(entries).error();
    value.is = *std::move(entries);
  } else {
    return Error{Errc::malformed, at(path, value.place),
                 "must be a text, a finite number, true, false, a list or a table"};
  }
  return value;
}

Result<TomlTable> table_of(const toml::table& table, const std::string& path) {
  TomlTable entries;
  for (const auto& [key, node] : table) {
    Result<TomlValue> value = value_of(node, path);
    if (!value) return std::move(value).error();
    entries.push_back({std::string(key.str()), place_of(key.source()), *std::move(value)});
  }
  std::ranges::sort(entries, [](const TomlEntry& a, const TomlEntry& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  return entries;
}

}  // namespace

std::string at(const std::string& path, TomlPlace place) {
  return path + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

Result<TomlTable> read_toml(std::string_view text, const std::string& path) {
  try {
    return table_of(toml::parse(text, path), path);
  } catch (const toml::parse_error& error) {
    std::string why(error.description());
    std::ranges::replace(why, '\n', ' ');
    return Error{Errc::malformed, at(path, place_of(error.source())), "is no TOML: " + why};
  }
}

}  // namespace sfumato
