#pragma once

#include <Eigen/Core>

#include <span>
#include <type_traits>

#include "sfumato/mechanism/gaussian.h"
#include "sfumato/mechanism/laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"

namespace sfumato {

/// What answers a whole array of real numbers at once.
template <class T>
concept BatchRelease = requires(const T& law, std::span<const double> x, std::span<double> out,
                                BitSource& bits) { law.release(x, out, bits); };

/// Each entry of `answers` with noise of its own, in the order in which Eigen stores them: bit for bit
/// what the call on spans gives. `law` is a Laplace, a Gaussian, or a mechanism of either.
template <BatchRelease Law, class Derived>
typename Derived::PlainObject release(const Law& law, const Eigen::DenseBase<Derived>& answers,
                                      BitSource& bits) {
  static_assert(std::is_same_v<typename Derived::Scalar, double>, "answers must be of double");
  typename Derived::PlainObject out = answers.derived();
  const std::span<double> values(out.data(), static_cast<std::size_t>(out.size()));
  law.release(std::span<const double>(values), values, bits);
  return out;
}

}  // namespace sfumato
