#pragma once

#include <memory>
#include <string>

#include "ledger/store.h"

namespace sfumato {

/// A ledger in a schema of a PostgreSQL database, for programs on several hosts. What is stored there
/// is not looked at yet.
Result<std::unique_ptr<Store>> open_postgres(const std::string& url);

}  // namespace sfumato
