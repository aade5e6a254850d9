#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"
#include "sfumato/mechanism/continual.h"
#include "sfumato/mechanism/gaussian.h"
#include "sfumato/mechanism/laplace.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// The running sum of a stream at each of its steps, by a binary tree of noisy sums.
///
///     nodes [i·2^j, (i+1)·2^j) within the horizon;   released: sum of the node + noise, when it is complete
///     answer(t)  =  Σ over the bits j of t:  e_j      e_j = v_j·noisy_j + (1 - v_j)·(e_left + e_right)
///
/// **Law** each noisy sum is the exact rounding of the ideal one (noise/laplace.h, noise/gaussian.h). With
/// δ = 0 the noise is Laplace, with δ > 0 whichever has the least standard error, under ρ Gaussian.
///
/// **Answers** are made of noisy sums alone: v_j = 2^j / (2^(j+1) - 1) are the weights of the least
/// variance, σ²·v_j for a node, that an unbiased linear estimate has at that step. They are not rounded to
/// whole numbers and need not rise.
///
/// **Guarantee** the whole stream of answers has the guarantee `total`, in the relation add-remove, where one
/// unit moves totals within the bounds of the parameters. Move-only: noise is drawn once for each node, and
/// no step can be asked again with fresh noise.
///
/// **Work** for each step two nodes on average; memory is 40 bytes for each doubling of
/// the horizon.
///
/// Proof   docs/proofs/mechanism/binary_tree.md
/// Origin  Dwork, Naor, Pitassi, Rothblum: Differential privacy under continual observation, STOC 2010; Chan,
///         Shi, Song: Private and continual release of statistics, 2010; Honaker: Efficient use of
///         differentially private binary trees, 2015 (estimation from below)
class BinaryTreeMechanism {
 public:
  static constexpr std::int64_t kMaxHorizon = std::int64_t{1} << 40;

  static Result<BinaryTreeMechanism> make(const ContinualParams& params);

  BinaryTreeMechanism(BinaryTreeMechanism&&) noexcept;
  BinaryTreeMechanism& operator=(BinaryTreeMechanism&&) noexcept;
  ~BinaryTreeMechanism();

  /// Takes the total of the next step, in units of 2^exponent, and answers the sum up to it. Refused
  /// after the last step of the horizon, and by an object that was moved from.
  Result<double> release(int128 total, BitSource& bits);

  std::int64_t steps() const noexcept;  ///< that were answered so far
  double latest() const noexcept;       ///< the last answer, once more; 0 before the first

  /// Of the answer at a step, 1 … horizon: known before any data. Infinite outside.
  double standard_error(std::int64_t step) const noexcept;

  /// A t that the answer at that step misses the exact sum by more than with probability at most
  /// 1 - confidence; infinite unless 0 < confidence < 1 and 1 <= step <= horizon.
  double half_width(std::int64_t step, double confidence) const;

  PrivacyTotal cost() const noexcept;  ///< of all steps together
  const ContinualParams& params() const noexcept { return params_; }
  bool gaussian() const noexcept { return std::holds_alternative<GaussianMechanism>(noise_); }
  double scale() const noexcept;  ///< b of Laplace noise, σ of Gaussian noise

 private:
  friend class KeptStream;
  struct State;

  /// What has to be known to go on: of each bit of `steps` that is set, the node that awaits its right sibling.
  struct Memory {
    std::int64_t steps = 0;
    std::vector<int128> sums = {};       ///< exact: secret; by level, zero where no node waits
    std::vector<double> estimates = {};  ///< made of released numbers; as `sums`
  };
  Memory memory() const;

  /// None where no stream of these parameters has that memory.
  static Result<BinaryTreeMechanism> from(const ContinualParams& params, const Memory& memory);

  void add_up();

  using Noise = std::variant<LaplaceMechanism, GaussianMechanism>;
  BinaryTreeMechanism(const ContinualParams& params, Noise noise);
  static Result<Noise> noise_for(const ContinualParams& params);

  ContinualParams params_;
  Noise noise_;
  std::unique_ptr<State> state_;
};

}  // namespace sfumato
