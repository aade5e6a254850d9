#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

using CmacTag = std::array<unsigned char, 16>;

/// AES-CMAC of many texts at a time: a pseudo-random function of byte strings, for tokens that nobody
/// undoes.
///
/// The texts of a batch go through the cipher side by side, so that one call serves a block of each.
///
/// One thread has it, or a `copy`.
///
/// Proof   docs/proofs/deid/cmac.md
/// Origin  Iwata, Kurosawa: OMAC, 2003; NIST SP 800-38B; RFC 4493
class Cmac {
 public:
  /// By a key of AES: 16, 24 or 32 bytes.
  static Result<Cmac> make(const Secret& key);

  Cmac(Cmac&&) noexcept;
  Cmac& operator=(Cmac&&) noexcept;
  ~Cmac();

  Cmac copy() const;

  /// Gives a tag for each text: there are as many of both.
  void tags(std::span<const std::string_view> texts, std::span<CmacTag> tags) const;

 private:
  class Chain;
  explicit Cmac(std::unique_ptr<const Chain> chain) noexcept;

  std::unique_ptr<const Chain> chain_;
};

}  // namespace sfumato
