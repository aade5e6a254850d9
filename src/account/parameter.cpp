#include "account/parameter.h"

namespace sfumato {
namespace {

Status require(bool sound, const char* where, const char* message) {
  if (sound) return ok();
  return Error{Errc::invalid_parameter, where, message};
}

/// x <= 1, though no double may hold x: what lies above 1 has an upper end above 1.
bool at_most_one(const Exact& x) {
  return x.is_finite() && x.upper() <= 1;
}

}  // namespace

Status check_not_negative(const char* where, const Exact& x) {
  return require(x.is_finite() && x.sign() >= 0, where, "must be finite and at least 0");
}

Status check_positive(const char* where, const Exact& x) {
  return require(x.is_finite() && x.sign() > 0, where, "must be finite and above 0");
}

Status check_probability(const char* where, const Exact& x) {
  return require(at_most_one(x) && x.sign() >= 0, where, "must lie in [0, 1]");
}

Status check_share(const char* where, const Exact& x) {
  return require(at_most_one(x) && x.sign() > 0, where, "must lie in (0, 1]");
}

Status check_order(const Exact& alpha) {
  return require(alpha.is_finite() && alpha.upper() > 1, "alpha", "must be finite and above 1");
}

}  // namespace sfumato
