#pragma once

namespace sfumato {

/// What is claimed of a real number that no double may hold: lower <= it <= upper.
struct Bounds {
  double lower;
  double upper;

  friend bool operator==(const Bounds&, const Bounds&) = default;
};

/// Arithmetic rounded in a stated direction: `_up` is never below the real result and `_down` never
/// above it, and either is exact where a double holds the result. NaN in gives NaN out.
///
/// The rounding mode of the processor stays untouched: the residue of a rounded result is computed
/// exactly (Dekker; Ogita, Rump, Oishi: Accurate Sum and Dot Product, algorithms 3.1 and 3.5) and
/// tells whether to step to the neighbouring double.
///
/// Proof   docs/proofs/base/directed.md
double add_up(double a, double b) noexcept;
double add_down(double a, double b) noexcept;
double sub_up(double a, double b) noexcept;
double sub_down(double a, double b) noexcept;
double mul_up(double a, double b) noexcept;
double mul_down(double a, double b) noexcept;
double div_up(double a, double b) noexcept;
double div_down(double a, double b) noexcept;
double sqrt_up(double a) noexcept;
double sqrt_down(double a) noexcept;

}  // namespace sfumato
