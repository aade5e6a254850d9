#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/effort.h"
#include "noise/led_bits.h"
#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/geometric.h"
#include "sfumato/noise/laplace.h"
#include "sfumato/noise/law.h"
#include "sfumato/noise/uniform.h"
#include "sfumato/random/system_bits.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

// Batches against exact masses, 10^9 draws a law where there is time; and draws against their
// neighbours, against those of another thread and of another process, in tables of two dimensions.

namespace sfumato {
namespace {

constexpr std::size_t kBatch = std::size_t{1} << 16;
constexpr std::size_t kGroups = 32;

std::size_t draws() {
  return effort(std::size_t{1} << 22, 1'000'000'000);
}

/// The line in cells, and what falls into each: a cell is found by one multiplication.
struct Cells {
  double per_unit;            ///< cells in one unit
  std::vector<double> share;  ///< exact; the first and the last cell reach to infinity

  std::size_t of(double y) const {
    const double place = y * per_unit + static_cast<double>(share.size() / 2);
    const double last = static_cast<double>(share.size() - 1);
    return static_cast<std::size_t>(std::clamp(place, 0.0, last));
  }
};

double middle(const Bounds& bounds) {
  return bounds.lower / 2 + bounds.upper / 2;
}

/// Edges are multiples of the grid: a release lies above one where the noise lies above the middle
/// below it. `count` is even, so that zero is the left end of a cell.
Cells cells(std::size_t count, double per_unit, double grid,
            const std::function<Bounds(double)>& tail) {
  Cells all{per_unit, {}};
  double before = 1;
  for (std::size_t i = 1; i <= count; ++i) {
    const double edge = (static_cast<double>(i) - static_cast<double>(count / 2)) / per_unit;
    const double above = i < count ? middle(tail(edge - grid / 2)) : 0;
    all.share.push_back(before - above);
    before = above;
  }
  return all;
}

/// The group of each cell: of about equal shares.
struct Groups {
  std::vector<std::uint8_t> of;
  std::array<double, kGroups> share{};

  explicit Groups(const Cells& cells) {
    double below = 0;
    for (const double share_of_cell : cells.share) {
      const double place = (below + share_of_cell / 2) * kGroups;
      of.push_back(static_cast<std::uint8_t>(std::min<double>(place, kGroups - 1)));
      share[of.back()] += share_of_cell;
      below += share_of_cell;
    }
  }
};

void expect_fit(const std::string& what, const std::vector<double>& observed,
                const std::vector<double>& shares) {
  double total = 0;
  for (const double count : observed) total += count;
  std::vector<double> expected;
  for (const double share : shares) expected.push_back(total * share);
  const GoodnessOfFit fit = g_test(observed, expected);
  EXPECT_GE(fit.p_value, kLeastPValue)
      << what << ": G = " << fit.statistic << " on " << fit.degrees;
  EXPECT_GT(fit.degrees, 0) << what;
  const std::string record = "n " + std::to_string(static_cast<std::uint64_t>(total)) + ", G " +
                             std::to_string(fit.statistic) + ", cells " +
                             std::to_string(static_cast<int>(fit.degrees) + 1) + ", p " +
                             std::to_string(fit.p_value);
  testing::Test::RecordProperty(what, record);
}

/// Pairs of groups.
class PairTable {
 public:
  void add(std::uint8_t first, std::uint8_t second) { ++counts_[first * kGroups + second]; }

  void expect_independent(const std::string& what, const Groups& groups) const {
    std::vector<double> shares;
    for (const double first : groups.share)
      for (const double second : groups.share) shares.push_back(first * second);
    expect_fit(what, {counts_.begin(), counts_.end()}, shares);
  }

 private:
  std::array<std::uint64_t, kGroups * kGroups> counts_{};
};

/// Fills batches from fixed bits; the law, pairs (2i, 2i + 1) and pairs (2i + 1, 2i + 2) must fit.
template <class Value, class Fill, class Look>
void expect_law_and_independence(const Cells& cells, Fill fill, Look look) {
  const Groups groups(cells);
  std::vector<std::uint64_t> counts(cells.share.size());
  std::array<PairTable, 2> neighbours;
  std::vector<Value> out(kBatch);
  std::uint8_t before = 0;
  for (std::size_t drawn = 0; drawn < draws(); drawn += kBatch) {
    fill(out);
    for (std::size_t i = 0; i < kBatch; ++i) {
      const std::size_t cell = cells.of(static_cast<double>(out[i]));
      ++counts[cell];
      look(out[i]);
      if (drawn + i != 0) neighbours[i % 2].add(before, groups.of[cell]);
      before = groups.of[cell];
    }
  }
  expect_fit("law", {counts.begin(), counts.end()}, cells.share);
  neighbours[1].expect_independent("pairs_from_even", groups);
  neighbours[0].expect_independent("pairs_from_odd", groups);
}

/// The law, and the lowest eight bits of the multiple of the grid, which are as good as uniform.
template <class Law>
void expect_real_law(std::uint64_t seed, std::size_t cells_a_side, double per_unit,
                     Bounds (*tail)(const Scale&, double)) {
  const Law law = Law::make(exact_scale(1)).value();
  const double grid = std::ldexp(1.0, law.grid());
  const Cells line =
      cells(2 * cells_a_side, per_unit, grid, [&](double t) { return tail(law.scale(), t); });
  FixedBits bits(seed);
  std::vector<double> lowest(256);
  const std::vector<double> zeros(kBatch);
  expect_law_and_independence<double>(
      line, [&](std::vector<double>& out) { law.release(zeros, out, bits); },
      [&](double y) {
        ++lowest[static_cast<std::uint64_t>(static_cast<std::int64_t>(y / grid)) & 255];
      });
  expect_fit("lowest_bits", lowest, std::vector<double>(256, 1.0 / 256));
}

template <class Law>
void expect_whole_law(std::uint64_t seed, std::uint64_t scale, std::int64_t farthest,
                      Bounds (*mass)(const Scale&, std::int64_t),
                      Bounds (*tail)(const Scale&, std::int64_t)) {
  const Law law = Law::make(exact_scale(scale, 1)).value();
  Cells line{1, {}};
  for (std::int64_t k = -farthest; k < farthest; ++k)
    line.share.push_back(middle(mass(law.scale(), k)));
  line.share.front() = middle(tail(law.scale(), farthest));
  line.share.back() = middle(tail(law.scale(), farthest - 1));
  FixedBits bits(seed);
  expect_law_and_independence<std::int64_t>(
      line, [&](std::vector<std::int64_t>& out) { law.fill(out, bits); }, [](std::int64_t) {});
}

TEST(Statistics, LaplaceFollowsItsLawAndNeighboursAreIndependent) {
  expect_real_law<Laplace>(41, 22 * 64, 64, laplace_tail);
}

TEST(Statistics, GaussianFollowsItsLawAndNeighboursAreIndependent) {
  expect_real_law<Gaussian>(42, 7 * 128, 128, gaussian_tail);
}

TEST(Statistics, DiscreteLaplaceFollowsItsLawAndNeighboursAreIndependent) {
  expect_whole_law<DiscreteLaplace>(43, 25, 600, discrete_laplace_mass, discrete_laplace_tail);
}

TEST(Statistics, DiscreteGaussianFollowsItsLawAndNeighboursAreIndependent) {
  expect_whole_law<DiscreteGaussian>(44, 50, 350, discrete_gaussian_mass, discrete_gaussian_tail);
}

/// Cells whose shares are given from zero on, up to which nothing falls.
Cells from_zero(double per_unit, const std::vector<double>& shares) {
  Cells all{per_unit, std::vector<double>(shares.size())};
  all.share.insert(all.share.end(), shares.begin(), shares.end());
  return all;
}

TEST(Statistics, GeometricNumbersFollowTheirLawAndNeighboursAreIndependent) {
  constexpr double kScale = 25;
  std::vector<double> shares;
  for (double k = 0; k < 600; ++k)
    shares.push_back(-std::expm1(-1 / kScale) * std::exp(-k / kScale));
  shares.push_back(std::exp(-600 / kScale));
  const Geometric law = Geometric::make(exact_scale(kScale)).value();
  FixedBits bits(45);
  expect_law_and_independence<std::int64_t>(
      from_zero(1, shares), [&](std::vector<std::int64_t>& out) { law.fill(out, bits); },
      [](std::int64_t) {});
}

TEST(Statistics, UniformNumbersFollowTheirLawAndNeighboursAreIndependent) {
  FixedBits bits(46);
  expect_law_and_independence<double>(
      from_zero(1024, std::vector<double>(1024, 1.0 / 1024)),
      [&](std::vector<double>& out) { Uniform().fill(out, bits); }, [](double) {});
}

// The bits of the system are fresh each time: these fail by chance with odds of 1e-9.

constexpr double kCellsInUnit = 32;

/// A law and its groups, worked out once: MPFR keeps constants for each thread that asks it.
struct Grouped {
  Laplace law = Laplace::make(exact_scale(1)).value();
  Cells line = cells(1024, kCellsInUnit, std::ldexp(1.0, law.grid()),
                     [this](double t) { return laplace_tail(law.scale(), t); });
  Groups groups = Groups(line);
};

/// The groups that draws fall into, from a source that others use as well.
void draw_groups(const Grouped& grouped, BitSource& bits, std::span<std::uint8_t> groups) {
  const std::vector<double> zeros(kBatch);
  std::vector<double> out(kBatch);
  for (std::size_t begin = 0; begin < groups.size(); begin += kBatch) {
    const std::size_t count = std::min(kBatch, groups.size() - begin);
    grouped.law.release(std::span(zeros).first(count), std::span(out).first(count), bits);
    for (std::size_t i = 0; i < count; ++i)
      groups[begin + i] = grouped.groups.of[grouped.line.of(out[i])];
  }
}

void expect_independent(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                        const Grouped& grouped) {
  PairTable pairs;
  for (std::size_t i = 0; i < first.size(); ++i) pairs.add(first[i], second[i]);
  pairs.expect_independent("pairs", grouped.groups);
}

std::size_t draws_aside() {
  return effort(std::size_t{1} << 20, 100'000'000);
}

TEST(Statistics, TwoThreadsThatShareASourceDrawIndependently) {
  const Grouped grouped;
  SystemBits bits = SystemBits::open().value();
  std::vector<std::uint8_t> mine(draws_aside()), theirs(draws_aside());
  std::thread other([&] { draw_groups(grouped, bits, theirs); });
  draw_groups(grouped, bits, mine);
  other.join();
  expect_independent(mine, theirs, grouped);
}

/// Memory that a forked child writes and its parent reads.
class SharedBytes {
 public:
  explicit SharedBytes(std::size_t count)
      : count_(count),
        bytes_(mmap(nullptr, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {}
  SharedBytes(const SharedBytes&) = delete;
  SharedBytes& operator=(const SharedBytes&) = delete;
  ~SharedBytes() { munmap(bytes_, count_); }

  std::span<std::uint8_t> bytes() { return {static_cast<std::uint8_t*>(bytes_), count_}; }

 private:
  std::size_t count_;
  void* bytes_;
};

TEST(Statistics, ParentAndForkedChildDrawIndependently) {
  const Grouped grouped;
  SystemBits bits = SystemBits::open().value();
  grouped.law.release(0.0, bits);  // a page is there, and used, before the two part
  SharedBytes theirs(draws_aside());
  const pid_t child = fork();
  if (child == 0) {
    draw_groups(grouped, bits, theirs.bytes());
    _exit(0);
  }
  std::vector<std::uint8_t> mine(draws_aside());
  draw_groups(grouped, bits, mine);
  int status = -1;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  expect_independent(mine, theirs.bytes(), grouped);
}

}  // namespace
}  // namespace sfumato
