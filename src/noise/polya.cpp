#include "sfumato/noise/polya.h"

#include <limits>

#include "noise/cluster.h"
#include "noise/definition.h"
#include "noise/enclosed_law.h"
#include "noise/whole.h"

namespace sfumato {
namespace {

constexpr double kLeastScale = 0x1p-5;  // of narrower noise a part is 0 but for odds below 2e-14

}  // namespace

Result<Polya> Polya::make(Scale scale, std::uint32_t parts) {
  if (const auto refused = too_wide(scale)) return *refused;
  if (scale.to_double_down() < kLeastScale)
    return Error{Errc::invalid_parameter, "scale", "must be at least 2^-5 for noise in parts"};
  if (parts == 0 || parts > kMostParts)
    return Error{Errc::invalid_parameter, "parts", "must be between 1 and 2^20"};
  return Polya(scale, parts);
}

Polya::Polya(const Scale& scale, std::uint32_t parts)
    : scale_(scale),
      parts_(parts),
      log_odds_((-log(-expm1(-(1 / enclosed(scale))))).upper()) {
  const Clusters clusters{scale, parts};
  do thresholds_.push_back(clusters.threshold(static_cast<std::uint32_t>(thresholds_.size())));
  while (thresholds_.back() != std::numeric_limits<std::uint64_t>::max());
}

/// The least k with U < P(N <= k). A word settles that unless it is the threshold itself, beyond all of which each k
/// is asked for.
std::uint32_t Polya::clusters(BitSource& bits) const noexcept {
  const LazyWord word = bits.lazy();
  std::uint32_t k = 0;
  while (word.bits > thresholds_[k]) ++k;
  if (word.bits < thresholds_[k]) return k;
  const Clusters definition{scale_, parts_};
  while (!definition.at_most(k, word, bits)) ++k;
  return k;
}

std::int64_t Polya::draw(BitSource& bits) const noexcept {
  return release(0, bits);
}

std::int64_t Polya::release(std::int64_t x, BitSource& bits) const noexcept {
  int128 noise = 0;
  for (std::uint32_t left = clusters(bits); left > 0; --left) {
    const auto [u, v] = bits.lazy_pair();
    const auto certain = certain_cluster(log_odds_, u.bits, v.bits);
    noise += certain ? *certain : cluster_by_definition(scale_, u, v, bits);
  }
  return saturated_sum(x, noise);
}

void Polya::fill(std::span<std::int64_t> out, BitSource& bits) const noexcept {
  for (std::int64_t& k : out) k = draw(bits);
}

}  // namespace sfumato
