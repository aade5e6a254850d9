#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/store.h"

namespace sfumato {

/// `part` for each of the orders that an account has room for, with its number, from 0, in place of # and
/// 6 more in place of @.
std::string for_each_order(std::string_view between, std::string_view part);

/// Makes the tables of an empty file, within a transaction. Refuses a file that holds something.
Status make_tables(Store& store);

/// Refuses a file that is no ledger, or one of a later form.
Status check_tables(Store& store);

}  // namespace sfumato
