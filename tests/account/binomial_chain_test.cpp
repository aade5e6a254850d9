#include "account/binomial_chain.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sfumato {
namespace {

/// The sum as it stands, in 256 bits: all terms, none bounded.
Enclosure plainly(std::int64_t k, std::int64_t n, const Enclosure& x) {
  Enclosure sum(0), term(1);
  for (std::int64_t l = n; l >= 0; --l) {
    sum = sum + term;
    term = term * Enclosure::whole(l) / Enclosure::whole(k - l + 1) * x;
  }
  return sum;
}

TEST(BinomialChain, FewTermsAgreeWithThePlainSum) {
  for (const std::int64_t n : {0, 1, 5, 40, 50})
    for (const double x : {0.25, 0.9, 1.0}) {
      const Enclosure chain = binomial_chain(100, n, x), plain = plainly(100, n, x);
      EXPECT_FALSE(chain.certainly_above(plain) || plain.certainly_above(chain)) << n << ' ' << x;
      EXPECT_TRUE(chain.tight(100)) << n << ' ' << x;
    }
}

TEST(BinomialChain, ManyTermsAgreeWithThePlainSum) {
  for (const double x : {0.999, 1.0, 1.001}) {
    const Enclosure chain = binomial_chain(200000, 99000, x), plain = plainly(200000, 99000, x);
    EXPECT_FALSE(chain.certainly_above(plain) || plain.certainly_above(chain)) << x;
    EXPECT_TRUE(chain.tight(44)) << x;
    EXPECT_FALSE(chain.tight(60)) << "the error of long double is not left out";
  }
}

TEST(BinomialChain, WiderOperandsAreSummedInTheirPrecision) {
  const Enclosure fast = binomial_chain(1'000'000, 499'000, Enclosure(0.9999));
  const Enclosure slow = binomial_chain(1'000'000, 499'000, Enclosure(0.9999, 512));
  EXPECT_FALSE(fast.certainly_above(slow) || slow.certainly_above(fast));
  EXPECT_TRUE(slow.tight(200));
}

TEST(BinomialChain, WhereRatiosAreSmallOneTermIsNearlyAll) {
  EXPECT_NEAR(binomial_chain(1'000'000'000'000'000'000, 7, 0.5).upper(), 1, 3e-16);
  EXPECT_EQ(binomial_chain(10, 0, 0.5).bounds(), (Bounds{1, 1}));
}

}  // namespace
}  // namespace sfumato
