#pragma once

#include "ledger/store.h"

namespace sfumato {

/// Computes all hashes, budgets, roles and charges anew from the log, within one transaction, and
/// compares them with what the file says.
Status verify_all(Store& store);

}  // namespace sfumato
