#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sfumato/base/result.h"

namespace sfumato {

/// A whole number with its sign, as Paillier encrypts it; wiped when it ends.
class PaillierPlaintext {
 public:
  explicit PaillierPlaintext(std::int64_t number);

  /// Words of 64 bits in two's complement, the least significant first; one at least.
  explicit PaillierPlaintext(std::vector<std::uint64_t> words);

  PaillierPlaintext(PaillierPlaintext&&) noexcept = default;
  PaillierPlaintext(const PaillierPlaintext&) = default;
  PaillierPlaintext& operator=(PaillierPlaintext&&) noexcept;
  PaillierPlaintext& operator=(const PaillierPlaintext&) = delete;
  ~PaillierPlaintext();

  std::span<const std::uint64_t> words() const noexcept { return words_; }

  /// None where it has more than 64 bits.
  std::optional<std::int64_t> number() const noexcept;

  /// The double next to number·2^exponent, infinite where it is too large.
  double times_two_to(int exponent) const noexcept;

 private:
  std::vector<std::uint64_t> words_;
};

struct PackingTerms {
  unsigned key_bits;      ///< of the modulus
  std::int64_t bound;     ///< no value is further from 0
  std::uint64_t addends;  ///< so many plaintexts are added up at most
};

/// Several signed values in one plaintext, each with room for the sum of all addends, so that plaintexts of
/// one layout add up value by value.
///
/// Proof   docs/proofs/homomorphic/paillier.md
class PaillierPacking {
 public:
  /// Refuses keys below 2,048 bits, and a bound and addends of less than 1 or whose product is 2^61 or more.
  static Result<PaillierPacking> make(const PackingTerms& terms);

  std::size_t capacity() const noexcept { return capacity_; }
  unsigned bits_per_value() const noexcept { return width_; }

  /// As many values as the capacity at most: with fewer the rest is 0. Each is cut to the bound, which no error
  /// tells, in a time that hangs on their number alone. Refuses more values.
  Result<PaillierPlaintext> pack(std::span<const std::int64_t> values) const;

  /// All values of a sum, as many as the capacity. Refuses what no such addends give: values beyond the bound
  /// times their number, or a number that is too long. Not all sums of too many addends are seen by that.
  Result<std::vector<std::int64_t>> unpack(const PaillierPlaintext& sum) const;

 private:
  PaillierPacking() = default;

  std::int64_t bound_ = 0;
  std::int64_t most_ = 0;  // bound·addends
  unsigned width_ = 0;
  std::size_t capacity_ = 0;
  std::size_t words_ = 0;
};

}  // namespace sfumato
