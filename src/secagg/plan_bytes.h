#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sfumato/base/decimal.h"
#include "sfumato/secagg/plan_terms.h"

namespace sfumato {

inline constexpr std::size_t kLongestTitle = 200;
inline constexpr std::size_t kLongestCell = 1000;
inline constexpr std::size_t kMostColumns = 1024;  // of a vector
inline constexpr std::size_t kMostGroups = 1 << 20;
inline constexpr std::size_t kMostGroupColumns = 16;
inline constexpr std::size_t kMostOperations = 64;
inline constexpr std::size_t kMostEdges = 1025;

/// Whether a number can stand in a plan: a coefficient of 63 bits, a power of ten within 10^±36.
bool is_plan_number(const Decimal& value) noexcept;

/// Terms of which nothing but the coordinator, who has no default, was told yet.
PlanTerms unread_terms(Organisation coordinated_by);

/// The bytes of checked terms.
std::string bytes_of(const PlanTerms& terms, const Digest& roster);

struct ReadPlan {
  Digest roster;
  PlanTerms terms;
};

/// None where the bytes have not the layout of a plan. What they say is not checked.
std::optional<ReadPlan> read_plan(std::string_view bytes);

}  // namespace sfumato
