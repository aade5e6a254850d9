#include "ledger/wish.h"

#include "ledger/canonical.h"

namespace sfumato {

std::string Wish::statement() const {
  const bool charged = entry.kind == "charge";
  Canonical form(entry.kind);
  form.add(entry.dataset).add(charged ? std::string_view() : std::string_view(entry.account));
  form.add(entry.amount.loss.units()).add(entry.amount.delta.units()).add(entry.until);
  form.add(charged ? 0 : entry.about).add(entry.words).add(entry.version);
  form.add(view_of(sha256(entry.plan)));
  form.add(charged ? std::string_view() : std::string_view(entry.digest)).add(entry.key);
  form.add(measure).add(view_of(charge)).add(static_cast<std::int64_t>(again));
  return form.add(entry.curve).bytes();
}

Digest plan_digest(const LedgerEntry& charge, std::string_view measure) {
  Canonical form("sfumato plan 2");
  form.add(charge.dataset).add(charge.version).add(measure);
  form.add(charge.amount.loss.units()).add(charge.amount.delta.units());
  return form.add(charge.curve).add(charge.plan).digest();
}

}  // namespace sfumato
