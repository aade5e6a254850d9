#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/postgres_name.h"
#include "ledger/store.h"

struct pg_conn;
struct pg_result;

namespace sfumato {

/// A connection to a PostgreSQL server, which says in our words what failed, and whether that was the
/// connection itself.
class PostgresConnection {
 public:
  explicit PostgresConnection(PostgresName name) : name_(std::move(name)) {}

  /// Waits while the server starts; where the connection was there before, also while it is away.
  /// Refuses a server that can't keep a ledger.
  Status open();

  /// True where it broke: what was not committed is undone.
  bool lost() const noexcept { return lost_; }

  /// Runs statements that have no places, and shows the rows of their answers, whose columns are
  /// texts.
  Status execute(const std::string& sql, const std::function<void(const Row&)>& see);

  /// Runs a statement, prepared at its first time; gives how many rows it changed.
  Result<int> run(const char* sql, const std::vector<Parameter>& parameters,
                  const std::function<void(const Row&)>& see);

  /// True where COMMIT is known to be done; false where the connection broke before that was told.
  Result<bool> commit();
  void roll_back() noexcept;

  /// Lets a child of the process forget what it shares with its parent, without a word to the server.
  void abandon() noexcept;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };

  Status connect();
  Status check_idle() const;
  Status check_server();
  Result<std::string> prepared(const char* sql, const std::vector<Parameter>& parameters);
  Result<int> collect(const std::function<void(const Row&)>& see);
  Error failed(const pg_result* answer);
  Error unreachable() const;

  PostgresName name_;
  std::unique_ptr<pg_conn, Finish> connection_;
  std::map<const char*, std::string> statements_;
  bool lost_ = true;
  bool busy_ = false;  // while an answer is taken in
};

}  // namespace sfumato
