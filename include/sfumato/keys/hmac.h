#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// HMAC-SHA256: for tags that only who has the key can make, and tokens that nobody undoes.
///
/// One thread has it, or a `copy`.
///
/// Proof   docs/proofs/keys/hmac.md
/// Origin  Krawczyk, Bellare, Canetti: RFC 2104; FIPS 198-1; by OpenSSL
class HmacSha256 {
 public:
  using Tag = std::array<unsigned char, 32>;

  /// By a key of 1 to 1024 bytes; fewer than 16 can be guessed.
  static Result<HmacSha256> make(const Secret& key);

  HmacSha256 copy() const;

  Tag tag(std::string_view text) const;

 private:
  struct Free {
    void operator()(void* context) const noexcept;
  };
  explicit HmacSha256(void* context) noexcept : context_(context) {}

  std::unique_ptr<void, Free> context_;
};

}  // namespace sfumato
