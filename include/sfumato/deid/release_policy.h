#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/deid/generalisation.h"
#include "sfumato/deid/release_model.h"

namespace sfumato {

/// A model that a release has to satisfy, and the column whose values are sensitive to it.
struct ModelPolicy {
  ReleaseModel model;
  std::string column = {};              ///< empty where the model asks for none
  std::vector<std::string> order = {};  ///< of ordered closeness: its values, rising; none: numbers
  std::string where = {};               ///< of its section, for messages
};

/// How private a release by sampling is (see `SafePub`): all that it does, the drawing of levels included.
struct SampledPolicy {
  static constexpr std::int64_t kMostCandidates = std::int64_t{1} << 20;

  /// How levels of hierarchies that have none are drawn from the table.
  struct Search {
    Decimal epsilon;                               ///< its part of that of the release
    std::optional<std::uint64_t> candidates = {};  ///< among so many, drawn first; none: all
  };

  Decimal epsilon, delta;
  std::optional<Search> search = {};

  /// What is left of ε for the drawing of rows. Refused where a decimal does not hold it.
  Result<Decimal> sampling() const;
};

/// How a table is generalised until it satisfies models, as `[release]` of a policy says it.
struct ReleasePolicy {
  std::vector<ModelPolicy> models;
  Fraction suppression = Fraction::make(0).value();  ///< of the rows, at most
  LossMetric measure = LossMetric::loss;

  /// Each column is generalised as a whole, by the best way that there is; or each class by itself.
  enum class Method { full_domain, mondrian };
  Method method = Method::full_domain;

  /// Rows of classes that do not satisfy the models are left out, stay without quasi-identifiers, or lose as few cells
  /// as it takes (see `suppress_cells`).
  enum class Suppressed { rows, all_cells, cells };
  Suppressed suppressed = Suppressed::rows;

  /// A missing quasi-identifier may be any value (see `ReleaseLimits::wildcards`), or is one of its own.
  bool wildcards = false;

  /// Rows are drawn, and classes of enough of them released, in place of all that is above: no models, but
  /// differential privacy.
  std::optional<SampledPolicy> sampled = {};

  std::optional<std::string> population = {};  ///< a table of all who might be in it
  std::string where = {};

  /// The columns that models ask for, each once, in the order of the models.
  std::vector<std::string> sensitive() const;
};

/// "k-anonymity, k = 5": the model as a policy has it.
std::string text_of(const ModelPolicy& model);

}  // namespace sfumato
