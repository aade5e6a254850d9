#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "keys/sealing.h"
#include "sfumato/keys/key_ring.h"

namespace sfumato {

/// What a ring's file says, as lines of text:
///
///     sfumato ring 1
///     id <16 digits>
///     lock passphrase|key|token <80 digits>
///     scrypt <log2 N> <r> <p> <64 digits of salt>
///     commitment <64 digits>
///     rights deidentify|reidentify
///     key <version> <80 digits>        one line a version, from 1
///     tag <64 digits>
///
/// There is one text for each value.
class RingFile {
 public:
  static Result<RingFile> seal(const KeyRing& ring, const FileLock& lock, ScryptCost cost);

  /// `where` is for errors. Refuses all that `to_string` does not write.
  static Result<RingFile> parse(std::string_view text, const std::string& where);

  std::string to_string() const;

  KeyRingHeader header() const noexcept;
  ScryptCost cost() const noexcept { return cost_; }

  Result<KeyRing> open(const FileLock& lock, const std::string& where) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  using Wrapped = std::array<unsigned char, 40>;  // of 32 bytes

  std::string clear() const;  // all lines but the last
  static bool read(std::string_view text, RingFile& into);

  KeyRing::Id id_{};
  LockLine lock_;
  ScryptCost cost_{};
  Digest salt_{};
  Digest commitment_{};
  bool reidentifies_ = false;
  std::vector<Wrapped> wrapped_;
  Digest tag_{};
};

/// No ring's file is longer.
constexpr std::size_t kMostRingFile = 128 << 10;

}  // namespace sfumato
