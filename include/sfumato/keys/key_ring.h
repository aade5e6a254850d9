#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/keys/key_file.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// What a key is for. Keys for different uses tell nothing of one another.
struct KeyUse {
  std::string_view purpose;    ///< "pseudonym"
  std::string_view domain;     ///< whose values are one: "patient"
  std::string_view algorithm;  ///< "aes-siv"
};

/// Root keys of 32 bytes, one a version, from which all others are derived: a new version is added when
/// keys are rotated, and the old ones stay, so that what was made by them can be read.
///
/// **Law** The key of a use is HKDF-SHA256 of a version's root, salted by the ring's id, over the use,
/// each part with its length before it.
///
/// Proof   docs/proofs/keys/key_ring.md
class KeyRing {
 public:
  using Id = std::array<unsigned char, 8>;

  static constexpr unsigned kMostVersions = 1000;

  /// One fresh version, with the right to reidentify.
  static Result<KeyRing> generate();

  const Id& id() const noexcept { return id_; }
  unsigned newest() const noexcept { return static_cast<unsigned>(roots_.size()); }  ///< from 1
  bool may_reidentify() const noexcept { return reidentifies_; }

  /// For somebody who is to make tokens and not to undo them. Says so, and can't hinder it: the keys
  /// are the same.
  void give_up_reidentifying() noexcept { reidentifies_ = false; }

  /// Adds a fresh version, which is the newest from now on.
  Status rotate();

  /// Refuses a version that is not there, parts of a use of more than 65535 bytes, and sizes that
  /// HKDF refuses.
  Result<Secret> derive(const KeyUse& use, unsigned version, std::size_t size) const;

 private:
  friend class RingFile;
  KeyRing(const Id& id, bool reidentifies, std::vector<Secret> roots) noexcept
      : id_(id), reidentifies_(reidentifies), roots_(std::move(roots)) {}

  Id id_;
  bool reidentifies_;
  std::vector<Secret> roots_;
};

/// 16 hexadecimal digits.
std::string name_of(const KeyRing::Id& id);

/// What of a ring's file can be read without its lock. Only to open the file shows that it is true.
struct KeyRingHeader {
  KeyRing::Id id;
  LockLine lock;
  bool may_reidentify;
  unsigned newest;
};

/// Writes a ring to a new file, as `write_key_file` does: each root wrapped by AES-KWP under a key that
/// scrypt makes of the lock, a commitment to that key, and a tag over all.
///
/// Proof   docs/proofs/keys/key_ring.md
/// Origin  RFC 5649; Albertini et al.: How to Abuse and Fix Authenticated Encryption Without Key
///         Commitment, 2022
Status write_key_ring(const std::string& path, const KeyRing& ring, const FileLock& lock);
Status write_key_ring(const std::string& path, const KeyRing& ring, const FileLock& lock,
                      ScryptCost cost);

/// Refuses what is no ring, one that others may read, and costs that `read_key_file` refuses.
Result<KeyRingHeader> read_key_ring_header(const std::string& path);

/// Refuses the same, and a lock that does not open it, before anything is unwrapped.
Result<KeyRing> read_key_ring(const std::string& path, const FileLock& lock);

/// Adds a fresh version to the file's ring, for good or not at all; gives its number. Two who do so at
/// a time get a number each, or one is told to try again.
Result<unsigned> rotate_key_ring(const std::string& path, const FileLock& lock);

}  // namespace sfumato
