#include "sfumato/ledger/entry.h"

#include <charconv>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

Error no_head() {
  return {Errc::invalid_parameter, "head",
          "must be what `sfumato budget head` prints: a number, a colon and 64 hexadecimal digits"};
}

}  // namespace

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
  if (!rest.starts_with(':') || !read_hexadecimal(rest.substr(1), head.hash)) return no_head();
  return head;
}

Digest LedgerEntry::hash_after(const Digest& before) const {
  Canonical form("sfumato ledger entry 3");
  form.add(view_of(before)).add(number).add(time).add(kind).add(actor).add(dataset).add(account);
  form.add(amount.loss.units()).add(amount.delta.units()).add(until).add(about);
  form.add(words).add(version).add(plan).add(digest);
  return form.add(key).add(request).add(signature).add(curve).digest();
}

}  // namespace sfumato
