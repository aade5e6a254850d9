#include "sfumato/aggregate/vector_sum.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#if __has_include(<Eigen/Core>)
#include "sfumato/eigen.h"
#endif

namespace sfumato {
namespace {

const VectorClip kThreeWide = VectorClip::make(ClipNorm::l2, 1, 3).value();

std::vector<double> some_rows(std::size_t rows) {
  std::mt19937_64 rng(1);
  std::normal_distribution<double> normal(0, 1);
  std::vector<double> all(3 * rows);
  for (double& x : all) x = normal(rng);
  return all;
}

std::vector<int128> sums_of(const VectorSum& sum) {
  return {sum.sums().begin(), sum.sums().end()};
}

TEST(VectorSum, ABatchIsTheSumOfItsRowsInAnyOrder) {
  const std::vector<double> rows = some_rows(100);
  VectorSum batch(kThreeWide);
  batch.add_rows(rows);
  VectorSum backwards(kThreeWide);
  for (std::size_t i = 100; i-- > 0;)
    backwards.add(std::span<const double>(rows).subspan(3 * i, 3));
  EXPECT_TRUE(sums_of(batch) == sums_of(backwards));
  std::vector<std::int64_t> units(3);
  std::vector<int128> expected(3);
  for (std::size_t i = 0; i < 100; ++i) {
    kThreeWide.units(std::span<const double>(rows).subspan(3 * i, 3), units);
    for (std::size_t k = 0; k < 3; ++k) expected[k] += units[k];
  }
  EXPECT_TRUE(sums_of(batch) == expected);
}

TEST(VectorSum, PartsMergeToTheWhole) {
  const std::vector<double> rows = some_rows(100);
  VectorSum whole(kThreeWide);
  VectorSum left(kThreeWide);
  VectorSum right(kThreeWide);
  whole.add_rows(rows);
  left.add_rows(std::span<const double>(rows).first(99));
  right.add_rows(std::span<const double>(rows).subspan(99));
  ASSERT_TRUE(left.merge(right));
  EXPECT_TRUE(sums_of(left) == sums_of(whole));
}

TEST(VectorSum, SumsOverOtherParametersAreNotMerged) {
  VectorSum sum(kThreeWide);
  for (const auto& other :
       {VectorClip::make(ClipNorm::l1, 1, 3), VectorClip::make(ClipNorm::l2, 2, 3),
        VectorClip::make(ClipNorm::l2, 1, 4)})
    EXPECT_EQ(sum.merge(VectorSum(other.value())).error().where, "vector sum");
}

#if __has_include(<Eigen/Core>)
TEST(VectorSum, RowsOfAMatrixAreAddedHoweverItIsStored) {
  const std::vector<double> rows = some_rows(40);
  VectorSum expected(kThreeWide);
  expected.add_rows(rows);
  using ByRow = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const ByRow by_row = Eigen::Map<const ByRow>(rows.data(), 40, 3);
  const Eigen::MatrixXd by_column = by_row;
  VectorSum of_rows(kThreeWide);
  VectorSum of_columns(kThreeWide);
  VectorSum of_expression(kThreeWide);
  ASSERT_TRUE(add_rows(of_rows, by_row));
  ASSERT_TRUE(add_rows(of_columns, by_column));
  ASSERT_TRUE(add_rows(of_expression, 2 * (by_column / 2)));
  EXPECT_TRUE(sums_of(of_rows) == sums_of(expected));
  EXPECT_TRUE(sums_of(of_columns) == sums_of(expected));
  EXPECT_TRUE(sums_of(of_expression) == sums_of(expected));
  EXPECT_EQ(add_rows(of_rows, Eigen::MatrixXd::Zero(2, 4)).error().where, "rows");
}
#endif

}  // namespace
}  // namespace sfumato
