#include <algorithm>

#include "deid/grid_number.h"
#include "deid/transform.h"

// Buckets, limits and rounding: numbers are exact decimals, and intervals are those of exact numbers.

namespace sfumato {
namespace {

std::string interval(const std::string& low, const std::string& high) {
  return std::string("[").append(low).append(",").append(high).append(")");
}

/// Intervals [origin + k·width, origin + (k+1)·width). A value that lies between two units of the grid on
/// which both ends lie is in the interval of the unit below it.
class Widths {
 public:
  explicit Widths(const BucketParams& params)
      : low_(params.low),
        exponent_(finest({*params.width, params.origin})),
        width_(units_below(*params.width, exponent_).value_or(1)),
        origin_(units_below(params.origin, exponent_).value_or(0)) {}

  std::string_view operator()(std::string_view value, TextStore& store) const {
    const Result<Decimal> number = Decimal::parse(value);
    if (!number) return {};
    const std::optional<int128> units = units_below(*number, exponent_);
    if (!units) return {};
    const int128 begin = origin_ + floor_quotient(*units - origin_, width_) * width_;
    const std::string low = plain_digits(begin, exponent_);
    return store.keep(low_ ? low : interval(low, plain_digits(begin + width_, exponent_)));
  }

 private:
  bool low_;
  int exponent_;
  int128 width_, origin_;
};

std::vector<std::string> labels_of(const std::vector<Decimal>& edges) {
  std::vector<std::string> labels = {std::string("<").append(plain_text(edges.front()))};
  for (std::size_t i = 1; i < edges.size(); ++i)
    labels.push_back(interval(plain_text(edges[i - 1]), plain_text(edges[i])));
  labels.push_back(std::string(">=").append(plain_text(edges.back())));
  return labels;
}

std::string_view limited(const LimitParams& params, std::string_view value, TextStore& store) {
  const Result<Decimal> number = Decimal::parse(value);
  if (!number) return {};
  if (params.lower && *number < *params.lower) return store.keep(params.below);
  if (params.upper && *number > *params.upper) return store.keep(params.above);
  return value;
}

/// The nearest multiple of a step: floor((2|x| + step) / (2 step)) steps, with the sign of x. 2|x| may be
/// cut off to whole units, since the sum's other part and the divisor are whole.
std::string_view rounded(const Decimal& to, std::string_view value, TextStore& store) {
  const bool negative = value.starts_with('-');
  const Result<Decimal> size = Decimal::parse(value.substr(negative ? 1 : 0));
  if (!size || size->sign() < 0 || value.starts_with("-+")) return {};
  const Result<Decimal> twice = Decimal::add(*size, *size);
  const int exponent = finest({to});
  const std::optional<int128> units = twice ? units_below(*twice, exponent) : std::nullopt;
  if (!units) return {};
  const int128 step = units_below(to, exponent).value_or(1);
  const int128 nearest = (*units + step) / (2 * step) * step;
  return store.keep(plain_digits(negative ? -nearest : nearest, exponent));
}

}  // namespace

TransformPointer bucket_transform(const BucketParams& params) {
  if (params.width) return each_value(Widths(params));
  const auto labels = params.labels.empty() ? labels_of(params.edges) : params.labels;
  return each_value([edges = params.edges, labels](std::string_view value, TextStore& store) {
    const Result<Decimal> number = Decimal::parse(value);
    if (!number) return std::string_view();
    const auto above = std::ranges::upper_bound(edges, *number);
    return store.keep(labels[static_cast<std::size_t>(above - edges.begin())]);
  });
}

TransformPointer limit_transform(const LimitParams& params) {
  return each_value(
      [params](std::string_view value, TextStore& store) { return limited(params, value, store); });
}

/// Equal numbers become one text.
TransformPointer range_transform() {
  return each_value([](std::string_view value, TextStore& store) {
    const Result<Decimal> number = Decimal::parse(value);
    return number ? store.keep(number->to_string()) : std::string_view();
  });
}

TransformPointer round_transform(const RoundParams& params) {
  return each_value([to = params.to](std::string_view value, TextStore& store) {
    return rounded(to, value, store);
  });
}

}  // namespace sfumato
