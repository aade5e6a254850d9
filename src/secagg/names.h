#pragma once

#include <string>

#include "sfumato/base/result.h"

namespace sfumato {

inline constexpr std::size_t kLongestName = 100;

/// Refuses what is no name: UTF-8 of 1 to 100 bytes, none of them a control character, as a ledger's.
Status check_joint_name(const std::string& name, const char* where);

}  // namespace sfumato
