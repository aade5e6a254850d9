#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfumato/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sfumato {

struct Blob {
  std::string_view bytes;
};

/// A value for a place $1, $2, ... of a statement; it must outlive the call.
using Parameter = std::variant<std::int64_t, std::string_view, Blob>;

/// A row of an answer; views last until the next row.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) noexcept : statement_(statement) {}

  std::int64_t integer(int column) const noexcept;
  std::string_view bytes(int column) const noexcept;  ///< of text or a blob; empty where NULL
  std::string text(int column) const { return std::string(bytes(column)); }

 private:
  sqlite3_stmt* statement_;
};

/// One connection to the file that holds a ledger: SQLite, WAL, every commit synced before it counts.
///
/// All that the ledger knows of its database: statements with numbered places, rows, transactions of
/// one writer at a time. Whoever finds the file busy waits here, and only after a minute is told so.
class Store {
 public:
  /// Refuses a file that is not there.
  static Result<Store> open(const std::string& path);
  /// Makes the file where it is not there, or is empty.
  static Result<Store> create(const std::string& path);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) = delete;
  ~Store();

  /// How many rows the statement changed. `sql` is a literal: its address is its name.
  Result<int> run(const char* sql, const std::vector<Parameter>& parameters = {});

  /// Shows `see` each row of the answer.
  Status each(const char* sql, const std::vector<Parameter>& parameters,
              const std::function<void(const Row&)>& see);

  const std::string& path() const noexcept { return path_; }

  /// False in a child of the process that opened the file: SQLite's locks do not pass on.
  bool usable() const noexcept;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  struct Finish {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  explicit Store(const std::string& path);
  Status connect(int flags);
  Result<sqlite3_stmt*> prepared(const char* sql);
  Status bind(sqlite3_stmt* statement, const std::vector<Parameter>& parameters);
  Error failed() const;

  std::string path_;
  pid_t process_;
  std::unique_ptr<sqlite3, Close> database_;
  std::map<const char*, std::unique_ptr<sqlite3_stmt, Finish>> statements_;
};

/// A transaction that is undone unless it is committed.
class Transaction {
 public:
  /// Waits until no other transaction writes. What is read in it stays true until its end.
  static Result<Transaction> write(Store& store);
  /// Sees one state of the store throughout, and keeps nobody from writing.
  static Result<Transaction> read(Store& store);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Durable where it succeeds. Where it fails it counts as undone; only a later reader of the file
  /// could still find it done, as after a crash.
  Status commit();

 private:
  explicit Transaction(Store& store) noexcept : store_(&store) {}

  Store* store_;
};

}  // namespace sfumato
