#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

struct Blob {
  std::string_view bytes;
};

/// A value for a place $1, $2, ... of a statement; it must outlive the call.
using Parameter = std::variant<std::int64_t, std::string_view, Blob>;

/// A row of an answer; views last until the next row.
class Row {
 public:
  virtual std::int64_t integer(int column) const noexcept = 0;    ///< a truth is 1 or 0
  virtual std::string_view bytes(int column) const noexcept = 0;  ///< empty where NULL
  std::string text(int column) const { return std::string(bytes(column)); }
  Digest digest(int column) const noexcept;  ///< zeros where there are too few bytes

 protected:
  ~Row() = default;
};

/// What a store's columns are called, so that the tables of all stores are written down once.
struct ColumnTypes {
  const char* id;       ///< a whole number that the store gives, and the key of its row
  const char* whole;    ///< 64 bits
  const char* text;     ///< in UTF-8, ordered by its bytes
  const char* bytes;    ///< any
  const char* options;  ///< at the end of a table
  const char* keyed;    ///< at the end of one whose rows lie by their key
};

/// What a store of a ledger is known by: zeros where there is none.
struct StoreMark {
  std::int64_t application, form;
};

/// One connection to the database that holds a ledger.
///
/// All that the ledger knows of its database: statements with numbered places, rows, transactions of
/// one writer at a time, each synced before it counts. Statements are such as all stores take. Whoever
/// finds the ledger busy waits here, and only after a minute is told so. Errors never quote what is in
/// a row.
class Store {
 public:
  virtual ~Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// How many rows the statement changed. `sql` stays where it is: its address is its name.
  virtual Result<int> run(const char* sql, const std::vector<Parameter>& parameters = {}) = 0;

  /// Shows `see` each row of the answer.
  virtual Status each(const char* sql, const std::vector<Parameter>& parameters,
                      const std::function<void(const Row&)>& see) = 0;

  /// Runs statements that have no places and no answer, once.
  virtual Status execute(const std::string& sql) = 0;

  /// True where nothing is stored yet.
  virtual Result<bool> is_empty() = 0;
  virtual const ColumnTypes& types() const noexcept = 0;
  virtual Result<StoreMark> mark() = 0;
  virtual Status set_mark(const StoreMark& mark) = 0;
  /// Indexes and pages, by the store's own account.
  virtual Result<bool> is_sound() = 0;

  /// What messages call it.
  const std::string& name() const noexcept { return name_; }

  /// False in a child of the process that opened it: connections do not pass on.
  bool usable() const noexcept;

 protected:
  explicit Store(std::string name);

  /// The first column of the last row of the answer; 0 where there is none.
  Result<std::int64_t> number_of(const char* sql, const std::vector<Parameter>& parameters = {});

 private:
  friend class Transaction;
  virtual Status begin_writing() = 0;
  virtual Status begin_reading() = 0;
  virtual Status commit(const LedgerHead& last) = 0;
  virtual void roll_back() noexcept = 0;

  std::string name_;
  pid_t process_;
};

/// Refuses a ledger that is not there. It is named by the path of a file, which SQLite keeps, or by a
/// `postgresql://` URL, `#` and the schema that holds it.
Result<std::unique_ptr<Store>> open_store(const std::string& ledger);
/// Makes what holds the ledger, where that is not there, or is empty.
Result<std::unique_ptr<Store>> create_store(const std::string& ledger);

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
  /// could still find it done, as after a crash. `last` is the entry that it put on the log's end: by
  /// it a store whose connection breaks while it commits finds out what became of it.
  Status commit(const LedgerHead& last);

 private:
  explicit Transaction(Store& store) noexcept : store_(&store) {}

  Store* store_;
};

}  // namespace sfumato
