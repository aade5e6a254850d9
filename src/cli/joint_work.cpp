#include "cli/joint_work.h"

#include <algorithm>

#include "cli/numbers.h"

namespace sfumato {
namespace {

constexpr double kLongestWait = 1e8;  // seconds: what a clock can add, and nobody outlives

}  // namespace

Result<double> seconds_of(const std::optional<std::string>& text, const char* where) {
  if (!text) return 0.0;
  const auto read = read_decimal(*text, where);
  if (!read) return read.error();
  if (read->sign() < 0) return Error{Errc::invalid_parameter, where, "must not be negative"};
  return std::min(read->to_double_up(), kLongestWait);
}

Result<Ledger> ledger_of(const JointPolicy& policy, const SigningKey& key) {
  auto ledger = Ledger::open(policy.ledger, "owner");
  if (!ledger || !ledger->holds_keys()) return ledger;
  auto again = SigningKey::from_seed(Secret(key.seed().view()));
  if (!again) return std::move(again).error();
  return Ledger::open(policy.ledger, LedgerSigner::of(*std::move(again)));
}

}  // namespace sfumato
