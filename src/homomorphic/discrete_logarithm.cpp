#include "sfumato/homomorphic/discrete_logarithm.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

#include "homomorphic/affine.h"
#include "homomorphic/p256.h"

namespace sfumato {
namespace {

Owned<EC_POINT> signed_multiple(std::int64_t scalar, BN_CTX* context) {
  const Owned<BIGNUM> number = new_number();
  must(BN_set_word(number.get(), static_cast<BN_ULONG>(std::abs(scalar))) == 1);
  BN_set_negative(number.get(), scalar < 0);
  return multiple(number.get(), nullptr, context);
}

/// Points at equal distances on both sides of 0: step·1 … step·count, whose opposites have the same x.
std::vector<Affine> offsets(std::int64_t step, std::size_t count, BN_CTX* context) {
  const Owned<EC_POINT> one = signed_multiple(step, context);
  const Owned<EC_POINT> at = owned(EC_POINT_dup(one.get(), p256()));
  std::vector<Affine> points;
  while (points.size() < count) {
    points.push_back(Affine::of(affine_sure(at.get(), context)));
    must(EC_POINT_add(p256(), at.get(), at.get(), one.get(), context) == 1);
  }
  return points;
}

/// The x of centre + offset and of centre - offset, for all offsets at once: both have one inversion, and
/// all of them have one in common.
class Block {
 public:
  explicit Block(std::size_t count) : inverses_(count), before_(count) {}

  /// Calls `met(i, sign, x)` for the sum and the difference with each offset i; the x is none where the
  /// result is the point at infinity, and nothing is said of twice an offset.
  template <class Met>
  void walk(const Affine& centre, std::span<const Affine> offsets, Met met) {
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      inverses_[i] = centre.x - offsets[i].x;
      if (inverses_[i].is_zero()) inverses_[i] = FieldElement::one();
    }
    invert_all(inverses_, before_);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      const Affine& offset = offsets[i];
      if (centre.x == offset.x) {
        met(i, centre.y == offset.y ? -1 : 1, nullptr);
        continue;
      }
      const FieldElement both = centre.x + offset.x;
      const FieldElement up = (centre.y - offset.y) * inverses_[i];
      const FieldElement down = (centre.y + offset.y) * inverses_[i];
      const FieldElement sum = up * up - both, difference = down * down - both;
      met(i, 1, &sum);
      met(i, -1, &difference);
    }
  }

 private:
  std::vector<FieldElement> inverses_, before_;
};

/// From 32 bits of an x, found by others of its bits, to a small number: what is not there may be found, too,
/// with odds of 2^-32.
class BabySteps {
 public:
  explicit BabySteps(std::size_t most) : slots_(std::bit_ceil(2 * most)) {}

  void put(const FieldElement& x, std::uint32_t number) {
    std::size_t at = first(x);
    while (slots_[at] != 0) at = next(at);
    slots_[at] = tag(x) << 32 | number;
  }

  template <class Found>
  void each(const FieldElement& x, Found found) const {
    for (std::size_t at = first(x); slots_[at] != 0; at = next(at))
      if (slots_[at] >> 32 == tag(x)) found(static_cast<std::int64_t>(slots_[at] & 0xffffffff));
  }

 private:
  std::size_t first(const FieldElement& x) const { return x.word(0) & (slots_.size() - 1); }
  std::size_t next(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  static std::uint64_t tag(const FieldElement& x) { return x.word(1) >> 32; }

  std::vector<std::uint64_t> slots_;
};

constexpr std::size_t kOffsets = 512;  // a centre is one inversion and costs as much as 60 steps
constexpr double kMostBabySteps = 1 << 20;

}  // namespace

class DiscreteLogarithm::Steps {
 public:
  explicit Steps(std::int64_t bound) : bound_(bound), babies_(baby_steps(bound)) {
    const Owned<BN_CTX> context = new_context();
    const std::vector<Affine> near = offsets(1, kOffsets, context.get());
    for (std::size_t i = 0; i < kOffsets; ++i)
      babies_.put(near[i].x, static_cast<std::uint32_t>(i + 1));
    Block block(kOffsets);
    reach_ = kOffsets;
    for (const auto wanted = static_cast<std::int64_t>(baby_steps(bound)); reach_ < wanted;
         reach_ += kWidth) {
      const std::int64_t centre = reach_ + std::int64_t{kOffsets} + 1;
      const Affine at =
          Affine::of(affine_sure(signed_multiple(centre, context.get()).get(), context.get()));
      babies_.put(at.x, static_cast<std::uint32_t>(centre));
      block.walk(at, near, [&](std::size_t i, int sign, const FieldElement* x) {
        babies_.put(*x, static_cast<std::uint32_t>(centre + sign * std::int64_t(i + 1)));
      });
    }
    giants_ = offsets(2 * reach_ + 1, kOffsets, context.get());
  }

  std::int64_t bound() const { return bound_; }

  std::optional<std::int64_t> of(const CurvePoint& point) const {
    const Owned<BN_CTX> context = new_context();
    const std::int64_t width = (2 * reach_ + 1) * kWidth;  // of what one centre sees
    const Owned<EC_POINT> whole = point_of(point, context.get());
    for (std::int64_t far = 0; far <= bound_ + width; far += width)
      for (const std::int64_t centre : {far, -far}) {
        const std::optional<CurvePoint> left =
            far == 0 ? point : less(whole.get(), centre, context.get());
        const auto found = left ? about(*left, centre, point, context.get())
                                : confirmed(centre, point, context.get());
        if (found) return found;
        if (far == 0) break;
      }
    return std::nullopt;
  }

 private:
  static constexpr std::int64_t kWidth = 2 * std::int64_t{kOffsets} + 1;

  /// As many as leave few steps, where a key is used for some points: four times √bound.
  static std::size_t baby_steps(std::int64_t bound) {
    const double wanted = 4 * std::sqrt(static_cast<double>(bound));
    return static_cast<std::size_t>(std::clamp(wanted, double{kOffsets}, kMostBabySteps)) +
           static_cast<std::size_t>(kWidth);
  }

  static std::optional<CurvePoint> less(const EC_POINT* whole, std::int64_t number,
                                        BN_CTX* context) {
    const Owned<EC_POINT> left = signed_multiple(-number, context);
    must(EC_POINT_add(p256(), left.get(), left.get(), whole, context) == 1);
    return affine(left.get(), context);
  }

  std::optional<std::int64_t> confirmed(std::int64_t number, const CurvePoint& point,
                                        BN_CTX* context) const {
    if (number > bound_ || number < -bound_) return std::nullopt;
    if (affine(signed_multiple(number, context).get(), context) != point) return std::nullopt;
    return number;
  }

  /// The logarithm of `point`, where `left` is what is left of it after `centre`.
  std::optional<std::int64_t> about(const CurvePoint& left, std::int64_t centre,
                                    const CurvePoint& point, BN_CTX* context) const {
    std::optional<std::int64_t> found;
    const auto look = [&](std::int64_t base, const FieldElement* x) {
      if (!x) {
        if (!found) found = confirmed(base, point, context);
        return;
      }
      babies_.each(*x, [&](std::int64_t baby) {
        for (const std::int64_t number : {base + baby, base - baby})
          if (!found) found = confirmed(number, point, context);
      });
    };
    const Affine at = Affine::of(left);
    look(centre, &at.x);
    if (found) return found;
    Block block(kOffsets);
    block.walk(at, giants_, [&](std::size_t i, int sign, const FieldElement* x) {
      look(centre - sign * (2 * reach_ + 1) * std::int64_t(i + 1), x);
    });
    return found;
  }

  std::int64_t bound_;
  BabySteps babies_;
  std::int64_t reach_ = 0;  // baby steps are known from 1 to here
  std::vector<Affine> giants_;
};

DiscreteLogarithm::DiscreteLogarithm(std::unique_ptr<const Steps> steps) noexcept
    : steps_(std::move(steps)) {}
DiscreteLogarithm::DiscreteLogarithm(DiscreteLogarithm&&) noexcept = default;
DiscreteLogarithm& DiscreteLogarithm::operator=(DiscreteLogarithm&&) noexcept = default;
DiscreteLogarithm::~DiscreteLogarithm() = default;

Result<DiscreteLogarithm> DiscreteLogarithm::make(std::int64_t bound) {
  if (bound < 1 || bound > kGreatestBound)
    return Error{Errc::invalid_parameter, "bound", "must be from 1 to 2^48"};
  if (const Status there = check_p256(); !there) return there.error();
  return DiscreteLogarithm(std::make_unique<const Steps>(bound));
}

std::int64_t DiscreteLogarithm::bound() const noexcept {
  return steps_->bound();
}

std::optional<std::int64_t> DiscreteLogarithm::of(const std::optional<CurvePoint>& point) const {
  if (!point) return 0;
  return steps_->of(*point);
}

}  // namespace sfumato
