#include "sfumato/aggregate/contribution.h"

#include <string>

namespace sfumato {
namespace {

Status within(const char* name, std::int64_t value) {
  if (value >= 1 && value <= std::int64_t{1} << 31) return ok();
  return Error{Errc::invalid_parameter, name,
               "must be a whole number from 1 to 2^31, is " + std::to_string(value)};
}

}  // namespace

Status check(const ContributionBounds& bounds) {
  if (Status groups = within("max-groups", bounds.max_groups); !groups) return groups;
  return within("max-rows", bounds.max_rows);
}

}  // namespace sfumato
