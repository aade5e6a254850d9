#pragma once

#include <string>
#include <string_view>

#include "sfumato/ledger/entry.h"

namespace sfumato {

/// What an operation is to do: the entry that shall come of it, as far as who asks can know it.
///
/// What the ledger alone knows is left out of what is signed: number, time and hash, and of a charge
/// its account, attempt and digest, which follow from the rest.
struct Wish {
  LedgerEntry entry;  ///< its kind is the operation's name; "show", "export", "release" leave none
  std::string measure{};  ///< of a charge and a grant: what the amount is counted in
  Digest charge{};        ///< of store: hash of the charge's entry
  bool again = false;     ///< of a charge

  /// Canonical bytes of the operation and of all its parameters. A plan is named by its SHA-256.
  std::string statement() const;
};

/// What makes two charges one: dataset, declared version, cost and plan.
Digest plan_digest(const LedgerEntry& charge, std::string_view measure);

}  // namespace sfumato
