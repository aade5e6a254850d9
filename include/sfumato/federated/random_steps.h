#pragma once

#include <cstdint>
#include <span>

#include "sfumato/aggregate/vector_clip.h"
#include "sfumato/base/result.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// How a person's change becomes whole steps: clipped, and each coordinate rounded up or down at random.
///
/// The change is clipped, on the fine grid of `VectorClip`, to ⌈√k⌉ steps less than `length`, k being its coordinates.
/// A coordinate of z steps is then ⌈z⌉ with probability z - ⌊z⌋ and else ⌊z⌋, by exact coins.
///
/// **Law** what `draw` gives is no longer than `length` steps, whatever the change and the bits; each coordinate has the
/// clipped one as its mean, exactly; coordinates are independent; and no draw is made twice, so that neither time nor bits
/// tell of what is rounded.
///
/// Proof   docs/proofs/federated/random_steps.md
/// Origin  Kairouz, Liu, Steinke: The Distributed Discrete Gaussian Mechanism, 2021, section 4.1, which draws again
///         where a vector became too long
class RandomSteps {
 public:
  /// Refuses lengths outside of ⌈√k⌉ + 1 to 2^31 steps.
  static Result<RandomSteps> make(std::int64_t length, std::size_t coordinates);

  /// `change` is in steps, too; both have k entries.
  void draw(std::span<const double> change, std::span<std::int64_t> out,
            BitSource& bits) const noexcept;

  std::int64_t length() const noexcept { return length_; }
  const VectorClip& clip() const noexcept { return clip_; }

 private:
  RandomSteps(std::int64_t length, VectorClip clip) noexcept : length_(length), clip_(clip) {}

  std::int64_t length_;
  VectorClip clip_;
};

}  // namespace sfumato
