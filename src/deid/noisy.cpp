#include <algorithm>
#include <charconv>

#include "deid/grid_number.h"
#include "deid/transform.h"
#include "sfumato/base/directed.h"
#include "sfumato/mechanism/discrete_laplace.h"
#include "sfumato/mechanism/laplace.h"
#include "sfumato/random/system_bits.h"

// Local differential privacy: any two values between the bounds are at most upper - lower apart.

namespace sfumato {
namespace {

std::optional<Decimal> clamped(const NoiseParams& params, std::string_view value) {
  const Result<Decimal> number = Decimal::parse(value);
  if (!number) return std::nullopt;
  return std::clamp(*number, params.lower, params.upper);
}

template <class Number>
std::string_view digits_of(Number number, TextStore& store) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return store.keep({text, static_cast<std::size_t>(end - text)});
}

/// Draws for each record anew.
template <class Mechanism>
class Noisy : public Transform {
 public:
  Noisy(const NoiseParams& params, Mechanism mechanism, SystemBits bits)
      : params_(params), mechanism_(mechanism), bits_(std::move(bits)) {}

  static Result<TransformPointer> make(const NoiseParams& params, Mechanism mechanism) {
    Result<SystemBits> bits = SystemBits::open();
    if (!bits) return std::move(bits).error();
    return TransformPointer(std::make_unique<Noisy>(params, mechanism, *std::move(bits)));
  }

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::optional<Decimal> number = clamped(params_, values[i]);
      out.invalid[i] = !number;
      if (number) out.texts[i] = digits_of(noisy(*number), out.store);
    }
  }

  TransformPointer copy() const override {
    return std::make_unique<Noisy>(params_, mechanism_, SystemBits::open().value());
  }

  bool once() const override { return false; }

 private:
  auto noisy(const Decimal& number) {
    if constexpr (std::is_same_v<Mechanism, DiscreteLaplaceMechanism>)
      return mechanism_.release(static_cast<std::int64_t>(*units_below(number, 0)), bits_);
    else
      return mechanism_.release(number.to_double_down(), bits_);
  }

  NoiseParams params_;
  Mechanism mechanism_;
  SystemBits bits_;
};

}  // namespace

Result<TransformPointer> noise_transform(const NoiseParams& params) {
  const Result<Epsilon> epsilon = Epsilon::make(params.epsilon.to_double_down());
  if (!epsilon) return epsilon.error();
  // Bounds are rounded outwards, and so is their difference. Those that are whole are doubles, as it is.
  const Result<L1Sensitivity> sensitivity =
      L1Sensitivity::make(sub_up(params.upper.to_double_up(), params.lower.to_double_down()));
  if (!sensitivity) return sensitivity.error();
  if (params.whole) {
    const auto mechanism =
        DiscreteLaplaceMechanism::make({.epsilon = *epsilon, .sensitivity = *sensitivity});
    if (!mechanism) return mechanism.error();
    return Noisy<DiscreteLaplaceMechanism>::make(params, *mechanism);
  }
  const auto mechanism = LaplaceMechanism::make({.epsilon = *epsilon, .sensitivity = *sensitivity});
  if (!mechanism) return mechanism.error();
  return Noisy<LaplaceMechanism>::make(params, *mechanism);
}

}  // namespace sfumato
