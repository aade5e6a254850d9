#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aggregate/tree_estimate.h"
#include "sfumato/account/joint_calibration.h"
#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/quantile_tree.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/total.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// Noise for several vectors of counts, in each of which a unit has at most max_rows values; calibrated jointly.
struct CountNoises {
  std::vector<AdditiveNoise> noises;
  PrivacyTotal cost;
};

Result<CountNoises> count_noises(const PrivacyTotal& total, std::int64_t max_rows, NoiseLaw law,
                                 std::span<const double> weights);

/// That of one count, as a weight: above 0 where noise is next to none, too.
double variance_of(const AdditiveNoise& noise);

TreeLevels levels_of(const QuantileTreeShape& shape, std::span<const AdditiveNoise> noises);

/// The counts of all nodes with noise, by level from the top: released numbers.
std::vector<std::vector<double>> noisy_counts(const QuantileTree& tree,
                                              std::span<const AdditiveNoise> noises,
                                              BitSource& bits);

/// Sums up to each cell.
std::vector<double> ranks_of(std::vector<double> cells);

}  // namespace sfumato
