#include "deid/reach.h"

#include <algorithm>

#include "deid/address_characters.h"
#include "sfumato/deid/identifiers.h"

namespace sfumato {
namespace {

// Functions would be called through pointers.
constexpr auto kDigit = [](char c) { return is_digit(c); };
constexpr auto kLetterOrDigit = [](char c) { return is_alphanumeric(c); };

/// How many characters of a kind stand at a place.
template <class Kind>
std::size_t run(std::string_view text, std::size_t at, Kind is) {
  const std::size_t begin = at;
  while (at < text.size() && is(text[at])) ++at;
  return at - begin;
}

/// Behind the separator that stands at a place; the place itself where none does.
std::size_t past_separator(std::string_view text, std::size_t at) {
  return at + separator_size(text.substr(std::min(at, text.size())), " -.");
}

/// Where groups end that have together at most so many characters of a kind, and how many they have.
struct Walk {
  std::size_t end = 0, count = 0;
};

template <class Kind>
Walk walk(std::string_view text, std::size_t most, Kind is) {
  Walk walked;
  for (std::size_t at = 0;;) {
    const std::size_t size = run(text, at, is);
    if (size == 0 || walked.count + size > most) return walked;
    walked = {at + size, walked.count + size};
    at = past_separator(text, walked.end);
    if (at == walked.end) return walked;
  }
}

/// The end of groups of just these sizes, which begin at a place; 0 where there are none.
std::size_t groups_end(std::string_view text, std::size_t at,
                       std::initializer_list<std::size_t> sizes) {
  bool first = true;
  for (const std::size_t size : sizes) {
    const std::size_t past = first ? at : past_separator(text, at);
    if (!first && past == at) return 0;
    if (run(text, past, kDigit) != size) return 0;
    at = past + size;
    first = false;
  }
  return at;
}

/// The last digit's end among digits and the marks that may stand in telephone numbers.
Walk walk_dialled(std::string_view text, std::size_t most) {
  Walk walked;
  text = text.substr(0, most);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_digit(text[at]))
      walked = {at + 1, walked.count + 1};
    else if (text[at] != ' ' && !(text[at] >= '(' && text[at] <= '/'))
      break;
  }
  return walked;
}

}  // namespace

std::size_t card_reach(std::string_view text) noexcept {
  if (std::string_view("234568").find(text[0]) == std::string_view::npos) return 0;  // no issuer's
  if (run(text.substr(0, 4), 0, kDigit) < 4) return 0;
  const Walk walked = walk(text, 19, kDigit);
  return walked.count < 12 ? 0 : walked.end;
}

std::size_t iban_reach(std::string_view text) noexcept {
  if (text.size() < 15 || !is_ascii_letter(text[1]) || !is_digit(text[2]) || !is_digit(text[3]))
    return 0;
  const Walk walked = walk(text, 34, kLetterOrDigit);
  return walked.count < 15 ? 0 : walked.end;
}

std::size_t grouped_ssn_reach(std::string_view text) noexcept {
  return groups_end(text, 0, {3, 2, 4});
}

std::size_t nine_digits_reach(std::string_view text) noexcept {
  return groups_end(text, 0, {9});
}

std::size_t chinese_resident_id_reach(std::string_view text) noexcept {
  const std::size_t digits = run(text, 0, kDigit);
  return digits == 18 || (digits == 17 && text.size() > 17) ? 18 : 0;
}

std::size_t chinese_mobile_reach(std::string_view text) noexcept {
  std::size_t at = 0;
  if (text[0] != '1') {
    at = text[0] == '+' ? 1 : text[0] == '0' ? 2 : 0;
    if (text.substr(std::min(at, text.size()), 2) != "86") return 0;
    at = past_separator(text, at + 2);
  }
  const std::size_t solid = groups_end(text, at, {11});
  return solid > 0 ? solid : groups_end(text, at, {3, 4, 4});
}

std::size_t ipv4_reach(std::string_view text) noexcept {
  std::size_t at = 0;
  for (int number = 0; number < 4; ++number) {
    if (number > 0 && (at == text.size() || text[at++] != '.')) return 0;
    const std::size_t size = run(text, at, kDigit);
    if (size < 1 || size > 3) return 0;
    at += size;
  }
  return at;
}

std::size_t ipv6_reach(std::string_view text) noexcept {
  const std::size_t group = run(text, 0, is_hexadecimal);
  if (group > 4 || group == text.size() || text[group] != ':') return 0;
  const auto is_part = [](char c) { return c == ':' || c == '.' || is_hexadecimal(c); };
  const std::size_t reach = run(text, group, is_part) + group;
  const std::string_view all = text.substr(0, reach);
  // Eight groups, or six and an IPv4 address, unless some are left out.
  const bool whole = std::ranges::count(all, ':') >= 6 || all.find("::") != all.npos;
  return whole ? reach : 0;
}

std::size_t mac_address_reach(std::string_view text) noexcept {
  if (text.size() < 14) return 0;
  if (text[2] == ':' || text[2] == '-') return is_mac_address(text.substr(0, 17)) ? 17 : 0;
  return text[4] == '.' && is_mac_address(text.substr(0, 14)) ? 14 : 0;
}

std::size_t phone_reach(std::string_view text) noexcept {
  constexpr std::size_t kLongest = 40, kLongestNational = 20;
  const bool country =
      text[0] == '+' || text[0] == '(' || (text[0] == '0' && text.size() > 1 && text[1] == '0');
  if (!country) {
    const std::size_t digits = run(text, 0, kDigit);
    if (digits != 3 && !(digits == 1 && text[0] == '1')) return 0;
  }
  const Walk walked = walk_dialled(text, country ? kLongest : kLongestNational);
  return walked.count < (country ? 7u : 10u) ? 0 : walked.end;
}

}  // namespace sfumato
