#pragma once

#include <memory>
#include <string>

#include "ledger/store.h"

namespace sfumato {

/// A ledger in one file: SQLite, WAL, `synchronous = FULL`.
Result<std::unique_ptr<Store>> open_sqlite(const std::string& path);
Result<std::unique_ptr<Store>> create_sqlite(const std::string& path);

}  // namespace sfumato
