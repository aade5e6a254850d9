#include "ledger/postgres_store.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "ledger/canonical.h"
#include "ledger/patience.h"
#include "ledger/postgres_connection.h"
#include "ledger/postgres_name.h"

namespace sfumato {
namespace {

/// What every transaction says for itself, so that nothing hangs on what a role, a database or a pool
/// of connections was set to: first that it takes its time, by a statement that takes none. A host
/// that vanishes amid a transaction keeps others waiting for less than their patience.
std::string settings(const std::string& schema) {
  return "SET LOCAL statement_timeout = 0;"
         "SELECT current_setting('fsync'),"
         " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
         "  WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true),"
         " set_config('search_path', '" +
         schema +
         ", pg_temp', true), set_config('lock_timeout', '60s', true),"
         " set_config('row_security', 'off', true)";
}

/// The number of the lock that those who write this ledger take in turn.
std::string lock_of(const std::string& schema) {
  const Digest digest = Canonical("sfumato ledger writer").add(schema).digest();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
  return std::to_string(static_cast<std::int64_t>(number));
}

class PostgresStore final : public Store {
 public:
  explicit PostgresStore(const PostgresName& name)
      : Store(name.shown),
        connection_(name),
        schema_(name.schema),
        // The lock is waited for before the first look: each statement of READ COMMITTED sees all
        // that was committed when it began.
        write_("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;" + settings(schema_) +
               ", set_config('idle_in_transaction_session_timeout', '30s', true);"
               "SELECT pg_advisory_xact_lock(" +
               lock_of(schema_) + ")"),
        read_("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" + settings(schema_) +
              ", set_config('idle_in_transaction_session_timeout', '0', true)") {}

  // A child says nothing to the server: it would end the session of its parent.
  ~PostgresStore() override {
    if (!usable()) connection_.abandon();
  }

  Status connect() { return connection_.open(); }

  Result<int> run(const char* sql, const std::vector<Parameter>& parameters) override {
    return connection_.run(sql, parameters, [](const Row&) {});
  }
  Status each(const char* sql, const std::vector<Parameter>& parameters,
              const std::function<void(const Row&)>& see) override {
    const Result<int> done = connection_.run(sql, parameters, see);
    return done ? ok() : Status(done.error());
  }
  Status execute(const std::string& sql) override {
    return connection_.execute(sql, [](const Row&) {});
  }

  Result<bool> is_empty() override;
  const ColumnTypes& types() const noexcept override;
  Result<StoreMark> mark() override;
  Status set_mark(const StoreMark& mark) override;
  // Pages and indexes are the server's own: its checksums and pg_amcheck look after them.
  Result<bool> is_sound() override { return true; }

 private:
  Status begin_writing() override { return begin(write_); }
  Status begin_reading() override { return begin(read_); }
  Status commit(const LedgerHead& last) override;
  void roll_back() noexcept override { connection_.roll_back(); }

  Status begin(const std::string& words);
  Status begin_once(const std::string& words);
  Status settle(const LedgerHead& last);
  Result<bool> has_schema();
  Status make_schema();

  PostgresConnection connection_;
  std::string schema_;
  std::string write_, read_;
};

Status PostgresStore::begin_once(const std::string& words) {
  std::string fsync, commit;
  Status begun = connection_.execute(words, [&](const Row& row) {
    if (fsync.empty()) fsync = row.text(0), commit = row.text(1);
  });
  if (!begun) return begun;
  if (fsync == "on" && (commit == "on" || commit == "remote_apply")) return ok();
  return Error{Errc::unavailable, name(),
               "needs a server that runs with fsync = on: this one could forget charges"};
}

// A connection that broke while nothing was under way is made anew.
Status PostgresStore::begin(const std::string& words) {
  for (Patience patience(Patience::Time(20'000), Patience::Time(500'000));;) {
    Status begun = begin_once(words);
    if (begun) return begun;
    if (!connection_.lost()) {
      roll_back();
      return begun;
    }
    if (!patience.wait()) return begun;
    if (Status there = connect(); !there) return there;
  }
}

Status PostgresStore::commit(const LedgerHead& last) {
  const Result<bool> done = connection_.commit();
  if (!done) return done.error();
  return *done ? ok() : settle(last);
}

// Whoever has the lock knows that the broken transaction has ended, and sees it if it was committed.
Status PostgresStore::settle(const LedgerHead& last) {
  const Error unknown{
      Errc::unavailable, name(),
      "lost its server while it committed, and can't learn what became of that: `sfumato budget"
      " show` will tell, and to ask the same again, without --again, is not charged twice"};
  if (!begin_writing()) return unknown;
  const auto found = number_of("SELECT count(*) FROM chain WHERE number = $1 AND hash = $2",
                               {last.number, Blob{view_of(last.hash)}});
  roll_back();
  if (!found) return unknown;
  if (*found == 1) return ok();
  return Error{Errc::unavailable, name(),
               "lost its server before this was done: nothing was changed, so ask again"};
}

Result<bool> PostgresStore::has_schema() {
  const auto there = number_of("SELECT count(*) FROM pg_namespace WHERE nspname = $1", {schema_});
  if (!there) return there.error();
  return *there > 0;
}

// Where the keeper of the database has made the schema, no right to make one is needed.
Status PostgresStore::make_schema() {
  const Result<bool> there = has_schema();
  if (!there) return there.error();
  return *there ? ok() : execute("CREATE SCHEMA " + schema_);
}

Result<bool> PostgresStore::is_empty() {
  const auto there = number_of(
      "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
      " WHERE nspname = $1",
      {schema_});
  if (!there) return there.error();
  return *there == 0;
}

const ColumnTypes& PostgresStore::types() const noexcept {
  static const ColumnTypes types{.id = "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
                                 .whole = "bigint",
                                 .text = "text COLLATE \"C\"",
                                 .bytes = "bytea",
                                 .options = "",
                                 .keyed = ""};
  return types;
}

Result<StoreMark> PostgresStore::mark() {
  const Result<bool> there = has_schema();
  if (!there) return there.error();
  if (!*there)
    return Error{Errc::unavailable, name(), "is not there: `sfumato budget create` makes a ledger"};
  const auto tables = number_of(
      "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
      " WHERE nspname = $1 AND relname = 'form' AND relkind = 'r'",
      {schema_});
  if (!tables) return tables.error();
  if (*tables == 0) return StoreMark{0, 0};
  const auto passing = number_of(
      "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
      " WHERE nspname = $1 AND relkind = 'r' AND relpersistence <> 'p'",
      {schema_});
  if (!passing) return passing.error();
  if (*passing > 0)
    return Error{Errc::malformed, name(),
                 "has tables that a crash empties: they must not be UNLOGGED"};
  StoreMark mark{0, 0};
  const Status read = each("SELECT application, form FROM form", {}, [&](const Row& row) {
    mark = {row.integer(0), row.integer(1)};
  });
  if (!read) return read.error();
  return mark;
}

Status PostgresStore::set_mark(const StoreMark& mark) {
  if (Status made = make_schema(); !made) return made;
  return execute(
      "CREATE TABLE form(application bigint NOT NULL, form bigint NOT NULL);"
      "INSERT INTO form VALUES (" +
      std::to_string(mark.application) + ", " + std::to_string(mark.form) + ")");
}

}  // namespace

Result<std::unique_ptr<Store>> open_postgres(const std::string& url) {
  const auto name = PostgresName::parse(url);
  if (!name) return name.error();
  auto store = std::make_unique<PostgresStore>(*name);
  if (Status there = store->connect(); !there) return std::move(there).error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace sfumato
