#include <arpa/inet.h>

#include <algorithm>

#include "deid/address_characters.h"
#include "sfumato/deid/identifiers.h"

namespace sfumato {
namespace {

constexpr std::size_t kLongestLocal = 64, kLongestAddress = 254, kLongestLabel = 63;

/// How many digits may stand between the `@` and the last letter of a script without spaces; more are most often
/// an address of digits behind a sentence.
constexpr std::size_t kMostLastDigits = 4;

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > kLongestLabel || text.front() == '-' || text.back() == '-')
    return false;
  while (!text.empty()) {
    const std::size_t letter = address_letter_size(text);
    if (letter == 0 && !is_digit(text.front()) && text.front() != '-') return false;
    text.remove_prefix(std::max<std::size_t>(letter, 1));
  }
  return true;
}

/// The last label: letters of scripts with spaces alone, or of those without alone, or an encoded one.
bool is_top_label(std::string_view text) {
  if (text.size() < 2 || !is_label(text)) return false;
  if (text.starts_with("xn--")) return true;
  std::size_t letters = 0, unspaced = 0;
  while (!text.empty()) {
    const std::size_t size = address_letter_size(text);
    if (size == 0) return false;
    ++letters;
    unspaced += unspaced_letter_size(text) > 0 ? 1 : 0;
    text.remove_prefix(size);
  }
  return unspaced == 0 || (unspaced == letters && letters > 1);
}

/// Where letters of scripts without spaces stand, the last letter is one, and few digits follow it: what else touches an
/// address in these scripts is the sentence around it.
bool is_of_its_own(std::string_view local) {
  bool any = false, last = false;
  std::size_t digits = 0;
  while (!local.empty()) {
    const std::size_t unspaced = unspaced_letter_size(local), letter = mail_letter_size(local);
    if (unspaced > 0) any = last = true;
    if (letter > 0) last = false;
    digits = is_digit(local.front()) ? digits + 1 : unspaced > 0 ? 0 : digits;
    local.remove_prefix(std::max<std::size_t>({unspaced, letter, 1}));
  }
  return !any || (last && digits <= kMostLastDigits);
}

/// Groups of so many hexadecimal digits with one separator between them.
bool is_grouped(std::string_view text, std::size_t group, char separator) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between = i % (group + 1) == group;
    if (between ? text[i] != separator : !is_hexadecimal(text[i])) return false;
  }
  return true;
}

}  // namespace

bool is_mail_local(std::string_view text) noexcept {
  if (text.empty() || text.size() > kLongestLocal) return false;
  const std::string_view local = text;
  bool dot = true, end = false;
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t letter = address_letter_size(text);
    if (letter == 0 && c != '.' && !is_atom(c)) return false;
    if (c == '.' && dot) return false;
    end = letter > 0 || is_local_end(c);
    if (text.data() == local.data() && !end) return false;
    dot = c == '.';
    text.remove_prefix(std::max<std::size_t>(letter, 1));
  }
  return end && is_of_its_own(local);
}

bool is_mail_domain(std::string_view text) noexcept {
  const std::size_t last = text.rfind('.');
  if (last == text.npos) return false;
  if (!is_top_label(text.substr(last + 1))) return false;
  for (std::string_view rest = text.substr(0, last);;) {
    const std::size_t dot = rest.find('.');
    if (!is_label(rest.substr(0, dot))) return false;
    if (dot == rest.npos) return true;
    rest.remove_prefix(dot + 1);
  }
}

bool is_email(std::string_view text) noexcept {
  if (text.size() < 6 || text.size() > kLongestAddress) return false;
  const std::size_t at = text.find('@');
  return at != text.npos && is_mail_local(text.substr(0, at)) &&
         is_mail_domain(text.substr(at + 1));
}

bool is_ipv4(std::string_view text) noexcept {
  if (text.size() < 7 || text.size() > 15) return false;
  int numbers = 0;
  for (;;) {
    const std::size_t size = std::min(text.find('.'), text.size());
    if (size < 1 || size > 3 || (size > 1 && text.front() == '0')) return false;
    unsigned value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (!is_digit(text[i])) return false;
      value = value * 10 + static_cast<unsigned>(text[i] - '0');
    }
    if (value > 255) return false;
    ++numbers;
    if (size == text.size()) return numbers == 4;
    text.remove_prefix(size + 1);
  }
}

bool is_ipv6(std::string_view text) noexcept {
  char ended[INET6_ADDRSTRLEN] = {};
  if (text.size() < 3 || text.size() >= sizeof ended) return false;
  std::ranges::copy(text, ended);
  in6_addr address;
  return text.find('\0') == text.npos && inet_pton(AF_INET6, ended, &address) == 1 &&
         std::ranges::any_of(address.s6_addr, [](unsigned char byte) { return byte != 0; });
}

bool is_mac_address(std::string_view text) noexcept {
  if (text.size() == 17) return is_grouped(text, 2, ':') || is_grouped(text, 2, '-');
  return text.size() == 14 && is_grouped(text, 4, '.');
}

}  // namespace sfumato
