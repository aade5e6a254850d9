#include "sfumato/table/query.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "io/quoted_name.h"
#include "sfumato/aggregate/bin_edges.h"
#include "sfumato/base/decimal.h"

namespace sfumato {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

/// The name of a column that all of `text` is, in double quotes or not; none where it is empty or
/// its quotes are not those of one name.
std::optional<std::string> name_in(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with('"')) return text.empty() ? std::nullopt : std::optional(std::string(text));
  std::optional<std::string> name = take_quoted(text, '"');
  return text.empty() ? name : std::nullopt;
}

/// How much of `text` comes before the first `end` that is in no double quotes and, where there may
/// be some (`nested`), in no parentheses. Quotes begin where a name may.
std::size_t length_before(std::string_view text, char end, bool nested) {
  int depth = 0;
  bool name_begins = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && name_begins) {
      std::string_view rest = text.substr(i);
      if (!take_quoted(rest, '"')) return text.size();
      i = text.size() - rest.size() - 1;
    } else if (nested) {
      depth += (c == '(') - (c == ')');
    }
    if (c == end && depth <= 0) return i;
    name_begins = c == '(' || (name_begins && (c == ' ' || c == '\t' || c == '\n'));
  }
  return text.size();
}

struct KindName {
  std::string_view name;
  Aggregate::Kind kind;
};

constexpr KindName kKinds[] = {
    {"count", Aggregate::Kind::count},
    {"units", Aggregate::Kind::units},
    {"sum", Aggregate::Kind::sum},
    {"mean", Aggregate::Kind::mean},
    {"variance", Aggregate::Kind::variance},
    {"stddev", Aggregate::Kind::stddev},
    {"quantile", Aggregate::Kind::quantile},
    {"median", Aggregate::Kind::median},
    {"covariance", Aggregate::Kind::covariance},
    {"correlation", Aggregate::Kind::correlation},
    {"histogram", Aggregate::Kind::histogram},
    {"min", Aggregate::Kind::min},
    {"max", Aggregate::Kind::max},
    {"distinct", Aggregate::Kind::distinct},
};

Error bad_item(std::string_view item, const char* what) {
  return {Errc::invalid_parameter, "select", "'" + std::string(item) + "' " + what};
}

constexpr const char* kKnown =
    "is none of count, units, quantile(COLUMN,Q,...), histogram(COLUMN,EDGE,...), covariance and "
    "correlation of two (COLUMN,COLUMN), and count, distinct, sum, mean, variance, stddev, median, "
    "min, max of a (COLUMN)";
constexpr const char* kPair =
    "must name two different columns, with one comma between; a name with a comma in it stands in "
    "\"double quotes\"";
constexpr const char* kLevels =
    "must end in the levels of its quantiles, between 0 and 1, as in quantile(visits,0.25,0.75)";
constexpr const char* kEdges =
    "must end in the edges of its bins, 2 to 1025 rising numbers, as in "
    "histogram(visits,0,1,5,inf)";

/// A decimal to the nearest double, or an infinity.
std::optional<double> number_in(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "inf") return kInfinity;
  if (text == "-inf") return -kInfinity;
  const auto number = Decimal::parse(text);
  if (!number) return std::nullopt;
  const std::string digits = number->to_string();
  double nearest = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), nearest);
  return nearest;
}

/// Takes the numbers from the end of `text`, with the commas before them: they come last, so that a column may hold
/// commas.
std::vector<double> take_numbers(std::string_view& text) {
  std::vector<double> numbers;
  for (;;) {
    const std::size_t comma = text.rfind(',');
    if (comma == std::string_view::npos) break;
    const std::optional<double> number = number_in(trimmed(text.substr(comma + 1)));
    if (!number) break;
    numbers.push_back(*number);
    text = text.substr(0, comma);
  }
  std::ranges::reverse(numbers);
  return numbers;
}

/// None where there are none, or one of them lies outside (0, 1).
std::optional<std::vector<double>> take_levels(std::string_view& text) {
  std::vector<double> levels = take_numbers(text);
  const bool sound = std::ranges::all_of(levels, [](double q) { return q > 0 && q < 1; });
  if (levels.empty() || !sound) return std::nullopt;
  return levels;
}

/// A bin for each two edges.
Result<std::vector<Aggregate>> bins_in(std::string_view item, std::string_view within) {
  const Result<BinEdges> edges = BinEdges::make(take_numbers(within));
  const std::optional<std::string> column = name_in(within);
  if (!edges || !column || column->empty()) return bad_item(item, kEdges);
  std::vector<Aggregate> bins;
  for (std::size_t bin = 0; bin < edges->bins(); ++bin)
    bins.push_back({.kind = Aggregate::Kind::histogram,
                    .column = *column,
                    .edges = edges->edges(),
                    .bin = bin});
  return bins;
}

/// The two columns of a pair; none where they are not two.
std::optional<Aggregate> pair_of(Aggregate::Kind kind, std::string_view within) {
  const std::size_t comma = length_before(within, ',', false);
  if (comma == within.size()) return std::nullopt;
  const std::string_view rest = within.substr(comma + 1);
  if (length_before(rest, ',', false) < rest.size()) return std::nullopt;
  std::optional<std::string> first = name_in(within.substr(0, comma));
  std::optional<std::string> second = name_in(rest);
  if (!first || !second || first == second || first->empty() || second->empty())
    return std::nullopt;
  return Aggregate{.kind = kind, .column = *std::move(first), .second = *std::move(second)};
}

/// Whether both ask for the same: of a pair in either order, of a histogram by whatever edges.
bool asks_the_same(const Aggregate& a, const Aggregate& b) {
  if (a.kind == Aggregate::Kind::histogram) return a.kind == b.kind && a.column == b.column;
  if (a == b) return true;
  return a.is_pair() && a.kind == b.kind && a.column == b.second && a.second == b.column;
}

/// One aggregate, or a quantile for each of its levels.
Result<std::vector<Aggregate>> parse_item(std::string_view item) {
  const auto open = item.find('(');
  const std::string_view word = trimmed(item.substr(0, open));
  const auto kind = std::ranges::find(kKinds, word, &KindName::name);
  if (kind == std::end(kKinds)) return bad_item(item, kKnown);

  const bool alone = kind->kind == Aggregate::Kind::count || kind->kind == Aggregate::Kind::units;
  if (open == std::string_view::npos) {
    if (!alone) return bad_item(item, kKnown);
    return std::vector{Aggregate{kind->kind, {}}};
  }
  if (kind->kind == Aggregate::Kind::units || item.back() != ')') return bad_item(item, kKnown);
  std::string_view within = item.substr(open + 1, item.size() - open - 2);
  if (kind->kind == Aggregate::Kind::histogram) return bins_in(item, within);
  if (kind->kind == Aggregate::Kind::covariance || kind->kind == Aggregate::Kind::correlation) {
    std::optional<Aggregate> pair = pair_of(kind->kind, within);
    if (!pair) return bad_item(item, kPair);
    return std::vector{*std::move(pair)};
  }
  std::vector<double> levels = {kind->kind == Aggregate::Kind::median ? 0.5
                                : kind->kind == Aggregate::Kind::max  ? 1.0
                                                                      : 0.0};
  if (kind->kind == Aggregate::Kind::quantile) {
    std::optional<std::vector<double>> taken = take_levels(within);
    if (!taken) return bad_item(item, kLevels);
    levels = *std::move(taken);
  }
  const std::optional<std::string> column = name_in(within);
  if (!column || column->empty()) return bad_item(item, kKnown);
  std::vector<Aggregate> made;
  for (const double level : levels) made.push_back({kind->kind, *column, level});
  return made;
}

/// A column where another one follows.
std::string before_comma(const std::string& column) {
  return column.find(',') == std::string::npos ? column : in_quotes(column, '"');
}

/// The fewest digits that read back.
std::string digits_of(double x) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

}  // namespace

std::string Aggregate::name() const {
  const auto word = std::ranges::find(kKinds, kind, &KindName::kind)->name;
  if (column.empty()) return std::string(word);
  if (is_pair())
    return std::string(word) + "(" + before_comma(column) + "," + before_comma(second) + ")";
  if (kind == Kind::histogram)
    return std::string(word) + "(" + column + "," + digits_of(edges[bin]) + "," +
           digits_of(edges[bin + 1]) + ")";
  const std::string levels = kind == Kind::quantile ? "," + digits_of(level) : "";
  return std::string(word) + "(" + column + levels + ")";
}

std::string Aggregate::histogram() const {
  std::string text = "histogram(" + column;
  for (const double edge : edges) text += "," + digits_of(edge);
  return text + ")";
}

Result<std::vector<Aggregate>> parse_select(std::string_view text) {
  std::vector<Aggregate> list;
  for (bool more = true; more;) {
    const std::size_t end = length_before(text, ',', true);
    const Result<std::vector<Aggregate>> item = parse_item(trimmed(text.substr(0, end)));
    if (!item) return item.error();
    for (const Aggregate& aggregate : *item) {
      if (aggregate.bin == 0 && std::ranges::any_of(list, [&](const Aggregate& other) {
            return asks_the_same(aggregate, other);
          }))
        return Error{Errc::invalid_parameter, "select",
                     "'" + aggregate.name() + "' is there twice"};
      list.push_back(aggregate);
    }
    more = end < text.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

Result<std::vector<std::string>> parse_columns(std::string_view text) {
  std::vector<std::string> names;
  for (bool more = true; more;) {
    const std::size_t end = length_before(text, ',', false);
    std::optional<std::string> name = name_in(text.substr(0, end));
    if (!name)
      return Error{
          Errc::invalid_parameter, "by",
          "must name columns, with one comma between two; a name with a comma in it stands "
          "in \"double quotes\""};
    names.push_back(*std::move(name));
    more = end < text.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

Result<Clamp> parse_clamp(std::string_view text) {
  const Error form{
      Errc::invalid_parameter, "clamp",
      "'" + std::string(text) + "' must read COLUMN=LO:HI, as in visits=0:20, or COLUMN=auto"};
  const auto equals = text.rfind('=');
  if (equals != std::string_view::npos && trimmed(text.substr(equals + 1)) == "auto") {
    std::optional<std::string> column = name_in(text.substr(0, equals));
    if (!column) return form;
    return Clamp{.column = *std::move(column), .source = Clamp::Source::automatic};
  }
  const auto colon = text.find(':', equals == std::string_view::npos ? 0 : equals);
  if (equals == std::string_view::npos || colon == std::string_view::npos) return form;
  std::optional<std::string> column = name_in(text.substr(0, equals));
  const auto lower = Decimal::parse(trimmed(text.substr(equals + 1, colon - equals - 1)));
  const auto upper = Decimal::parse(trimmed(text.substr(colon + 1)));
  if (!column) return form;
  if (!lower || !upper)
    return Error{Errc::invalid_parameter, "clamp",
                 "'" + std::string(text) + "': both bounds must be finite decimal numbers"};
  return Clamp{*std::move(column), lower->to_double_down(), upper->to_double_up()};
}

}  // namespace sfumato
