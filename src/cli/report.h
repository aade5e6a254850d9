#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/question.h"
#include "sfumato/table/plan.h"

namespace sfumato {

/// How groups are chosen where their existence is private.
struct Selection {
  std::string_view mechanism;      ///< "truncated_geometric" or "threshold"
  std::optional<Epsilon> epsilon;  ///< none of a threshold: it reads the units, which are paid for
  Delta delta;
  std::optional<std::int64_t> threshold;
  std::optional<std::int64_t> units_for_half;  ///< shown with probability 1/2 from so many units on
};

/// All that is told: of a plan without rows, of a query with them.
struct Report {
  Query query;
  Written written;
  std::size_t parts;  ///< that share the total
  PrivacyTotal cost;  ///< of all of them, composed
  std::vector<AggregateError> aggregates;
  std::vector<std::vector<AggregateError>> coarser = {};  ///< of a rollup, by ever fewer columns
  std::optional<Selection> selection;
  std::optional<ClampSearch> search = {};  ///< of automatic clamps
  std::optional<std::vector<AnswerRow>> rows;
  bool charged = false;                  ///< to a ledger
  std::optional<Wanted> wanted = {};     ///< what the cost is the least for
  double mark = 0.5;                     ///< as `Question::mark`
  std::optional<std::int64_t> top = {};  ///< as `Question::top`
  std::size_t released = 0;              ///< groups, of which `top` are shown
};

Report report_of(const Plan& plan, const Question& question);

/// Of the groups by the first columns of `by`, of which `rolled_up` are left out.
const std::vector<AggregateError>& errors_of(const Report& report, std::size_t rolled_up);

/// "region, city", the columns of those groups; empty where none is left.
std::string columns_text(const Query& query, std::size_t rolled_up);

/// Of a rollup, "by (region, city), by (region), and everything": its sets of groups.
std::string sets_text(const Query& query);

/// The values of a group's columns, as people see them: NULL, and (all) where one is rolled up.
std::vector<std::string> keys_text(const AnswerRow& row, const Query& query);

/// Whether noise may move a released value by more than that share of it: by what its interval reaches from it. False
/// where it has no interval.
bool is_noisy(const Estimate& estimate, double share);

/// Decimals for an item of the select list: those that its narrowest interval asks for, those of a hundredth of
/// the clamp for quantiles, and none for counts.
int places_of(const Report& report, std::size_t item);

/// `format` is "table", "csv" or "json". The explanation is for who answers for the data.
std::string render(const Report& report, const std::string& format, bool with_explanation);

std::string render_table(const Report& report);
std::string render_csv(const Report& report);
std::string render_json(const Report& report, const std::optional<std::string>& explanation);

/// What is released, who is protected, what may be learnt, what is not protected, and what its reader has to vouch for:
/// some paragraphs, a line each.
std::string explain(const Report& report);

/// "ε = 1, δ = 1e-6"; "ρ = 0.5".
std::string total_text(const Written& written);

/// "ε = 1 for each 'person', added or removed with all its rows".
std::string privacy_text(const Report& report);

/// "10 % of ε", what finding automatic clamps takes.
std::string auto_share_text(const Report& report);

/// What rows have to say, "year = 3 and site = 'a'"; empty where all of them count.
std::string where_text(const Query& query);

/// What one unit is: "each row", or "each 'person'", its column by name.
std::string unit_text(const Query& query);

}  // namespace sfumato
