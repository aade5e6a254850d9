#pragma once

#include <memory>
#include <vector>

#include "account/side_curve.h"
#include "sfumato/account/composition.h"

namespace sfumato {

/// The losses of what is composed, in each direction: what answers where no formula does.
///
/// For each reading of bounded range there is one side where both directions have the same law, else
/// two. Without such releases there is one reading.
///
/// Proof   docs/proofs/account/composition.md
class Losses {
 public:
  /// Refuses events that make no sense, and samples under a relation for which nothing is proved.
  static Result<Losses> make(const CompositionParams& params);

  Guarantee epsilon(const Exact& delta) const;  ///< infinite where no finite ε is enough

  Enclosure infinite() const;  ///< what δ(ε) comes down to as ε grows

  double gap() const noexcept { return gap_; }

 private:
  friend class LossesCurve;
  std::vector<std::vector<Side>> readings_;
  double gap_ = 0;
};

/// δ(ε) of losses at many ε, with set-ups shared. The losses must outlive it.
class LossesCurve {
 public:
  explicit LossesCurve(const Losses& losses) : LossesCurve(losses, losses.gap()) {}
  LossesCurve(const Losses& losses, double gap);

  Guarantee delta(const Enclosure& epsilon);
  Guarantee type_two_error(const Exact& alpha);  ///< f(α), for α in [0, 1]

 private:
  Guarantee trade_off_about(const Exact& alpha, double guess, double gap);
  LossesCurve& closer();

  const Losses* losses_;
  double gap_;
  std::unique_ptr<LossesCurve> closer_;
  std::vector<std::vector<SideCurve>> readings_;
};

}  // namespace sfumato
