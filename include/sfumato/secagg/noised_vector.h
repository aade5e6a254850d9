#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "sfumato/keys/secret.h"
#include "sfumato/ledger/entry.h"
#include "sfumato/privacy/permit.h"

namespace sfumato {

/// Leave to make one vector ready for one session of one plan, which all ledgers were charged for. The gate gives it
/// (secagg/joint_gate.h).
struct JointPermit {
  Permit permit;
  Digest plan;      ///< its hash
  Digest session;   ///< its name
  LedgerHead head;  ///< of this organisation's ledger, behind the charge
};

/// What an organisation puts into one masked sum: its numbers with its part of the noise, drawn when the session is
/// entered and kept from then on, so that neither a delay nor a restart tells anything of it.
///
/// `noised` (secagg/joint_noise.h) makes it. A party takes nothing else, so that an uncharged contribution, or one
/// without noise, does not compile.
class NoisedVector {
 public:
  /// Of numbers whose noise was drawn by other means, for masked sums of another design: who calls it answers for that,
  /// and grep finds it.
  static NoisedVector made_elsewhere(JointPermit permit, std::span<const std::int64_t> numbers);

  const Digest& plan() const noexcept { return permit_.plan; }
  const Digest& session() const noexcept { return permit_.session; }
  const LedgerHead& head() const noexcept { return permit_.head; }

  std::size_t size() const noexcept { return numbers_.bytes().size() / sizeof(std::int64_t); }

 private:
  friend class Party;

  NoisedVector(JointPermit permit, Secret numbers) noexcept
      : permit_(std::move(permit)), numbers_(std::move(numbers)) {}

  JointPermit permit_;
  Secret numbers_;  // each as 8 bytes, the least significant first
};

}  // namespace sfumato
