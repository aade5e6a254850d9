#pragma once

#include <string>

#include "sfumato/base/result.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// Refuses a head that can't come after, or be, one that was known of the same ledger: an older one, and another one
/// of the same number. Of a later one only its keeper can tell whether it comes after.
inline Status check_head(const LedgerHead& told, const LedgerHead& known,
                         const std::string& whose) {
  if (told.number < known.number)
    return Error{Errc::refused, "ledger of '" + whose + "'",
                 "must not be older than it was: it was rolled back"};
  if (told.number == known.number && told.hash != known.hash)
    return Error{Errc::refused, "ledger of '" + whose + "'",
                 "must be one ledger: it was told of in two ways, and so was forked"};
  return ok();
}

}  // namespace sfumato
