#if __has_include(<Eigen/Core>)  // the core builds without Eigen, too

#include "sfumato/eigen.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

template <class Law>
std::vector<double> by_spans(const Law& law, std::vector<double> values, std::uint64_t seed) {
  FixedBits bits(seed);
  law.release(values, values, bits);
  return values;
}

const Laplace kEigenLaplace = Laplace::make(Scale::make(2.0).value()).value();
const Gaussian kEigenGaussian = Gaussian::make(Scale::make(2.0).value()).value();

TEST(Eigen, AnArrayIsReleasedLikeItsEntries) {
  const Eigen::ArrayXd answers = Eigen::ArrayXd::LinSpaced(101, -5, 5);
  const std::vector<double> entries(answers.data(), answers.data() + answers.size());
  FixedBits laplace_bits(5), gaussian_bits(6);
  const Eigen::ArrayXd laplace = release(kEigenLaplace, answers, laplace_bits);
  const Eigen::ArrayXd gaussian = release(kEigenGaussian, answers, gaussian_bits);
  EXPECT_EQ(std::vector<double>(laplace.begin(), laplace.end()),
            by_spans(kEigenLaplace, entries, 5));
  EXPECT_EQ(std::vector<double>(gaussian.begin(), gaussian.end()),
            by_spans(kEigenGaussian, entries, 6));
}

TEST(Eigen, AMatrixKeepsItsShapeAndIsReleasedAsStored) {
  const Eigen::MatrixXd answers = Eigen::MatrixXd::Constant(3, 7, 1.5);
  FixedBits bits(7);
  const Eigen::MatrixXd released = release(kEigenGaussian, answers, bits);
  ASSERT_EQ(released.rows(), 3);
  ASSERT_EQ(released.cols(), 7);
  const std::vector<double> expected = by_spans(kEigenGaussian, std::vector<double>(21, 1.5), 7);
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), released.data()));
}

TEST(Eigen, AnExpressionIsEvaluatedOnce) {
  const Eigen::Array4d half(1, 2, 3, 4);
  FixedBits expression(8), evaluated(8);
  const Eigen::Array4d twice = 2 * half;
  EXPECT_TRUE(
      (release(kEigenLaplace, 2 * half, expression) == release(kEigenLaplace, twice, evaluated))
          .all());
}

TEST(Eigen, AMechanismReleasesArraysToo) {
  const auto mechanism = LaplaceMechanism::make({.epsilon = Epsilon::make(0.5).value(),
                                                 .sensitivity = L1Sensitivity::make(1.0).value()})
                             .value();
  FixedBits bits(9);
  const Eigen::ArrayXd released = release(mechanism, Eigen::ArrayXd::Zero(9), bits);
  EXPECT_EQ(std::vector<double>(released.begin(), released.end()),
            by_spans(mechanism, std::vector<double>(9), 9));
}

TEST(Eigen, AnEmptyArrayTakesNoBits) {
  FixedBits bits(10);
  EXPECT_EQ(release(kEigenLaplace, Eigen::ArrayXd(), bits).size(), 0);
  EXPECT_EQ(bits.lazy().address, 0u);
}

}  // namespace
}  // namespace sfumato

#endif
