#include <ctime>
#include <string>

#include "base/printable.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {
namespace {

std::string times(std::size_t count, const char* one, const char* several) {
  return std::to_string(count) + " " + (count == 1 ? one : several);
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "'" : ", '") + printable(name) + "'";
  return list;
}

std::string clamp_text(const JointOperation& op) {
  if (op.answer == JointAnswer::vector_sum)
    return ", each row clipped to length " + op.upper.to_string() + " in steps of " +
           op.step.to_string();
  if (op.step == Decimal()) return {};
  return ", values within " + op.lower.to_string() + " and " + op.upper.to_string() +
         " in steps of " + op.step.to_string();
}

std::string operation_text(const JointOperation& op, JointLaw law) {
  std::string text = "* " + std::string(name_of(op.answer));
  if (!op.columns.empty()) text += " of " + quoted_list(op.columns);
  text += clamp_text(op);
  if (!op.edges.empty()) text += ", edges";
  for (const Decimal& edge : op.edges) text += " " + edge.to_string();
  text += law == JointLaw::polya     ? "; noise of scale "
          : law == JointLaw::skellam ? "; of each organisation Skellam noise of variance "
                                     : "; of each organisation discrete Gaussian noise of σ = ";
  return text + op.noise.to_string() + " steps\n";
}

std::string who(const PlanTerms& terms, const Roster& roster) {
  std::string text;
  for (const JointDataset& dataset : terms.datasets)
    text += "* " + printable(roster.members()[dataset.member].name) + ": dataset '" +
            printable(dataset.name) + "'" +
            (dataset.version.empty() ? "" : ", version '" + printable(dataset.version) + "'") +
            "\n";
  return text;
}

std::string groups(const PlanTerms& terms) {
  if (terms.by.empty()) return {};
  std::string text = "Groups are by " + quoted_list(terms.by) + ", and agreed on:\n";
  for (const std::vector<std::string>& group : terms.groups)
    text += "* " + quoted_list(group) + "\n";
  return text + "\n";
}

/// In UTC, as "2027-01-15 08:00:00".
std::string date_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  char text[32] = "";
  if (gmtime_r(&time, &parts) == nullptr ||
      std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts) == 0)
    return "second " + std::to_string(seconds) + " since 1970";
  return text;
}

std::string protection(const PlanTerms& terms) {
  std::string text = "Protected is a person, as column '" + printable(terms.unit) +
                     "' tells people apart, with all rows at up to " +
                     times(static_cast<std::size_t>(terms.organisations_per_person), "organisation",
                           "organisations");
  text += ". Each organisation uses at most " +
          times(static_cast<std::size_t>(terms.bounds.max_rows), "row", "rows") +
          " of a person in each of at most " +
          times(static_cast<std::size_t>(terms.bounds.max_groups), "group", "groups");
  text += ", and cuts what a group adds up to where it has more than " +
          std::to_string(terms.most_rows) + " rows.\n";
  return text;
}

std::string cost_text(const QueryPlan& plan) {
  const PlanTerms& terms = plan.terms();
  const std::string symbol(symbol_of(terms.measure));
  const std::string delta =
      terms.delta == Decimal() ? std::string() : ", δ = " + terms.delta.to_string();
  std::string text = "It costs " + symbol + " = " + plan.cost().to_string() + delta +
                     ", and each organisation's ledger is charged " + symbol + " = " +
                     terms.loss.to_string() + delta + ": ";
  if (terms.measure == JointMeasure::rho)
    return text +
           "what is seen with a person's rows, and what without them, have a Rényi divergence of "
           "at most α·ρ at each order α, with the result and all that the colluders know.\n";
  text +=
      "whoever sees the result, and all that the colluders know, finds each outcome "
      "at most e^ε times as likely with a person's rows as without them";
  if (!delta.empty()) text += ", but for odds of δ";
  return text + ".\n";
}

/// Who has to be there for sums to be seen, and what fewer of them see.
std::string key_text(const QueryPlan& plan, const Roster& roster) {
  const PlanTerms& terms = plan.terms();
  const std::string threshold = std::to_string(terms.threshold);
  if (terms.path == JointPath::masked) return "Sums are unmasked where " + threshold + " are there";
  std::vector<std::string> holders;
  for (const std::size_t place : terms.key_holders) holders.push_back(roster.members()[place].name);
  return "Numbers are encrypted, and the key is held by " + quoted_list(holders) + ": " +
         threshold + " of them together could read each organisation's noised numbers, " +
         std::to_string(terms.colluders) +
         " cannot. Who holds no key may leave when its numbers are "
         "sent. Sums are decrypted where " +
         threshold + " are there";
}

std::string trust(const QueryPlan& plan, const Roster& roster) {
  const PlanTerms& terms = plan.terms();
  std::string text = "Of " + std::to_string(plan.contributors()) + " organisations up to " +
                     std::to_string(terms.dropouts) + " may drop out, and up to " +
                     std::to_string(terms.colluders) +
                     " may pool all that they see, as one alone does who knows its own part of "
                     "the noise: the parts of the other " +
                     std::to_string(plan.honest()) + " are the whole noise. ";
  text += key_text(plan, roster) + ", by '" + printable(terms.coordinated_by.name) + "' of key " +
          terms.coordinated_by.key.fingerprint() + ", a coordinator that " +
          (terms.coordinator == JointCoordinator::honest
               ? "is trusted to follow the protocol, but with no number"
               : "need not be trusted");
  if (plan.contributors() == 2)
    text += ". Of two, each knows its own sum: each adds the whole noise";
  return text + ".\n";
}

}  // namespace

std::string QueryPlan::explain(const Roster& roster) const {
  std::string text = printable(terms_.title) + "\n\n" + who(terms_, roster) + "\n";
  text += groups(terms_) + (terms_.by.empty() ? "Computed is\n" : "Computed is for each of them\n");
  for (const JointOperation& op : terms_.operations) text += operation_text(op, terms_.law);
  text += "\n" + protection(terms_);
  text += cost_text(*this);
  text += trust(*this, roster);
  if (terms_.path == JointPath::masked)
    text += "Sums are taken modulo 2^" + std::to_string(terms_.modulus_bits) + ". ";
  text += "The plan is worth nothing from " + date_of(terms_.expires) + " UTC on.\n";
  text +=
      "Not protected: what an organisation makes up in place of its rows, that it takes part, and "
      "how much "
      "it sends.\n";
  return text;
}

}  // namespace sfumato
