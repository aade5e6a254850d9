#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <type_traits>

#include "sfumato/aggregate/vector_sum.h"
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

/// Adds each row of a matrix, clipped, as one vector, however Eigen stores it. Refuses rows of another
/// dimension than the sum's.
template <class Derived>
Status add_rows(VectorSum& sum, const Eigen::DenseBase<Derived>& rows) {
  static_assert(std::is_same_v<typename Derived::Scalar, double>, "rows must be of double");
  if (static_cast<std::size_t>(rows.cols()) != sum.clip().dimension())
    return Error{Errc::invalid_parameter, "rows",
                 "must have as many columns as the sum has entries"};
  const Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> one_by_one =
      rows.derived().array();
  sum.add_rows({one_by_one.data(), static_cast<std::size_t>(one_by_one.size())});
  return ok();
}

}  // namespace sfumato
