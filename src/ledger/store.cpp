#include "ledger/store.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

namespace sfumato {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(60);

/// Sleeps longer each time, by a part that differs from process to process, so that those who wait
/// do not meet again. False once patience has run out.
bool wait_a_little(Clock::time_point since, int attempt) {
  if (Clock::now() - since > kPatience) return false;
  const int longest = 100 << std::min(attempt, 5);  // microseconds: 0.1 ms ... 3.2 ms
  const auto spread = static_cast<int>(Clock::now().time_since_epoch().count() ^ getpid());
  std::this_thread::sleep_for(
      std::chrono::microseconds(longest / 2 + (spread & 0xffff) * longest / 0x20000));
  return true;
}

bool is_busy(int code) {
  return (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED ||
         (code & 0xff) == SQLITE_PROTOCOL;
}

/// Steps until the statement is past waiting for others; only what has not begun is tried again.
int step_patiently(sqlite3_stmt* statement) {
  const Clock::time_point since = Clock::now();
  for (int attempt = 0;; ++attempt) {
    const int code = sqlite3_step(statement);
    if (!is_busy(code)) return code;
    sqlite3_reset(statement);
    if (!wait_a_little(since, attempt)) return code;
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
      return "is no ledger: name a file that `sfumato budget create` made";
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

}  // namespace

std::int64_t Row::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Row::bytes(int column) const noexcept {
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
}

void Store::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close(database);
}
void Store::Finish::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Store::Store(const std::string& path) : path_(path), process_(getpid()) {}
Store::Store(Store&&) noexcept = default;

// A child leaves the connection alone: closing it would drop the locks of its parent.
Store::~Store() {
  if (database_ && usable()) return;
  for (auto& [name, statement] : statements_) (void)statement.release();
  (void)database_.release();
}

bool Store::usable() const noexcept {
  return process_ == getpid();
}

Error Store::failed() const {
  const char* const known = sentence_of(sqlite3_errcode(database_.get()));
  const Errc code = (sqlite3_errcode(database_.get()) & 0xff) == SQLITE_CORRUPT ||
                            (sqlite3_errcode(database_.get()) & 0xff) == SQLITE_NOTADB
                        ? Errc::malformed
                        : Errc::unavailable;
  return {code, path_,
          known ? known : std::string("cannot be used: ") + sqlite3_errmsg(database_.get())};
}

Status Store::connect(int flags) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(database);
  if (!database) return Error{Errc::unavailable, path_, sentence_of(SQLITE_NOMEM)};
  if (code != SQLITE_OK) return failed();
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  for (const char* pragma : {"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"})
    if (const auto set = run(pragma); !set) return set.error();
  return ok();
}

Result<Store> Store::open(const std::string& path) {
  Store store(path);
  if (access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
    return Error{Errc::unavailable, path, "is not there: `sfumato budget create` makes a ledger"};
  if (Status open = store.connect(SQLITE_OPEN_READWRITE); !open) return std::move(open).error();
  return store;
}

Result<Store> Store::create(const std::string& path) {
  Store store(path);
  if (Status open = store.connect(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE); !open)
    return std::move(open).error();
  std::string mode;
  const Status set =
      store.each("PRAGMA journal_mode = WAL", {}, [&](const Row& row) { mode = row.text(0); });
  if (!set) return set.error();
  if (mode != "wal")
    return Error{Errc::unavailable, path, "must lie on a file system with shared memory and locks"};
  return store;
}

Result<sqlite3_stmt*> Store::prepared(const char* sql) {
  auto& statement = statements_[sql];
  if (!statement) {
    const Clock::time_point since = Clock::now();
    for (int attempt = 0;; ++attempt) {  // reading the schema may find the file busy
      sqlite3_stmt* fresh = nullptr;
      const int code = sqlite3_prepare_v2(database_.get(), sql, -1, &fresh, nullptr);
      statement.reset(fresh);
      if (code == SQLITE_OK) break;
      if (!is_busy(code) || !wait_a_little(since, attempt)) return failed();
    }
  }
  return statement.get();
}

Status Store::bind(sqlite3_stmt* statement, const std::vector<Parameter>& parameters) {
  int code = SQLITE_OK;
  for (std::size_t i = 0; i < parameters.size() && code == SQLITE_OK; ++i) {
    const std::string name = "$" + std::to_string(i + 1);
    const int place = sqlite3_bind_parameter_index(statement, name.c_str());
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

Status Store::each(const char* sql, const std::vector<Parameter>& parameters,
                   const std::function<void(const Row&)>& see) {
  const Result<sqlite3_stmt*> statement = prepared(sql);
  if (!statement) return statement.error();
  // Ends the statement whatever happens: an open one would keep its transaction open.
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> end(*statement, sqlite3_reset);
  if (Status bound = bind(*statement, parameters); !bound) return bound;
  int code = step_patiently(*statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(*statement)) see(Row(*statement));
  return code == SQLITE_DONE ? ok() : Status(failed());
}

Result<int> Store::run(const char* sql, const std::vector<Parameter>& parameters) {
  const Status done = each(sql, parameters, [](const Row&) {});
  if (!done) return done.error();
  return sqlite3_changes(database_.get());
}

Result<Transaction> Transaction::write(Store& store) {
  const auto begun = store.run("BEGIN IMMEDIATE");
  if (!begun) return begun.error();
  return Transaction(store);
}

Result<Transaction> Transaction::read(Store& store) {
  const auto begun = store.run("BEGIN");
  if (!begun) return begun.error();
  return Transaction(store);
}

Transaction::Transaction(Transaction&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)) {}

// Where SQLite has undone it by itself, as it does on a full disk, there is nothing left to undo.
Transaction::~Transaction() {
  if (store_) (void)store_->run("ROLLBACK");
}

Status Transaction::commit() {
  const auto done = store_->run("COMMIT");
  if (!done) return done.error();
  store_ = nullptr;
  return ok();
}

}  // namespace sfumato
