#pragma once

#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

/// Reads releases as people write them, in exact decimals:
///
///     gaussian(sigma=10)*10, laplace(scale=2, sensitivity=3), poisson(q=0.01, gaussian(sigma=1.1))*1000
///
/// Laws: gaussian(sigma=) laplace(scale=) discrete_gaussian(sigma=) discrete_laplace(scale=) skellam(mu=)
/// polya(scale=, parts=, present=) discrete_gaussian_sum(sigma=, parts=), each with sensitivity= where it is not 1; pure(epsilon=) approx(epsilon=, delta=) pure_rr(epsilon=)
/// randomized_response(p=, categories=) exponential(epsilon=) zcdp(rho=) rdp(alpha=, epsilon=); and
/// poisson(q=, EVENT) without_replacement(n=, m=, EVENT) of one of these. `*k` repeats, k whole and at
/// most 10^18; the comma composes. Spaces may stand between any two words or signs.
///
/// What cannot be read is told with the character at which it stands, counted from 1.
///
/// Proof   docs/proofs/account/event_text.md
Result<std::vector<Event>> parse_events(std::string_view text);

}  // namespace sfumato
