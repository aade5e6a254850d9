#include "fuzz/target.h"
#include "sfumato/account/event_text.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto events = parse_events(bytes);
  if (!events) return require(!events.error().message.empty());
  require(!events->empty());
  require(parse_events(std::string(" ").append(bytes).append(" ")).value() == *events);
}

std::vector<std::string> seeds() {
  return {"gaussian(sigma=10)*10, laplace(scale=2, sensitivity=3)",
          "poisson(q=0.01, gaussian(sigma=1.1))*1000",
          "without_replacement(n=100, m=10, laplace(scale=2))",
          "discrete_gaussian(sigma=3), discrete_laplace(scale=4)*1000000000000000000",
          "pure(epsilon=0.1), approx(epsilon=0.1, delta=1e-9), pure_rr(epsilon=1)",
          "randomized_response(p=0.75, categories=2), exponential(epsilon=1)",
          "zcdp(rho=0.5), rdp(alpha=2, epsilon=1)"};
}

}  // namespace sfumato
