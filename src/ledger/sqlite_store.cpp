#include "ledger/sqlite_store.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <utility>

#include "ledger/patience.h"

namespace sfumato {
namespace {

/// 0.1 ms … 3.2 ms: about as long as a charge takes.
Patience patience() {
  return {Patience::Time(100), Patience::Time(3200)};
}

bool is_busy(int code) {
  return (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED ||
         (code & 0xff) == SQLITE_PROTOCOL;
}

/// Steps until the statement is past waiting for others; only what has not begun is tried again.
int step_patiently(sqlite3_stmt* statement) {
  for (Patience waiting = patience();;) {
    const int code = sqlite3_step(statement);
    if (!is_busy(code)) return code;
    sqlite3_reset(statement);
    if (!waiting.wait()) return code;
  }
}

const char* sentence_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return "was kept by another program for a minute: try again when that is done";
    case SQLITE_FULL:
      return "cannot be written: the disk is full";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "may not be written: permissions of the file and of its directory would have to allow "
             "it";
    case SQLITE_CANTOPEN:
      return "cannot be opened: the file and its directory must be there, and writable";
    case SQLITE_NOTADB:
      return "is no ledger: name one that `sfumato budget create` made";
    case SQLITE_CORRUPT:
      return "is damaged: restore a backup, and compare its head with one that was exported";
    case SQLITE_IOERR:
      return "cannot be read or written: the disk reports an error";
    case SQLITE_NOMEM:
      return "needs more memory than there is";
    default:
      return nullptr;
  }
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) noexcept : statement_(statement) {}

  std::int64_t integer(int column) const noexcept override {
    return sqlite3_column_int64(statement_, column);
  }
  std::string_view bytes(int column) const noexcept override {
    const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
  }

 private:
  sqlite3_stmt* statement_;
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(const std::string& path) : Store(path) {}
  ~SqliteStore() override;

  Status connect(int flags);
  Status use_wal();

  Result<int> run(const char* sql, const std::vector<Parameter>& parameters) override;
  Status each(const char* sql, const std::vector<Parameter>& parameters,
              const std::function<void(const Row&)>& see) override;
  Status execute(const std::string& sql) override;
  Result<bool> is_empty() override;
  const ColumnTypes& types() const noexcept override;
  Result<StoreMark> mark() override;
  Status set_mark(const StoreMark& mark) override;
  Result<bool> is_sound() override;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
  };
  struct Finish {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };

  Status begin_writing() override;
  Status begin_reading() override { return done("BEGIN"); }
  Status commit(const LedgerHead&) override { return done("COMMIT"); }
  // Where SQLite has undone it by itself, as it does on a full disk, there is nothing left to undo.
  void roll_back() noexcept override { (void)done("ROLLBACK"); }

  struct Prepared {
    std::unique_ptr<sqlite3_stmt, Finish> statement;
    std::vector<int> places;  ///< where $1, $2, … are; 0 where one is not
  };

  Status done(const char* sql);
  Result<const Prepared*> prepared(const char* sql);
  Status bind(const Prepared& prepared, const std::vector<Parameter>& parameters);
  Error failed() const;

  std::unique_ptr<sqlite3, Close> database_;
  std::map<const char*, Prepared> statements_;
};

// A child leaves the connection alone: closing it would drop the locks of its parent.
SqliteStore::~SqliteStore() {
  if (database_ && usable()) return;
  for (auto& [name, prepared] : statements_) (void)prepared.statement.release();
  (void)database_.release();
}

Error SqliteStore::failed() const {
  const char* const known = sentence_of(sqlite3_errcode(database_.get()));
  const Errc code = (sqlite3_errcode(database_.get()) & 0xff) == SQLITE_CORRUPT ||
                            (sqlite3_errcode(database_.get()) & 0xff) == SQLITE_NOTADB
                        ? Errc::malformed
                        : Errc::unavailable;
  return {code, name(),
          known ? known : std::string("cannot be used: ") + sqlite3_errmsg(database_.get())};
}

Status SqliteStore::connect(int flags) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(name().c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(database);
  if (!database) return Error{Errc::unavailable, name(), sentence_of(SQLITE_NOMEM)};
  if (code != SQLITE_OK) return failed();
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  for (const char* pragma : {"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
                             "PRAGMA wal_autocheckpoint = 2000"})
    if (Status set = done(pragma); !set) return set;
  return ok();
}

// What is written to a file that has been moved away would be lost to all who look for it by its name.
Status SqliteStore::begin_writing() {
  int moved = 0;
  if (sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
      moved != 0)
    return Error{Errc::unavailable, name(),
                 "was moved away or replaced while it was open: open it anew"};
  return done("BEGIN IMMEDIATE");
}

// A charge writes to three tables, little to each. In pages of 2 kB that is not much more than one page
// of SQLite's usual 4 kB, and twice as many of them make a log of the usual length.
Status SqliteStore::use_wal() {
  if (Status small = done("PRAGMA page_size = 2048"); !small) return small;
  std::string mode;
  const Status set =
      each("PRAGMA journal_mode = WAL", {}, [&](const Row& row) { mode = row.text(0); });
  if (!set) return set;
  if (mode == "wal") return ok();
  return Error{Errc::unavailable, name(), "must lie on a file system with shared memory and locks"};
}

Result<const SqliteStore::Prepared*> SqliteStore::prepared(const char* sql) {
  Prepared& prepared = statements_[sql];
  if (prepared.statement) return &prepared;
  for (Patience waiting = patience();;) {  // reading the schema may find the file busy
    sqlite3_stmt* fresh = nullptr;
    const int code =
        sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &fresh, nullptr);
    prepared.statement.reset(fresh);
    if (code == SQLITE_OK) break;
    if (!is_busy(code) || !waiting.wait()) return failed();
  }
  for (int place = 0; place < sqlite3_bind_parameter_count(prepared.statement.get()); ++place)
    prepared.places.push_back(sqlite3_bind_parameter_index(
        prepared.statement.get(), ("$" + std::to_string(place + 1)).c_str()));
  return &prepared;
}

Status SqliteStore::bind(const Prepared& prepared, const std::vector<Parameter>& parameters) {
  sqlite3_stmt* const statement = prepared.statement.get();
  int code = SQLITE_OK;
  for (std::size_t i = 0; i < parameters.size() && code == SQLITE_OK; ++i) {
    const int place = i < prepared.places.size() ? prepared.places[i] : 0;
    const Parameter& value = parameters[i];
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      code = sqlite3_bind_int64(statement, place, *whole);
    else if (const auto* text = std::get_if<std::string_view>(&value))
      code = sqlite3_bind_text64(statement, place, text->data() ? text->data() : "", text->size(),
                                 SQLITE_STATIC, SQLITE_UTF8);
    else if (const std::string_view bytes = std::get<Blob>(value).bytes; bytes.empty())
      code = sqlite3_bind_zeroblob(statement, place, 0);
    else
      code = sqlite3_bind_blob64(statement, place, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  return code == SQLITE_OK ? ok() : Status(failed());
}

Status SqliteStore::each(const char* sql, const std::vector<Parameter>& parameters,
                         const std::function<void(const Row&)>& see) {
  const Result<const Prepared*> known = prepared(sql);
  if (!known) return known.error();
  sqlite3_stmt* const statement = (*known)->statement.get();
  // Ends the statement whatever happens: an open one would keep its transaction open.
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> end(statement, sqlite3_reset);
  if (Status bound = bind(**known, parameters); !bound) return bound;
  int code = step_patiently(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) see(SqliteRow(statement));
  return code == SQLITE_DONE ? ok() : Status(failed());
}

Result<int> SqliteStore::run(const char* sql, const std::vector<Parameter>& parameters) {
  const Status ran = each(sql, parameters, [](const Row&) {});
  if (!ran) return ran.error();
  return sqlite3_changes(database_.get());
}

Status SqliteStore::execute(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? ok() : Status(failed());
}

Status SqliteStore::done(const char* sql) {
  return each(sql, {}, [](const Row&) {});
}

Result<bool> SqliteStore::is_empty() {
  const auto there = number_of("SELECT count(*) FROM sqlite_schema");
  if (!there) return there.error();
  return *there == 0;
}

const ColumnTypes& SqliteStore::types() const noexcept {
  static const ColumnTypes types{.id = "INTEGER PRIMARY KEY",
                                 .whole = "INTEGER",
                                 .text = "TEXT",
                                 .bytes = "BLOB",
                                 .options = "STRICT",
                                 .keyed = "STRICT, WITHOUT ROWID"};
  return types;
}

Result<StoreMark> SqliteStore::mark() {
  const auto application = number_of("PRAGMA application_id");
  if (!application) return application.error();
  const auto form = number_of("PRAGMA user_version");
  if (!form) return form.error();
  return StoreMark{*application, *form};
}

Status SqliteStore::set_mark(const StoreMark& mark) {
  return execute("PRAGMA application_id = " + std::to_string(mark.application) +
                 "; PRAGMA user_version = " + std::to_string(mark.form));
}

Result<bool> SqliteStore::is_sound() {
  std::string said;
  const Status read =
      each("PRAGMA integrity_check(1)", {}, [&](const Row& row) { said = row.text(0); });
  if (!read) return read.error();
  return said == "ok";
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path) {
  auto store = std::make_unique<SqliteStore>(path);
  if (access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
    return Error{Errc::unavailable, path, "is not there: `sfumato budget create` makes a ledger"};
  if (Status open = store->connect(SQLITE_OPEN_READWRITE); !open) return std::move(open).error();
  return std::unique_ptr<Store>(std::move(store));
}

Result<std::unique_ptr<Store>> create_sqlite(const std::string& path) {
  auto store = std::make_unique<SqliteStore>(path);
  if (Status open = store->connect(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE); !open)
    return std::move(open).error();
  if (Status wal = store->use_wal(); !wal) return std::move(wal).error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace sfumato
