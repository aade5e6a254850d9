#include "sfumato/table/clamp_search.h"

#include <utility>

#include "sfumato/base/directed.h"
#include "sfumato/io/table_reader.h"
#include "table/find_clamps.h"
#include "table/plan_parts.h"

namespace sfumato {
namespace {

Error invalid(std::string where, std::string message) {
  return {Errc::invalid_parameter, std::move(where), std::move(message)};
}

/// What one column has, as an ε, and what all of them leave.
struct Parts {
  double epsilon;
  PrivacyTotal rest;
};

Result<Parts> parts_of(const Query& query, double columns) {
  const double share = query.automatic_share;
  if (const auto* total = std::get_if<ApproximateTotal>(&query.total)) {
    const double all = mul_down(total->epsilon.value(), share);
    const auto rest = Epsilon::make(sub_down(total->epsilon.value(), all));
    if (!rest) return rest.error();
    return Parts{div_down(all, columns), ApproximateTotal{*rest, total->delta}};
  }
  const auto& total = std::get<ConcentratedTotal>(query.total);
  const double all = mul_down(total.rho.value(), share);
  const auto rest = Rho::make(sub_down(total.rho.value(), all));
  if (!rest) return rest.error();
  return Parts{sqrt_down(mul_down(2, div_down(all, columns))),
               ConcentratedTotal{*rest, total.delta}};
}

/// The query that reads the values of these columns: that they are counted asks for nothing more.
Query counting(const Query& query, const std::vector<std::string>& columns) {
  Query counted = query;
  counted.select.clear();
  for (const std::string& column : columns)
    counted.select.push_back({Aggregate::Kind::count, column});
  counted.clamps.clear();
  counted.rollup = false;
  return counted;
}

LogHistogram histogram_of(const GroupTotals& totals, std::size_t column, LogRange range) {
  LogHistogram histogram = LogHistogram::make(range).value();
  const auto counts = totals.all_bins(column, histogram.counts().size());
  for (std::size_t bin = 0; bin < counts.size(); ++bin) histogram.add_to_bin(bin, counts[bin]);
  return histogram;
}

Clamp clamp_of(std::string column, const std::optional<ValueBounds>& bounds) {
  if (!bounds) return {.column = std::move(column), .source = Clamp::Source::missed};
  return {std::move(column), bounds->lower, bounds->upper, Clamp::Source::found};
}

}  // namespace

Result<std::optional<ClampSearch>> ClampSearch::of(const Query& query) {
  std::vector<std::string> columns;
  for (const Clamp& clamp : query.clamps)
    if (clamp.is_automatic()) columns.push_back(clamp.column);
  if (columns.empty()) return std::optional<ClampSearch>();
  if (!(query.automatic_share > 0 && query.automatic_share < 1))
    return invalid("auto-share", "must lie between 0 and 1: what is left is for the answers");
  if (Status bounds = check(query.bounds); !bounds) return std::move(bounds).error();
  const std::int64_t values = query.bounds.max_groups * query.bounds.max_rows;  // at most 2^62
  if (values > std::int64_t{1} << 31)
    return invalid("max-groups", "times max-rows must be at most 2^31 where bounds are found");
  const auto parts = parts_of(query, static_cast<double>(columns.size()));
  if (!parts) return parts.error();
  const auto epsilon = Epsilon::make(parts->epsilon);
  if (!epsilon) return epsilon.error();
  auto mechanism = AutomaticBounds::make({.epsilon = *epsilon, .max_rows = values});
  if (!mechanism) return std::move(mechanism).error();
  return std::optional(ClampSearch{*std::move(mechanism), std::move(columns), parts->rest});
}

Event ClampSearch::event() const {
  Event event = mechanism.event();
  event.count = static_cast<std::int64_t>(columns.size());
  return event;
}

Result<std::vector<Clamp>> find_clamps(const Query& query, const std::vector<std::string>& listed,
                                       const ClampSearch& search, const Permit& permit,
                                       BitSource& bits, const Progress& progress) {
  const LogRange range = search.mechanism.params().range;
  std::optional<std::vector<std::string>> known;
  if (!has_private_groups(query)) known = listed;
  Result<Reading> reading = reading_of(counting(query, search.columns), std::move(known));
  if (!reading) return std::move(reading).error();
  auto reader = TableReader::open(query.tables, reading->request, query.threads);
  if (!reader) return std::move(reader).error();
  Layout& layout = reading->layout;
  layout.integer_units = layout.unit && reader->integer_keys(*layout.unit);
  layout.bins = range;
  for (ColumnUse& use : layout.uses) use.bins = true;
  auto engine = Engine::make(layout, query.bounds, resources_of(query), bits);
  if (!engine) return std::move(engine).error();
  for (const std::string& group : reading->listed) (*engine)->list(group);
  if (Status all = (*engine)->read(*reader, progress); !all) return std::move(all).error();
  const Result<ExactSets> exact = (*engine)->answer();
  if (!exact) return exact.error();
  std::vector<Clamp> clamps;
  for (std::size_t column = 0; column < search.columns.size(); ++column) {
    const auto bounds = search.mechanism.find(
        permit, histogram_of(exact->sets.front().totals, column, range), bits);
    if (!bounds) return bounds.error();
    clamps.push_back(clamp_of(search.columns[column], *bounds));
  }
  return clamps;
}

}  // namespace sfumato
