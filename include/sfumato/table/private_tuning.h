#pragma once

#include <memory>

#include "sfumato/base/result.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/loss.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/privacy/total.h"
#include "sfumato/random/bit_source.h"
#include "sfumato/table/plan.h"
#include "sfumato/table/tuning.h"

namespace sfumato {

/// Bounds and clamps with the least expected error, by releases of the private table itself.
///
/// **Released** of each unit one row is drawn, each of its rows as likely as any other. With noise of their own are
/// counted: units by how many rows they have and how many of these lie in the group of the drawn one; units by how many rows and
/// how many groups they have; for each column units by the drawn row's value, in fourths of binades; and the drawn rows of each
/// group, of which the sizes count that a threshold or a selection lets pass, or of all groups where they are public. A unit
/// adds 1 to one cell of each. All that is told is computed from these.
///
/// **Errors** are those of `tune`, on a table in which groups differ by their size alone, values by chance alone,
/// and the groups of a unit hang on how many rows it has: the recommendation is good where that is nearly so.
///
/// **Guarantee** (ε, δ)-differentially private in the relation add-remove of units, with the ε that is to be spent and
/// δ where groups are private.
///
/// Proof   docs/proofs/table/private_tuning.md
class PrivateTuning {
 public:
  /// The query is of the private table; its total is that of the answers to come, of which δ is taken for the sizes of
  /// private groups. `rows` of the parameters is not asked: the table is the real one. Refuses what `tune` refuses.
  static Result<PrivateTuning> make(const TuningParams& params, Epsilon spend);

  PrivacyTotal cost() const;  ///< apart from what the query costs then
  ReleaseLoss loss() const;   ///< part by part

  std::string list() const;  ///< of groups, as `Plan::list` tells it

  /// Reads the rows once, and holds a few bytes for each. Fails only where a file turns out to be broken.
  Result<Tuning> run(Permit permit, BitSource& bits, const Progress& progress = {}) &&;

  PrivateTuning(PrivateTuning&&) noexcept;
  PrivateTuning& operator=(PrivateTuning&&) noexcept;
  ~PrivateTuning();

 private:
  struct State;
  explicit PrivateTuning(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace sfumato
