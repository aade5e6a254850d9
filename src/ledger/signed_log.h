#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/wish.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// What the log alone says of keys and requests: whether each entry was signed by who had the key for
/// it then, in the order in which that member asked.
///
/// To look at a signature takes twenty times what all else of an entry does. So signatures wait, and many
/// are looked at by all processors: no entry counts as signed before `first_unsigned` has done that.
class SignedLog {
 public:
  /// What is known of a member that signs.
  struct Member {
    std::string key;  ///< empty where it was taken away
    std::int64_t sequence = 0;
  };

  /// True where the log needs no signatures, or where the actor of `entry` signed for one of `wishes`,
  /// or, of a refusal, for anything, if what now waits as its signature is one. Refusals of strangers are
  /// not signed, and are few in a row.
  bool is_signed(const LedgerEntry& entry, const std::vector<Wish>& wishes);

  /// How many signatures wait.
  std::size_t waiting() const noexcept { return waiting_.size(); }

  /// Looks at all that wait; the number of the first entry whose signature is none.
  std::optional<std::int64_t> first_unsigned();

  /// Takes the keys that an entry gives or takes away. False where it gives one that is another's.
  bool take_keys(const LedgerEntry& entry);

  const std::map<std::string, Member>& members() const noexcept { return members_; }

 private:
  struct Waiting {
    std::int64_t number;
    SignatureCheck check;
    std::string request, signature;
  };

  bool is_signed_or_bare(const LedgerEntry& entry, const std::vector<Wish>& wishes);
  bool is_own_request(const LedgerEntry& entry, const std::vector<Wish>& wishes);
  bool await(const LedgerEntry& entry, const std::string& key);

  bool holds_keys_ = false;
  Digest identity_{}, head_{};
  int strangers_ = 0;
  std::map<std::string, Member> members_;
  std::map<std::string, SignatureCheck> checks_;  // of each key by which an entry is signed
  std::vector<Waiting> waiting_;
};

}  // namespace sfumato
