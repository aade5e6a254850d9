#pragma once

#include <cstdint>

#include "ledger/store.h"

namespace sfumato {

/// Makes the tables of an empty file, within a transaction. Refuses a file that holds something.
Status make_tables(Store& store);

/// Refuses a file that is no ledger, or one of a later form.
Status check_tables(Store& store);

}  // namespace sfumato
