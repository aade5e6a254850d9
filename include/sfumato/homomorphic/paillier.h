#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/homomorphic/paillier_plaintext.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

struct PaillierNumbers;

/// A number under a Paillier key, as twice as many bytes as the modulus has, most significant first.
class PaillierCiphertext {
 public:
  const std::string& bytes() const noexcept { return bytes_; }

  friend bool operator==(const PaillierCiphertext&, const PaillierCiphertext&) = default;

 private:
  friend struct PaillierAccess;
  explicit PaillierCiphertext(std::string bytes) noexcept : bytes_(std::move(bytes)) {}

  std::string bytes_;
};

/// A Paillier public key with generator n + 1. Copies share it; any number of threads may use it.
///
/// Proof   docs/proofs/homomorphic/paillier.md
/// Origin  Paillier: Public-key cryptosystems based on composite degree residuosity classes, 1999;
///         Damgård, Jurik, Nielsen: A generalization of Paillier's public-key system, 2010
class PaillierPublicKey {
 public:
  static constexpr unsigned kLeastBits = 2048, kMostBits = 8192;

  /// Of a modulus n and, where the key has one, a base h of randomness, both as bytes, most significant
  /// first. Refuses moduli of other sizes, even ones and primes, and bases that are not from 2 to n - 2,
  /// have a factor of n, or the Jacobi symbol -1. That n is the product of two primes and h drawn as it has to
  /// be only its owner can know: a bad one gives away what is encrypted under it.
  static Result<PaillierPublicKey> make(std::string_view modulus, std::string_view base = {});

  unsigned bits() const noexcept;
  std::string modulus() const;
  std::string base() const;  ///< empty where the key has none

  /// Refuses another length, 0, what is not below n², and what has a factor of n.
  Result<PaillierCiphertext> ciphertext(std::string_view bytes) const;

  /// Of the sum of both numbers: not drawn anew, as whoever knows both sees.
  PaillierCiphertext sum(const PaillierCiphertext& one, const PaillierCiphertext& other) const;

  /// Of a multiple that everybody may know, by a factor that time tells.
  PaillierCiphertext multiple(const PaillierCiphertext& of, std::int64_t factor) const;

 private:
  friend struct PaillierAccess;
  explicit PaillierPublicKey(std::shared_ptr<const PaillierNumbers> numbers) noexcept
      : numbers_(std::move(numbers)) {}

  std::shared_ptr<const PaillierNumbers> numbers_;
};

/// Encrypts under one key, by tables that are made once where the key has a base: 4.5 MiB for 3,072 bits, and
/// a sixth of the time. Any number of threads may ask.
///
/// **Timing** the same for all numbers.
///
/// Proof   docs/proofs/homomorphic/paillier.md
class PaillierEncryptor {
 public:
  static Result<PaillierEncryptor> make(const PaillierPublicKey& key);

  PaillierCiphertext encrypt(std::int64_t number, BitSource& bits) const;

  /// Refuses a number that is not below 2^(bits - 3): one that was packed for a longer key.
  Result<PaillierCiphertext> encrypt(const PaillierPlaintext& plaintext, BitSource& bits) const;

  /// Of the same number, and nobody who has not the key can tell that.
  PaillierCiphertext rerandomise(const PaillierCiphertext& ciphertext, BitSource& bits) const;

 private:
  friend struct PaillierAccess;
  struct Tables;
  explicit PaillierEncryptor(std::shared_ptr<const Tables> tables) noexcept
      : tables_(std::move(tables)) {}

  std::shared_ptr<const Tables> tables_;
};

}  // namespace sfumato
