#include "sfumato/federated/random_steps.h"

#include <string>

namespace sfumato {
namespace {

constexpr std::int64_t kLongest = std::int64_t{1} << 31;

/// ⌈√k⌉: no rounding up or down of k coordinates, each by less than 1, makes a vector longer by as much.
std::int64_t farthest(std::size_t coordinates) {
  std::int64_t root = 0;
  while (static_cast<std::size_t>(root * root) < coordinates) ++root;
  return root;
}

}  // namespace

Result<RandomSteps> RandomSteps::make(std::int64_t length, std::size_t coordinates) {
  const std::int64_t spared = farthest(coordinates);
  if (length <= spared || length > kLongest)
    return Error{Errc::invalid_parameter, "step",
                 "must be so fine that the clipping length has " + std::to_string(spared + 1) +
                     " to 2^31 of it"};
  auto clip = VectorClip::make(ClipNorm::l2, static_cast<double>(length - spared), coordinates);
  if (!clip) return std::move(clip).error();
  return RandomSteps(length, *clip);
}

// The grid has 2^-exponent units a step: the clipping length lies below 2^31, and is 2^51 units or more.
void RandomSteps::draw(std::span<const double> change, std::span<std::int64_t> out,
                       BitSource& bits) const noexcept {
  clip_.units(change, out);
  const int fine = -clip_.exponent();
  const std::uint64_t mask = (std::uint64_t{1} << fine) - 1;
  for (std::int64_t& units : out) {
    const std::int64_t below = units >> fine;  // ⌊z⌋, below 0, too
    const auto part = static_cast<std::uint64_t>(units) & mask;
    const std::uint64_t coin = bits.next() & mask;
    units = below + (coin < part ? 1 : 0);
  }
}

}  // namespace sfumato
