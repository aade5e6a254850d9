#pragma once

#include <cstdint>
#include <span>
#include <variant>

#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/polya.h"
#include "sfumato/noise/skellam.h"
#include "sfumato/privacy/noise_share.h"

namespace sfumato {

/// Adds one party's share of noise to whole numbers, which nobody sees before all shares are added: a share alone
/// protects nothing.
///
/// **Law** of the sum of `needed` shares: discrete Laplace noise of scale s, exactly; Skellam noise of μ·needed, exactly;
/// the sum of that many discrete Gaussian noises, which is told as such. `privacy` says what any number of them gives away.
///
/// Proof   docs/proofs/mechanism/noise_share.md
/// Origin  Dwork, Kenthapadi, McSherry, Mironov, Naor: Our Data, Ourselves, 2006
class NoiseShareMechanism {
 public:
  /// Refuses scales that cannot be drawn, and discrete Gaussian shares of σ < 1, whose sum is far from the law that its
  /// variance suggests.
  static Result<NoiseShareMechanism> make(const NoiseShare& share);

  std::int64_t release(std::int64_t answer, BitSource& bits) const noexcept;

  /// out[i] = release(answers[i]); sizes are equal, and out may be answers itself.
  void release(std::span<const std::int64_t> answers, std::span<std::int64_t> out,
               BitSource& bits) const noexcept;

  /// A t with P(|noise| > t) <= odds for the noise of so many shares together, within 1.5 of the least for small odds:
  /// what a sum must have room for. Saturated.
  std::int64_t reach(std::int64_t shares, double odds) const noexcept;

  /// What a number gives away with so many shares in its noise.
  Loss loss(std::int64_t present, std::int64_t sensitivity = 1) const {
    return loss_of_shares(share_, present, sensitivity);
  }

  const NoiseShare& share() const noexcept { return share_; }

 private:
  using Noise = std::variant<Polya, Skellam, DiscreteGaussian>;

  NoiseShareMechanism(const NoiseShare& share, Noise noise)
      : share_(share), noise_(std::move(noise)) {}

  NoiseShare share_;
  Noise noise_;
};

}  // namespace sfumato
