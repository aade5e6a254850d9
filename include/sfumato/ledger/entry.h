#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/account/filter.h"
#include "sfumato/base/hexadecimal.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// SHA-256.
using Digest = std::array<unsigned char, 32>;

/// What of a ledger can be kept elsewhere: its last entry, and with it all before.
///
/// A ledger that does not hold this entry with this hash is older than the head, or another one: a
/// restored backup, a fork.
struct LedgerHead {
  std::int64_t number;
  Digest hash;

  /// "117:" and 64 hexadecimal digits.
  std::string to_string() const;
  static Result<LedgerHead> parse(std::string_view text);

  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

/// One entry of the log, which is never changed: what was done, by whom, when.
///
/// Its hash is SHA-256 over the hash before and the canonical bytes of all other fields, so that no
/// entry can be changed, dropped or put in without changing every hash after it. Entries hold words
/// that were asked and amounts, never a value that stems from a person's data nor a released one: of
/// a release they hold the SHA-256.
///
/// Proof   docs/proofs/ledger/chain.md
struct LedgerEntry {
  std::int64_t number = 0;  ///< from 0, one more each time
  std::int64_t time = 0;    ///< seconds since 1970, never earlier than the entry before
  std::string
      kind;  ///< create, appoint, revoke, dataset, grant, freeze, thaw, charge, store, publish,
             ///< reidentify, refuse
  std::string actor;    ///< who did it
  std::string dataset;  ///< which it is about; empty where it is about none
  std::string
      account;  ///< whose budget within the dataset, as "analyst ada"; empty for the dataset's own
  Spending amount;         ///< of a charge its cost, of a dataset or grant its cap
  std::int64_t until = 0;  ///< of a dataset or grant: no charge from this second on
  std::int64_t about = 0;  ///< of a charge: how often its plan was charged before; of store and
                           ///< publish: the number of the charge; of reidentify: rows
  std::string words;       ///< of a charge its title; a role, a measure, a project, a reason;
                           ///< of reidentify the columns
  std::string version;  ///< of a charge: of the dataset, as declared; of reidentify: the key ring
  std::string plan;     ///< of a charge or reidentify: its canonical bytes
  std::string
      digest;       ///< of a charge: of its plan; of store: of the release; of create: random bytes
  std::string key;  ///< of create and appoint: a public key, where there is one
  std::string request;  ///< the canonical bytes that its actor signed, where the ledger holds keys
  std::string signature;  ///< of the request
  std::vector<LossAmount>
      curve{};  ///< Rényi: of a dataset its orders, of a charge what it costs at
                ///< each of them
  Digest hash{};

  /// The hash that must stand here after `before`.
  Digest hash_after(const Digest& before) const;
};

/// "00ff…", two digits a byte.
std::string hexadecimal(const Digest& digest);

}  // namespace sfumato
