#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// Where something begins in a file, both from 1.
struct TomlPlace {
  unsigned line = 1, column = 1;
};

struct TomlEntry;

struct TomlValue {
  TomlPlace place;
  std::variant<std::string, bool, Decimal, std::vector<TomlValue>, std::vector<TomlEntry>> is;
};

struct TomlEntry {
  std::string key;
  TomlPlace place;
  TomlValue value;
};

using TomlTable = std::vector<TomlEntry>;

/// Where something goes wrong: "policy.toml:3:7".
std::string at(const std::string& path, TomlPlace place);

/// The table that a TOML 1.0 document is, in its order. Numbers are the decimals nearest to what stands
/// there; dates, and numbers that are none, are refused.
Result<TomlTable> read_toml(std::string_view text, const std::string& path);

}  // namespace sfumato
