#include "secagg/plan_check.h"

#include <algorithm>
#include <set>
#include <string>

#include "io/text_check.h"
#include "secagg/honest_parts.h"
#include "secagg/joint_cost.h"
#include "secagg/names.h"
#include "secagg/plan_bytes.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/secagg/session.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostRows = std::int64_t{1} << 31;

Error wrong(const char* where, std::string message) {
  return {Errc::invalid_parameter, where, std::move(message)};
}

bool is_control(char letter) noexcept {
  const auto byte = static_cast<unsigned char>(letter);
  return byte < 32 || byte == 127;
}

Status check_text(const std::string& text, const char* where, std::size_t longest) {
  TextCheck check;
  if (check.feed(text) && check.complete() && text.size() <= longest) return ok();
  return wrong(where, "must be UTF-8 of at most " + std::to_string(longest) + " bytes");
}

Status check_datasets(const PlanTerms& terms, const Roster& roster) {
  if (terms.datasets.size() < Roster::kFewest)
    return wrong("datasets", "must be those of at least 2 organisations");
  for (std::size_t i = 0; i < terms.datasets.size(); ++i) {
    const auto& [member, name, version] = terms.datasets[i];
    if (member >= roster.size()) return wrong("datasets", "must be those of members of the roster");
    if (i > 0 && member == terms.datasets[i - 1].member)
      return wrong("datasets",
                   "must be one of each, '" + roster.members()[member].name + "' has two");
    if (const Status fit = check_joint_name(name, "name of a dataset"); !fit) return fit;
    if (version.empty()) continue;
    if (const Status fit = check_joint_name(version, "version of a dataset"); !fit) return fit;
  }
  return ok();
}

Status check_groups(const PlanTerms& terms) {
  if (terms.by.size() > kMostGroupColumns || terms.groups.size() > kMostGroups)
    return wrong("groups", "must be at most 2^20, by at most 16 columns");
  if (terms.by.empty() != terms.groups.empty())
    return wrong("groups", "must be listed where they are by columns, and only there");
  for (std::size_t i = 0; i < terms.groups.size(); ++i) {
    if (terms.groups[i].size() != terms.by.size())
      return wrong("groups", "must have a text for each column that they are by");
    if (i > 0 && terms.groups[i] == terms.groups[i - 1])
      return wrong("groups", "must be listed once each");
    for (const std::string& cell : terms.groups[i])
      if (const Status fit = check_text(cell, "groups", kLongestCell); !fit) return fit;
  }
  return ok();
}

Status check_names(const PlanTerms& terms) {
  if (const Status fit = check_text(terms.title, "title", kLongestTitle); !fit) return fit;
  if (terms.title.empty() || std::ranges::any_of(terms.title, is_control))
    return wrong("title", "must have words, without control characters");
  if (const Status fit = check_joint_name(terms.unit, "unit"); !fit) return fit;
  std::set<std::string_view> columns = {terms.unit};
  for (const std::string& column : terms.by) {
    if (const Status fit = check_joint_name(column, "by"); !fit) return fit;
    if (!columns.insert(column).second)
      return wrong("by", "must name each column once, and not the unit");
  }
  for (const JointOperation& op : terms.operations)
    for (const std::string& column : op.columns)
      if (const Status fit = check_joint_name(column, "column of an operation"); !fit) return fit;
  return check_groups(terms);
}

Status check_operations(const PlanTerms& terms) {
  if (terms.operations.empty() || terms.operations.size() > kMostOperations)
    return wrong("operations", "must be 1 to 64");
  for (const JointOperation& op : terms.operations) {
    if (op.columns.size() > kMostColumns || op.edges.size() > kMostEdges)
      return wrong("operations", "must have at most 1024 columns and 1025 edges");
    bool fit = is_plan_number(op.lower) && is_plan_number(op.upper) && is_plan_number(op.step);
    for (const Decimal& edge : op.edges) fit = fit && is_plan_number(edge);
    if (!fit || !is_plan_number(op.noise))
      return wrong("operations", "must have numbers of 18 digits, within 10^-36 and 10^36");
  }
  return ok();
}

Status check_bounds(const PlanTerms& terms) {
  if (const Status fit = check(terms.bounds); !fit) return fit;
  const auto n = static_cast<std::int64_t>(terms.datasets.size());
  if (terms.organisations_per_person < 1 || terms.organisations_per_person > n)
    return wrong("organisations_per_person",
                 "must lie between 1 and the number of organisations that contribute");
  if (terms.most_rows < terms.bounds.max_rows || terms.most_rows > kMostRows)
    return wrong("most_rows", "must lie between max_rows and 2^31");
  return ok();
}

/// Of those who contribute, where sums are encrypted, and only there.
Status check_holders(const PlanTerms& terms) {
  const auto& holders = terms.key_holders;
  if (terms.path == JointPath::masked) {
    if (holders.empty()) return ok();
    return wrong("key_holders", "must be none where sums are masked: there is no key");
  }
  std::vector<std::size_t> contributors;
  for (const JointDataset& dataset : terms.datasets) contributors.push_back(dataset.member);
  std::ranges::sort(contributors);
  if (holders.size() < 2)
    return wrong("key_holders", "must be 2 at least where sums are encrypted");
  if (std::ranges::adjacent_find(holders, std::greater_equal()) != holders.end() ||
      !std::ranges::includes(contributors, holders))
    return wrong("key_holders", "must be some of those who contribute, each once, by their places");
  return ok();
}

Status check_parties(const PlanTerms& terms) {
  const bool masked = terms.path == JointPath::masked;
  const std::size_t n = masked ? terms.datasets.size() : terms.key_holders.size(),
                    c = terms.colluders, most = masked ? n - terms.dropouts : n;
  if (const auto honest = honest_parts(terms); !honest) return honest.error();
  if (c < 1)
    return wrong("colluders",
                 "must be 1 at least: each organisation knows its own part of the noise, so that "
                 "those of the others have to be the whole noise");
  if (terms.threshold < least_threshold(n, c, false) || terms.threshold > most)
    return wrong("threshold", masked ? "must be more than half of the organisations, and no more "
                                       "than are left after all dropouts"
                                     : "must be more than half of the key holders, and no more "
                                       "than they are");
  if (c >= terms.threshold)
    return wrong("threshold",
                 masked ? "must be above the number of colluders, who could unmask alone"
                        : "must be above the number of colluders, who could decrypt alone");
  if (terms.threshold < least_threshold(n, c, terms.coordinator == JointCoordinator::active))
    return wrong("threshold",
                 masked
                     ? "must be above (organisations + colluders) / 2 against an active coordinator"
                     : "must be above (key holders + colluders) / 2 against an active coordinator");
  return ok();
}

/// A coordinator by the name of a member has its key, and by its key its name.
Status check_coordinator(const PlanTerms& terms, const Roster& roster) {
  const auto& [name, key] = terms.coordinated_by;
  if (const Status fit = check_joint_name(name, "name of the coordinator"); !fit) return fit;
  if (roster.place_of(name) != roster.place_of(key))
    return wrong("coordinator", "must have name and key of one member, or neither of any");
  return ok();
}

Status check_choices(const PlanTerms& terms) {
  if (terms.law != JointLaw::polya && terms.law != JointLaw::skellam &&
      terms.law != JointLaw::discrete_gaussian)
    return wrong("law", "must be polya, skellam or discrete_gaussian");
  if (terms.measure != JointMeasure::epsilon && terms.measure != JointMeasure::rho)
    return wrong("measure", "must be epsilon or rho");
  if (terms.measure == JointMeasure::rho && terms.law == JointLaw::skellam)
    return wrong("law",
                 "must be polya or discrete_gaussian where ρ is counted: Skellam noise has none");
  if (terms.coordinator != JointCoordinator::honest &&
      terms.coordinator != JointCoordinator::active)
    return wrong("coordinator", "must be honest or active");
  if (terms.modulus_bits != 32 && terms.modulus_bits != 64)
    return wrong("modulus_bits", "must be 32 or 64");
  if (terms.path != JointPath::masked && terms.path != JointPath::encrypted)
    return wrong("path", "must be masked or encrypted");
  if (terms.path == JointPath::encrypted && terms.modulus_bits != 64)
    return wrong("modulus_bits", "must be 64 where sums are encrypted");
  if (terms.expires < 0) return wrong("expires", "must be a second since 1970");
  return ok();
}

/// What can be drawn in parts: narrower Pólya noise is none, and the sum of narrower Gaussian noises is far from one.
Status check_noise(const PlanTerms& terms) {
  const bool polya = terms.law == JointLaw::polya;
  const double least = polya ? 0x1p-5 : 1, most = terms.law == JointLaw::skellam ? 0x1p50 : 0x1p62;
  for (const JointOperation& op : terms.operations)
    if (op.noise.to_double_down() < least || op.noise.to_double_up() > most)
      return wrong("noise", polya ? "must have a scale of 2^-5 to 2^62 steps"
                                  : "must have for each organisation a σ of 1 to 2^62 steps, or a "
                                    "variance μ of 1 to 2^50");
  return ok();
}

Status check_total(const PlanTerms& terms) {
  if (terms.loss.sign() <= 0 || terms.loss.to_double_up() > Epsilon::kMax ||
      !is_plan_number(terms.loss))
    return wrong("loss", "must lie in (0, 2^20]");
  const bool rho = terms.measure == JointMeasure::rho, polya = terms.law == JointLaw::polya;
  if ((polya || rho) && terms.delta != Decimal())
    return wrong("delta",
                 rho ? "must be 0 where ρ is counted" : "must be 0: Pólya noise needs none");
  if (!polya && !rho &&
      (terms.delta.sign() <= 0 || terms.delta.to_double_up() >= 1 || !is_plan_number(terms.delta)))
    return wrong("delta", "must lie between 0 and 1, but for Pólya noise");
  return ok();
}

}  // namespace

Status check_roster(const Digest& named, const Roster& roster) {
  if (named == roster.hash()) return ok();
  return Error{Errc::refused, "plan", "must be for this roster, is for another one"};
}

Status check_terms(const PlanTerms& terms, const Roster& roster) {
  if (const Status fit = check_choices(terms); !fit) return fit;
  if (const Status fit = check_coordinator(terms, roster); !fit) return fit;
  if (const Status fit = check_datasets(terms, roster); !fit) return fit;
  if (const Status fit = check_holders(terms); !fit) return fit;
  if (const Status fit = check_operations(terms); !fit) return fit;
  if (const Status fit = check_names(terms); !fit) return fit;
  if (const Status fit = check_bounds(terms); !fit) return fit;
  if (const Status fit = check_parties(terms); !fit) return fit;
  if (const Status fit = check_noise(terms); !fit) return fit;
  return check_total(terms);
}

Result<LossAmount> check_cost(const PlanTerms& terms, const JointLattice& lattice) {
  auto cost = joint_cost(terms, lattice, *honest_parts(terms));
  if (!cost) return cost;
  auto cap = LossAmount::at_most(Exact(terms.loss));
  if (!cap) return cap;
  if (*cost > *cap)
    return wrong("loss", "must be at least what the noise costs, " +
                             std::string(symbol_of(terms.measure)) + " = " + cost->to_string());
  return cost;
}

}  // namespace sfumato
