#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/display.h"
#include "cli/report.h"

namespace sfumato {
namespace {

constexpr double kWeakFrom = 10;  // e^10: a suspicion of 0.1 % may become near certainty
constexpr double kOneIn = 1e6;    // how seldom the bound that is told for ρ may fail

/// x > 1, upward to two digits of what it has above 1.
std::string factor_text(double x) {
  if (!(x < 1e6)) return std::isinf(x) ? "more than 1e308" : fmt::format("{:.2e}", x * 1.005);
  return rounded(x, std::max(places_for(x - 1), x < 100 ? 2 : 0), Toward::above);
}

double epsilon_of(const Report& report) {
  const double loss = report.written.loss.to_double_up();
  if (!report.written.concentrated) return loss;
  return loss + 2 * std::sqrt(loss * std::log(kOneIn));  // Bun, Steinke 2016, proposition 1.3
}

std::string protected_text(const Query& query) {
  if (!query.unit)
    return "Who is protected: each row by itself. Somebody who has several rows is protected less, "
           "once for each row.\n";
  return fmt::format(
      "Who is protected: each value of the column '{}', with all its rows; rows where it is "
      "missing "
      "count as one. The guarantee compares this table with the same table without one of them.\n",
      printable(*query.unit));
}

/// What is asked, of what: so that the text stands by itself.
std::string released_text(const Report& report) {
  const Query& query = report.query;
  std::vector<std::string> names;
  for (const AggregateError& aggregate : report.aggregates)
    names.push_back(printable(aggregate.name));
  std::string text =
      fmt::format("What {} released: {}", report.rows ? "is" : "would be", fmt::join(names, ", "));
  for (std::size_t i = 0; i < query.by.size(); ++i)
    text += (i == 0 ? ", by " : ", ") + printable(query.by[i]);
  text += ", of the table ";
  for (std::size_t i = 0; i < query.tables.size(); ++i)
    text += (i == 0 ? "" : ", ") + printable(query.tables[i]);
  text += "; by sfumato " SFUMATO_VERSION ". ";
  return text +
         "Each number carries randomness of its own, drawn from the system's, by the law and of "
         "the "
         "size that the plan of the same words tells. The numbers without it are told nowhere.\n";
}

/// What a suspicion of so many per cent can become at most.
std::string suspicion_text(double percent, double epsilon) {
  const double odds = percent / (100 - percent) * std::exp(std::min(epsilon, 700.0));
  return rounded(100 * (odds / (1 + odds)), 1, Toward::above);
}

std::string odds_text(const Report& report) {
  const double epsilon = epsilon_of(report);
  std::string text = fmt::format(
      "What {} lets an attacker learn: whatever somebody knows or does, seeing this release "
      "changes "
      "the odds of any guess about one unit by a factor of at most {}. ",
      total_text(report.written), factor_text(std::exp(epsilon)));
  if (report.written.concentrated)
    text += fmt::format(
        "(From ρ follows ε = {}, which may fail with a probability of one in a million.) ",
        rounded(epsilon, 3, Toward::above));
  text += fmt::format(
      "A suspicion of 50 % can become one of {} % at most, and one of 1 % one of {} %. Units that "
      "tell "
      "of one another, as members of a household may, are protected less: of two, {}.",
      suspicion_text(50, epsilon), suspicion_text(1, epsilon),
      report.written.concentrated ? "ρ counts four times" : "ε counts twice");
  if (epsilon >= kWeakFrom) text += " So large a factor protects nobody: choose a smaller total.";
  return text + "\n";
}

std::string delta_text(const Written& written) {
  if (written.delta.sign() == 0) return {};
  return fmt::format(
      "With a probability of at most δ = {} this bound may fail, so that δ should be far below one "
      "over the number of units.\n",
      written.delta.to_string());
}

std::string groups_text(const Query& query) {
  if (query.by.empty()) return {};
  if (query.groups) return "That a group exists is told: the list of groups is taken as public. ";
  return "That a shown group exists is told, within the guarantee: whether one unit alone makes it "
         "appear is protected. ";
}

std::string not_protected_text(const Report& report) {
  return fmt::format(
      "What is not protected: {}What holds of many units is what the release is for, and may tell "
      "of "
      "a person who was never in the table. Each further release of the same data costs anew, and "
      "the "
      "costs add up; this one was charged to {} ledger.\n",
      groups_text(report.query), report.charged ? "a" : "no");
}

std::string filter_text(const Query& query) {
  if (query.where.empty()) return {};
  return fmt::format(
      "Which rows are used: only those where {}. Others do not count, nor does a unit that has "
      "none "
      "of them. These words are public, and were chosen without looking at the table, or else they "
      "would tell of it; how many rows they leave out is not told.\n",
      where_text(query));
}

std::string rollup_text(const Query& query) {
  if (!query.rollup) return {};
  return fmt::format(
      "Which groups are told: those {}. The same rows of each unit count in all of them, and each "
      "number "
      "has noise of its own: so numbers of groups do not add up to that of the group which they "
      "are in. "
      "The promise is one for all of them together.\n",
      sets_text(query));
}

std::string bias_text(const Query& query) {
  const char* clamped = query.clamps.empty() ? "" : "; values beyond their clamp count as its end";
  return fmt::format(
      "What the numbers leave out: a unit counts in at most {} with at most {} in each, chosen at "
      "random{}. Intervals cover the noise, not this.\n",
      counted(query.bounds.max_groups, "group"), counted(query.bounds.max_rows, "row"), clamped);
}

std::string search_text(const Report& report) {
  if (!report.search) return {};
  std::vector<std::string> names;
  for (const std::string& column : report.search->columns) names.push_back(printable(column));
  return fmt::format(
      "Where clamps come from: those of {} are found in the table itself, between powers of two. "
      "Noisy counts say "
      "between which of them at least {} values seem to lie; values beyond the clamp count as its "
      "end. The clamps "
      "are told as answers are, and are part of the release: they take {}.\n",
      fmt::join(names, ", "), report.search->mechanism.threshold(), auto_share_text(report));
}

std::string unit_claim(const Query& query) {
  if (!query.unit) return "nobody whom it shall protect as a whole has more than one row";
  return fmt::format(
      "all that the table holds of one person, or of whom else it shall protect, has one value of "
      "'{}'",
      printable(*query.unit));
}

/// What no program can see, and who answers for the data has to.
std::string signing_text(const Report& report) {
  std::string chosen = "the bounds";
  const bool given = std::ranges::any_of(report.query.clamps,
                                         [](const Clamp& clamp) { return !clamp.is_automatic(); });
  if (given) chosen += report.search ? ", the clamps that are given" : ", the clamps";
  if (!report.query.where.empty()) chosen += ", the conditions on rows";
  if (report.query.groups) chosen += ", the list of groups";
  return fmt::format(
      "Who signs this vouches for what no program sees: that {}; that {} were chosen without "
      "looking at this table; that {}.\n",
      unit_claim(report.query), chosen,
      report.charged ? "whatever else is released of the same data, of copies of it too, is "
                       "charged to the same ledger"
                     : "whatever else is released of the same data is added up elsewhere");
}

}  // namespace

std::string explain(const Report& report) {
  return released_text(report) + protected_text(report.query) + filter_text(report.query) +
         odds_text(report) + delta_text(report.written) + rollup_text(report.query) +
         not_protected_text(report) + search_text(report) + bias_text(report.query) +
         signing_text(report);
}

}  // namespace sfumato
