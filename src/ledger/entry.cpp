#include "sfumato/ledger/entry.h"

#include <charconv>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

/// The value of a lower-case hexadecimal digit, or -1.
int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

Error no_head() {
  return {Errc::invalid_parameter, "head",
          "must be what `sfumato budget head` prints: a number, a colon and 64 hexadecimal digits"};
}

}  // namespace

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 15];
  }
  return text;
}

std::string hexadecimal(const Digest& digest) {
  return hexadecimal(view_of(digest));
}

std::string LedgerHead::to_string() const {
  return std::to_string(number) + ":" + hexadecimal(hash);
}

Result<LedgerHead> LedgerHead::parse(std::string_view text) {
  LedgerHead head{};
  const char* const end = text.data() + text.size();
  const auto [digits, error] = std::from_chars(text.data(), end, head.number);
  if (error != std::errc() || head.number < 0) return no_head();
  const std::string_view rest(digits, static_cast<std::size_t>(end - digits));
  if (rest.size() != 1 + 2 * head.hash.size() || rest.front() != ':') return no_head();
  for (std::size_t i = 0; i < head.hash.size(); ++i) {
    const int high = value_of(rest[1 + 2 * i]), low = value_of(rest[2 + 2 * i]);
    if (high < 0 || low < 0) return no_head();
    head.hash[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return head;
}

Digest LedgerEntry::hash_after(const Digest& before) const {
  Canonical form("sfumato ledger entry 1");
  form.add(view_of(before)).add(number).add(time).add(kind).add(actor).add(dataset).add(account);
  form.add(amount.loss.units()).add(amount.delta.units()).add(until).add(about);
  return form.add(words).add(version).add(plan).add(digest).digest();
}

}  // namespace sfumato
