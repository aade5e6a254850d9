#pragma once

#include <string>
#include <utility>

namespace sfumato {

class Ledger;

/// Leave to release once: what a budget gives for what was spent.
///
/// Move-only, and consumed by the release that takes it, so that a release without a charge, or two
/// on one charge, do not compile. `Ledger::spend` mints permits; `unaccounted` is for programs that
/// keep their books elsewhere, and grep finds each use.
class [[nodiscard]] Permit {
 public:
  /// A permit that no budget paid for; `reason` says who keeps the books instead.
  static Permit unaccounted(std::string reason) { return Permit(std::move(reason)); }

  Permit(Permit&&) noexcept = default;
  Permit& operator=(Permit&&) noexcept = default;
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

  const std::string& reason() const noexcept { return reason_; }

 private:
  friend class Ledger;
  explicit Permit(std::string reason) : reason_(std::move(reason)) {}

  std::string reason_;
};

}  // namespace sfumato
