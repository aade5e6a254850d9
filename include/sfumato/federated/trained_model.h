#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/federated/logistic.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// What a training came to: weights, what they are of, and what they cost. Anybody may see it.
struct TrainedModel {
  std::string title;
  std::string unit;    ///< the column that said who is protected
  std::string target;  ///< what is foreseen
  std::vector<ModelFeature> features;
  std::vector<std::int64_t> weights;  ///< in billionths: the intercept, and one for each feature
  Digest training;                    ///< its hash
  std::int64_t rounds;
  std::int64_t organisations;
  Decimal rho;        ///< what each ledger was charged in all
  Decimal delta;      ///< at which the next two are told
  Decimal outsiders;  ///< ε against who sees the weights of all rounds
  Decimal colluders;  ///< ε against who pools them with all that the colluders know

  /// JSON, in which decimals are texts.
  std::string to_json() const;

  /// Refuses all that `to_json` does not give, but for blanks and the order of members.
  static Result<TrainedModel> parse(std::string_view json);

  friend bool operator==(const TrainedModel&, const TrainedModel&) = default;
};

}  // namespace sfumato
