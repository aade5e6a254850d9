#pragma once

#include <cstdint>

#include "sfumato/base/decimal.h"
#include "sfumato/base/directed.h"
#include "sfumato/base/result.h"
#include "sfumato/noise/bernoulli_exp.h"

namespace sfumato {

/// The δ of drawing rows, each with probability β = 1 - e^-ε, and telling of each class of those drawn how many they
/// are, if they are k at least. With X the number of n - 1 rows that are drawn,
///
///     δ(k)  =  max over m >= k of  β · P[X = m - 1]  -  (e^ε - 1) · P[X >= m],  n = ⌊(m - 1) / γ⌋ + 1,  γ = 1 - e^-2ε
///
/// It is what some pair of neighbours really has, and none has more: less than the binomial tails that the papers bound
/// it by, at ε = 0.1 by a factor of a hundred.
///
/// Proof   docs/proofs/deid/safepub.md
/// Origin  Li, Qardaji, Su: On sampling, anonymization, and differential privacy, ASIACCS 2012, theorem 5;
///         Bild, Kuhn, Prasser: SafePub, PoPETs 2018, section 5
Bounds safepub_delta(const Decimal& epsilon, std::uint64_t k);

/// What a release by sampling does, given ε and δ: how likely a row is drawn, and how many of a class make it told.
///
/// **Law** For any map of rows to classes that hangs on the row alone, what is told of the drawn rows is (ε, δ)-differentially
/// private, where neighbours differ by one row that is added or removed.
///
/// Proof   docs/proofs/deid/safepub.md
class SafePub {
 public:
  /// Takes an ε from 0.01 to 5, of 18 decimal places at most, so that the coins are of just that ε, and a δ from 10^-30
  /// to below 1, and finds the least k. Beyond 5, rows are hardly ever left out, and k grows without bound.
  static Result<SafePub> make(const Decimal& epsilon, const Decimal& delta);

  const Decimal& epsilon() const noexcept { return epsilon_; }
  std::uint64_t k() const noexcept { return k_; }
  Bounds delta() const noexcept { return delta_; }  ///< of that k
  /// No less than the δ of tables that differ by t rows, whose ε is tε: δ (e^tε - 1) / (e^ε - 1), and 1 at most.
  double delta_of_rows(std::int64_t t) const;
  Bounds beta() const noexcept { return beta_; }  ///< the probability that a row is drawn

  /// Whether a row is drawn: one word a row, whatever comes of it.
  bool draws(BitSource& bits) const noexcept { return !left_out_.draw(bits); }

 private:
  SafePub(const Decimal& epsilon, BernoulliExp left_out) noexcept
      : epsilon_(epsilon), left_out_(left_out) {}

  Decimal epsilon_;
  BernoulliExp left_out_;
  std::uint64_t k_ = 0;
  Bounds delta_{}, beta_{};
};

}  // namespace sfumato
