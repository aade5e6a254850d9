#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// A point of the curve P-256 other than the one at infinity.
///
/// The order of the curve is prime: no other point has a small order.
///
/// Origin  FIPS 186-4, D.1.2.3; SEC 1, 2.3.3
class CurvePoint {
 public:
  static constexpr std::size_t kBytes = 65;

  /// Reads what `bytes` gives: 4, x and y, most significant bytes first. Refuses coordinates that are
  /// not below the field's prime, and those of no point of the curve.
  static Result<CurvePoint> parse(std::string_view bytes);

  std::string_view bytes() const noexcept {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  friend bool operator==(const CurvePoint&, const CurvePoint&) = default;

 private:
  friend struct CurvePointAccess;
  explicit CurvePoint(const std::array<unsigned char, kBytes>& bytes) noexcept : bytes_(bytes) {}

  std::array<unsigned char, kBytes> bytes_;
};

}  // namespace sfumato
