#pragma once

#include <libpq-fe.h>

#include <string>
#include <vector>

#include "support/scratch.h"

namespace sfumato {

/// A PostgreSQL server of this machine's package (tests/support/postgres_server.py): one of a test's
/// own, which it may kill.
class PostgresServer {
 public:
  PostgresServer() { call("start"); }
  /// One that follows another, which lies there.
  explicit PostgresServer(const std::string& primary) { call("follow", primary); }
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// That of the whole run, where ctest has started one; else one of this process.
  static const std::string& shared();

  /// The directory of its socket; empty where none is installed.
  std::string place() const;
  void crash() const { call("crash"); }
  void again() const { call("again"); }

  /// The ledger in a schema of the server.
  static std::string url(const std::string& place, const std::string& schema) {
    return "postgresql://sfumato@/postgres?host=" + place + "#" + schema;
  }

 private:
  std::string command(const std::string& verb) const;
  void call(const std::string& verb, const std::string& argument = {}) const;

  Scratch scratch_;
};

/// Runs statements as whoever keeps the server; the cells of the last answer, row by row. Throws where
/// that fails.
std::vector<std::string> ask_server(const std::string& place, const std::string& sql);

}  // namespace sfumato
