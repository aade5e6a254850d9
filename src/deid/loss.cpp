#include "deid/loss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sfumato {
namespace {

constexpr std::array<std::pair<std::string_view, LossMetric>, 7> kNames = {
    {{"loss", LossMetric::loss},
     {"geometric-loss", LossMetric::geometric_loss},
     {"discernibility", LossMetric::discernibility},
     {"discernibility-of-all", LossMetric::discernibility_of_all},
     {"average-class", LossMetric::average_class},
     {"precision", LossMetric::precision},
     {"entropy", LossMetric::entropy}}};

}  // namespace

std::optional<LossMetric> loss_metric_named(std::string_view name) {
  for (const auto& [known, metric] : kNames)
    if (known == name) return metric;
  return std::nullopt;
}

std::string_view name_of(LossMetric metric) {
  return std::ranges::find(kNames, metric, &std::pair<std::string_view, LossMetric>::second)->first;
}

Loss::Loss(LossMetric metric, const QuasiTable& table, const DistinctRows& distinct,
           const Lattice& lattice)
    : metric_(metric),
      distinct_(distinct),
      lattice_(lattice),
      rows_(static_cast<double>(distinct.rows())) {
  if (!adds_cells()) return;
  for (std::size_t c = 0; c < lattice.columns(); ++c) add_column(table.quasi[c], c);
}

/// What a cell of a label costs, given the rows of the label; of entropy, all but what its value says.
double Loss::cost(const ValueHierarchy& hierarchy, std::size_t level, std::uint32_t label,
                  double rows_of_label) const {
  if (metric_ == LossMetric::precision) return static_cast<double>(level);
  if (metric_ == LossMetric::entropy) return rows_of_label > 0 ? std::log2(rows_of_label) : 0;
  return hierarchy.leaves(level, label);
}

void Loss::add_column(const ValueHierarchy& hierarchy, std::size_t column) {
  cells_.emplace_back();
  surcharges_.emplace_back();
  const std::span<const std::uint32_t> weights = distinct_.weights();
  const auto values = static_cast<double>(hierarchy.values());
  values_.push_back(hierarchy.values());
  const auto highest = static_cast<double>(hierarchy.levels() - 1);
  const double suppressed = metric_ == LossMetric::precision ? highest
                            : metric_ == LossMetric::entropy ? std::log2(rows_)
                                                             : values;
  for (std::size_t l = 0; l < hierarchy.levels(); ++l) {
    std::vector<double> rows(hierarchy.labels(l), 0);
    for (std::size_t i = 0; i < weights.size(); ++i)
      rows[lattice_.labels(column, l)[i]] += weights[i];
    std::vector<double> surcharges;
    double sum = 0;
    for (std::uint32_t label = 0; label < rows.size(); ++label) {
      const double each = cost(hierarchy, l, label, rows[label]);
      surcharges.push_back(suppressed - each);
      sum += rows[label] * each;
    }
    cells_.back().push_back(sum);
    surcharges_.back().push_back(std::move(surcharges));
  }
  if (metric_ == LossMetric::precision || metric_ == LossMetric::entropy) {
    const double most = metric_ == LossMetric::precision ? highest : 1;
    floor_.push_back(cells_.back().front());
    scale_.push_back(most > 0 ? 1 / (rows_ * most) : 0);
  } else {
    floor_.push_back(rows_);  // N cells of share 1/D, times D
    scale_.push_back(values > 1 ? 1 / (rows_ * (values - 1)) : 0);
  }
}

bool Loss::adds_cells() const noexcept {
  return metric_ == LossMetric::loss || metric_ == LossMetric::geometric_loss ||
         metric_ == LossMetric::precision || metric_ == LossMetric::entropy;
}

double Loss::part(std::size_t column, double cost) const {
  const double loss = (cost - floor_[column]) * scale_[column];
  const auto columns = static_cast<double>(lattice_.columns());
  return (metric_ == LossMetric::geometric_loss ? std::log1p(loss) : loss) / columns;
}

double Loss::loss(double key) const {
  return metric_ == LossMetric::geometric_loss ? std::expm1(key) : key;
}

double Loss::squares(const ClassList& classes) {
  double sum = 0;
  for (const std::uint64_t rows : classes.rows)
    sum += static_cast<double>(rows) * static_cast<double>(rows);
  return sum;
}

double Loss::column_cost(std::size_t column, std::size_t node, const ClassList& classes) const {
  const std::uint32_t level = lattice_.level(node, column);
  const std::vector<std::uint32_t>& labels = lattice_.labels(column, level);
  double cost = cells(column, level);
  for (std::size_t number = 0; number < classes.rows.size(); ++number)
    if (classes.kept[number] == 0)
      cost += static_cast<double>(classes.rows[number]) *
              surcharges(column, level)[labels[classes.first[number]]];
  return cost;
}

uint128 Loss::whole_cost(const ClassList& classes) const {
  const bool all = metric_ == LossMetric::discernibility_of_all;
  uint128 squares = 0;
  std::uint64_t kept = 0;
  for (std::size_t number = 0; number < classes.rows.size(); ++number) {
    if (!all && classes.kept[number] == 0) continue;
    ++kept;
    squares += uint128{classes.rows[number]} * classes.rows[number];
  }
  if (metric_ == LossMetric::average_class) return kept + (classes.suppressed > 0 ? 1 : 0);
  return all ? squares : squares + uint128{distinct_.rows()} * classes.suppressed;
}

double Loss::key(std::size_t node, const ClassList& classes) const {
  if (adds_cells()) {
    double sum = 0;
    for (std::size_t c = 0; c < lattice_.columns(); ++c)
      sum += part(c, column_cost(c, node, classes));
    return sum;
  }
  if (metric_ == LossMetric::discernibility_of_all) return squares(classes);
  double kept = 0;
  double sum = 0;
  for (std::size_t number = 0; number < classes.rows.size(); ++number) {
    if (classes.kept[number] == 0) continue;
    ++kept;
    sum += static_cast<double>(classes.rows[number]) * static_cast<double>(classes.rows[number]);
  }
  if (metric_ == LossMetric::discernibility)
    return sum + rows_ * static_cast<double>(classes.suppressed);
  return rows_ / (kept + (classes.suppressed > 0 ? 1 : 0));
}

double Loss::at_least_below(const ClassList& classes) const {
  const std::uint64_t least = lattice_.least();
  if (metric_ == LossMetric::discernibility)
    return rows_ * static_cast<double>(classes.small) +
           static_cast<double>(distinct_.rows() - classes.small) * static_cast<double>(least);
  if (metric_ == LossMetric::discernibility_of_all) return 0;
  std::uint64_t kept = 0;
  for (std::size_t number = 0; number < classes.rows.size(); ++number)
    if (classes.is_small[number] == 0) kept += classes.rows[number] / least;
  return rows_ / static_cast<double>(kept + 1);
}

double Loss::at_least_above(const ClassList& classes) const {
  if (metric_ != LossMetric::average_class) return squares(classes);
  const std::uint64_t least = lattice_.least();
  std::uint64_t large = 0, others = 0;
  for (const std::uint64_t rows : classes.rows) rows >= least ? ++large : others += rows;
  return rows_ / static_cast<double>(large + others / least + 1);
}

}  // namespace sfumato
