#include "sfumato/noise/skellam.h"

#include "noise/poisson.h"
#include "noise/whole.h"

namespace sfumato {

Result<Skellam> Skellam::make(Scale mu) {
  if (mu.to_double_down() < 0x1p-40 || mu.to_double_up() > 0x1p50)
    return Error{Errc::invalid_parameter, "mu", "must lie between 2^-40 and 2^50"};
  return Skellam(mu);
}

Skellam::Skellam(const Scale& mu) : mu_(mu), poisson_(std::make_shared<const Poisson>(mu)) {}

std::int64_t Skellam::draw(BitSource& bits) const noexcept {
  return release(0, bits);
}

std::int64_t Skellam::release(std::int64_t x, BitSource& bits) const noexcept {
  const std::int64_t first = poisson_->draw(bits);
  return saturated_sum(x, static_cast<int128>(first) - poisson_->draw(bits));
}

void Skellam::fill(std::span<std::int64_t> out, BitSource& bits) const noexcept {
  for (std::int64_t& k : out) k = draw(bits);
}

}  // namespace sfumato
