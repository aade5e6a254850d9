#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/homomorphic/curve_point.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// A whole number m under the public key H, as (rG, mG + rH) for a random r that nobody keeps.
struct ElGamalCiphertext {
  static constexpr std::size_t kBytes = 2 * CurvePoint::kBytes;

  CurvePoint ephemeral;
  CurvePoint masked;

  /// Reads what `bytes` gives: both points, one behind the other.
  static Result<ElGamalCiphertext> parse(std::string_view bytes);
  std::string bytes() const { return std::string(ephemeral.bytes()) += masked.bytes(); }

  friend bool operator==(const ElGamalCiphertext&, const ElGamalCiphertext&) = default;
};

/// Encrypts whole numbers to one public key, by tables that are made once.
///
/// What is encrypted twice looks different each time. Any number of threads may ask, each with a source
/// that it may use.
///
/// **Timing** the same for all numbers.
///
/// Proof   docs/proofs/homomorphic/elgamal.md
/// Origin  ElGamal: A public key cryptosystem, 1985; Cramer, Gennaro, Schoenmakers: A secure and optimally
///         efficient multi-authority election scheme, 1997
class ElGamalEncryptor {
 public:
  static Result<ElGamalEncryptor> make(const CurvePoint& key);
  ElGamalEncryptor(ElGamalEncryptor&&) noexcept;
  ElGamalEncryptor& operator=(ElGamalEncryptor&&) noexcept;
  ~ElGamalEncryptor();

  const CurvePoint& key() const noexcept;

  /// Proves nothing of who made it: for those who may cheat there is `encrypt_vector`.
  ElGamalCiphertext encrypt(std::int64_t number, BitSource& bits) const;

  /// Of the same number, and nobody who has not the key can tell that.
  ElGamalCiphertext rerandomise(const ElGamalCiphertext& ciphertext, BitSource& bits) const;

 private:
  friend struct ElGamalAccess;
  struct Tables;
  explicit ElGamalEncryptor(std::unique_ptr<Tables> tables) noexcept;

  std::unique_ptr<Tables> tables_;
};

/// Adds up ciphertexts of one key: the sum is one of the sum of their numbers.
class ElGamalSum {
 public:
  ElGamalSum();  ///< of nothing
  ElGamalSum(ElGamalSum&&) noexcept;
  ElGamalSum& operator=(ElGamalSum&&) noexcept;
  ~ElGamalSum();

  void add(const ElGamalCiphertext& ciphertext);

  /// Refuses a sum of nothing, and one that anybody could read: of a ciphertext and its opposite.
  Result<ElGamalCiphertext> total() const;

 private:
  struct Points;
  std::unique_ptr<Points> points_;
};

}  // namespace sfumato
