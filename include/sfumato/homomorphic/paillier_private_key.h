#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sfumato/homomorphic/paillier.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// A Paillier key pair: two primes p > q of equal size. Any number of threads may use it.
///
/// Proof   docs/proofs/homomorphic/paillier.md
class PaillierPrivateKey {
 public:
  /// Two fresh primes of OpenSSL's, which are 3 modulo 4 and whose p - 1 and q - 1 have no common factor but 2,
  /// and a base of randomness. Takes a second or some. Refuses sizes that are not from 3,072 to 8,192 bits, or
  /// no multiple of 128.
  static Result<PaillierPrivateKey> generate(BitSource& bits, unsigned modulus_bits = 3072);

  /// Of primes as bytes, most significant first, in any order, and a base, where the key has one. Refuses what
  /// is no prime, equal ones, those of different sizes, and a base of which the opposite is no square.
  static Result<PaillierPrivateKey> make(const Secret& p, const Secret& q,
                                         std::string_view base = {});

  const PaillierPublicKey& public_key() const noexcept { return public_; }
  const Secret& p() const noexcept;  ///< the greater one
  const Secret& q() const noexcept;

  /// Refuses a number further from 0 than a third of the modulus: a sum that went too far.
  Result<PaillierPlaintext> decrypt(const PaillierCiphertext& ciphertext) const;

  /// What each of many ciphertexts holds, where no number is further from 0 than a bound that their makers are
  /// told to keep to; none for a number beyond it. Just what `decrypt` tells of each, but for odds of 2^-64.
  ///
  /// As many numbers as a plaintext has room for are packed under encryption and decrypted as one: 49 where the
  /// bound has 61 bits. A combination of all by random factors shows whether one was beyond the bound; its batch
  /// is then decrypted one by one, so that it is told as none, and spoils no other. Refuses bounds of
  /// less than 1, or of 2^61 or more, and ciphertexts of a key of another size.
  ///
  /// **Timing** tells how many batches held a number beyond the bound.
  Result<std::vector<std::optional<std::int64_t>>> decrypt_batch(
      std::span<const PaillierCiphertext> ciphertexts, std::int64_t bound, BitSource& bits) const;

 private:
  struct Primes;
  class Batches;
  PaillierPrivateKey(PaillierPublicKey key, std::shared_ptr<const Primes> primes) noexcept
      : public_(std::move(key)), primes_(std::move(primes)) {}

  PaillierPublicKey public_;
  std::shared_ptr<const Primes> primes_;
};

}  // namespace sfumato
