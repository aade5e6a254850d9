#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/display.h"
#include "cli/layout.h"

namespace sfumato {
namespace {

bool shown_by_half(const PartitionSelection& selection, std::int64_t units) {
  return selection.keep_probability(units).lower >= 0.5;
}

/// The least number of units that is shown at least every other time, by doubling, then halving:
/// the probability grows with the units.
std::optional<std::int64_t> units_for_half(const PartitionSelection& selection) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  std::int64_t above = 1;
  while (above < kMost && !shown_by_half(selection, above)) above *= 2;
  if (!shown_by_half(selection, above)) return std::nullopt;
  std::int64_t below = above / 2;
  while (above - below > 1) {
    const std::int64_t middle = below + (above - below) / 2;
    (shown_by_half(selection, middle) ? above : below) = middle;
  }
  return above;
}

std::optional<Selection> selection_of(const GroupRelease& release) {
  if (release.threshold()) {
    const std::int64_t at = release.threshold()->at();
    return Selection{"threshold", {}, release.threshold()->cost(), at, at};
  }
  if (!release.selection()) return std::nullopt;
  const ApproximateTotal cost = release.selection()->cost();
  return Selection{
      "truncated_geometric", cost.epsilon, cost.delta, {}, units_for_half(*release.selection())};
}

constexpr std::string_view kNull = "NULL", kAll = "(all)";

/// Text that could be taken for what is no text stands in quotation marks.
std::string key_text(const std::optional<std::string>& key) {
  if (!key) return std::string(kNull);
  const bool plain = !key->empty() && key->front() != '"' && *key != kNull && *key != kAll;
  return plain ? printable(*key) : '"' + printable(*key) + '"';
}

}  // namespace

Report report_of(const Plan& plan, const Question& question) {
  std::vector<std::vector<AggregateError>> coarser;
  for (std::size_t set = 1; set < plan.release().sets().size(); ++set)
    coarser.push_back(plan.errors(set));
  return {.query = plan.query(),
          .written = question.written,
          .parts = plan.release().parts(),
          .cost = plan.release().cost(),
          .aggregates = plan.errors(),
          .coarser = std::move(coarser),
          .selection = selection_of(plan.release().finest()),
          .search = plan.search(),
          .rows = std::nullopt,
          .wanted = question.wanted,
          .mark = question.mark,
          .top = question.top};
}

bool is_noisy(const Estimate& estimate, double share) {
  const double reach = std::max(estimate.high - estimate.value, estimate.value - estimate.low);
  return estimate.has_interval() && reach > share * std::fabs(estimate.value);
}

int places_of(const Report& report, std::size_t item) {
  const Aggregate& aggregate = report.query.select[item];
  if (aggregate.kind == Aggregate::Kind::count || aggregate.kind == Aggregate::Kind::units ||
      aggregate.kind == Aggregate::Kind::histogram || aggregate.kind == Aggregate::Kind::distinct)
    return 0;
  if (aggregate.is_quantile()) {
    const auto clamp = std::ranges::find(report.query.clamps, aggregate.column, &Clamp::column);
    return places_for((clamp->upper - clamp->lower) / 100);
  }
  int places = 0;
  for (const AnswerRow& row : *report.rows)
    places = std::max(places, places_for(row.values[item].high - row.values[item].low));
  return places;
}

const std::vector<AggregateError>& errors_of(const Report& report, std::size_t rolled_up) {
  return rolled_up == 0 ? report.aggregates : report.coarser[rolled_up - 1];
}

std::vector<std::string> keys_text(const AnswerRow& row, const Query& query) {
  std::vector<std::string> texts;
  for (const auto& key : row.group) texts.push_back(key_text(key));
  texts.resize(query.by.size(), std::string(kAll));
  return texts;
}

std::string columns_text(const Query& query, std::size_t rolled_up) {
  std::string text;
  for (std::size_t i = 0; i + rolled_up < query.by.size(); ++i)
    text += (i == 0 ? "" : ", ") + printable(query.by[i]);
  return text;
}

std::string sets_text(const Query& query) {
  std::string text;
  for (std::size_t set = 0; set < query.by.size(); ++set)
    text += fmt::format("by ({}), ", columns_text(query, set));
  return text + "and everything";
}

std::string render(const Report& report, const std::string& format, bool with_explanation) {
  if (format == "csv") return render_csv(report);
  std::optional<std::string> explanation;
  if (with_explanation) explanation = explain(report);
  if (format == "json") return render_json(report, explanation);
  if (!explanation) return render_table(report);
  return render_table(report) + '\n' + wrapped(*explanation) + "\nName, date, signature:\n";
}

std::string total_text(const Written& written) {
  const std::string loss = (written.concentrated ? "ρ = " : "ε = ") + written.loss.to_string();
  return written.delta.sign() == 0 ? loss : loss + ", δ = " + written.delta.to_string();
}

std::string privacy_text(const Report& report) {
  return fmt::format("{} for {}, added or removed{}", total_text(report.written),
                     unit_text(report.query), report.query.unit ? " with all its rows" : "");
}

std::string auto_share_text(const Report& report) {
  return fmt::format("{:.12g} % of {}", report.query.automatic_share * 100,
                     report.written.concentrated ? "ρ" : "ε");
}

std::string where_text(const Query& query) {
  std::string text;
  for (const Condition& condition : query.where)
    text += (text.empty() ? "" : " and ") + condition.to_string();
  return printable(text);
}

std::string unit_text(const Query& query) {
  return query.unit ? "each '" + printable(*query.unit) + "'" : "each row";
}

}  // namespace sfumato
