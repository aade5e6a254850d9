#include "sfumato/deid/safepub.h"

#include <algorithm>
#include <utility>

#include "base/enclosure.h"

namespace sfumato {
namespace {

/// Draws with probability β = 1 - e^-ε, and what they tell of one row more.
class Draws {
 public:
  explicit Draws(const Decimal& epsilon)
      : epsilon_(Enclosure::decimal(epsilon)),
        beta_(-expm1(-epsilon_)),
        gamma_(-expm1(-epsilon_ - epsilon_)),
        log_beta_(log(beta_)),
        odds_(expm1(epsilon_)),
        decay_(gamma_ * log(Enclosure(1) + exp(-epsilon_)) - epsilon_ * exp(-epsilon_ - epsilon_)) {
  }

  const Enclosure& beta() const noexcept { return beta_; }

  /// The least n with γn > m - 1, between two that are one number as good as always: among n rows of a class, to see m
  /// of them tells most.
  std::pair<std::int64_t, std::int64_t> telling(std::int64_t m) const {
    const Enclosure most = Enclosure::whole(m - 1) / gamma_;
    return {most.floor_lower() + 1, most.floor_upper() + 1};
  }

  /// P[Y >= m] - e^ε · P[X >= m], of Y among n rows and X among n - 1.
  Enclosure excess(std::int64_t m, std::int64_t n) const {
    const Enclosure before = mass(n - 1, m - 1);  // P[X = m - 1]
    return beta_ * before - odds_ * tail(n - 1, m, before * ratio(n - 1, m - 1));
  }

  /// No less than P[Y > γn], nor the same of more rows: exp(-n · KL(γ ‖ β)) (Chernoff).
  Enclosure beyond(std::int64_t n) const { return exp(-(Enclosure::whole(n) * decay_)); }

 private:
  Enclosure mass(std::int64_t n, std::int64_t j) const {
    const Enclosure ways =
        Enclosure::log_factorial(n) - Enclosure::log_factorial(j) - Enclosure::log_factorial(n - j);
    return exp(ways + Enclosure::whole(j) * log_beta_ - Enclosure::whole(n - j) * epsilon_);
  }

  /// P[X = j + 1] / P[X = j]; e^ε - 1 is β / (1 - β).
  Enclosure ratio(std::int64_t n, std::int64_t j) const {
    return Enclosure::ratio(static_cast<std::uint64_t>(n - j), static_cast<std::uint64_t>(j) + 1) *
           odds_;
  }

  /// P[X >= from], given P[X = from]. Ratios fall, so that what is left out is less than a geometric series.
  Enclosure tail(std::int64_t n, std::int64_t from, Enclosure term) const {
    Enclosure sum(0);
    for (std::int64_t j = from; j <= n; ++j) {
      sum = sum + term;
      const Enclosure next = ratio(n, j);
      term = term * next;
      if (Enclosure(0.9375).certainly_above(next) && sum.scaled(-160).certainly_above(term))
        return sum + Enclosure::hull(Enclosure(0), term.scaled(4));
    }
    return sum;
  }

  Enclosure epsilon_, beta_, gamma_, log_beta_, odds_, decay_;
};

Bounds delta_of(const Draws& draws, std::uint64_t k) {
  Bounds delta{0, 0};
  for (auto m = static_cast<std::int64_t>(k);; ++m) {
    const auto [first, last] = draws.telling(m);
    for (std::int64_t n = first; n <= last; ++n) {
      const Enclosure excess = draws.excess(m, n);
      delta = {std::max(delta.lower, excess.lower()), std::max(delta.upper, excess.upper())};
    }
    if (draws.beyond(draws.telling(m + 1).first).upper() <= delta.upper) return delta;
  }
}

}  // namespace

Bounds safepub_delta(const Decimal& epsilon, std::uint64_t k) {
  return delta_of(Draws(epsilon), k);
}

double SafePub::delta_of_rows(std::int64_t t) const {
  const Enclosure one = Enclosure::decimal(epsilon_);
  const Enclosure times = expm1(Enclosure::whole(t) * one) / expm1(one);
  return std::min(1.0, (Enclosure(delta_.upper) * times).upper());
}

Result<SafePub> SafePub::make(const Decimal& epsilon, const Decimal& delta) {
  const auto number = [](const char* text) { return Decimal::parse(text).value(); };
  if (epsilon < number("0.01") || number("5") < epsilon)
    return Error{Errc::invalid_parameter, "epsilon", "must be from 0.01 to 5"};
  if (epsilon.exponent() < -18)
    return Error{Errc::invalid_parameter, "epsilon", "must have at most 18 decimal places"};
  if (delta < number("1e-30") || !(delta < number("1")))
    return Error{Errc::invalid_parameter, "delta", "must be from 1e-30 to below 1"};
  const Result<Scale> scale = Scale::make(epsilon);
  if (!scale) return scale.error();
  SafePub made(epsilon, BernoulliExp(*scale));
  const Draws draws(epsilon);
  made.beta_ = draws.beta().bounds();
  const double limit = delta.to_double_down();
  std::uint64_t high = 1;
  while (delta_of(draws, high).upper > limit) high *= 2;
  for (std::uint64_t low = high / 2; high - low > 1;) {  // low is not enough
    const std::uint64_t middle = (low + high) / 2;
    (delta_of(draws, middle).upper > limit ? low : high) = middle;
  }
  made.k_ = high;
  made.delta_ = delta_of(draws, high);
  return made;
}

}  // namespace sfumato
