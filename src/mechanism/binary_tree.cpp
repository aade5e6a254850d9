#include "sfumato/mechanism/binary_tree.h"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "mechanism/laplace_sum.h"
#include "mechanism/tree_nodes.h"
#include "sfumato/noise/law.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSlack = 1 + 1e-12;  // for what plain doubles round

/// v_j = 2^j / (2^(j+1) - 1): the share of its own noisy sum in a node's estimate, and the variance of
/// that estimate next to that of one noisy sum.
double share(int level) noexcept {
  return 1 / (2 - std::ldexp(1.0, -level));
}

bool is_set(std::int64_t step, int level) noexcept {
  return (step >> level & 1) != 0;
}

/// Noisy sums by weight: in the estimate of a node of level j those below it on level l all weigh
/// v_l·Π (1 - v_i), over i in l+1 … j.
std::vector<LaplaceTerms> weights_at(std::int64_t step) {
  std::vector<LaplaceTerms> weights;
  for (int top = 0; top < tree_levels(step); ++top) {
    if (!is_set(step, top)) continue;
    double rest = 1;
    for (int level = top; level >= 0; --level) {
      weights.push_back({rest * share(level), std::ldexp(1.0, top - level)});
      rest *= 1 - share(level);
    }
  }
  return weights;
}

/// Whichever of the two has the smaller standard error, if it can be had.
template <class Noise>
Result<Noise> better(Result<LaplaceMechanism> laplace, Result<GaussianMechanism> gaussian) {
  if (!laplace && !gaussian) return std::move(laplace).error();
  if (laplace && (!gaussian || laplace->standard_error() <= gaussian->standard_error()))
    return Noise(*std::move(laplace));
  return Noise(*std::move(gaussian));
}

}  // namespace

struct BinaryTreeMechanism::State {
  explicit State(std::int64_t horizon)
      : nodes(horizon), estimates(static_cast<std::size_t>(tree_levels(horizon))) {}

  TreeNodes nodes;
  std::vector<double> estimates;  ///< by level: e_j of the node that awaits its right sibling
  double latest = 0;
};

BinaryTreeMechanism::BinaryTreeMechanism(const ContinualParams& params, Noise noise)
    : params_(params), noise_(std::move(noise)), state_(std::make_unique<State>(params.horizon)) {}
BinaryTreeMechanism::BinaryTreeMechanism(BinaryTreeMechanism&&) noexcept = default;
BinaryTreeMechanism& BinaryTreeMechanism::operator=(BinaryTreeMechanism&&) noexcept = default;
BinaryTreeMechanism::~BinaryTreeMechanism() = default;

Result<BinaryTreeMechanism::Noise> BinaryTreeMechanism::noise_for(const ContinualParams& params) {
  const TreeMove move = tree_move(params.horizon, params.max_steps);
  const Enclosure each(params.per_step.value());
  const auto l1 = L1Sensitivity::make((Enclosure::whole(move.l1) * each).upper());
  if (!l1) return l1.error();
  const auto l2 = L2Sensitivity::make((sqrt(enclosed(move.squared)) * each).upper());
  if (!l2) return l2.error();

  if (const auto* total = std::get_if<ConcentratedTotal>(&params.total)) {
    auto made = GaussianMechanism::make(GaussianRhoParams{.rho = total->rho, .sensitivity = *l2});
    if (!made) return std::move(made).error();
    return Noise(*std::move(made));
  }
  const auto& total = std::get<ApproximateTotal>(params.total);
  auto laplace = LaplaceMechanism::make({.epsilon = total.epsilon, .sensitivity = *l1});
  if (!(total.delta.value() > 0)) {
    if (!laplace) return std::move(laplace).error();
    return Noise(*std::move(laplace));
  }
  return better<Noise>(std::move(laplace),
                       GaussianMechanism::make(GaussianParams{
                           .epsilon = total.epsilon, .delta = total.delta, .sensitivity = *l2}));
}

Result<BinaryTreeMechanism> BinaryTreeMechanism::make(const ContinualParams& params) {
  if (Status checked = check(params, kMaxHorizon); !checked) return std::move(checked).error();
  Result<Noise> noise = noise_for(params);
  if (!noise) return std::move(noise).error();
  return BinaryTreeMechanism(params, *std::move(noise));
}

Result<double> BinaryTreeMechanism::release(int128 total, BitSource& bits) {
  if (!state_ || state_->nodes.steps() == params_.horizon)
    return Error{Errc::refused, "horizon", "all steps that the stream was made for are answered"};
  std::vector<double>& estimates = state_->estimates;
  const std::span<const int128> closing = state_->nodes.add(total);
  double estimate = 0;
  for (std::size_t level = 0; level < closing.size(); ++level) {
    const Dyadic sum{closing[level], params_.exponent};
    const double noisy =
        std::visit([&](const auto& noise) { return noise.release(sum, bits); }, noise_);
    const double below = level == 0 ? noisy : estimates[level - 1] + estimate;
    estimate = below + share(static_cast<int>(level)) * (noisy - below);
  }
  estimates[closing.size() - 1] = estimate;
  add_up();
  return state_->latest;
}

/// The answer at the step that was taken last.
void BinaryTreeMechanism::add_up() {
  state_->latest = 0;
  for (int level = tree_levels(steps()) - 1; level >= 0; --level)
    if (is_set(steps(), level))
      state_->latest += state_->estimates[static_cast<std::size_t>(level)];
}

BinaryTreeMechanism::Memory BinaryTreeMechanism::memory() const {
  Memory memory{steps(), std::vector<int128>(state_->estimates.size()),
                std::vector<double>(state_->estimates.size())};
  for (std::size_t level = 0; level < memory.sums.size(); ++level)
    if (is_set(memory.steps, static_cast<int>(level))) {
      memory.sums[level] = state_->nodes.waiting()[level];
      memory.estimates[level] = state_->estimates[level];
    }
  return memory;
}

Result<BinaryTreeMechanism> BinaryTreeMechanism::from(const ContinualParams& params,
                                                      const Memory& memory) {
  Result<BinaryTreeMechanism> tree = make(params);
  if (!tree) return tree;
  const auto levels = static_cast<std::size_t>(tree_levels(params.horizon));
  bool sound = memory.steps >= 0 && memory.steps <= params.horizon &&
               memory.sums.size() == levels && memory.estimates.size() == levels;
  for (std::size_t level = 0; sound && level < levels; ++level) {
    const bool waits = is_set(memory.steps, static_cast<int>(level));
    sound = std::isfinite(memory.estimates[level]) &&
            (waits || (memory.sums[level] == 0 && memory.estimates[level] == 0));
  }
  if (!sound) return Error{Errc::malformed, "state", "is not that of such a stream"};
  tree->state_->nodes = TreeNodes(memory.steps, memory.sums);
  tree->state_->estimates = memory.estimates;
  tree->add_up();
  return tree;
}

std::int64_t BinaryTreeMechanism::steps() const noexcept {
  return state_ ? state_->nodes.steps() : params_.horizon;
}

double BinaryTreeMechanism::latest() const noexcept {
  return state_ ? state_->latest : 0;
}

double BinaryTreeMechanism::standard_error(std::int64_t step) const noexcept {
  if (step < 1 || step > params_.horizon) return kInfinity;
  double variance = 0;
  for (int level = 0; level < tree_levels(step); ++level)
    if (is_set(step, level)) variance += share(level);
  return std::visit([](const auto& noise) { return noise.standard_error(); }, noise_) *
         std::sqrt(variance) * kSlack;
}

double BinaryTreeMechanism::half_width(std::int64_t step, double confidence) const {
  if (step < 1 || step > params_.horizon || !(confidence > 0 && confidence < 1)) return kInfinity;
  if (step == 1)
    return std::visit([&](const auto& noise) { return noise.half_width(confidence); }, noise_);
  std::vector<LaplaceTerms> terms = weights_at(step);
  double rounding = 0;  // each noisy sum is off by half a grid step at most
  double squares = 0;
  for (LaplaceTerms& term : terms) {
    rounding += term.scale * term.count / 2;
    squares += term.scale * term.scale * term.count;
    term.scale *= scale();
  }
  if (const auto* gaussian = std::get_if<GaussianMechanism>(&noise_))
    return (gaussian_half_width(gaussian->noise().scale(), confidence) * std::sqrt(squares) +
            std::ldexp(rounding, gaussian->noise().grid())) *
           kSlack;
  return (laplace_sum_half_width(terms, confidence) +
          std::ldexp(rounding, std::get<LaplaceMechanism>(noise_).noise().grid())) *
         kSlack;
}

PrivacyTotal BinaryTreeMechanism::cost() const noexcept {
  if (const auto* gaussian = std::get_if<GaussianMechanism>(&noise_)) return gaussian->cost();
  return ApproximateTotal{std::get<LaplaceMechanism>(noise_).cost(), 0.0_delta};
}

double BinaryTreeMechanism::scale() const noexcept {
  return std::visit([](const auto& noise) { return noise.noise().scale().to_double_up(); }, noise_);
}

}  // namespace sfumato
