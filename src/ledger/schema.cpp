#include "ledger/schema.h"

namespace sfumato {
namespace {

// "sfum" in ASCII: what `file` and we know a ledger by.
constexpr std::int64_t kApplication = 0x7366756d;
constexpr std::int64_t kForm = 1;

// Amounts are whole: `loss` in 10^-12, `delta` in 10^-15 and `delta_rest` in 10^-30. That no budget
// is overspent is said by the tables too, whatever statement comes.
constexpr const char* kTables[] = {
    "PRAGMA application_id = 0x7366756d",
    "PRAGMA user_version = 1",
    "CREATE TABLE chain("
    " number INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,"
    " dataset TEXT NOT NULL, account TEXT NOT NULL,"
    " loss INTEGER NOT NULL, delta INTEGER NOT NULL, delta_rest INTEGER NOT NULL,"
    " until INTEGER NOT NULL, about INTEGER NOT NULL, words TEXT NOT NULL, version TEXT NOT NULL,"
    " plan BLOB NOT NULL, digest BLOB NOT NULL, hash BLOB NOT NULL) STRICT",
    "CREATE TABLE member("
    " name TEXT PRIMARY KEY,"
    " role TEXT NOT NULL CHECK (role IN ('owner', 'analyst', 'auditor'))) STRICT",
    "CREATE TABLE account("
    " id INTEGER PRIMARY KEY, dataset TEXT NOT NULL,"
    " kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2)), name TEXT NOT NULL,"
    " parent INTEGER REFERENCES account(id),"
    " measure INTEGER NOT NULL CHECK (measure IN (0, 1)),"
    " loss_cap INTEGER NOT NULL, delta_cap INTEGER NOT NULL, delta_rest_cap INTEGER NOT NULL,"
    " loss INTEGER NOT NULL DEFAULT 0 CHECK (loss BETWEEN 0 AND loss_cap),"
    " delta INTEGER NOT NULL DEFAULT 0,"
    " delta_rest INTEGER NOT NULL DEFAULT 0 CHECK (delta_rest BETWEEN 0 AND 999999999999999),"
    " frozen INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1)), until INTEGER NOT NULL,"
    " UNIQUE (dataset, kind, name),"
    " CHECK (delta >= 0 AND (delta, delta_rest) <= (delta_cap, delta_rest_cap))) STRICT",
    "CREATE TABLE charge("
    " number INTEGER PRIMARY KEY REFERENCES chain(number),"
    " account INTEGER NOT NULL REFERENCES account(id),"
    " plan BLOB NOT NULL, attempt INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"  // reserved, stored, published
    " release BLOB CHECK ((release IS NULL) = (state = 0)),"
    " UNIQUE (plan, attempt)) STRICT",
};

Result<std::int64_t> number_of(Store& store, const char* sql) {
  std::int64_t number = 0;
  const Status read = store.each(sql, {}, [&](const Row& row) { number = row.integer(0); });
  if (!read) return read.error();
  return number;
}

}  // namespace

Status make_tables(Store& store) {
  const auto there = number_of(store, "SELECT count(*) FROM sqlite_schema");
  if (!there) return there.error();
  if (*there > 0)
    return Error{Errc::refused, store.path(), "is there already: a ledger is never made anew"};
  for (const char* sql : kTables)
    if (const auto made = store.run(sql); !made) return made.error();
  return ok();
}

Status check_tables(Store& store) {
  const auto application = number_of(store, "PRAGMA application_id");
  if (!application) return application.error();
  if (*application != kApplication)
    return Error{Errc::malformed, store.path(),
                 "is no ledger: name a file that `sfumato budget create` made"};
  const auto form = number_of(store, "PRAGMA user_version");
  if (!form) return form.error();
  if (*form != kForm)
    return Error{Errc::unsupported, store.path(),
                 "is a ledger of another form: open it with the version of sfumato that wrote it"};
  return ok();
}

}  // namespace sfumato
