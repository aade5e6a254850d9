#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "base/enclosure.h"
#include "base/normal_tail.h"
#include "sfumato/account/composition.h"

// Random mixtures, composed once by the accountant and once by adding up all outcomes in enclosures of
// 256 bits.

namespace sfumato {
namespace {

struct Outcome {
  Enclosure loss;
  Enclosure mass;
};

/// What one random event is: for the accountant, and as its outcomes in one direction.
struct Drawn {
  Event event;
  std::vector<Outcome> outcomes;
  Enclosure infinite = Enclosure(0);
};

std::vector<Outcome> response(const Enclosure& epsilon, const Enclosure& scale) {
  const Enclosure odds = exp(epsilon);
  return {{epsilon, scale * odds / (1 + odds)}, {-epsilon, scale / (1 + odds)}};
}

/// Whole steps of 1/16 mostly, so that lattices are shared.
double epsilon_of(std::mt19937_64& random) {
  const double any = std::uniform_real_distribution<double>(0.05, 1.5)(random);
  return random() % 16 ? std::ceil(any * 16) / 16 : any;
}

Drawn draw(std::mt19937_64& random) {
  const auto count = static_cast<std::int64_t>(1 + random() % 4);
  const double e = epsilon_of(random);
  const Enclosure one(1);
  switch (random() % 4) {
    case 0:
      return {{PureLoss{e}, NoSampling{}, count}, response(Enclosure(e), one)};
    case 1: {
      const double delta = std::ldexp(static_cast<double>(random() % 1000), -20);
      return {{ApproximateLoss{e, delta}, NoSampling{}, count},
              response(Enclosure(e), 1 - Enclosure(delta)),
              Enclosure(delta)};
    }
    case 2: {
      const auto k = static_cast<std::int64_t>(2 + random() % 5);
      const double p = std::ldexp(static_cast<double>(1 + random() % 255), -8);
      const Enclosure wrong = Enclosure(p) / Enclosure::whole(k);
      const Enclosure right = 1 - Enclosure(p) + wrong;
      const Enclosure loss = log(right) - log(wrong);
      return {{RandomizedResponseLoss{p, k}, NoSampling{}, count},
              {{loss, right}, {-loss, wrong}, {Enclosure(0), 1 - right - wrong}}};
    }
    default: {
      const auto d = static_cast<std::int64_t>(1 + random() % 3);
      Drawn drawn{{DiscreteLaplaceLoss{1 / e, d}, NoSampling{}, count}, {}};
      const Enclosure s = 1 / Enclosure(1 / e), edge = Enclosure::whole(d) * s;
      const Enclosure t = exp(-s);
      drawn.outcomes.push_back({edge, 1 / (1 + t)});
      for (std::int64_t x = 1; x < d; ++x)
        drawn.outcomes.push_back({Enclosure::whole(d - 2 * x) * s,
                                  (1 - t) / (1 + t) * power(t, static_cast<unsigned>(x))});
      drawn.outcomes.push_back({-edge, power(t, static_cast<unsigned>(d)) / (1 + t)});
      return drawn;
    }
  }
}

std::vector<Outcome> added(const std::vector<Outcome>& a, const std::vector<Outcome>& b) {
  std::vector<Outcome> all;
  for (const Outcome& x : a)
    for (const Outcome& y : b) all.push_back({x.loss + y.loss, x.mass * y.mass});
  return all;
}

/// δ at any real ε, of Gaussian noise or of none.
Enclosure delta_of(double noise, const Enclosure& epsilon) {
  if (noise == 0) return max(1 - exp(epsilon), Enclosure(0));
  const Enclosure mu(noise);
  return normal_tail(epsilon / mu - mu / 2) - exp(epsilon) * normal_tail(epsilon / mu + mu / 2);
}

/// Ten thousand where SFUMATO_LONG asks for them, each with up to 100 outcomes.
int mixtures() {
  return std::getenv("SFUMATO_LONG") ? 10'000 : 500;
}

struct Mixture {
  std::vector<Event> events;
  std::vector<Outcome> outcomes{{Enclosure(0), Enclosure(1)}};
  Enclosure finite = Enclosure(1);
  double mu = 0;  // of Gaussian noise, which no outcomes were added up for
};

void add_noise(std::mt19937_64& random, Mixture& mixture) {
  mixture.mu = std::ldexp(static_cast<double>(1 + random() % 512), -8);
  mixture.events.push_back({GaussianLoss{1.0, mixture.mu}});
}

Mixture mixed(std::mt19937_64& random) {
  Mixture mixture;
  for (std::uint64_t kinds = 1 + random() % 3; kinds > 0; --kinds) {
    const Drawn drawn = draw(random);
    const double more = std::pow(static_cast<double>(drawn.outcomes.size()),
                                 static_cast<double>(drawn.event.count));
    if (static_cast<double>(mixture.outcomes.size()) * more > 100) continue;
    mixture.events.push_back(drawn.event);
    for (std::int64_t i = 0; i < drawn.event.count; ++i) {
      mixture.outcomes = added(mixture.outcomes, drawn.outcomes);
      mixture.finite = mixture.finite * (1 - drawn.infinite);
    }
  }
  if (random() % 8) add_noise(random, mixture);
  return mixture;
}

Enclosure by_outcomes(const Mixture& mixture, double epsilon) {
  Enclosure sum = 1 - mixture.finite;
  for (const Outcome& outcome : mixture.outcomes)
    sum = sum + outcome.mass * delta_of(mixture.mu, Enclosure(epsilon) - outcome.loss);
  return sum;
}

TEST(RandomMixtures, TheBoundsEncloseTheSumOverAllOutcomes) {
  std::mt19937_64 random(20260708);
  int close = 0, asked = 0;
  const int count = mixtures();
  for (int i = 0; i < count; ++i) {
    const Mixture mixture = mixed(random);
    if (mixture.events.empty()) continue;
    const double epsilon = std::uniform_real_distribution<double>(0, 3)(random);
    const Enclosure truth = by_outcomes(mixture, epsilon);
    ASSERT_LT(truth.upper() - truth.lower(), 1e-15);
    const Guarantee answer =
        sfumato::Composition::make({.events = mixture.events}).value().delta(epsilon).value();
    ++asked;
    close += answer.met;
    EXPECT_GE(answer.bound.upper, truth.lower()) << i << " " << answer.method;
    EXPECT_LE(answer.bound.lower, truth.upper()) << i << " " << answer.method;
    EXPECT_LT(answer.bound.upper - answer.bound.lower, 0.002) << i << " " << answer.method;
  }
  EXPECT_GT(close, asked / 2);
}

}  // namespace
}  // namespace sfumato
