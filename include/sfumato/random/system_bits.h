#pragma once

#include <memory>

#include "sfumato/base/result.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// The bits that releases are drawn from: system entropy, stretched by AES-256-CTR.
///
/// **Law** uniform, as far as AES-256 is a pseudo-random permutation. Each page of 16 KiB begins
/// with the key of the next one (fast key erasure, Bernstein 2017), and used words are wiped, so
/// that a stolen state tells nothing of the past. Fresh entropy (OpenSSL's RAND_priv_bytes and the
/// kernel's, XORed) is mixed in after 1 MiB, after 60 s, after fork, and on `reseed`; age is looked
/// at once a page.
///
/// **Sharing** safe from every thread and in forked children: a thread or a child that finds a
/// generator that is not its own draws from one of its own instead. No lock is taken.
///
/// Only `open` can fail. Where entropy fails later, the process aborts: a draw must never be
/// guessable.
///
/// Proof   docs/proofs/random/system_bits.md
class SystemBits final : public BitSource {
 public:
  static Result<SystemBits> open();

  SystemBits(SystemBits&& other) noexcept;
  SystemBits& operator=(SystemBits&& other) noexcept;
  ~SystemBits() override;

  std::uint64_t extension(std::uint64_t address, std::uint32_t level) noexcept override;

  /// Mixes in fresh entropy before the next word.
  void reseed() noexcept;

 protected:
  Page& turn_page(std::size_t count) noexcept override;

 private:
  struct Generator;
  explicit SystemBits(std::unique_ptr<Generator> generator) noexcept;
  bool is_mine() const noexcept { return *page_.stamp == thread_token(); }

  std::unique_ptr<Generator> generator_;
};

}  // namespace sfumato
