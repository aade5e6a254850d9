#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/wish.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// What the log alone says of keys and requests: whether each entry was signed by who had the key for
/// it then, in the order in which that member asked.
class SignedLog {
 public:
  /// What is known of a member that signs.
  struct Member {
    std::string key;  ///< empty where it was taken away
    std::int64_t sequence = 0;
  };

  /// True where the log needs no signatures, or where the actor of `entry` signed for one of `wishes`,
  /// or, of a refusal, for anything. Refusals of strangers are not signed, and are few in a row.
  bool is_signed(const LedgerEntry& entry, const std::vector<Wish>& wishes);

  /// Takes the keys that an entry gives or takes away. False where it gives one that is another's.
  bool take_keys(const LedgerEntry& entry);

  const std::map<std::string, Member>& members() const noexcept { return members_; }

 private:
  bool is_signed_or_bare(const LedgerEntry& entry, const std::vector<Wish>& wishes);
  bool is_own_request(const LedgerEntry& entry, const std::vector<Wish>& wishes);

  bool holds_keys_ = false;
  Digest identity_{}, head_{};
  int strangers_ = 0;
  std::map<std::string, Member> members_;
};

}  // namespace sfumato
