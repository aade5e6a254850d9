#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "noise/inversion.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

/// Poisson numbers of mean μ/2, drawn exactly: P(N = k) = e^-λ·λ^k/k!, λ = μ/2.
///
/// For λ < 4096 one word, by inversion. Else three words an attempt: the first chooses a block of 2^j numbers on one side
/// of floor(λ), as often as its likeliest number says, the second a number of it, which the third accepts with the odds of
/// that number against the likeliest.
///
/// Proof   docs/proofs/noise/skellam.md
class Poisson {
 public:
  explicit Poisson(const Scale& mu);

  std::int64_t draw(BitSource& bits) const noexcept;

  /// A number of a block on its way to be accepted: k = likeliest ± rest.
  struct Candidate {
    std::uint32_t block;
    std::int64_t rest;
  };

  /// Whether V < P(k) / P(likeliest), where the word begins V: in double if that settles it, and as it is defined.
  std::optional<bool> accepted(const Candidate& candidate, LazyWord word) const noexcept;
  bool accepted_by_definition(const Candidate& candidate, LazyWord word,
                              BitSource& bits) const noexcept;

  bool narrow() const noexcept { return blocks_.empty(); }
  int shift() const noexcept { return shift_; }  ///< log2 of the numbers in a block

 private:
  struct Block {
    double likeliest;
    double log_ratio;  ///< log(likeliest / λ)
  };

  std::int64_t likeliest(std::uint32_t block) const noexcept;

  Scale mu_;
  std::int64_t mode_;
  int shift_;
  Inversion inversion_;
  std::vector<Block> blocks_;  ///< right and left of the mode in turns
};

}  // namespace sfumato
