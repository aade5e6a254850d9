#include "homomorphic/point_sum.h"

#include <algorithm>
#include <array>

#include "homomorphic/affine.h"

namespace sfumato {
namespace {

constexpr unsigned kBits = 128;
constexpr unsigned kDigit = 8;
constexpr std::size_t kTogether = 4096;  // points whose parts fit into a cache

/// A point that counts for digit·2^(place·width); the bucket is place << width | digit.
struct Part {
  std::uint32_t bucket;
  Affine point;
};

/// Parts of so many buckets, those of one bucket beside one another.
std::vector<Part> sorted(std::span<const Part> parts, std::size_t buckets) {
  std::vector<std::size_t> next(buckets + 1);
  for (const Part& part : parts) ++next[part.bucket + 1];
  for (std::size_t i = 1; i <= buckets; ++i) next[i] += next[i - 1];
  std::vector<Part> in_order(parts.size());
  for (const Part& part : parts) in_order[next[part.bucket]++] = part;
  return in_order;
}

/// Calls for each two that are beside one another in one bucket, and for each that is left over.
template <class Two, class One>
void each_pair(std::span<const Part> parts, Two two, One one) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 < parts.size() && parts[i].bucket == parts[i + 1].bucket) {
      two(parts[i], parts[i + 1]);
      ++i;
    } else {
      one(parts[i]);
    }
  }
}

/// One part for each bucket, or none where its sum is at infinity.
void add_up(std::vector<Part>& parts) {
  std::vector<FieldElement> inverses, before;
  for (;;) {
    inverses.clear();
    each_pair(
        parts,
        [&](const Part& a, const Part& b) { inverses.push_back(slope_divisor(a.point, b.point)); },
        [](const Part&) {});
    if (inverses.empty()) return;
    before.resize(inverses.size());
    invert_all(inverses, before);
    std::size_t kept = 0, pair = 0;  // what is kept lies behind what is read
    each_pair(
        parts,
        [&](const Part& a, const Part& b) {
          const auto sum = sum_of(a.point, b.point, inverses[pair++]);
          if (sum) parts[kept++] = {a.bucket, *sum};
        },
        [&](const Part& part) { parts[kept++] = part; });
    parts.resize(kept);
  }
}

/// The same sum by digits of half the bits.
std::vector<Part> halved(std::span<const Part> parts, unsigned width) {
  const unsigned half = width / 2;
  const std::uint32_t low = (1u << half) - 1;
  std::vector<Part> halves;
  halves.reserve(2 * parts.size());
  for (const auto& [bucket, point] : parts) {
    const std::uint32_t place = bucket >> width << 1;
    const std::uint32_t digits[] = {bucket & low, bucket >> half & low};
    for (std::uint32_t i = 0; i < 2; ++i)
      if (digits[i] != 0) halves.push_back({(place + i) << half | digits[i], point});
  }
  return halves;
}

std::vector<Part> digits_of(std::span<const CurvePoint* const> points,
                            std::span<const uint128> factors) {
  constexpr std::uint32_t kGreatest = (1u << kDigit) - 1;
  std::vector<Part> parts;
  parts.reserve(points.size() * (kBits / kDigit));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Affine point = Affine::of(*points[i]);
    for (std::uint32_t place = 0; place < kBits / kDigit; ++place) {
      const std::uint32_t digit =
          static_cast<std::uint32_t>(factors[i] >> (kDigit * place)) & kGreatest;
      if (digit != 0) parts.push_back({place << kDigit | digit, point});
    }
  }
  return parts;
}

Owned<EC_POINT> point_of(const Affine& affine, BN_CTX* context) {
  const auto x = affine.x.bytes(), y = affine.y.bytes();
  std::array<unsigned char, CurvePoint::kBytes> bytes{POINT_CONVERSION_UNCOMPRESSED};
  std::ranges::copy(x, bytes.begin() + 1);
  std::ranges::copy(y, bytes.begin() + 33);
  Owned<EC_POINT> point = new_point();
  must(EC_POINT_oct2point(p256(), point.get(), bytes.data(), bytes.size(), context) == 1);
  return point;
}

/// Adds Σ 2^bit·point, where buckets are bits.
void add_bits(std::span<const Part> parts, EC_POINT* to, BN_CTX* context) {
  const Owned<EC_POINT> sum = new_point();
  must(EC_POINT_set_to_infinity(p256(), sum.get()) == 1);
  for (std::uint32_t bit = kBits; bit-- > 0;) {
    must(EC_POINT_dbl(p256(), sum.get(), sum.get(), context) == 1);
    if (parts.empty() || parts.back().bucket >> 1 != bit) continue;
    must(EC_POINT_add(p256(), sum.get(), sum.get(), point_of(parts.back().point, context).get(),
                      context) == 1);
    parts = parts.first(parts.size() - 1);
  }
  must(EC_POINT_add(p256(), to, to, sum.get(), context) == 1);
}

}  // namespace

Owned<EC_POINT> weighted_sum(std::span<const CurvePoint* const> points,
                             std::span<const uint128> factors, BN_CTX* context) {
  Owned<EC_POINT> sum = new_point();
  must(EC_POINT_set_to_infinity(p256(), sum.get()) == 1);
  for (std::size_t at = 0; at < points.size(); at += kTogether) {
    const std::size_t count = std::min(kTogether, points.size() - at);
    std::vector<Part> parts = digits_of(points.subspan(at, count), factors.subspan(at, count));
    for (unsigned width = kDigit; width > 0; width /= 2) {
      parts = sorted(parts, std::size_t{kBits / width} << width);
      add_up(parts);
      if (width > 1) parts = halved(parts, width);
    }
    add_bits(parts, sum.get(), context);
  }
  return sum;
}

}  // namespace sfumato
