#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// Chooses among scored candidates with odds that grow exponentially with the score, exactly.
///
///     P(i wins)  =  exp(s_i / b) / Σ exp(s_j / b)
///
/// **Law** as written, for scores as the exact numbers that they are; NaN is read as 0 and an infinity
/// as the largest double of its sign. The next places go to the winners among those that are left.
///
/// **Draw** one word a candidate, which begins the uniform real U of its arrival -ln(1 - U)·exp(-s/b);
/// the earliest arrivals win. Arrivals are never rounded before they are compared: where two are too
/// near for doubles, more bits of both U decide.
///
/// **Timing** the same work for each candidate, but for those that may still win after 1024 more; in
/// the end only those are compared, by MPFR with odds below 2^-30 for each that wins, and 2^-19 a
/// candidate. At most 2^26 candidates.
///
/// Proof   docs/proofs/noise/exponential_race.md
/// Origin  Efraimidis, Spirakis: Weighted random sampling with a reservoir, 2006; for privacy, Durfee,
///         Rogers: Practical differentially private top-k selection with pay-what-you-get, 2019
class ExponentialRace {
 public:
  explicit ExponentialRace(const Scale& b) noexcept : scale_(b) {}

  /// The index of the winner; there is at least one candidate.
  std::size_t winner(std::span<const double> scores, BitSource& bits) const;
  std::size_t winner(std::span<const std::int64_t> scores, BitSource& bits) const;

  /// The first `places` winners in order, or all candidates where there are fewer.
  std::vector<std::size_t> winners(std::span<const double> scores, std::size_t places,
                                   BitSource& bits) const;
  std::vector<std::size_t> winners(std::span<const std::int64_t> scores, std::size_t places,
                                   BitSource& bits) const;

  const Scale& scale() const noexcept { return scale_; }

 private:
  Scale scale_;
};

}  // namespace sfumato
