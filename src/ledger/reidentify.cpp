#include <utility>

#include "ledger/session.h"

namespace sfumato {

Result<LedgerHead> Ledger::reidentifies(const Reidentification& what) {
  if (Status ring = check_name(what.ring, "ring"); !ring) return std::move(ring).error();
  if (Status words = check_words(what.columns, "columns", 1000); !words)
    return std::move(words).error();
  if (what.rows < 0) return Error{Errc::invalid_parameter, "rows", "must not be negative"};
  LedgerEntry entry;
  entry.kind = "reidentify";
  entry.version = what.ring;
  entry.words = what.columns;
  entry.plan = what.plan;
  entry.about = what.rows;

  Result<Writing> writing = Writing::begin(*state_, {.entry = entry});
  if (!writing) return std::move(writing).error();
  const auto role = role_of(*state_->store, state_->actor);
  if (!role) return role.error();
  if (*role != Role::owner && *role != Role::analyst)
    return writing->refuse({}, {Errc::refused, state_->actor,
                                "may not reidentify: owners and analysts of this ledger may"});
  auto head = writing->append(std::move(entry));
  if (!head) return head;
  if (Status durable = writing->commit(); !durable) return std::move(durable).error();
  return head;
}

}  // namespace sfumato
