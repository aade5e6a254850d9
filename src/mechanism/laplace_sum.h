#pragma once

#include <span>

namespace sfumato {

/// `count` independent Laplace noises of one scale, of a sum of many.
struct LaplaceTerms {
  double scale;
  double count;
};

/// P(|sum| > t), in plain double, to 1e-9 of 1: from the characteristic function Π (1 + s²u²)^-count,
/// by a trapezoid whose step makes what it folds over less than 1e-12. At least two noises.
///
/// Proof   docs/proofs/mechanism/binary_tree.md
double laplace_sum_tail(std::span<const LaplaceTerms> terms, double t);

/// A t with P(|sum| > t) <= 1 - confidence. Up to a confidence of 1 - 1e-6 it is the least such t to
/// 1e-3 of 1 - confidence; beyond, that of Chernoff's bound.
double laplace_sum_half_width(std::span<const LaplaceTerms> terms, double confidence);

}  // namespace sfumato
