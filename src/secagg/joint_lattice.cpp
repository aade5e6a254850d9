#include "sfumato/secagg/joint_lattice.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "secagg/honest_parts.h"
#include "secagg/whole_steps.h"
#include "sfumato/aggregate/bin_edges.h"
#include "sfumato/aggregate/value_grid.h"

namespace sfumato {
namespace {

constexpr std::int64_t kWidest = std::int64_t{1} << 31;

Error wrong(const JointOperation& operation, std::string message) {
  return {Errc::invalid_parameter, std::string(name_of(operation.answer)), std::move(message)};
}

std::size_t columns_wanted(JointAnswer answer) {
  return answer == JointAnswer::count ? 0 : 1;
}

bool uses_clamp(JointAnswer answer) {
  return answer == JointAnswer::sum || answer == JointAnswer::mean ||
         answer == JointAnswer::variance;
}

/// Numbers that an operation has no use for are 0, so that there is one form of each.
Status check_unused(const JointOperation& op) {
  const bool steps = uses_clamp(op.answer) || op.answer == JointAnswer::vector_sum;
  if (!uses_clamp(op.answer) && op.lower != Decimal())
    return wrong(op, "has no lower bound: leave it out");
  if (!steps && (op.upper != Decimal() || op.step != Decimal()))
    return wrong(op, "has no upper bound and no step: leave them out");
  if (op.answer != JointAnswer::histogram && !op.edges.empty())
    return wrong(op, "has no edges: leave them out");
  return ok();
}

Status check_columns(const JointOperation& op) {
  const bool vector = op.answer == JointAnswer::vector_sum;
  if (vector ? op.columns.empty() : op.columns.size() != columns_wanted(op.answer))
    return wrong(op, vector ? "must name the columns of its vectors"
                            : "must name " + std::to_string(columns_wanted(op.answer)) +
                                  " columns, names " + std::to_string(op.columns.size()));
  return check_unused(op);
}

Result<LatticePart> clamped(const JointOperation& op) {
  const auto lowest = whole_steps(op.lower, op.step), highest = whole_steps(op.upper, op.step);
  if (!lowest || !highest)
    return wrong(op, "must have bounds that are whole steps, at most 2^52 of them from 0");
  if (*lowest >= *highest || *highest - *lowest > kWidest)
    return wrong(op, "must have a lower bound below the upper one, by at most 2^31 steps");
  if (op.answer != JointAnswer::sum) {  // which are read by such a grid
    const auto grid = ValueGrid::make_narrow(nearest_double(op.lower), nearest_double(op.upper));
    if (!grid) return wrong(op, "must have bounds within ±2^62, which doubles can tell apart");
  }
  LatticePart part;
  part.width = *highest - *lowest;
  part.lowest = *lowest;
  part.per_group = op.answer == JointAnswer::sum ? 1 : op.answer == JointAnswer::mean ? 2 : 3;
  if (op.answer == JointAnswer::sum) {
    part.least = std::min(std::int64_t{0}, *lowest);
    part.most = std::max(std::int64_t{0}, *highest);
  } else {
    part.most = op.answer == JointAnswer::mean ? part.width : part.width * part.width;
  }
  return part;
}

Result<LatticePart> clipped(const JointOperation& op) {
  const auto length = whole_steps(op.upper, op.step);
  if (!length || *length < 1 || *length > kWidest)
    return wrong(op, "must have a length of 1 to 2^31 whole steps");
  LatticePart part;
  part.per_group = op.columns.size();
  part.width = part.most = *length;
  part.least = -*length;
  return part;
}

Result<LatticePart> binned(const JointOperation& op) {
  std::vector<double> edges;
  for (const Decimal& edge : op.edges) edges.push_back(nearest_double(edge));
  const auto bins = BinEdges::make(std::move(edges));
  if (!bins) return bins.error();
  LatticePart part;
  part.per_group = bins->bins();
  return part;
}

Result<LatticePart> shape_of(const JointOperation& op) {
  if (const Status columns = check_columns(op); !columns) return columns.error();
  if (op.answer == JointAnswer::count) return LatticePart{};
  if (op.answer == JointAnswer::histogram) return binned(op);
  if (op.step.sign() <= 0) return wrong(op, "must have a positive step");
  return op.answer == JointAnswer::vector_sum ? clipped(op) : clamped(op);
}

/// floor(√square).
uint128 root_down(uint128 square) {
  uint128 root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const uint128 larger = root | uint128{1} << bit;
    if (larger * larger <= square) root = larger;
  }
  return root;
}

/// The most that one row adds to all of a group's coordinates together: what adds up to the same number whatever the
/// row is, or, of a vector of length w in k coordinates, floor(w·√k).
uint128 l1_of_row(JointAnswer answer, const LatticePart& part) {
  const auto largest = static_cast<uint128>(std::max(part.most, -part.least));
  if (answer != JointAnswer::vector_sum) return largest;
  return root_down(largest * largest * part.per_group);
}

std::optional<uint128> product(std::initializer_list<uint128> factors) {
  uint128 all = 1;
  for (const uint128 factor : factors)
    if (__builtin_mul_overflow(all, factor, &all) || all >> 126 != 0) return std::nullopt;
  return all;
}

std::optional<LatticeSensitivity> sensitivity_of(const PlanTerms& terms, JointAnswer answer,
                                                 const LatticePart& part, std::size_t groups) {
  const auto rows = static_cast<uint128>(terms.bounds.max_rows) *
                    static_cast<uint128>(terms.organisations_per_person);
  const uint128 in_groups =
      std::min<uint128>(static_cast<uint128>(terms.bounds.max_groups), groups);
  const auto largest = static_cast<uint128>(std::max(part.most, -part.least));
  const auto l1 = product({rows, in_groups, l1_of_row(answer, part)});
  const auto l2 = product({rows, rows, largest, largest, in_groups});
  const auto linf = product({rows, largest});
  if (!l1 || !l2 || !linf) return std::nullopt;
  return LatticeSensitivity{*l1, *l2, *linf};
}

/// ceil(√square).
std::optional<uint128> root_up(std::optional<uint128> square) {
  if (!square || *square >> 124 != 0) return std::nullopt;
  const uint128 root = root_down(*square);
  return root * root == *square ? root : root + 1;
}

/// What the noise of all n organisations exceeds with odds below 2^-64. Of the sum of k = ceil(n/h) Laplace noises
/// P(|X| > 2s·u) <= 2·(4/3)^k·e^-u, by Chernoff at 1/2s; of n discrete Gaussian ones P(|X| > 10·√n·σ) <= 2·e^-50, since
/// E e^(λX) <= e^(nλ²σ²/2); of n Skellam ones, of variance v = nμ, P(|X| > t) <= 2·e^(-t²/2(v + t/3)), at 10·√v + 31.
std::optional<uint128> noise_bound(const PlanTerms& terms, const Decimal& scale) {
  const std::size_t n = terms.datasets.size(), h = *honest_parts(terms);
  const auto whole = rounded_up(scale);
  if (!whole) return std::nullopt;
  const auto width = static_cast<uint128>(*whole);
  if (terms.law == JointLaw::polya) return product({width, 92 + 2 * ((n + h - 1) / h)});
  if (terms.law == JointLaw::discrete_gaussian) return root_up(product({100, n, width, width}));
  const auto root = root_up(product({100, n, width}));
  return root ? std::optional(*root + 31) : std::nullopt;
}

Error too_large(const PlanTerms& terms, std::string_view where) {
  if (terms.path == JointPath::encrypted)
    return {Errc::invalid_parameter, std::string(where),
            "may add up to more than 2^40 units with its noise, which is all that is found in "
            "ciphertexts: take larger steps or fewer rows"};
  return {
      Errc::invalid_parameter, std::string(where),
      "may add up to 2^" + std::to_string(terms.modulus_bits - 1) +
          " units or more with its noise: take larger steps, fewer rows or a modulus of 64 bits"};
}

/// Whether sums of n numbers within ±range, and noise, stay below half of the modulus, or are found in ciphertexts.
bool fits(const PlanTerms& terms, std::uint64_t range, std::uint64_t noise) {
  const uint128 half = uint128{1} << (terms.modulus_bits - 1);
  const uint128 most = uint128{range} * terms.datasets.size() + noise;
  return terms.path == JointPath::encrypted ? most <= Session::kGreatestSum : most < half;
}

}  // namespace

std::string_view name_of(JointAnswer answer) noexcept {
  constexpr std::string_view kNames[] = {"count",    "sum",       "mean",
                                         "variance", "histogram", "vector_sum"};
  return kNames[static_cast<std::size_t>(answer) - 1];
}

Result<JointLattice> JointLattice::make(const PlanTerms& terms) {
  if (const auto honest = honest_parts(terms); !honest) return honest.error();
  JointLattice lattice(terms.by.empty() ? 1 : terms.groups.size(), terms.most_rows);
  for (const JointOperation& operation : terms.operations)
    if (const Status added = lattice.add(terms, operation); !added) return added.error();
  if (!fits(terms, lattice.range_, lattice.noise_tail_)) return too_large(terms, "operations");
  if (terms.path == JointPath::encrypted &&
      lattice.size_ > Session::kMostCiphertexts / terms.datasets.size())
    return Error{Errc::invalid_parameter, "operations",
                 "make more than 2^19 ciphertexts of all organisations: take fewer groups, or the "
                 "masked path"};
  return lattice;
}

Status JointLattice::add(const PlanTerms& terms, const JointOperation& operation) {
  auto part = shape_of(operation);
  if (!part) return part.error();
  part->first = size_;
  if (part->per_group * groups_ > kMostCoordinates - size_)
    return wrong(operation, "makes more than 2^22 numbers: take fewer groups");
  const auto sensitivity = sensitivity_of(terms, operation.answer, *part, groups_);
  if (!sensitivity)
    return wrong(operation, "hangs too much on one person: take larger steps or fewer rows");
  part->sensitivity = *sensitivity;
  const auto largest = static_cast<uint128>(std::max(part->most, -part->least));
  const auto range = product({static_cast<uint128>(most_rows_), largest});
  const auto noise = noise_bound(terms, operation.noise);
  if (!range || !noise || (*range | *noise) >> 63 != 0 ||
      !fits(terms, static_cast<std::uint64_t>(*range), static_cast<std::uint64_t>(*noise)))
    return too_large(terms, name_of(operation.answer));
  range_ = std::max(range_, static_cast<std::uint64_t>(*range));
  noise_tail_ = std::max(noise_tail_, static_cast<std::uint64_t>(*noise));
  size_ += part->per_group * groups_;
  parts_.push_back(*part);
  return ok();
}

std::int64_t JointLattice::within(const LatticePart& part, int128 sum) const noexcept {
  const int128 rows = most_rows_;
  return static_cast<std::int64_t>(std::clamp(sum, rows * part.least, rows * part.most));
}

}  // namespace sfumato
