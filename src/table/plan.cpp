#include "sfumato/table/plan.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "io/csv_text.h"
#include "table/find_clamps.h"
#include "table/group_keys.h"
#include "table/plan_parts.h"

namespace sfumato {
namespace {

bool needs_column(const Aggregate& aggregate) {
  return !aggregate.column.empty();
}

std::size_t index_in(const std::vector<std::string>& columns, const std::string& column) {
  return static_cast<std::size_t>(std::ranges::find(columns, column) - columns.begin());
}

/// Which key is the unit: one of the group's columns, or the one after them.
std::size_t unit_key(const Query& query) {
  return index_in(query.by, *query.unit);
}

/// Whether what is asked of a column needs values of their own form, apart from those that are added up: numbers of bins,
/// or what tells keys apart.
bool is_apart(const Aggregate& aggregate) {
  return aggregate.kind == Aggregate::Kind::histogram ||
         aggregate.kind == Aggregate::Kind::distinct;
}

std::vector<std::string> value_columns(const std::vector<Aggregate>& select) {
  std::vector<std::string> columns;
  const auto list = [&columns](const std::string& column) {
    if (!column.empty() && index_in(columns, column) == columns.size()) columns.push_back(column);
  };
  for (const Aggregate& aggregate : select) {
    if (is_apart(aggregate)) continue;
    list(aggregate.column);
    list(aggregate.second);
  }
  return columns;
}

/// The first bin of each histogram: its values are a column of their own, after the others.
std::vector<Aggregate> histograms_in(const Query& query) {
  std::vector<Aggregate> histograms;
  for (const Aggregate& aggregate : query.select)
    if (aggregate.kind == Aggregate::Kind::histogram && aggregate.bin == 0)
      histograms.push_back(aggregate);
  return histograms;
}

/// The columns whose different values are counted: these come last.
std::vector<std::string> distinct_columns(const Query& query) {
  std::vector<std::string> columns;
  for (const Aggregate& aggregate : query.select)
    if (aggregate.kind == Aggregate::Kind::distinct) columns.push_back(aggregate.column);
  return columns;
}

/// Where the columns of all that is asked stand among those with values.
std::vector<std::size_t> places_of(const Query& query, const std::vector<std::string>& columns) {
  const std::vector<Aggregate> histograms = histograms_in(query);
  const std::vector<std::string> distinct = distinct_columns(query);
  std::vector<std::size_t> places;
  for (const Aggregate& aggregate : query.select) {
    const auto of_same = std::ranges::find(histograms, aggregate.column, &Aggregate::column);
    if (aggregate.kind == Aggregate::Kind::histogram)
      places.push_back(columns.size() + static_cast<std::size_t>(of_same - histograms.begin()));
    else if (aggregate.kind == Aggregate::Kind::distinct)
      places.push_back(columns.size() + histograms.size() + index_in(distinct, aggregate.column));
    else
      places.push_back(index_in(columns, aggregate.column));
  }
  return places;
}

Error invalid(std::string where, std::string message) {
  return {Errc::invalid_parameter, std::move(where), std::move(message)};
}

bool needs_no_bounds(const Query& query, const std::string& column) {
  return std::ranges::any_of(query.select, [&](const Aggregate& aggregate) {
    return is_apart(aggregate) && aggregate.column == column;
  });
}

/// The bins of a histogram follow one another, and a column has one.
Status check_histograms(const Query& query) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < query.select.size();) {
    const Aggregate first = query.select[i++];
    if (first.kind != Aggregate::Kind::histogram) continue;
    const Result<BinEdges> edges = BinEdges::make(first.edges);
    if (!edges) return edges.error();
    bool all = first.bin == 0 && index_in(known, first.column) == known.size();
    for (std::size_t bin = 1; all && bin < edges->bins(); ++bin) {
      Aggregate next = first;
      next.bin = bin;
      all = i < query.select.size() && query.select[i++] == next;
    }
    if (!all)
      return invalid("select", "'" + first.name() + "' must be one of all bins, of one histogram");
    known.push_back(first.column);
  }
  return ok();
}

Status check_words(const Query& query, const std::vector<std::string>& columns) {
  if (query.tables.empty()) return invalid("query", "needs at least one table");
  if (query.threads < 1) return invalid("threads", "must be at least 1");
  if (!query.unit && (query.bounds.max_groups != 1 || query.bounds.max_rows != 1))
    return invalid(
        "unit-row",
        "makes each row a unit of one row in one group: --max-groups and --max-rows must be 1");
  if (query.groups && query.by.empty())
    return invalid("groups", "lists values of the columns of --by, which is missing");
  if (query.rollup && query.by.empty())
    return invalid("rollup", "leaves out columns of --by, which is missing");
  const bool twice = std::ranges::any_of(query.clamps, &Clamp::is_automatic);
  if (twice && std::ranges::find(query.tables, "-") != query.tables.end())
    return invalid("clamp",
                   "that is automatic reads the table twice, which standard input cannot "
                   "be: name a file, or bounds LO:HI");
  if (Status histograms = check_histograms(query); !histograms) return histograms;
  if (query.groups == "-")
    return invalid("groups", "must be a file: the list is public, and part of what is asked");
  for (auto column = query.by.begin(); column != query.by.end(); ++column)
    if (std::find(query.by.begin(), column, *column) != column)
      return invalid("by", "names the column '" + *column + "' twice");
  for (auto clamp = query.clamps.begin(); clamp != query.clamps.end(); ++clamp) {
    if (index_in(columns, clamp->column) == columns.size() && needs_no_bounds(query, clamp->column))
      return invalid("clamp", "'" + clamp->column + "' needs no bounds for what is asked of it");
    if (index_in(columns, clamp->column) == columns.size())
      return invalid("clamp", "'" + clamp->column + "' is in no aggregate of --select");
    if (std::find_if(query.clamps.begin(), clamp,
                     [&](const Clamp& other) { return other.column == clamp->column; }) != clamp)
      return invalid("clamp", "bounds '" + clamp->column + "' twice");
  }
  return ok();
}

bool selects(const Query& query, const Aggregate& wanted) {
  return std::ranges::find(query.select, wanted) != query.select.end();
}

bool is_of(const Aggregate& aggregate, const std::string& column) {
  if (is_apart(aggregate)) return false;
  return aggregate.column == column || aggregate.second == column;
}

/// Values that are only counted need no bounds.
bool only_counted(const Query& query, const std::string& column) {
  return std::ranges::none_of(query.select, [&](const Aggregate& aggregate) {
    return is_of(aggregate, column) && aggregate.kind != Aggregate::Kind::count;
  });
}

/// Squares are added up, and values kept, in units of a narrow grid.
bool needs_narrow_grid(const Query& query, const std::string& column) {
  return std::ranges::any_of(query.select, [&](const Aggregate& aggregate) {
    return is_of(aggregate, column) && (aggregate.is_quantile() || aggregate.is_pair() ||
                                        aggregate.kind == Aggregate::Kind::variance ||
                                        aggregate.kind == Aggregate::Kind::stddev);
  });
}

/// The levels of all quantiles of a column, rising.
std::vector<double> levels_of(const Query& query, const std::string& column) {
  std::vector<double> levels;
  for (const Aggregate& aggregate : query.select)
    if (aggregate.is_quantile() && aggregate.column == column) levels.push_back(aggregate.level);
  std::ranges::sort(levels);
  const auto repeated = std::ranges::unique(levels);
  levels.erase(repeated.begin(), repeated.end());
  return levels;
}

Result<ValueGrid> grid_of(const Query& query, const std::string& column) {
  const auto clamp = std::ranges::find(query.clamps, column, &Clamp::column);
  if (clamp == query.clamps.end() && only_counted(query, column)) return ValueGrid::make(0, 1);
  if (clamp == query.clamps.end())
    return invalid("clamp", "'" + column + "' needs bounds that do not hang on the data: --clamp " +
                                column + "=LO:HI");
  Result<ValueGrid> grid = needs_narrow_grid(query, column)
                               ? ValueGrid::make_narrow(clamp->lower, clamp->upper)
                               : ValueGrid::make(clamp->lower, clamp->upper);
  if (!grid) return invalid("clamp", "'" + column + "': " + grid.error().message);
  return grid;
}

/// Sets of groups beyond the finest one.
std::size_t coarser_sets(const Query& query) {
  return query.rollup ? query.by.size() : 0;
}

/// What is asked of each column.
Result<std::vector<ColumnWish>> wishes_of(const Query& query,
                                          const std::vector<std::string>& columns) {
  std::vector<ColumnWish> wishes;
  for (const std::string& column : columns) {
    const Result<ValueGrid> grid = grid_of(query, column);
    if (!grid) return grid.error();
    wishes.push_back({.grid = *grid,
                      .count = selects(query, {Aggregate::Kind::count, column}),
                      .sum = selects(query, {Aggregate::Kind::sum, column}),
                      .mean = selects(query, {Aggregate::Kind::mean, column}),
                      .variance = selects(query, {Aggregate::Kind::variance, column}),
                      .deviation = selects(query, {Aggregate::Kind::stddev, column}),
                      .quantiles = levels_of(query, column)});
  }
  for (const Aggregate& histogram : histograms_in(query))
    wishes.push_back({.grid = ValueGrid::make(0, 1).value(), .bins = histogram.edges.size() - 1});
  for (std::size_t i = 0; i < distinct_columns(query).size(); ++i)
    wishes.push_back({.grid = ValueGrid::make(0, 1).value(), .distinct = true});
  return wishes;
}

/// The query as if automatic clamps were these bounds.
Query with_bounds(Query query, double lower, double upper) {
  for (Clamp& clamp : query.clamps)
    if (clamp.is_automatic()) clamp.lower = lower, clamp.upper = upper;
  return query;
}

/// The release at the same cost, within the clamps of a query that is else the same.
Result<RollupRelease> within(const RollupRelease& release, const Query& query,
                             const std::vector<std::string>& columns) {
  std::vector<ValueGrid> grids;
  for (const std::string& column : columns) {
    const Result<ValueGrid> grid = grid_of(query, column);
    if (!grid) return grid.error();
    grids.push_back(*grid);
  }
  return release.on(grids);
}

/// Where a pair of columns stands among those that are asked of; at their end where it does not.
std::size_t pair_index(const std::vector<PairWish>& pairs, std::size_t first, std::size_t second) {
  return static_cast<std::size_t>(
      std::ranges::find_if(pairs,
                           [&](const PairWish& pair) {
                             return (pair.first == first && pair.second == second) ||
                                    (pair.first == second && pair.second == first);
                           }) -
      pairs.begin());
}

std::size_t pair_index(const std::vector<PairWish>& pairs, const Aggregate& aggregate,
                       const std::vector<std::string>& columns) {
  return pair_index(pairs, index_in(columns, aggregate.column),
                    index_in(columns, aggregate.second));
}

/// What is asked of pairs of columns.
std::vector<PairWish> pairs_of(const Query& query, const std::vector<std::string>& columns) {
  std::vector<PairWish> pairs;
  for (const Aggregate& aggregate : query.select) {
    if (!aggregate.is_pair()) continue;
    const std::size_t index = pair_index(pairs, aggregate, columns);
    if (index == pairs.size())
      pairs.push_back({.first = index_in(columns, aggregate.column),
                       .second = index_in(columns, aggregate.second)});
    (aggregate.kind == Aggregate::Kind::covariance ? pairs[index].covariance
                                                   : pairs[index].correlation) = true;
  }
  return pairs;
}

Result<RollupRelease> release_of(const Query& query, const std::vector<std::string>& columns,
                                 const PrivacyTotal& total) {
  Result<std::vector<ColumnWish>> wishes = wishes_of(query, columns);
  if (!wishes) return std::move(wishes).error();
  if (query.quantile_intervals && std::ranges::none_of(query.select, &Aggregate::is_quantile))
    return invalid("quantile-intervals", "is of no use without a quantile, median, min or max");
  GroupReleaseParams params{.bounds = query.bounds,
                            .total = total,
                            .private_groups = has_private_groups(query),
                            .units = selects(query, {Aggregate::Kind::units, {}}),
                            .count = selects(query, {Aggregate::Kind::count, {}}),
                            .columns = *std::move(wishes),
                            .pairs = pairs_of(query, columns),
                            .law = query.noise,
                            .confidence = query.confidence,
                            .quantile_intervals = query.quantile_intervals};
  return RollupRelease::make(params, coarser_sets(query));
}

/// What finds clamps, and what releases within them, for the same costs whatever is found: bounds that may be are
/// powers of two, of which the narrowest and the widest have noise if any have it.
struct Released {
  std::optional<ClampSearch> search;
  RollupRelease release;
};

Result<Released> released_of(const Query& query, const std::vector<std::string>& columns) {
  Result<std::optional<ClampSearch>> search = ClampSearch::of(query);
  if (!search) return std::move(search).error();
  const PrivacyTotal& total = *search ? (*search)->rest : query.total;
  Result<RollupRelease> release = release_of(with_bounds(query, 0, 1), columns, total);
  if (!release) return std::move(release).error();
  if (*search) {
    const LogRange range = (*search)->mechanism.params().range;
    const double widest = std::ldexp(1.0, range.greatest + 1);
    for (const Query& bound :
         {with_bounds(query, 0, std::ldexp(1.0, range.least)), with_bounds(query, -widest, widest)})
      if (auto made = within(*release, bound, columns); !made) return std::move(made).error();
    release = within(*release, query, columns);
    if (!release) return std::move(release).error();
  }
  return Released{*std::move(search), *std::move(release)};
}

/// Where the level of a quantile stands among those of its column.
std::size_t level_index(const ColumnWish& wish, const Aggregate& aggregate) {
  return static_cast<std::size_t>(std::ranges::find(wish.quantiles, aggregate.level) -
                                  wish.quantiles.begin());
}

/// `place` is that of its column.
Estimate value_of(const GroupAnswer& answer, const Aggregate& aggregate, std::size_t place,
                  const std::vector<std::string>& columns, const GroupRelease& release) {
  if (aggregate.kind == Aggregate::Kind::units) return *answer.units;
  if (!needs_column(aggregate)) return *answer.count;
  if (aggregate.is_pair()) {
    const auto& pair = answer.pairs[pair_index(release.params().pairs, aggregate, columns)];
    return aggregate.kind == Aggregate::Kind::covariance ? *pair.covariance : *pair.correlation;
  }
  const GroupAnswer::Column& column = answer.columns[place];
  if (aggregate.kind == Aggregate::Kind::histogram) return column.bins[aggregate.bin];
  if (aggregate.kind == Aggregate::Kind::distinct) return *column.distinct;
  if (aggregate.is_quantile())
    return column.quantiles[level_index(release.params().columns[place], aggregate)];
  switch (aggregate.kind) {
    case Aggregate::Kind::sum:
      return *column.sum;
    case Aggregate::Kind::mean:
      return *column.mean;
    case Aggregate::Kind::variance:
      return *column.variance;
    case Aggregate::Kind::stddev:
      return *column.deviation;
    default:
      return *column.count;
  }
}

/// The standard errors of an aggregate of a column, as far as they are known.
void fill_errors(const GroupRelease& release, Aggregate::Kind kind, std::size_t column,
                 AggregateError& error) {
  switch (kind) {
    case Aggregate::Kind::sum:
      error.standard_error = release.sum_standard_error(column);
      break;
    case Aggregate::Kind::mean:
      error.standard_error_times_count = release.mean_standard_error_times_count(column);
      break;
    case Aggregate::Kind::variance:
      error.standard_error_times_count = release.variance_standard_error_times_count(column);
      break;
    case Aggregate::Kind::stddev:
      break;  // that of the variance over twice the deviation itself
    default:
      error.standard_error = release.count_standard_error(column);
  }
}

const AdditiveNoise& noise_of(const GroupRelease& release, const Aggregate& aggregate,
                              std::size_t column) {
  if (aggregate.kind == Aggregate::Kind::units) return *release.units_noise();
  return needs_column(aggregate) ? release.column_noise(column) : *release.count_noise();
}

/// Forgets what is as if bounds that are not found yet were 0 … 1. How exact counts are does not hang on them.
void forget_unknown(const Query& query, const Aggregate& aggregate, AggregateError& error) {
  const bool unknown = std::ranges::any_of(query.clamps, [&](const Clamp& clamp) {
    return clamp.source == Clamp::Source::automatic && is_of(aggregate, clamp.column);
  });
  if (!unknown) return;
  error.scale.reset();
  if (aggregate.kind == Aggregate::Kind::count) return;
  error = {.name = std::move(error.name),
           .mechanism =
               aggregate.is_quantile() && !query.quantile_intervals ? "automatic" : error.mechanism,
           .awaits_bounds = true};
}

/// Of a correlation it hangs on the deviations.
AggregateError pair_error(const PairRelease& pair, const Aggregate& aggregate) {
  AggregateError error{.name = aggregate.name(),
                       .mechanism = pair.noise().mechanism(),
                       .scale = pair.noise().scale()};
  if (aggregate.kind == Aggregate::Kind::covariance)
    error.standard_error_times_count = pair.covariance_standard_error_times_count();
  return error;
}

std::vector<AggregateError> errors_of(const Query& query, const std::vector<std::string>& columns,
                                      const GroupRelease& release) {
  const std::vector<std::size_t> places = places_of(query, columns);
  std::vector<AggregateError> list;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Aggregate& aggregate = query.select[i];
    const std::size_t column = places[i];
    if (aggregate.is_quantile()) {
      const QuantileRelease& quantiles = *release.quantiles(column);
      const std::size_t level = level_index(release.params().columns[column], aggregate);
      list.push_back({.name = aggregate.name(),
                      .mechanism = quantiles.mechanism(),
                      .rank_error = quantiles.rank_error(level)});
      forget_unknown(query, aggregate, list.back());
      continue;
    }
    if (aggregate.is_pair()) {
      list.push_back(pair_error(
          release.pair(pair_index(release.params().pairs, aggregate, columns)), aggregate));
      forget_unknown(query, aggregate, list.back());
      continue;
    }
    const AdditiveNoise& noise = noise_of(release, aggregate, column);
    AggregateError error{
        .name = aggregate.name(), .mechanism = noise.mechanism(), .scale = noise.scale()};
    if (needs_column(aggregate) && !is_apart(aggregate))
      fill_errors(release, aggregate.kind, column, error);
    else
      error.standard_error = noise.standard_error();
    forget_unknown(query, aggregate, error);
    list.push_back(std::move(error));
  }
  return list;
}

/// A quarter of the machine's memory, unless said otherwise.
std::uint64_t memory_of(const Query& query) {
  if (query.memory) return *query.memory;
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_bytes = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return std::uint64_t{1} << 30;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) / 4;
}

/// Canonical bytes of the groups that are public, in the order of the list.
Result<std::vector<std::string>> list_of(const Query& query) {
  std::vector<std::string> listed;
  if (query.by.empty()) listed.emplace_back();
  if (!query.groups) return listed;
  Result<TableReader> list = TableReader::open({*query.groups}, {.keys = query.by, .numbers = {}});
  if (!list) return std::move(list).error();
  for (Batch batch;;) {
    const Result<bool> more = list->next(batch);
    if (!more) return more.error();
    if (!*more) break;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      std::string& bytes = listed.emplace_back();
      for (const auto& column : batch.keys) append_canonical(column[row], bytes);
    }
  }
  if (listed.empty()) return invalid(*query.groups, "must list at least one group");
  return listed;
}

/// Columns that are read as numbers, each once.
std::vector<std::string> numbers_of(const Query& query, std::vector<std::string> columns) {
  for (const Aggregate& histogram : histograms_in(query))
    if (index_in(columns, histogram.column) == columns.size()) columns.push_back(histogram.column);
  return columns;
}

ColumnRequest columns_of(const Query& query, const std::vector<std::string>& columns) {
  ColumnRequest request{
      .keys = query.by, .numbers = numbers_of(query, columns), .where = query.where};
  if (query.unit && unit_key(query) == query.by.size()) request.keys.push_back(*query.unit);
  for (const std::string& column : distinct_columns(query))
    if (index_in(request.keys, column) == request.keys.size()) request.keys.push_back(column);
  return request;
}

Layout layout_of(const Query& query, const std::vector<std::string>& columns,
                 const std::vector<ColumnWish>& wishes, const std::vector<PairWish>& pairs) {
  Layout layout{.group_columns = query.by.size(),
                .unit = query.unit ? std::optional(unit_key(query)) : std::nullopt,
                .integer_units = false,
                .listed = !has_private_groups(query),
                .grids = {},
                .uses = {},
                .coarser = coarser_sets(query)};
  for (const ColumnWish& wish : wishes) {
    if (wish.bins == 0 && !wish.distinct) layout.grids.push_back(wish.grid);
    layout.uses.push_back(wish.use());
  }
  const ColumnRequest request = columns_of(query, columns);
  for (const Aggregate& histogram : histograms_in(query))
    layout.binned.push_back(
        {index_in(request.numbers, histogram.column), BinEdges::make(histogram.edges).value()});
  for (const std::string& column : distinct_columns(query))
    layout.keyed.push_back(index_in(request.keys, column));
  for (const PairWish& pair : pairs)
    layout.pairs.push_back({pair.first, pair.second, wishes[pair.first].grid.lower_units(),
                            wishes[pair.second].grid.lower_units()});
  return layout;
}

}  // namespace

// NULL is nothing, even in a line by itself: this is not read back, but tells lists apart.
std::string list_text(const Query& query, const std::vector<std::string>& listed) {
  if (!query.groups) return {};
  std::string text;
  const auto add_line = [&text](const GroupKey& cells) {
    for (const auto& cell : cells) {
      if (cell) append_csv_text(text, *cell);
      text += ',';
    }
    text.back() = '\n';
  };
  add_line({query.by.begin(), query.by.end()});
  for (const std::string& group : listed) add_line(read_canonical(group));
  return text;
}

Resources resources_of(const Query& query) {
  return {static_cast<std::size_t>(query.threads), memory_of(query)};
}

namespace {

/// But for the list of groups.
Result<Reading> unlisted_reading(const Query& query) {
  const std::vector<std::string> columns = value_columns(query.select);
  if (Status words = check_words(query, columns); !words) return std::move(words).error();
  if (Status bounds = check(query.bounds); !bounds) return std::move(bounds).error();
  const Result<std::vector<ColumnWish>> wishes = wishes_of(query, columns);
  if (!wishes) return wishes.error();
  return Reading{
      columns_of(query, columns), layout_of(query, columns, *wishes, pairs_of(query, columns)), {}};
}

}  // namespace

Result<Reading> reading_of(const Query& query) {
  Result<Reading> reading = unlisted_reading(query);
  if (!reading) return reading;
  Result<std::vector<std::string>> listed = list_of(query);
  if (!listed) return std::move(listed).error();
  reading->listed = *std::move(listed);
  return reading;
}

Result<Reading> reading_of(const Query& query, std::optional<std::vector<std::string>> listed) {
  Result<Reading> reading = unlisted_reading(query);
  if (!reading) return reading;
  reading->layout.listed = listed.has_value();
  if (listed) reading->listed = *std::move(listed);
  return reading;
}

Plan::Plan(Query query, RollupRelease release, std::vector<std::string> columns)
    : query_(std::move(query)), release_(std::move(release)), columns_(std::move(columns)) {}

Result<std::vector<std::vector<AggregateError>>> expected_errors(const Query& query) {
  const std::vector<std::string> columns = value_columns(query.select);
  if (Status words = check_words(query, columns); !words) return std::move(words).error();
  const Result<Released> released = released_of(query, columns);
  if (!released) return released.error();
  std::vector<std::vector<AggregateError>> errors;
  for (const GroupRelease& set : released->release.sets())
    errors.push_back(errors_of(query, columns, set));
  return errors;
}

// What can be wrong with the words comes before any file is touched, and the list of groups, which
// is public, before the tables are read.
Result<Plan> Plan::make(Query query) {
  std::vector<std::string> columns = value_columns(query.select);
  if (Status words = check_words(query, columns); !words) return std::move(words).error();
  Result<Released> released = released_of(query, columns);
  if (!released) return std::move(released).error();

  Result<TableReader> reader =
      TableReader::open(query.tables, columns_of(query, columns), query.threads);
  if (!reader) return std::move(reader).error();
  Result<std::vector<std::string>> listed = list_of(query);
  if (!listed) return std::move(listed).error();

  Plan plan(std::move(query), std::move(released->release), std::move(columns));
  plan.search_ = std::move(released->search);
  plan.reader_ = *std::move(reader);
  plan.listed_ = *std::move(listed);
  return plan;
}

Result<Plan> Plan::of_exact(Query query, ExactSets given) {
  std::vector<std::string> columns = value_columns(query.select);
  Result<RollupRelease> release = release_of(query, columns, query.total);
  if (!release) return std::move(release).error();
  Plan plan(std::move(query), *std::move(release), std::move(columns));
  plan.given_ = std::make_shared<ExactSets>(std::move(given));
  return plan;
}

std::vector<AggregateError> Plan::errors(std::size_t coarser) const {
  return errors_of(query_, columns_, release_.sets()[coarser]);
}

std::string Plan::list() const {
  return list_text(query_, listed_);
}

ReleaseLoss Plan::loss() const {
  ReleaseLoss loss = release_.loss();
  if (search_) loss.parts.push_back(search_->event());
  return loss;
}

Status Plan::find_clamps(Permit permit, BitSource& bits, const Progress& progress) {
  permit_ = std::move(permit);
  const bool awaits = std::ranges::any_of(
      query_.clamps, [](const Clamp& clamp) { return clamp.source == Clamp::Source::automatic; });
  if (!awaits) return ok();
  Result<std::vector<Clamp>> found =
      sfumato::find_clamps(query_, listed_, *search_, *permit_, bits, progress);
  if (!found) return std::move(found).error();
  for (Clamp& clamp : *found)
    *std::ranges::find(query_.clamps, clamp.column, &Clamp::column) = clamp;
  Result<RollupRelease> release = within(release_, query_, columns_);
  if (!release) return std::move(release).error();
  release_ = *std::move(release);
  return ok();
}

Result<ExactSets> Plan::exact(BitSource& bits, const Progress& progress) {
  if (given_) return std::move(*given_);
  const GroupReleaseParams& asked = release_.finest().params();
  Layout layout = layout_of(query_, columns_, asked.columns, asked.pairs);
  layout.integer_units = query_.unit && reader_->integer_keys(unit_key(query_));
  auto engine = Engine::make(std::move(layout), query_.bounds, resources_of(query_), bits);
  if (!engine) return std::move(engine).error();
  for (const std::string& group : listed_) (*engine)->list(group);
  if (Status all = (*engine)->read(*reader_, progress); !all) return std::move(all).error();
  return (*engine)->answer();
}

Result<std::vector<AnswerRow>> Plan::run(Permit permit, BitSource& bits,
                                         const Progress& progress) && {
  if (Status found = find_clamps(std::move(permit), bits, progress); !found)
    return std::move(found).error();
  return std::move(*this).run(bits, progress);
}

Result<std::vector<AnswerRow>> Plan::run(BitSource& bits, const Progress& progress) && {
  if (!permit_)
    return Error{Errc::invalid_parameter, "permit", "must be given to find_clamps first"};
  Result<ExactSets> exact = this->exact(bits, progress);
  if (!exact) return std::move(exact).error();
  const auto answers = release_.release(*std::exchange(permit_, std::nullopt), exact->sets, bits);
  const std::vector<std::size_t> places = places_of(query_, columns_);
  std::vector<AnswerRow> rows;
  for (std::size_t set = 0; set < answers.size(); ++set)
    for (std::size_t group = 0; group < answers[set].size(); ++group) {
      if (!answers[set][group]) continue;
      AnswerRow& row = rows.emplace_back(std::move(exact->keys[set][group]));
      for (std::size_t i = 0; i < query_.select.size(); ++i)
        row.values.push_back(value_of(*answers[set][group], query_.select[i], places[i], columns_,
                                      release_.finest()));
    }
  std::ranges::sort(rows, key_before, &AnswerRow::group);
  return rows;
}

}  // namespace sfumato
