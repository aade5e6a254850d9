#include "table/group_keys.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <cstring>

#include "io/cell.h"

namespace sfumato {
namespace {

template <class T>
void append_plain(T value, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T take_plain(std::string_view& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

/// The number that all of `text` writes, if it does.
std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value != value)
    return std::nullopt;
  return value;
}

std::strong_ordering compare(const std::string& a, const std::string& b) {
  const auto x = number_in(a);
  const auto y = number_in(b);
  if (x.has_value() != y.has_value()) return y.has_value() <=> x.has_value();
  if (x && *x != *y) return *x < *y ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.compare(b) <=> 0;
}

}  // namespace

void append_canonical(const Key& key, std::string& bytes) {
  append_plain(key.kind, bytes);
  if (key.kind == Key::Kind::integer) append_plain(key.integer, bytes);
  if (key.kind == Key::Kind::text) {
    append_plain(key.text.size(), bytes);
    bytes += key.text;
  }
}

GroupKey read_canonical(std::string_view bytes) {
  GroupKey key;
  while (!bytes.empty()) {
    const auto kind = take_plain<Key::Kind>(bytes);
    if (kind == Key::Kind::null) {
      key.emplace_back();
    } else if (kind == Key::Kind::integer) {
      key.emplace_back(std::to_string(take_plain<std::int64_t>(bytes)));
    } else {
      const auto size = take_plain<std::size_t>(bytes);
      key.emplace_back(bytes.substr(0, size));
      bytes.remove_prefix(size);
    }
  }
  return key;
}

bool is_canonical(std::string_view bytes, std::size_t keys) {
  for (; keys != 0; --keys) {
    if (bytes.empty()) return false;
    const auto kind = take_plain<Key::Kind>(bytes);
    if (kind == Key::Kind::null) continue;
    if (kind != Key::Kind::integer && kind != Key::Kind::text) return false;
    if (bytes.size() < 8) return false;
    const auto number = take_plain<std::uint64_t>(bytes);
    if (kind == Key::Kind::integer) continue;
    if (bytes.size() < number) return false;
    if (key_of_text(bytes.substr(0, number)).kind != Key::Kind::text) return false;
    bytes.remove_prefix(number);
  }
  return bytes.empty();
}

std::string_view first_canonical(std::string_view bytes, std::size_t count) {
  std::string_view rest = bytes;
  for (; count > 0; --count) {
    const auto kind = take_plain<Key::Kind>(rest);
    if (kind == Key::Kind::integer) take_plain<std::int64_t>(rest);
    if (kind == Key::Kind::text) rest.remove_prefix(take_plain<std::size_t>(rest));
  }
  return bytes.substr(0, bytes.size() - rest.size());
}

bool key_before(const GroupKey& a, const GroupKey& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].has_value() != b[i].has_value()) return b[i].has_value();
    if (!a[i]) continue;
    const auto order = compare(*a[i], *b[i]);
    if (order != 0) return order < 0;
  }
  return a.size() < b.size();
}

}  // namespace sfumato
