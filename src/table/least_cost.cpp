#include "sfumato/table/least_cost.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "sfumato/table/plan.h"

namespace sfumato {
namespace {

constexpr int kPerDecade = 900;
constexpr int kGreatest = 15 * kPerDecade;  // 10^6
constexpr double kStep = 0.95;              // from one ε that is tried to the next

/// The decimals of three digits in their order: 1.00e-9 is the first, and 900 make a power of ten.
Decimal three_digits(int index) {
  return Decimal::parse(std::to_string(100 + index % kPerDecade) + "e" +
                        std::to_string(index / kPerDecade - 11))
      .value();
}

/// The index of the greatest of them that is not above x, or the one below: 0 at least.
int index_below(double x) {
  const double power = std::floor(std::log10(x));
  const auto digits = static_cast<int>(x / std::pow(10, power - 2));
  return std::max((static_cast<int>(power) + 9) * kPerDecade + digits - 100, 0);
}

/// The most that an answer can be in a group of so many rows.
double most_of(const Aggregate& aggregate, const Query& query, double rows) {
  const auto clamp = std::ranges::find(query.clamps, aggregate.column, &Clamp::column);
  switch (aggregate.kind) {
    case Aggregate::Kind::units:
      return std::ceil(rows / static_cast<double>(query.bounds.max_rows));
    case Aggregate::Kind::sum:
      return rows * std::max(std::fabs(clamp->lower), std::fabs(clamp->upper));
    case Aggregate::Kind::mean:
      return clamp->upper - clamp->lower;
    case Aggregate::Kind::variance:
      return (clamp->upper / 2 - clamp->lower / 2) * (clamp->upper / 2 - clamp->lower / 2);
    case Aggregate::Kind::covariance: {
      const auto other = std::ranges::find(query.clamps, aggregate.second, &Clamp::column);
      return (clamp->upper / 2 - clamp->lower / 2) * (other->upper / 2 - other->lower / 2);
    }
    default:
      return rows;  // of a quantile, its rank
  }
}

/// None where it hangs on the data.
std::optional<double> error_at(const AggregateError& error, double rows) {
  if (error.rank_error) return error.rank_error;
  if (error.standard_error) return error.standard_error;
  if (error.standard_error_times_count) return *error.standard_error_times_count / rows;
  return std::nullopt;
}

class Search {
 public:
  Search(Query query, const WantedError& wanted)
      : query_(std::move(query)),
        wanted_(wanted),
        delta_(std::get<ApproximateTotal>(query_.total).delta) {}

  /// The greatest of all errors as shares of what answers can be; none where no error is known.
  Result<std::optional<double>> worst_share(int index) {
    const Result<Epsilon> epsilon = Epsilon::make(three_digits(index).to_double_down());
    if (!epsilon) return epsilon.error();
    query_.total = ApproximateTotal{*epsilon, delta_};
    const auto errors = expected_errors(query_);
    if (!errors) return errors.error();
    const auto rows = static_cast<double>(wanted_.rows);
    std::optional<double> worst;
    for (const std::vector<AggregateError>& set : *errors)
      for (std::size_t i = 0; i < set.size(); ++i)
        if (const auto error = error_at(set[i], rows))
          worst = std::max(worst.value_or(0), *error / most_of(query_.select[i], query_, rows));
    return worst;
  }

  /// An ε at which no plan is made, since what it leaves for a part is nothing, is too little.
  bool is_enough(int index) {
    const auto worst = worst_share(index);
    return worst && worst->has_value() && **worst <= wanted_.share;
  }

  /// The least within (too_little, enough], by halving.
  int least_between(int too_little, int enough) {
    while (enough - too_little > 1) {
      const int middle = too_little + (enough - too_little) / 2;
      (is_enough(middle) ? enough : too_little) = middle;
    }
    return enough;
  }

  /// The least that is enough within a factor of four below `found`, or `found`.
  int least_near(int found) {
    const double top = three_digits(found).to_double_down();
    int least = found;
    for (double share = kStep; share > 0.25; share *= kStep)
      if (const int index = index_below(top * share); is_enough(index)) least = index;
    return least;
  }

 private:
  Query query_;
  WantedError wanted_;
  Delta delta_;
};

}  // namespace

Result<Decimal> least_epsilon(Query query, const WantedError& wanted) {
  const auto refused = [](const char* message) {
    return Error{Errc::invalid_parameter, "error", message};
  };
  if (!std::holds_alternative<ApproximateTotal>(query.total))
    return refused("is wanted at the least epsilon, with a delta, not at a total in rho");
  if (!(wanted.share > 0) || wanted.rows < 1)
    return refused("must be above 0, of groups of at least one row");
  if (std::ranges::any_of(query.clamps, &Clamp::is_automatic))
    return refused("is known before only of clamps that are given, not automatic ones");
  Search search(std::move(query), wanted);
  const auto best = search.worst_share(kGreatest);
  if (!best) return best.error();
  if (!*best)
    return refused(
        "is known before for nothing that is asked: only deviations and correlations are");
  if (!(**best <= wanted.share))
    return refused("is more than that at any epsilon: ask for more, or for larger groups");
  for (int found = kGreatest;;) {
    found = search.least_between(-1, found);
    const int lower = search.least_near(found);
    if (lower == found) return three_digits(found);
    found = lower;
  }
}

}  // namespace sfumato
