#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "deid/lattice.h"
#include "deid/loss.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

uint128 greatest_common(uint128 a, uint128 b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

std::string digits(uint128 number) {
  std::string text;
  do text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
  while ((number /= 10) != 0);
  return text;
}

/// A fraction in lowest terms.
struct Ratio {
  uint128 above = 0, below = 1;

  Ratio(uint128 a, uint128 b) {
    const uint128 shared = greatest_common(a, b);
    above = a / shared, below = b / shared;
  }

  std::string text() const {
    return below == 1 ? digits(above) : digits(above) + "/" + digits(below);
  }
};

std::optional<uint128> product(uint128 a, uint128 b) {
  uint128 made = 0;
  if (__builtin_mul_overflow(a, b, &made)) return std::nullopt;
  return made;
}

/// None where its parts would not fit.
std::optional<Ratio> sum(const Ratio& a, const Ratio& b) {
  const uint128 shared = greatest_common(a.below, b.below);
  const auto below = product(a.below / shared, b.below);
  const auto left = product(a.above, b.below / shared);
  const auto right = product(b.above, a.below / shared);
  uint128 above = 0;
  if (!below || !left || !right || __builtin_add_overflow(*left, *right, &above))
    return std::nullopt;
  return Ratio(above, *below);
}

std::optional<Ratio> times(const Ratio& a, const Ratio& b) {
  const Ratio one(a.above, b.below), other(b.above, a.below);
  const auto above = product(one.above, other.above);
  const auto below = product(one.below, other.below);
  if (!above || !below) return std::nullopt;
  return Ratio(*above, *below);
}

std::string joined(const std::vector<Ratio>& parts, const char* between) {
  std::string text;
  for (const Ratio& part : parts) text.append(text.empty() ? "" : between).append(part.text());
  return text;
}

std::string mean_of(const std::vector<Ratio>& parts) {
  std::optional<Ratio> all = Ratio(0, 1);
  for (const Ratio& part : parts)
    if (all) all = sum(*all, part);
  if (all) all = times(*all, Ratio(1, parts.size()));
  if (all) return all->text();
  return "(" + joined(parts, " + ") + ")/" + std::to_string(parts.size());
}

/// (a · b · …)^(1/n) - 1
std::string geometric_mean_of(const std::vector<Ratio>& parts) {
  std::vector<Ratio> more;
  for (const Ratio& part : parts) more.push_back(Ratio(part.above + part.below, part.below));
  std::optional<Ratio> all = Ratio(1, 1);
  for (const Ratio& part : more)
    if (all) all = times(*all, part);
  return "(" + (all ? all->text() : joined(more, " · ")) + ")^(1/" + std::to_string(parts.size()) +
         ") - 1";
}

}  // namespace

std::string Loss::exact(std::size_t node, const ClassList& classes) const {
  if (metric_ == LossMetric::entropy) return {};
  if (!adds_cells()) {
    if (metric_ != LossMetric::average_class) return Ratio(whole_cost(classes), 1).text();
    return Ratio(distinct_.rows(), whole_cost(classes)).text();
  }
  std::vector<Ratio> parts;
  for (std::size_t c = 0; c < lattice_.columns(); ++c) {
    const auto rows = static_cast<uint128>(distinct_.rows());
    const auto cost = static_cast<uint128>(column_cost(c, node, classes));
    const std::size_t most =
        metric_ == LossMetric::precision ? lattice_.levels(c) - 1 : values_[c] - 1;
    const uint128 floor = metric_ == LossMetric::precision ? 0 : rows;
    parts.push_back(most == 0 ? Ratio(0, 1) : Ratio(cost - floor, rows * most));
  }
  return metric_ == LossMetric::geometric_loss ? geometric_mean_of(parts) : mean_of(parts);
}

std::string exact_loss(const QuasiTable& table, const ReleaseLimits& limits, LossMetric metric,
                       std::span<const std::uint32_t> levels) {
  const GeneralisedTable made(table, levels, limits);
  return Loss(metric, table, made.distinct, made.lattice).exact(made.node, made.classes);
}

}  // namespace sfumato
