#pragma once

#include <string>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// A ledger in a PostgreSQL database, as `postgresql://user:password@host:port/database?…#schema`
/// names it: what stands before `#` is libpq's, what follows is the schema that holds the ledger and
/// nothing else (`sfumato` where nothing follows). So a database may hold any number of them.
struct PostgresName {
  std::string url;     ///< for libpq
  std::string schema;  ///< small letters, digits and _, so that it needs no quotes
  std::string shown;   ///< for messages: no password, and no parameters, which may hold one

  /// What is wrong is never quoted: a password that was written badly could lie anywhere.
  static Result<PostgresName> parse(std::string_view ledger);
};

/// Whether it begins as such a URL does; else it is the path of a file.
bool is_postgres_url(std::string_view ledger) noexcept;

}  // namespace sfumato
