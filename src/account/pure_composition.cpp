#include "account/pure_composition.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "account/binomial_chain.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostAtoms = 1 << 14;

/// As many releases of the same ε, each of which is a coin of odds e^ε.
struct Coins {
  Exact epsilon;
  std::int64_t count;
};

struct Composed {
  std::vector<Coins> coins;                             // each ε once
  std::vector<std::pair<Exact, std::int64_t>> failing;  // δ and how often
};

void add(Composed& all, const Exact& epsilon, std::int64_t count) {
  if (epsilon.sign() == 0) return;  // tells nothing
  const auto same = std::find_if(all.coins.begin(), all.coins.end(),
                                 [&](const Coins& c) { return c.epsilon == epsilon; });
  if (same == all.coins.end())
    all.coins.push_back({epsilon, count});
  else
    same->count += count;
}

Composed gathered(std::span<const Event> events) {
  Composed all;
  for (const Event& event : events) {
    if (const auto* pure = std::get_if<PureLoss>(&event.loss)) add(all, pure->epsilon, event.count);
    if (const auto* binary = std::get_if<BinaryResponseLoss>(&event.loss))
      add(all, binary->epsilon, event.count);
    if (const auto* failing = std::get_if<ApproximateLoss>(&event.loss)) {
      add(all, failing->epsilon, event.count);
      all.failing.emplace_back(failing->delta, event.count);
    }
  }
  return all;
}

/// P(at most m of k coins say no) - e^ε · P'(the same), for 0 <= m <= k/2, where P says no with
/// odds of e^-e0 and P' with odds of e^e0: the δ of that event, and the largest if m is where the
/// loss (k-2l)·e0 comes down to ε.
Enclosure delta_of(std::int64_t k, std::int64_t m, const Enclosure& e0, const Enclosure& epsilon) {
  const int bits = epsilon.bits();
  const Enclosure whole_k = Enclosure::whole(k, bits), whole_m = Enclosure::whole(m, bits);
  const auto log_choose = [&](std::int64_t n) {
    return Enclosure::log_factorial(k, bits) - Enclosure::log_factorial(n, bits) -
           Enclosure::log_factorial(k - n, bits);
  };
  const Enclosure all_yes = whole_k * log1p(exp(-e0));  // -log P(no coin says no)
  const Enclosure log_p = log_choose(m) - whole_m * e0 - all_yes;
  const Enclosure log_q = log_p - (whole_k - whole_m.scaled(1)) * e0;
  const Enclosure under_q = exp(epsilon + log_q) * binomial_chain(k, m, exp(-e0));
  const double slope = static_cast<double>(m) / static_cast<double>(k - m + 1) * exp(e0).upper();
  if (slope < 1) return exp(log_p) * binomial_chain(k, m, exp(e0)) - under_q;
  const Enclosure next = log_choose(m + 1) - (whole_m + 1) * e0 - all_yes;  // P(m + 1 say no)
  return 1 - exp(next) * binomial_chain(k, k - m - 1, exp(-e0)) - under_q;
}

/// δ(ε) of k coins. The event is that at most m say no, m the greatest number below (k - ε/e0)/2; where
/// that is not certain, the better of the two neighbours.
Enclosure coins_delta(const Coins& coins, const Enclosure& epsilon) {
  const Enclosure e0 = Enclosure::exact(coins.epsilon, epsilon.bits());
  const std::int64_t k = coins.count;
  const Enclosure negative = (epsilon / e0 - Enclosure::whole(k)).scaled(-1);  // -(k - ε/e0)/2
  Enclosure delta(0);
  const std::int64_t least = -negative.floor_upper() - 1, most = -negative.floor_lower() - 1;
  for (std::int64_t m = std::max<std::int64_t>(least, 0); m <= most; ++m)
    delta = max(delta, delta_of(k, m, e0, epsilon));
  return delta;
}

/// One outcome of all coins: its mass under P and under P'.
struct Outcome {
  Enclosure p, q;
};

/// Each outcome so far with each number of noes among k more coins.
std::vector<Outcome> with(const std::vector<Outcome>& so_far, const Coins& coins) {
  const Enclosure e0 = Enclosure::exact(coins.epsilon), k = Enclosure::whole(coins.count);
  const Enclosure each = exp(-e0), none = exp(-(k * log1p(each)));
  std::vector<Outcome> all;
  for (std::int64_t no = 0; no <= coins.count; ++no) {
    const Enclosure ways =
        exp(Enclosure::log_factorial(coins.count) - Enclosure::log_factorial(no) -
            Enclosure::log_factorial(coins.count - no));
    const Enclosure yes = Enclosure::whole(coins.count - no);
    const Enclosure p = ways * none * exp(-(Enclosure::whole(no) * e0));
    const Enclosure q = ways * none * exp(-(yes * e0));
    for (const Outcome& outcome : so_far) all.push_back({outcome.p * p, outcome.q * q});
  }
  return all;
}

bool countable(const std::vector<Coins>& coins) {
  std::int64_t outcomes = 1;
  for (const Coins& c : coins) {
    if (c.count >= kMostAtoms / outcomes) return false;
    outcomes *= c.count + 1;
  }
  return true;
}

/// Σ (p - e^ε·q) over the outcomes where it is positive.
DeltaCurve counted(const std::vector<Coins>& coins) {
  std::vector<Outcome> outcomes{{Enclosure(1), Enclosure(1)}};
  for (const Coins& c : coins) outcomes = with(outcomes, c);
  return {[outcomes](const Enclosure& epsilon) {
    const Enclosure factor = exp(epsilon);
    Enclosure delta(0, epsilon.bits());
    for (const Outcome& o : outcomes) delta = delta + max(o.p - factor * o.q, Enclosure(0));
    return delta;
  }};
}

DeltaCurve of_coins(const std::vector<Coins>& coins) {
  if (coins.empty()) return {[](const Enclosure& epsilon) { return Enclosure(0, epsilon.bits()); }};
  if (coins.size() > 1) return counted(coins);
  const Coins all = coins.front();
  return {[all](const Enclosure& epsilon) { return coins_delta(all, epsilon); }, 30};
}

}  // namespace

bool is_pure_or_approximate(const Loss& loss) {
  return std::holds_alternative<PureLoss>(loss) || std::holds_alternative<ApproximateLoss>(loss) ||
         std::holds_alternative<BinaryResponseLoss>(loss);
}

Result<DeltaCurve> pure_composition(std::span<const Event> events) {
  const Composed all = gathered(events);
  if (all.coins.size() > 1 && !countable(all.coins))
    return Error{Errc::unsupported, "events",
                 "must have at most 16384 combinations of losses for the exact sum over them"};
  const DeltaCurve coins = of_coins(all.coins);
  if (all.failing.empty()) return coins;
  const auto failing = all.failing;
  return DeltaCurve{[coins, failing](const Enclosure& epsilon) {
                      const int bits = epsilon.bits();
                      Enclosure log_sound(0, bits);  // log Π (1 - δ)
                      for (const auto& [delta, count] : failing)
                        log_sound = log_sound + Enclosure::whole(count, bits) *
                                                    log1p(-Enclosure::exact(delta, bits));
                      const Enclosure given = coins.at(epsilon);
                      return given - (1 - given) * expm1(log_sound);
                    },
                    coins.tight};
}

}  // namespace sfumato
