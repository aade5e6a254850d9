#include "sfumato/table/query.h"

#include <algorithm>

#include "io/quoted_name.h"
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
    {"count", Aggregate::Kind::count},       {"units", Aggregate::Kind::units},
    {"sum", Aggregate::Kind::sum},           {"mean", Aggregate::Kind::mean},
    {"variance", Aggregate::Kind::variance}, {"stddev", Aggregate::Kind::stddev},
};

Error bad_select(std::string_view item) {
  return {Errc::invalid_parameter, "select",
          "'" + std::string(item) +
              "' is none of count, units, and count, sum, mean, variance, stddev of a (COLUMN)"};
}

Result<Aggregate> parse_aggregate(std::string_view item) {
  const auto open = item.find('(');
  const std::string_view word = trimmed(item.substr(0, open));
  const auto kind = std::ranges::find(kKinds, word, &KindName::name);
  if (kind == std::end(kKinds)) return bad_select(item);

  const bool alone = kind->kind == Aggregate::Kind::count || kind->kind == Aggregate::Kind::units;
  if (open == std::string_view::npos)
    return alone ? Aggregate{kind->kind, {}} : Result<Aggregate>(bad_select(item));
  if (kind->kind == Aggregate::Kind::units || item.back() != ')') return bad_select(item);
  std::optional<std::string> column = name_in(item.substr(open + 1, item.size() - open - 2));
  if (!column || column->empty()) return bad_select(item);
  return Aggregate{kind->kind, *std::move(column)};
}

}  // namespace

std::string Aggregate::name() const {
  const auto word = std::ranges::find(kKinds, kind, &KindName::kind)->name;
  return column.empty() ? std::string(word) : std::string(word) + "(" + column + ")";
}

Result<std::vector<Aggregate>> parse_select(std::string_view text) {
  std::vector<Aggregate> list;
  for (bool more = true; more;) {
    const std::size_t end = length_before(text, ',', true);
    const Result<Aggregate> item = parse_aggregate(trimmed(text.substr(0, end)));
    if (!item) return item.error();
    if (std::ranges::find(list, *item) != list.end())
      return Error{Errc::invalid_parameter, "select", "'" + item->name() + "' is there twice"};
    list.push_back(*item);
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
  const Error form{Errc::invalid_parameter, "clamp",
                   "'" + std::string(text) + "' must read COLUMN=LO:HI, as in visits=0:20"};
  const auto equals = text.rfind('=');
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
