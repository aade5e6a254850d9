#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "sfumato/base/result.h"
#include "sfumato/homomorphic/curve_point.h"

namespace sfumato {

/// Finds the m of a point mG of P-256, where |m| is at most a bound: by baby steps that are made once, and
/// giant steps from 0 on outwards, both by affine additions whose inversions are done together.
///
/// For a bound of 2^31 some milliseconds; it grows with |m|. So it is for what is to be told.
///
/// Any number of threads may ask.
///
/// Proof   docs/proofs/homomorphic/discrete_logarithm.md
/// Origin  Shanks: Class number, a theory of factorization, and genera, 1971; Montgomery: Speeding the
///         Pollard and elliptic curve methods of factorization, 1987
class DiscreteLogarithm {
 public:
  static constexpr std::int64_t kGreatestBound = std::int64_t{1} << 48;

  /// Refuses a bound below 1 or above the greatest one. Takes up to 16 MiB, and up to some tenths of a
  /// second.
  static Result<DiscreteLogarithm> make(std::int64_t bound);
  DiscreteLogarithm(DiscreteLogarithm&&) noexcept;
  DiscreteLogarithm& operator=(DiscreteLogarithm&&) noexcept;
  ~DiscreteLogarithm();

  std::int64_t bound() const noexcept;

  /// None where there is none within the bound. No point means the one at infinity, whose logarithm is 0.
  std::optional<std::int64_t> of(const std::optional<CurvePoint>& point) const;

 private:
  class Steps;
  explicit DiscreteLogarithm(std::unique_ptr<const Steps> steps) noexcept;

  std::unique_ptr<const Steps> steps_;
};

}  // namespace sfumato
