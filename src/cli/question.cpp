#include "cli/question.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/numbers.h"
#include "sfumato/io/table_files.h"
#include "sfumato/table/least_cost.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostContribution = std::int64_t{1} << 31;

Result<std::vector<Clamp>> clamps_of(const std::vector<std::string>& texts) {
  std::vector<Clamp> clamps;
  for (const std::string& text : texts) {
    Result<Clamp> clamp = parse_clamp(text);
    if (!clamp) return std::move(clamp).error();
    clamps.push_back(*std::move(clamp));
  }
  return clamps;
}

Result<std::vector<Condition>> conditions_of(const std::vector<std::string>& texts) {
  std::vector<Condition> conditions;
  for (const std::string& text : texts) {
    Result<Condition> condition = parse_condition(text);
    if (!condition) return std::move(condition).error();
    conditions.push_back(*std::move(condition));
  }
  return conditions;
}

/// One, unless said otherwise: the command line asks for both bounds where rows have a unit column.
Result<ContributionBounds> bounds_of(const QueryArguments& given) {
  const auto groups =
      read_whole(given.max_groups.value_or("1"), "max-groups", 1, kMostContribution);
  if (!groups) return groups.error();
  const auto rows = read_whole(given.max_rows.value_or("1"), "max-rows", 1, kMostContribution);
  if (!rows) return rows.error();
  return ContributionBounds{.max_groups = *groups, .max_rows = *rows};
}

Result<Written> written_of(const QueryArguments& given) {
  const bool concentrated = given.rho.has_value();
  const auto loss =
      concentrated ? read_decimal(*given.rho, "rho") : read_decimal(*given.epsilon, "epsilon");
  if (!loss) return loss.error();
  const auto delta = read_decimal(given.delta.value_or("0"), "delta");
  if (!delta) return delta.error();
  const auto confidence = read_decimal(given.confidence.value_or("0.95"), "confidence");
  if (!confidence) return confidence.error();
  return Written{concentrated, *loss, *delta, *confidence};
}

Result<PrivacyTotal> total_of(const Written& written) {
  if (written.concentrated) {
    const Result<Rho> rho = rho_of(written.loss);
    if (!rho) return rho.error();
    const Result<Delta> delta = delta_of(written.delta);
    if (!delta) return delta.error();
    return PrivacyTotal(ConcentratedTotal{.rho = *rho, .delta = *delta});
  }
  const Result<Epsilon> epsilon = epsilon_of(written.loss);
  if (!epsilon) return epsilon.error();
  const Result<Delta> delta = delta_of(written.delta);
  if (!delta) return delta.error();
  return PrivacyTotal(ApproximateTotal{.epsilon = *epsilon, .delta = *delta});
}

NoiseLaw law_of(const std::optional<std::string>& word) {
  if (word == "laplace") return NoiseLaw::laplace;
  if (word == "gaussian") return NoiseLaw::gaussian;
  return NoiseLaw::automatic;
}

/// A share above 0, as in 5% or 0.05.
Result<Decimal> share_of(const std::string& text, const char* where) {
  const bool percent = text.ends_with('%');
  const std::string digits = percent ? text.substr(0, text.size() - 1) + "e-2" : text;
  Result<Decimal> share = Decimal::parse(digits);
  if (share && share->sign() > 0) return share;
  return Error{Errc::invalid_parameter, where,
               "must be a number above 0, as in 5% or 0.05, is '" + text + "'"};
}

/// The same question at the least cost that makes it as exact as is wanted.
Result<Question> at_least_cost(const QueryArguments& given) {
  const auto share = share_of(*given.error, "error");
  if (!share) return share.error();
  const auto rows = read_rows(*given.rows);
  if (!rows) return rows.error();
  QueryArguments at_cost = given;
  at_cost.error.reset();
  at_cost.epsilon.emplace("1");
  auto any = question_of(at_cost);
  if (!any) return any;
  const auto least =
      least_epsilon(std::move(any->query), {.share = share->to_double_down(), .rows = *rows});
  if (!least) return least.error();
  at_cost.epsilon = least->to_string();
  auto question = question_of(at_cost);
  if (question) question->wanted = Wanted{*share, *rows};
  return question;
}

}  // namespace

Result<std::int64_t> read_rows(const std::string& text) {
  return read_whole(text, "rows", 1, std::int64_t{1} << 53);
}

Result<std::optional<std::uint64_t>> memory_of(const std::optional<std::string>& text) {
  if (!text) return std::optional<std::uint64_t>();
  const auto bytes = read_size(*text, "memory");
  if (!bytes) return bytes.error();
  return std::optional(*bytes);
}

// An interval is never narrower than asked: confidence is rounded up.
Result<Terms> terms_of(const QueryArguments& given) {
  const auto written = written_of(given);
  if (!written) return written.error();
  const auto total = total_of(*written);
  if (!total) return total.error();
  const auto mark = share_of(given.mark.value_or("50%"), "mark");
  if (!mark) return mark.error();
  std::optional<std::int64_t> top;
  if (given.top) {
    const auto read = read_whole(*given.top, "top", 1, std::int64_t{1} << 53);
    if (!read) return read.error();
    top = *read;
  }
  return Terms{.final = {.total = *total,
                         .noise = law_of(given.noise),
                         .confidence = written->confidence.to_double_up(),
                         .quantile_intervals = given.quantile_intervals},
               .written = *written,
               .mark = mark->to_double_up(),
               .top = top};
}

// Rows have a unit column, or `unit` is not looked at.
Result<PartialQuestion> partial_question_of(const QueryArguments& given) {
  auto select = parse_select(given.select);
  if (!select) return std::move(select).error();
  auto by = given.by ? parse_columns(*given.by) : std::vector<std::string>{};
  if (!by) return std::move(by).error();
  auto where = conditions_of(given.where);
  if (!where) return std::move(where).error();
  auto clamps = clamps_of(given.clamps);
  if (!clamps) return std::move(clamps).error();
  const auto bounds = bounds_of(given);
  if (!bounds) return bounds.error();
  return PartialQuestion{.unit = given.unit.value_or(""),
                         .by = *std::move(by),
                         .rollup = given.rollup,
                         .where = *std::move(where),
                         .select = *std::move(select),
                         .clamps = *std::move(clamps),
                         .bounds = *bounds,
                         .groups = given.groups};
}

Result<Question> question_of(const QueryArguments& given) {
  if (given.error) return at_least_cost(given);
  Result<PartialQuestion> asked = partial_question_of(given);
  if (!asked) return std::move(asked).error();
  const auto terms = terms_of(given);
  if (!terms) return terms.error();
  const auto threads = threads_of(given.threads);
  if (!threads) return threads.error();
  const auto memory = memory_of(given.memory);
  if (!memory) return memory.error();

  const auto auto_share = share_of(given.auto_share.value_or("10%"), "auto-share");
  if (!auto_share) return auto_share.error();
  if (given.auto_share && std::ranges::none_of(asked->clamps, &Clamp::is_automatic))
    return Error{Errc::invalid_parameter, "auto-share", "is of no use without --clamp COL=auto"};

  auto tables = table_files(given.tables);
  if (!tables) return std::move(tables).error();

  return Question{.query = {.tables = *std::move(tables),
                            .unit = given.unit,
                            .by = std::move(asked->by),
                            .rollup = asked->rollup,
                            .where = std::move(asked->where),
                            .select = std::move(asked->select),
                            .clamps = std::move(asked->clamps),
                            .automatic_share = auto_share->to_double_down(),
                            .bounds = asked->bounds,
                            .total = terms->final.total,
                            .groups = std::move(asked->groups),
                            .noise = terms->final.noise,
                            .confidence = terms->final.confidence,
                            .quantile_intervals = terms->final.quantile_intervals,
                            .threads = *threads,
                            .memory = *memory},
                  .written = terms->written,
                  .mark = terms->mark,
                  .top = terms->top};
}

}  // namespace sfumato
