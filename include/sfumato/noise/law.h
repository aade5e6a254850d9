#pragma once

#include <cstdint>
#include <span>

#include "sfumato/base/directed.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

/// What the laws of noise are, as numbers: masses, tails, quantiles and standard deviations.
///
/// `Bounds` enclose the exact value, an ulp or two apart, however small it is: they are made of
/// outward-rounded arithmetic of 256 bits. They describe the law that is drawn, whose scale is an
/// exact number. Confidence lies strictly between 0 and 1; outside it, nothing is narrow enough and
/// a half width is infinite, or the largest integer.
///
/// Proof   docs/proofs/noise/law.md
/// Origin  Canonne, Kamath, Steinke: The Discrete Gaussian for Differential Privacy, for the discrete laws

Bounds laplace_tail(const Scale& b, double t);       ///< P(Z >= t)
Bounds gaussian_tail(const Scale& sigma, double t);  ///< P(Z >= t)

Bounds discrete_laplace_mass(const Scale& s, std::int64_t x);  ///< P(X = x)
Bounds discrete_laplace_tail(const Scale& s, std::int64_t x);  ///< P(X >= x)

Bounds discrete_gaussian_mass(const Scale& sigma, std::int64_t x);  ///< P(X = x)
Bounds discrete_gaussian_tail(const Scale& sigma, std::int64_t x);  ///< P(X >= x)

Bounds skellam_mass(const Scale& mu, std::int64_t x);  ///< P(X = x), by a series of about μ terms

/// A t with P(|Z| > t) <= 1 - confidence, above the least such t by at most 1e-12 of it.
double laplace_half_width(const Scale& b, double confidence);
double gaussian_half_width(const Scale& sigma, double confidence);

/// The least whole t with P(|X| > t) <= 1 - confidence, but for ties that 256 bits can't tell,
/// where it is the next one.
std::int64_t discrete_laplace_half_width(const Scale& s, double confidence);
std::int64_t discrete_gaussian_half_width(const Scale& sigma, double confidence);

/// The standard deviation, rounded up.
double laplace_deviation(const Scale& b);
double gaussian_deviation(const Scale& sigma);
double discrete_laplace_deviation(const Scale& s);
double discrete_gaussian_deviation(const Scale& sigma);

/// P(|A + C| > t) for independent Laplace noises A and C of scales a and c, for t >= 0:
///
///     (a²·e^(-t/a) - c²·e^(-t/c)) / (a² - c²),      or (1 + t/2a)·e^(-t/a) where a = c
///
/// In plain double, rounded up by 1e-12 of it, which covers an exp and expm1 good to 4 ulp. A scale
/// of 0 is no noise.
double laplace_pair_tail(double a, double c, double t) noexcept;

/// P(|A + B + C| > t) for independent Laplace noises of these scales, for t >= 0. Of scales that lie
/// nearer to each other than 1e-4 of them some are taken as larger by that, and so is the answer, by no
/// more than 4e-4 of t makes of it; else it is rounded up by 1e-7 of it.
double laplace_triple_tail(double a, double b, double c, double t) noexcept;

/// The same of up to six noises. Of more than three, scales that lie nearer to each other than 2^-7 of them are taken as
/// so far apart, all but the least as larger, and so is the answer; else it is rounded up by 2e-6 of it.
double laplace_sum_tail(std::span<const double> scales, double t) noexcept;

/// A t with P(|A + C| > t) <= 1 - confidence, above the least such t by less than 1e-11 / confidence of it.
double laplace_pair_half_width(double a, double c, double confidence);

}  // namespace sfumato
