#include "ledger/store.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "ledger/postgres_name.h"
#include "ledger/sqlite_store.h"
#ifdef SFUMATO_POSTGRES
#include "ledger/postgres_store.h"
#endif

namespace sfumato {
namespace {

Status check_process(const Store& store) {
  if (store.usable()) return ok();
  return Error{Errc::unavailable, store.name(),
               "was opened by the parent of this process: open it anew after a fork"};
}

#ifndef SFUMATO_POSTGRES
Result<std::unique_ptr<Store>> open_postgres(const std::string&) {
  return Error{Errc::unsupported, "ledger",
               "can't be kept by PostgreSQL: this sfumato was built with SFUMATO_POSTGRES=OFF"};
}
#endif

}  // namespace

Digest Row::digest(int column) const noexcept {
  Digest digest{};
  const std::string_view held = bytes(column);
  std::copy_n(held.begin(), std::min(held.size(), digest.size()), digest.begin());
  return digest;
}

Store::Store(std::string name) : name_(std::move(name)), process_(getpid()) {}

Result<std::int64_t> Store::number_of(const char* sql, const std::vector<Parameter>& parameters) {
  std::int64_t number = 0;
  const Status read = each(sql, parameters, [&](const Row& row) { number = row.integer(0); });
  if (!read) return read.error();
  return number;
}

bool Store::usable() const noexcept {
  return process_ == getpid();
}

std::vector<std::string> files_of_ledger(const std::string& name) {
  if (is_postgres_url(name)) return {};
  return {name, name + "-wal", name + "-shm", name + "-journal"};
}

Result<std::unique_ptr<Store>> open_store(const std::string& ledger) {
  return is_postgres_url(ledger) ? open_postgres(ledger) : open_sqlite(ledger);
}

Result<std::unique_ptr<Store>> create_store(const std::string& ledger) {
  return is_postgres_url(ledger) ? open_postgres(ledger) : create_sqlite(ledger);
}

Result<Transaction> Transaction::write(Store& store) {
  if (Status own = check_process(store); !own) return std::move(own).error();
  if (Status begun = store.begin_writing(); !begun) return std::move(begun).error();
  return Transaction(store);
}

Result<Transaction> Transaction::read(Store& store) {
  if (Status own = check_process(store); !own) return std::move(own).error();
  if (Status begun = store.begin_reading(); !begun) return std::move(begun).error();
  return Transaction(store);
}

Transaction::Transaction(Transaction&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)) {}

Transaction::~Transaction() {
  if (store_) store_->roll_back();
}

Status Transaction::commit(const LedgerHead& last) {
  if (Status done = store_->commit(last); !done) return done;
  store_ = nullptr;
  return ok();
}

}  // namespace sfumato
