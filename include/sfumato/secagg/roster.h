#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// Who takes part in joint statistics.
struct Organisation {
  std::string name;  ///< UTF-8 of 1 to 100 bytes without control characters
  PublicKey key;     ///< by which all that it says is told

  friend bool operator==(const Organisation&, const Organisation&) = default;
};

/// A signature of one of a roster's members.
struct Endorsement {
  std::size_t member;  ///< its place in the roster, from 0
  Signature signature;

  friend bool operator==(const Endorsement&, const Endorsement&) = default;
};

/// The organisations that compute together, each by its name and key, and how many of them have to sign
/// what is to be done.
///
/// There is one list of bytes for each roster, and its hash names it: members stand in the order of
/// their names' bytes, whatever order they were told in.
///
/// Layout  docs/protocol/plans.md, "Roster"
class Roster {
 public:
  static constexpr std::size_t kFewest = 2, kMost = 100;

  /// `quorum` is how many members have to sign a roster, and each plan, before it is taken. Refuses
  /// fewer than 2 or more than 100 members, a name or key that two of them have, a name that is no
  /// name, and a quorum that is 0 or above the number of members.
  static Result<Roster> make(std::vector<Organisation> members, std::size_t quorum);

  /// Refuses all that `bytes` does not give.
  static Result<Roster> parse(std::string_view bytes);

  const std::string& bytes() const noexcept { return bytes_; }
  const Digest& hash() const noexcept { return hash_; }  ///< SHA-256 of the bytes

  std::span<const Organisation> members() const noexcept { return members_; }
  std::size_t size() const noexcept { return members_.size(); }
  std::size_t quorum() const noexcept { return quorum_; }

  std::optional<std::size_t> place_of(std::string_view name) const noexcept;
  std::optional<std::size_t> place_of(const PublicKey& key) const noexcept;

  friend bool operator==(const Roster&, const Roster&) = default;

 private:
  Roster(std::vector<Organisation> members, std::size_t quorum);

  std::vector<Organisation> members_;
  std::size_t quorum_;
  std::string bytes_;
  Digest hash_;
};

/// A roster and the signatures of at least its quorum of members.
///
/// That others signed says nothing to who did not: a party takes part under a roster that it signed
/// itself, having compared the names' fingerprints by another way than the one by which they came.
class SignedRoster {
 public:
  /// What a member gives who agrees to the roster. Refused to a key that is none of its members'.
  static Result<Endorsement> sign(const Roster& roster, const SigningKey& key);

  /// Refuses what is no signature of the roster by its member's key.
  static Status check(const Roster& roster, const Endorsement& endorsement);

  /// Takes signatures in any order. Refuses fewer than the quorum, two of one member, those of nobody,
  /// and what is no signature of the roster by its member's key.
  static Result<SignedRoster> make(Roster roster, std::vector<Endorsement> signatures);

  /// Refuses all that `bytes` does not give.
  static Result<SignedRoster> parse(std::string_view bytes);

  std::string bytes() const;
  const Roster& roster() const noexcept { return roster_; }
  std::span<const Endorsement> signatures() const noexcept { return signatures_; }
  bool signed_by(std::size_t member) const noexcept;

 private:
  SignedRoster(Roster roster, std::vector<Endorsement> signatures) noexcept
      : roster_(std::move(roster)), signatures_(std::move(signatures)) {}

  Roster roster_;
  std::vector<Endorsement> signatures_;  // by rising members
};

}  // namespace sfumato
