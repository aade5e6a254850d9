#include "table/known_question.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "io/quoted_name.h"
#include "table/group_keys.h"
#include "table/plain_bytes.h"

namespace sfumato {
namespace {

constexpr std::string_view kForm = "sfumato question 1";

std::string written(const Aggregate& aggregate) {
  if (aggregate.column.empty()) return aggregate.name();
  Aggregate quoted = aggregate;
  quoted.column = in_quotes(quoted.column, '"');
  if (aggregate.kind == Aggregate::Kind::histogram) return quoted.histogram();
  if (!quoted.is_pair()) return quoted.name();
  const std::string name = aggregate.name();
  return name.substr(0, name.find('(') + 1) + quoted.column + "," +
         in_quotes(aggregate.second, '"') + ")";
}

/// `sum("net, cost"), quantile("age",0.5), count`: as `parse_select` reads it, whatever the names.
std::string select_text(const std::vector<Aggregate>& select) {
  std::string text;
  for (const Aggregate& aggregate : select) {
    if (aggregate.bin > 0) continue;  // written with the first one of its histogram
    if (!text.empty()) text += ", ";
    text += written(aggregate);
  }
  return text;
}

void write_clamps(const std::vector<Clamp>& clamps, PlainWriter& out) {
  out.number(clamps.size());
  for (const Clamp& clamp : clamps) {
    out.text(clamp.column);
    out.number(std::bit_cast<std::uint64_t>(clamp.lower));
    out.number(std::bit_cast<std::uint64_t>(clamp.upper));
  }
}

std::vector<Clamp> read_clamps(PlainReader& in) {
  std::vector<Clamp> clamps;
  for (std::uint64_t left = in.number(); left != 0 && in.sound(); --left) {
    Clamp& clamp = clamps.emplace_back();
    clamp.column = in.text();
    clamp.lower = std::bit_cast<double>(in.number());
    clamp.upper = std::bit_cast<double>(in.number());
  }
  return clamps;
}

void write_texts(const std::vector<std::string>& texts, PlainWriter& out) {
  out.number(texts.size());
  for (const std::string& text : texts) out.text(text);
}

std::vector<std::string> read_texts(PlainReader& in) {
  std::vector<std::string> texts;
  for (std::uint64_t left = in.number(); left != 0 && in.sound(); --left)
    texts.push_back(in.text());
  return texts;
}

void sort_parts(PartialQuestion& question) {
  std::ranges::sort(question.where, {}, &Condition::to_string);
  std::ranges::sort(question.clamps, {}, &Clamp::column);
}

void ascend(std::vector<std::string>& texts) {
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace

Result<KnownQuestion> known(PartialQuestion question) {
  if (std::ranges::any_of(question.clamps, &Clamp::is_automatic))
    return Error{
        Errc::unsupported, "clamp",
        "must be bounds LO:HI, not auto: a state holds values as these bounds let them be, "
        "and is not read twice"};
  sort_parts(question);
  KnownQuestion known{std::move(question), {}};
  Query query = query_of(known, {"a shard"});
  query.groups = known.question.groups;
  Result<Reading> reading = reading_of(query);
  if (!reading) return std::move(reading).error();
  if (reading->layout.listed) {
    ascend(reading->listed);
    known.listed = std::move(reading->listed);
  }
  if (!question_of(bytes_of(known)))
    return Error{Errc::invalid_parameter, "select", "must be as parse_select reads it"};
  return known;
}

// A field that the question gains does not compile here until somebody says how it is written.
std::string bytes_of(const KnownQuestion& known) {
  const auto& [unit, by, rollup, where, select, clamps, bounds, groups] = known.question;
  std::vector<std::string> conditions;
  for (const Condition& condition : where) conditions.push_back(condition.to_string());
  PlainWriter out;
  out.text(kForm);
  out.text(unit);
  write_texts(by, out);
  out.number(rollup ? 1 : 0);
  write_texts(conditions, out);
  out.text(select_text(select));
  write_clamps(clamps, out);
  out.number(static_cast<std::uint64_t>(bounds.max_groups));
  out.number(static_cast<std::uint64_t>(bounds.max_rows));
  out.number(groups ? 1 : 0);
  if (groups) out.text(*groups);
  if (known.listed) write_texts(*known.listed, out);
  return std::move(out).bytes();
}

std::optional<KnownQuestion> question_of(std::string_view bytes) {
  PlainReader in(bytes);
  if (in.text() != kForm) return std::nullopt;
  KnownQuestion known{{.unit = in.text(), .select = {}, .bounds = {}}, {}};
  PartialQuestion& question = known.question;
  question.by = read_texts(in);
  question.rollup = in.number() != 0;
  for (const std::string& text : read_texts(in)) {
    Result<Condition> condition = parse_condition(text);
    if (!condition) return std::nullopt;
    question.where.push_back(*std::move(condition));
  }
  Result<std::vector<Aggregate>> select = parse_select(in.text());
  if (!select) return std::nullopt;
  question.select = *std::move(select);
  question.clamps = read_clamps(in);
  question.bounds.max_groups = static_cast<std::int64_t>(in.number());
  question.bounds.max_rows = static_cast<std::int64_t>(in.number());
  if (in.number() != 0) question.groups = in.text();
  if (question.groups || question.by.empty()) {
    known.listed = read_texts(in);
    ascend(*known.listed);
    const auto sound = [&](const std::string& group) {
      return is_canonical(group, question.by.size());
    };
    if (!std::ranges::all_of(*known.listed, sound)) return std::nullopt;
  }
  sort_parts(question);
  if (!in.sound() || bytes_of(known) != bytes || !reading_of(known)) return std::nullopt;
  return known;
}

Query query_of(const KnownQuestion& known, std::vector<std::string> tables,
               const FinalTerms& terms) {
  const PartialQuestion& asked = known.question;
  return {.tables = std::move(tables),
          .unit = asked.unit,
          .by = asked.by,
          .rollup = asked.rollup,
          .where = asked.where,
          .select = asked.select,
          .clamps = asked.clamps,
          .bounds = asked.bounds,
          .total = terms.total,
          .groups = asked.groups,
          .noise = terms.noise,
          .confidence = terms.confidence,
          .quantile_intervals = terms.quantile_intervals};
}

Query query_of(const KnownQuestion& known, std::vector<std::string> tables) {
  const ApproximateTotal any{Epsilon::make(1).value(), Delta::make(0.5).value()};
  return query_of(known, std::move(tables), {.total = any});
}

Result<Reading> reading_of(const KnownQuestion& known) {
  return reading_of(query_of(known, {"a shard"}), known.listed);
}

PartialShape shape_of(const Reading& reading, ContributionBounds bounds) {
  PartialShape shape{.bounds = bounds, .columns = {}};
  for (const ValueGrid& grid : reading.layout.grids)
    shape.columns.push_back({grid.lower_units(), grid.upper_units()});
  for (const BinnedColumn& column : reading.layout.binned)
    shape.columns.push_back({0, static_cast<Units>(column.edges.bins()) - 1});
  shape.columns.resize(reading.layout.uses.size(), {0, INT64_MAX});
  return shape;
}

}  // namespace sfumato
