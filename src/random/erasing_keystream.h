#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace sfumato {

/// What a generator is keyed with: an AES-256 key and the first counter block.
using Seed = std::array<unsigned char, 48>;

/// A key of AES-256.
using Key = std::array<unsigned char, 32>;

/// One stretch of keystream: the key of the next one, the key of the extensions, and the words.
struct KeyedPage {
  static constexpr std::size_t kWords = 2048;

  Key next;
  Key extension_key;
  std::uint64_t words[kWords];
};
static_assert(sizeof(KeyedPage) == 64 + 8 * KeyedPage::kWords, "the keystream has no gaps");

/// AES-256-CTR that forgets: each page begins with the key of the next one, for which the counter goes
/// on where it was.
///
/// Once a page is filled, no state is left from which it, or one before it, could be had again but
/// the page itself. Any failure of the cipher ends the process.
///
/// Proof   docs/proofs/random/system_bits.md
/// Origin  Bernstein: Fast-key-erasure random-number generators, 2017
class ErasingKeystream {
 public:
  /// Holds no cipher where OpenSSL has none; else keyed with zeros, and of no use before `mix`.
  ErasingKeystream() noexcept;

  explicit operator bool() const noexcept { return stream_ && extensions_; }

  /// The seed becomes the next 48 bytes of keystream XOR `fresh`, which is wiped: unguessable where
  /// either of them is.
  void mix(Seed& fresh) noexcept;

  /// Adds keystream to a page whose words are all zero, and moves on to its key, which is wiped.
  void fill(KeyedPage& page) noexcept;

  /// The first 64 bits of AES-256 of (address, level) under the extension key of the page that was
  /// filled last.
  std::uint64_t extension(const KeyedPage& page, std::uint64_t address,
                          std::uint32_t level) noexcept;

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
  };
  using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;

  static Cipher keyed_with_zeros(const EVP_CIPHER* cipher) noexcept;
  void key_extensions(const KeyedPage& page) noexcept;

  Cipher stream_;
  Cipher extensions_;
  bool extensions_keyed_ = false;
};

/// Fresh entropy of OpenSSL and of the kernel, XORed; false where either has none.
bool draw_entropy(Seed& seed) noexcept;

}  // namespace sfumato
