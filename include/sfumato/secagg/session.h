#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/secagg/mask.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// How those who contribute hide what they contribute.
enum class JointPath : std::uint8_t {
  masked = 1,     ///< under masks that cancel in the sum of all: each is there in all rounds
  encrypted = 2,  ///< to a key that some of them hold together: the others come once, and leave
};

/// What all who take part in one joint sum have to agree on.
struct SessionTerms {
  Roster roster;
  std::vector<std::size_t> parties;  ///< places in the roster of those who contribute, rising: n
  PublicKey coordinator;             ///< whose key may be a member's, or another one
  Digest plan;                       ///< the hash of what they approved
  Digest session;                    ///< random, another one for each run of a plan
  std::size_t threshold;             ///< t: so many must be there to unmask, or to decrypt
  std::size_t colluders;    ///< c: so many may pool all that they see, with the coordinator
  std::size_t dropouts;     ///< d: so many may be gone when inputs are added up
  bool active_coordinator;  ///< whether it may send what it likes
  Modulus modulus;
  std::size_t length;        ///< numbers in each party's vector
  std::uint64_t range;       ///< no number of a party is further from 0, before noise
  std::uint64_t noise_tail;  ///< all noise on one number is beyond it with odds that nobody minds
  JointPath path = JointPath::masked;
  std::vector<std::size_t> key_holders = {};  ///< of the parties, rising: k; none where sums are masked

  friend bool operator==(const SessionTerms&, const SessionTerms&) = default;
};

/// The least threshold of so many parties, or key holders, against so many colluders: ⌊n/2⌋ + 1, and
/// ⌊(n + c)/2⌋ + 1 where the coordinator may send what it likes.
constexpr std::size_t least_threshold(std::size_t parties, std::size_t colluders,
                                      bool active_coordinator) noexcept {
  return (parties + (active_coordinator ? colluders : 0)) / 2 + 1;
}

/// Terms under which a sum is neither wrapped nor seen in parts.
///
/// Proof   docs/protocol/masked_sums.md
/// Proof   docs/protocol/encrypted_sums.md
class Session {
 public:
  static constexpr std::size_t kMostNumbers = std::size_t{1} << 22;
  static constexpr std::size_t kMostCiphertexts = std::size_t{1} << 19;  ///< of all parties
  static constexpr std::uint64_t kGreatestSum = std::uint64_t{1} << 40;  ///< that is found in them

  /// Refuses
  /// - fewer than 2 or more than 100 parties, and those that are not rising places of the roster;
  /// - a threshold below `least_threshold`, or above n - d: nobody could unmask; of encrypted sums the same
  ///   of k in place of n, and above k;
  /// - c >= t: colluders could unmask by themselves;
  /// - c + d >= n: no honest noise would be left;
  /// - two parties without a colluder: who knows one's own part knows the other's, so that each has to
  ///   add all of the noise, as with c = 1;
  /// - vectors of no number, or of more than 2^22; encrypted ones of more than 2^19 / n;
  /// - n·range + noise_tail >= modulus / 2: sums could wrap; encrypted ones above 2^40: they would not be found;
  /// - key holders where sums are masked, fewer than 2 where they are encrypted, and those that are not rising
  ///   places of parties; encrypted sums modulo 2^32.
  static Result<Session> make(SessionTerms terms);

  const SessionTerms& terms() const noexcept { return terms_; }
  const Digest& hash() const noexcept { return hash_; }  ///< SHA-256 of the terms' bytes

  std::size_t size() const noexcept { return terms_.parties.size(); }  ///< n

  /// n - d: with fewer, c of them against the others, noise could be missing.
  std::size_t least_survivors() const noexcept { return size() - terms_.dropouts; }

  bool takes(std::size_t place) const noexcept;
  bool holds_key(std::size_t place) const noexcept;
  const PublicKey& key_of(std::size_t place) const noexcept {
    return terms_.roster.members()[place].key;
  }

  /// The party that has this key; none where it is no party's.
  std::optional<std::size_t> place_of(const PublicKey& key) const noexcept;

 private:
  Session(SessionTerms terms, const Digest& hash) : terms_(std::move(terms)), hash_(hash) {}

  SessionTerms terms_;
  Digest hash_;
};

}  // namespace sfumato
