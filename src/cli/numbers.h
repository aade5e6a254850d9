#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/delta.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/rho.h"

namespace sfumato {

/// An exact decimal; `where` names the flag without its dashes.
Result<Decimal> read_decimal(const std::string& text, const char* where);

/// A whole number from `least` to `most`; 1e6 is one, too.
Result<std::int64_t> read_whole(const std::string& text, const char* where, std::int64_t least,
                                std::int64_t most);

/// A number of bytes, as in 512M: whole, with K, M, G or T for powers of 1024.
Result<std::uint64_t> read_size(const std::string& text, const char* where);

/// How many threads: as many as there are processors, unless said otherwise.
Result<int> threads_of(const std::optional<std::string>& text);

/// The double next below what is written: never a weaker guarantee than was asked for.
Result<Epsilon> epsilon_of(const Decimal& written);
Result<Delta> delta_of(const Decimal& written);
Result<Rho> rho_of(const Decimal& written);

}  // namespace sfumato
