#include "account/binomial_chain.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sfumato {
namespace {

/// Up to here terms are added at full precision: it takes a microsecond each.
constexpr std::int64_t kFew = 512;

/// How many terms make up all but 2^-bits of the sum, at most `most`: it only says where to stop.
std::int64_t depth(std::int64_t k, std::int64_t n, double x, int bits, std::int64_t most) {
  const double least = std::exp2(-bits);
  double term = 1;
  std::int64_t j = 0;
  while (j < std::min(n, most) && term > least) {
    const auto l = static_cast<double>(n - j++);
    term *= l / (static_cast<double>(k) - l + 1) * x;
  }
  return j;
}

/// w(l)·x.
Enclosure ratio(std::int64_t k, std::int64_t l, const Enclosure& x) {
  const auto above = static_cast<std::uint64_t>(l);
  return Enclosure::ratio(above, static_cast<std::uint64_t>(k - l) + 1, x.bits()) * x;
}

/// All that follows a term whose ratio to the next is r, as a multiple of it: the ratios fall.
Enclosure rest(const Enclosure& r) {
  return Enclosure::hull(Enclosure(0), r / (1 - r));
}

Enclosure precisely(std::int64_t k, std::int64_t n, std::int64_t terms, const Enclosure& x) {
  Enclosure sum = 1 + rest(ratio(k, n - terms, x));
  for (std::int64_t j = terms - 1; j >= 0; --j) sum = 1 + ratio(k, n - j, x) * sum;
  return sum;
}

Enclosure exactly(long double value) {
  const auto high = static_cast<double>(value);
  return Enclosure(high) + Enclosure(static_cast<double>(value - high));  // 53 bits and the rest
}

/// Five roundings a term: w, x as a long double, their product, that with the sum, and the sum.
Enclosure quickly(std::int64_t k, std::int64_t n, std::int64_t terms, const Enclosure& x) {
  const auto factor = static_cast<long double>(x.lower()) +
                      static_cast<long double>((x - Enclosure(x.lower())).lower());
  long double sum = 1, product = 1;
  for (std::int64_t j = terms - 1; j >= 0; --j) {
    const std::int64_t l = n - j;
    const long double r =
        static_cast<long double>(l) / static_cast<long double>(k - l + 1) * factor;
    sum = 1 + r * sum;
    product *= r;
  }
  const Enclosure unit = Enclosure(std::numeric_limits<long double>::epsilon()).scaled(-1);
  const Enclosure error = (Enclosure::whole(terms) * 5 + 8) * unit * 2;
  const Enclosure either = Enclosure::hull(1 - error, 1 + error);
  const Enclosure last = exactly(std::fmax(product, 1e-300L));  // it may have underflowed
  return exactly(sum) * either +
         Enclosure::hull(Enclosure(0), last * either) * rest(ratio(k, n - terms, x));
}

}  // namespace

Enclosure binomial_chain(std::int64_t k, std::int64_t n, const Enclosure& x) {
  const bool fine = x.bits() > Enclosure::kBits;
  const std::int64_t terms = depth(k, n, x.upper(), x.bits() / 2, fine ? n : kFew + 1);
  if (fine || terms <= kFew) return precisely(k, n, terms, x);
  return quickly(k, n, depth(k, n, x.upper(), 80, n), x);
}

}  // namespace sfumato
