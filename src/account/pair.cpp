#include "account/pair.h"

#include "base/normal_tail.h"

namespace sfumato {
namespace {

constexpr int kNearCells = 1536;  // within 10σ of either mean
constexpr int kFarCells = 128;    // beyond, on either side
constexpr double kNear = 10;
constexpr double kFar = 39;  // the normal law has less than 1e-330 beyond it

/// The law of loss of the reverse pair: L under P becomes -L under Q.
Enclosure mass_under_q(const LossAtom& atom) {
  return atom.mass * exp(-atom.loss);
}

/// log(1 - q + q·e^L)
Enclosure mixed(const Enclosure& loss, const Enclosure& q) {
  return log1p(q * expm1(loss));
}

bool is_positive(const Enclosure& x) {
  return x.lower() > 0;
}

}  // namespace

// p_a + p_b = p and p_a·e^-a + p_b·e^-b = q.
std::vector<LossAtom> split(const std::vector<Cell>& cells) {
  const Enclosure zero(0);
  std::vector<LossAtom> atoms{{cells.front().low, zero}};
  for (const Cell& cell : cells) {
    const Enclosure scale = exp(-cell.low) - exp(-cell.high);
    const Enclosure at_low = max((cell.q - cell.p * exp(-cell.high)) / scale, zero);
    const Enclosure at_high = max((cell.p * exp(-cell.low) - cell.q) / scale, zero);
    atoms.back().mass = atoms.back().mass + at_low;
    atoms.push_back({cell.high, at_high});
  }
  return atoms;
}

std::vector<LossAtom> merged(const std::vector<Cell>& cells) {
  std::vector<LossAtom> atoms;
  for (const Cell& cell : cells) atoms.push_back({log(cell.p / cell.q), cell.p});
  return atoms;
}

Pair sampled(const Pair& pair, const Enclosure& q) {
  Pair result{{}, q * pair.only_p};
  for (const LossAtom& atom : pair.atoms)
    result.atoms.push_back({mixed(atom.loss, q), (1 - q) * mass_under_q(atom) + q * atom.mass});
  if (pair.only_q.upper() > 0 && (1 - q).lower() > 0)
    result.atoms.push_back({log1p(-q), (1 - q) * pair.only_q});
  return result;
}

Pair sampled_reversed(const Pair& pair, const Enclosure& q) {
  Pair result{{}, Enclosure(0), q * pair.only_p};
  for (const LossAtom& atom : pair.atoms)
    result.atoms.push_back({-mixed(atom.loss, q), mass_under_q(atom)});
  if (pair.only_q.upper() > 0 && (1 - q).lower() > 0)
    result.atoms.push_back({-log1p(-q), pair.only_q});
  return result;
}

Pair sampled_replacing(const Pair& pair, const Enclosure& q) {
  const Pair forth = sampled(pair, q), back = sampled_reversed(pair, q);
  Pair result{{}, forth.only_p, back.only_q};
  Enclosure rest = 1 - forth.only_p, middle(0);
  const auto keep = [&](const LossAtom& atom) {
    rest = rest - atom.mass;
    result.atoms.push_back(atom);
  };
  for (const LossAtom& atom : forth.atoms) {
    if (is_positive(atom.loss))
      keep(atom);
    else if (atom.loss.upper() > 0)
      middle = Enclosure::hull(middle, atom.loss);  // can't be told from 0
  }
  for (const LossAtom& atom : back.atoms)
    if (is_positive(-atom.loss)) keep(atom);
  result.atoms.push_back({middle, max(rest, Enclosure(0))});
  return result;
}

// Between its atoms at ±ε the density is e^((l - ε)/2)/4 under P and e^-l times that under Q.
Pairs laplace_pairs(const Enclosure& epsilon, int count) {
  std::vector<Cell> cells;
  const Enclosure width = epsilon.scaled(1) / count;
  const auto mass = [&](const Enclosure& l) { return exp((l - epsilon).scaled(-1)).scaled(-1); };
  for (int i = 0; i < count; ++i) {
    const Enclosure low = Enclosure(i) * width - epsilon, high = Enclosure(i + 1) * width - epsilon;
    cells.push_back({low, high, mass(high) - mass(low), mass(-low) - mass(-high)});
  }
  Pairs pairs{{split(cells)}, {merged(cells)}};
  for (Pair* pair : {&pairs.above, &pairs.below}) {
    pair->atoms.push_back({epsilon, Enclosure(0.5)});
    pair->atoms.push_back({-epsilon, exp(-epsilon).scaled(-1)});
  }
  return pairs;
}

namespace {

/// Where cells of the normal pair begin and end: narrow ones in the middle.
std::vector<double> borders(double mu) {
  std::vector<double> all;
  const double far = (kFar - kNear) / kFarCells, near = (mu + 2 * kNear) / kNearCells;
  for (int i = 0; i < kFarCells; ++i) all.push_back(i * far - kFar);
  for (int i = 0; i < kNearCells; ++i) all.push_back(i * near - kNear);
  for (int i = 0; i <= kFarCells; ++i) all.push_back(mu + kNear + i * far);
  return all;
}

/// Near 0 erfc costs less than the continued fraction, far out more.
Enclosure tail(const Enclosure& x) {
  return x.upper() < 12 ? erfc(x / sqrt(Enclosure(2))).scaled(-1) : normal_tail(x);
}

/// Masses between borders, by the tails on that side where they are small.
std::vector<Enclosure> masses(const std::vector<double>& at, const Enclosure& mean) {
  std::vector<Enclosure> result;
  Enclosure last(0);
  for (std::size_t i = 0; i < at.size(); ++i) {
    const Enclosure y = Enclosure(at[i]) - mean;
    const bool left = y.upper() <= 0;
    Enclosure next = tail(left ? -y : y);
    const bool crossed = !left && i > 0 && (Enclosure(at[i - 1]) - mean).upper() <= 0;
    if (i > 0) result.push_back(crossed ? 1 - next - last : left ? next - last : last - next);
    last = next;
  }
  return result;
}

}  // namespace

// Under Q the outcome y is standard normal, under P about μ; the loss is μy - μ²/2. What lies beyond
// the cells counts as shown by one law alone above, and belongs to the outermost cells below.
Pairs gaussian_pairs(const Enclosure& mu) {
  const std::vector<double> at = borders(mu.upper());
  const Enclosure half = (mu * mu).scaled(-1);
  std::vector<Cell> cells;
  const std::vector<Enclosure> p = masses(at, mu), q = masses(at, Enclosure(0));
  for (std::size_t i = 0; i + 1 < at.size(); ++i) {
    const Enclosure a(at[i]), b(at[i + 1]);
    cells.push_back({mu * a - half, mu * b - half, p[i], q[i]});
  }
  const Enclosure low(at.front()), high(at.back());
  Pair above{split(cells), normal_tail(high - mu) + normal_tail(mu - low),
             normal_tail(high) + normal_tail(-low)};
  cells.front().p = cells.front().p + normal_tail(mu - low);
  cells.front().q = cells.front().q + normal_tail(-low);
  cells.back().p = cells.back().p + normal_tail(high - mu);
  cells.back().q = cells.back().q + normal_tail(high);
  return {above, {merged(cells)}};
}

// Noise beyond 39σ is left to infinity, enclosed by 0 and its mass: from term to term the masses beyond
// t fall by e^(-t/σ²) at least.
Pair discrete_gaussian_pair(const Enclosure& sigma, std::int64_t sensitivity) {
  const Enclosure rate = 1 / (sigma * sigma).scaled(1);
  const auto reach = static_cast<std::int64_t>(kFar * sigma.upper()) + 1 + sensitivity;
  const auto weight = [&](std::int64_t x) {
    return exp(-(rate * Enclosure::whole(x) * Enclosure::whole(x)));
  };
  std::vector<Enclosure> weights;
  Enclosure sum(0);
  for (std::int64_t x = 0; x <= reach; ++x) {
    weights.push_back(weight(x));
    sum = sum + (x == 0 ? weights[0] : weights.back().scaled(1));
  }
  const auto beyond = [&](std::int64_t t) {
    const Enclosure tail = weight(t) / expm1(rate.scaled(1) * Enclosure::whole(t));
    return Enclosure::hull(Enclosure(0), tail.scaled(1));
  };
  sum = sum + beyond(reach);
  Pair pair{{}, beyond(reach) / sum, beyond(reach - sensitivity) / sum};
  const Enclosure d = Enclosure::whole(sensitivity);
  for (std::int64_t x = -reach; x <= reach; ++x) {
    const Enclosure loss = rate * d * (d - Enclosure::whole(2 * x));
    pair.atoms.push_back({loss, weights[static_cast<std::size_t>(x < 0 ? -x : x)] / sum});
  }
  return pair;
}

}  // namespace sfumato
