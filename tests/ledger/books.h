#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "sfumato/ledger/ledger.h"
#include "support/effort.h"
#include "support/scratch.h"

namespace sfumato {

inline Exact exact(const char* decimal) {
  return Exact::parse(decimal).value();
}

/// What a dataset or a release costs, as tests write it.
inline StatedCost eps(const char* epsilon, const char* delta = "0") {
  return ApproximateCost{exact(epsilon), exact(delta)};
}
inline StatedCost zcdp(const char* rho, const char* delta = "0") {
  return ConcentratedCost{exact(rho), exact(delta)};
}

inline LedgerClock at(std::int64_t second) {
  return [second] { return second; };
}

/// A ledger of one dataset, 'visits'.
inline Ledger books(const std::string& path, const StatedCost& cap) {
  Ledger ledger = Ledger::create(path, "owner", at(1000)).value();
  ledger.add_dataset("visits", cap).value();
  return ledger;
}

inline SpendRequest ask(std::string plan, StatedCost cost, bool again = false) {
  return {.dataset = "visits",
          .version = "1",
          .plan = std::move(plan),
          .title = "a title",
          .cost = std::move(cost),
          .again = again};
}

using Spent = Result<std::variant<Reservation, StoredRelease>>;

inline bool is_reserved(const Spent& spent) {
  return spent && std::holds_alternative<Reservation>(*spent);
}

inline Charge charge_of(Spent spent) {
  return std::get<Reservation>(std::move(spent).value()).charge;
}

/// The bytes of a release that was stored before; "reserved", or the error, where none was.
inline std::string bytes_of(const Spent& spent) {
  if (!spent) return spent.error().where + ": " + spent.error().message;
  if (is_reserved(spent)) return "reserved";
  return std::get<StoredRelease>(*spent).bytes;
}

/// Spends, computes `bytes`, stores and publishes; what was published.
inline std::string release(Ledger& ledger, const SpendRequest& request, const std::string& bytes) {
  Spent spent = ledger.spend(request);
  if (!is_reserved(spent)) return bytes_of(spent);
  const StoredRelease stored = ledger.store(charge_of(std::move(spent)), bytes).value();
  ledger.published(stored).value();
  return stored.bytes;
}

/// "where: message" of what failed; empty where nothing did.
template <class T>
std::string failure(const Result<T>& result) {
  return result ? "" : result.error().where + ": " + result.error().message;
}

inline LedgerAccount account(Ledger& ledger, const AccountName& name) {
  for (const LedgerAccount& one : ledger.accounts().value())
    if (one.name == name) return one;
  ADD_FAILURE() << name.to_string() << " is not there";
  return {.name = name, .project = {}, .cap = {}, .spent = {}};
}

inline std::string spent_of(Ledger& ledger, const AccountName& name) {
  const LedgerAccount found = account(ledger, name);
  return LedgerCost{found.cap.measure, found.spent}.to_string();
}

/// Does to the file what no ledger would.
inline void tamper(const std::string& path, const std::string& sql) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  sqlite3_exec(raw, "PRAGMA synchronous = OFF", nullptr, nullptr, nullptr);
  EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(raw) << " in " << sql;
  sqlite3_close(raw);
}

}  // namespace sfumato
