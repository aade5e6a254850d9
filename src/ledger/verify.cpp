#include "ledger/verify.h"

#include <optional>
#include <string>
#include <utility>

#include "ledger/accounts.h"
#include "ledger/canonical.h"
#include "ledger/chain.h"
#include "ledger/replay.h"
#include "ledger/session.h"

namespace sfumato {
namespace {

Error bad(const Store& store, std::string message) {
  return {Errc::malformed, store.name(), std::move(message)};
}

/// As many signatures are looked at together: their requests lie in memory so long.
constexpr std::size_t kSignaturesAtATime = 4096;

std::string not_signed(std::int64_t number) {
  return "entry " + std::to_string(number) +
         " is not signed by who it says has done it, or for something else";
}

/// Why the entry can't follow `before`; nothing where it can.
std::optional<std::string> fault_of(const LedgerEntry& entry, const LedgerHead& before,
                                    Replay& replay) {
  const std::int64_t expected = before.number + 1;
  if (entry.number != expected) return "entry " + std::to_string(expected) + " is missing";
  const std::string name = "entry " + std::to_string(expected);
  if (entry.hash != entry.hash_after(before.hash))
    return name + " is not as it was written: its hash does not follow from it and those before";
  switch (replay.take(entry)) {
    case Replay::Verdict::sound:
      return std::nullopt;
    case Replay::Verdict::not_signed:
      return not_signed(expected);
    case Replay::Verdict::impossible:
      break;
  }
  return name + " is none that a ledger would have written after those before";
}

/// Takes all entries of the log, and gives the last. Of those whose signatures wait none comes after an
/// entry at which something else is wrong: a signature that is none is told first.
Result<LedgerHead> replay_all(Store& store, Replay& replay) {
  LedgerHead head = kBeforeAll;
  std::optional<std::string> fault;
  const auto look_at_signatures = [&] {
    if (const auto number = replay.signatures().first_unsigned()) fault = not_signed(*number);
  };
  const Status read = each_entry(store, [&](const LedgerEntry& entry) {
    if (fault) return;
    fault = fault_of(entry, head, replay);
    head = {entry.number, entry.hash};
    if (fault || replay.signatures().waiting() >= kSignaturesAtATime) look_at_signatures();
  });
  look_at_signatures();
  if (fault) return bad(store, *fault);
  if (!read) return read.error();
  if (head.number < 0) return bad(store, "entry 0 is missing");
  return head;
}

bool agrees(const StoredAccount& stored, const Replay::Account& account) {
  const LedgerAccount& kept = stored.account;
  const std::string parent = kept.project.empty() ? "" : "project " + kept.project;
  return parent == account.parent && name_of(kept.cap.measure) == account.measure &&
         kept.cap.amount.loss == account.cap.loss && kept.cap.amount.delta == account.cap.delta &&
         kept.spent.loss == account.spent.loss && kept.spent.delta == account.spent.delta &&
         stored.columns == columns_of(account.orders, account.curve) &&
         kept.frozen == account.frozen && kept.until == account.until &&
         stored.parent.has_value() == (kept.name.kind != AccountName::Kind::dataset);
}

Status compare_accounts(Store& store, const Replay& replay) {
  const auto stored = all_accounts(store);
  if (!stored) return stored.error();
  for (const StoredAccount& one : *stored) {
    const auto account =
        replay.accounts().find({one.account.name.dataset, label_of(one.account.name)});
    if (account == replay.accounts().end() || !agrees(one, account->second))
      return bad(store, "the budget of " + one.account.name.to_string() +
                            " is not what the log makes of it");
  }
  if (stored->size() == replay.accounts().size()) return ok();
  return bad(store, "a budget that the log speaks of is missing");
}

Status compare_roles(Store& store, const Replay& replay) {
  std::map<std::string, std::string> roles;
  const Status read = store.each("SELECT name, role FROM member", {},
                                 [&](const Row& row) { roles.emplace(row.text(0), row.text(1)); });
  if (!read) return read;
  return roles == replay.roles() ? ok() : bad(store, "the roles are not what the log says");
}

/// Requests that were used and left no entry have raised a member's count beyond that of the log.
Status compare_keys(Store& store, const Replay& replay) {
  const auto& members = replay.signatures().members();
  bool right = true;
  const Status read =
      store.each("SELECT name, public_key, sequence FROM member", {}, [&](const Row& row) {
        const auto member = members.find(row.text(0));
        const auto known = member == members.end() ? SignedLog::Member{} : member->second;
        right = right && row.bytes(1) == known.key && row.integer(2) >= known.sequence;
      });
  if (!read) return read;
  return right ? ok()
               : bad(store, "the keys, or how often they were used, are not what the log says");
}

/// A row of what `compare_charges` selects.
bool agrees(const Row& row, const Replay::Charge& charge) {
  const bool stored = charge.step > 0;
  const Digest release = stored ? sha256(row.bytes(6)) : Digest{};
  AccountName account{row.text(1), static_cast<AccountName::Kind>(row.integer(2)), row.text(3)};
  return charge.account == std::pair(account.dataset, label_of(account)) &&
         row.bytes(4) == charge.plan && row.integer(5) == charge.attempt &&
         row.integer(7) == charge.step && (!stored || view_of(release) == charge.release);
}

Status compare_charges(Store& store, const Replay& replay) {
  std::optional<std::int64_t> wrong;
  std::size_t count = 0;
  const Status read = store.each(
      "SELECT number, dataset, kind, name, plan, attempt, release, state"
      " FROM charge JOIN account ON account.id = charge.account ORDER BY number",
      {}, [&](const Row& row) {
        const auto charge = replay.charges().find(row.integer(0));
        const bool right = charge != replay.charges().end() && agrees(row, charge->second);
        if (!right && !wrong) wrong = row.integer(0);
        ++count;
      });
  if (!read) return read;
  if (wrong)
    return bad(store, "charge " + std::to_string(*wrong) +
                          " or its release is not what the log makes of it");
  if (count == replay.charges().size()) return ok();
  return bad(store, "a charge that the log speaks of is missing");
}

Status check_below(Store& store) {
  const Result<bool> sound = store.is_sound();
  if (!sound) return sound.error();
  return *sound ? ok() : bad(store, "is damaged outside its log: restore a backup");
}

}  // namespace

// The log comes first, so that what is wrong there is named by its entry.
Status verify_all(Store& store) {
  Replay replay;
  if (const auto head = replay_all(store, replay); !head) return head.error();
  if (Status accounts = compare_accounts(store, replay); !accounts) return accounts;
  if (Status roles = compare_roles(store, replay); !roles) return roles;
  if (Status keys = compare_keys(store, replay); !keys) return keys;
  if (Status charges = compare_charges(store, replay); !charges) return charges;
  return check_below(store);
}

}  // namespace sfumato
