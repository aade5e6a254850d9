#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sfumato/aggregate/contribution.h"
#include "sfumato/base/decimal.h"
#include "sfumato/ledger/entry.h"
#include "sfumato/ledger/request.h"
#include "sfumato/secagg/roster.h"
#include "sfumato/secagg/session.h"

namespace sfumato {

/// What of a column is computed, for each agreed group.
enum class JointAnswer : std::uint8_t {
  count = 1,       ///< of rows; no column
  sum = 2,         ///< of clamped values
  mean = 3,        ///< with the number of values and their sum
  variance = 4,    ///< with mean, number and sum
  histogram = 5,   ///< how many values lie between each two edges
  vector_sum = 6,  ///< of several columns, each row clipped in Euclidean length
};

/// "count", "sum", "mean", "variance", "histogram" or "vector_sum".
std::string_view name_of(JointAnswer answer) noexcept;

/// How noise is made that nobody knows: as a sum of one part from each organisation.
enum class JointLaw : std::uint8_t {
  polya = 1,              ///< parts of discrete Laplace noise (noise/polya.h): pure ε
  skellam = 2,            ///< Skellam noise of each (noise/skellam.h): ε at a δ above 0
  discrete_gaussian = 3,  ///< noise of each (noise/discrete_gaussian.h): ε at a δ above 0, or ρ
};

/// What is lost is counted in.
enum class JointMeasure : std::uint8_t {
  epsilon = 1,  ///< ε and δ
  rho = 2,      ///< ρ, zero-concentrated (Bun, Steinke 2016, definition 1.1): of all laws but Skellam's
};

/// "ε" or "ρ".
std::string_view symbol_of(JointMeasure measure) noexcept;

/// How the coordinator may behave.
enum class JointCoordinator : std::uint8_t {
  honest = 1,  ///< it follows the protocol, and looks at all that passes
  active = 2,  ///< it sends what it likes
};

/// One answer for each agreed group. Values are counted in whole steps, so that sums are exact.
struct JointOperation {
  JointAnswer answer;
  std::vector<std::string> columns = {};  ///< none of count; at least one of vector_sum; else one
  Decimal lower = {};  ///< sum, mean, variance: values below are taken for it; whole steps
  Decimal upper = {};  ///< the same above; vector_sum: the length beyond which a row is clipped
  Decimal step = {};   ///< of all but count and histogram: values are rounded to multiples of it
  std::vector<Decimal> edges = {};  ///< histogram: at least two, rising; bins are those of BinEdges
  Decimal
      noise;  ///< in lattice units: the scale s of all discrete Laplace noise that must be there, or σ of
              ///< each organisation's discrete Gaussian noise, at least 1

  friend bool operator==(const JointOperation&, const JointOperation&) = default;
};

/// The people's data of one organisation, as the ledger there calls it.
struct JointDataset {
  std::size_t member;   ///< of the roster, which has this data and contributes
  std::string name;     ///< in its ledger
  std::string version;  ///< which state of it

  friend bool operator==(const JointDataset&, const JointDataset&) = default;
};

/// All that decides what is computed, of whom, how exactly and for what loss of privacy.
struct PlanTerms {
  std::string title;                   ///< a few words for people
  std::vector<JointDataset> datasets;  ///< by rising members: those who contribute, at least 2
  std::string unit;                    ///< the column that says who is protected
  std::vector<std::string> by = {};    ///< columns whose cells name a group
  std::vector<std::vector<std::string>> groups =
      {};  ///< those that are agreed on; none without `by`
  std::vector<JointOperation> operations;

  ContributionBounds bounds;              ///< of one person's rows, within each organisation
  std::int64_t organisations_per_person;  ///< at how many of them one person's rows may lie
  std::int64_t most_rows;  ///< that one organisation has in a group; sums beyond are cut there

  JointLaw law;
  JointMeasure measure;
  Decimal loss;           ///< the most that all of it may cost: ε or ρ
  Decimal delta;          ///< and δ: 0 of Pólya noise, and where ρ is counted
  std::size_t colluders;  ///< c: so many may pool all that they see
  std::size_t dropouts;   ///< d: so many may be gone in the end
  std::size_t threshold;  ///< t: so many have to be there to unmask, or to decrypt
  JointCoordinator coordinator;
  Organisation coordinated_by;  ///< who that is; may be a member, by its name and key
  int modulus_bits;  ///< 32 or 64: sums are taken modulo 2^modulus_bits; 64 where they are encrypted
  JointPath path = JointPath::masked;
  std::vector<std::size_t> key_holders = {};  ///< of those who contribute, rising: k; none where sums are masked

  std::int64_t expires;  ///< from this second since 1970 on it is worth nothing
  Nonce nonce;           ///< by which two plans with the same words differ

  friend bool operator==(const PlanTerms&, const PlanTerms&) = default;
};

}  // namespace sfumato
