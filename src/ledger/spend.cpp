#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/canonical.h"
#include "ledger/session.h"

namespace sfumato {
namespace {

using Spent = std::variant<Reservation, StoredRelease>;

enum class Step : std::int64_t { reserved, stored, published };

/// The latest charge of a plan.
struct Latest {
  std::int64_t number, account, attempt;
  Step step;
  std::string release;
  Digest entry;
};

/// What makes two requests one: dataset, declared version, cost and plan.
Digest identity_of(const SpendRequest& request, const LedgerCost& cost) {
  Canonical form("sfumato plan 1");
  form.add(request.dataset).add(request.version).add(name_of(cost.measure));
  form.add(cost.amount.loss.units()).add(cost.amount.delta.units());
  return form.add(request.plan).digest();
}

Digest digest_of(const Row& row, int column) {
  Digest digest{};
  const std::string_view bytes = row.bytes(column);
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
  return digest;
}

Result<std::optional<Latest>> latest_charge(Store& store, const Digest& plan) {
  std::optional<Latest> latest;
  const Status read = store.each(
      "SELECT number, charge.account, attempt, state, release, hash"
      " FROM charge JOIN chain USING (number) WHERE charge.plan = $1"
      " ORDER BY attempt DESC LIMIT 1",
      {Blob{view_of(plan)}}, [&](const Row& row) {
        latest = {row.integer(0), row.integer(1),
                  row.integer(2), static_cast<Step>(row.integer(3)),
                  row.text(4),    digest_of(row, 5)};
      });
  if (!read) return read.error();
  return latest;
}

/// The budget that the actor spends; refuses, and notes it, where there is none.
Result<StoredAccount> budget_of(Writing& writing, LedgerState& state, const std::string& dataset) {
  const AccountName whole{.dataset = dataset};
  const auto role = role_of(*state.store, state.actor);
  if (!role) return role.error();
  if (!*role || *role == Role::auditor)
    return writing.refuse(whole, {Errc::refused, state.actor,
                                  "may not spend: an owner of this ledger would have to grant it"});
  const bool owner = *role == Role::owner;
  auto found = find_account(
      *state.store, owner ? whole : AccountName{dataset, AccountName::Kind::analyst, state.actor});
  if (!found) return std::move(found).error();
  if (*found) return **std::move(found);
  if (owner) return Error{Errc::invalid_parameter, whole.to_string(), "is not in this ledger"};
  return writing.refuse(whole,
                        {Errc::refused, state.actor,
                         "has no budget of " + whole.to_string() + ": an owner can grant one"});
}

/// Refuses, and notes it, what is frozen or has expired.
Result<std::vector<StoredAccount>> open_path(Writing& writing, Store& store,
                                             const AccountName& name, std::int64_t id) {
  auto path = path_of(store, id);
  if (!path) return std::move(path).error();
  if (const auto why = obstacle(*path, writing.now()))
    return writing.refuse(name, {Errc::refused, name.to_string(), *why});
  return path;
}

Status check_request(const SpendRequest& request, const LedgerCost& cost,
                     const StoredAccount& budget) {
  if (Status version = check_words(request.version, "version", 100); !version) return version;
  if (Status title = check_words(request.title, "title", 1000); !title) return title;
  const LossMeasure kept = budget.account.cap.measure;
  if (kept == cost.measure) return ok();
  return Error{Errc::invalid_parameter, AccountName{.dataset = request.dataset}.to_string(),
               "counts " + std::string(name_of(kept)) + ": ask with a total in " +
                   std::string(name_of(kept))};
}

/// Charges the budget and all that it draws on, or says what is short.
Status charge(Writing& writing, Store& store, const StoredAccount& budget, const Spending& cost) {
  const auto path = open_path(writing, store, budget.account.name, budget.id);
  if (!path) return path.error();
  const Result<bool> charged = charge_path(store, *path, cost, writing.now());
  if (!charged) return charged.error();
  if (*charged) return ok();
  return shortage(store, *path, cost);
}

/// Puts the charge on the log and among those whose release is awaited.
Result<LedgerHead> enter(Writing& writing, Store& store, const SpendRequest& request,
                         const Spending& cost, const StoredAccount& budget, const Digest& plan,
                         std::int64_t attempt) {
  LedgerEntry entry = entry_about("charge", budget.account.name);
  entry.amount = cost;
  entry.about = attempt;
  entry.words = request.title;
  entry.version = request.version;
  entry.plan = request.plan;
  entry.digest = view_of(plan);
  const Result<LedgerHead> head = writing.append(std::move(entry));
  if (!head) return head;
  const auto put = store.run("INSERT INTO charge VALUES ($1, $2, $3, $4, 0, NULL)",
                             {head->number, budget.id, Blob{view_of(plan)}, attempt});
  if (!put) return put.error();
  return head;
}

}  // namespace

Reservation Ledger::reservation(const LedgerHead& entry) const {
  return {
      .permit = Permit("charge " + std::to_string(entry.number) + " of " + state_->store->name()),
      .charge = Charge(entry.number, entry.hash)};
}

Result<std::variant<Reservation, StoredRelease>> Ledger::spend(const SpendRequest& request) {
  const Result<LedgerCost> cost = LedgerCost::charged(request.cost);
  if (!cost) return cost.error();
  Store& store = *state_->store;
  Result<Writing> writing = Writing::begin(store, state_->actor, state_->clock);
  if (!writing) return std::move(writing).error();
  const auto budget = budget_of(*writing, *state_, request.dataset);
  if (!budget) return budget.error();
  if (Status sound = check_request(request, *cost, *budget); !sound)
    return std::move(sound).error();

  const Digest plan = identity_of(request, *cost);
  auto latest = latest_charge(store, plan);
  if (!latest) return std::move(latest).error();
  if (*latest && !request.again) {
    if ((*latest)->step != Step::reserved)
      return Spent(StoredRelease{(*latest)->number, std::move((*latest)->release)});
    const auto path = open_path(*writing, store, budget->account.name, (*latest)->account);
    if (!path) return path.error();
    return Spent(reservation({(*latest)->number, (*latest)->entry}));
  }

  if (Status paid = charge(*writing, store, *budget, cost->amount); !paid)
    return std::move(paid).error();
  const auto entry = enter(*writing, store, request, cost->amount, *budget, plan,
                           *latest ? (*latest)->attempt + 1 : 0);
  if (!entry) return entry.error();
  if (Status durable = writing->commit(); !durable) return std::move(durable).error();
  return Spent(reservation(*entry));
}

Result<StoredRelease> Ledger::store(Charge charge, std::string_view bytes) {
  Store& store = *state_->store;
  Result<Writing> writing = Writing::begin(store, state_->actor, state_->clock);
  if (!writing) return std::move(writing).error();
  const auto put = store.run(
      "UPDATE charge SET state = 1, release = $1 WHERE number = $2 AND state = 0 AND"
      " EXISTS (SELECT 1 FROM chain WHERE number = $2 AND hash = $3)",
      {Blob{bytes}, charge.number_, Blob{view_of(charge.entry_)}});
  if (!put) return put.error();
  if (*put == 0) return stored_meanwhile(charge);

  LedgerEntry entry;
  entry.kind = "store";
  entry.about = charge.number_;
  const Digest digest = sha256(bytes);
  entry.digest = view_of(digest);
  if (const auto noted = writing->append(std::move(entry)); !noted) return noted.error();
  if (Status durable = writing->commit(); !durable) return std::move(durable).error();
  return StoredRelease{charge.number_, std::string(bytes)};
}

Result<StoredRelease> Ledger::stored_meanwhile(const Charge& charge) {
  std::optional<std::string> release;
  const Status read = state_->store->each(
      "SELECT release FROM charge JOIN chain USING (number)"
      " WHERE number = $1 AND hash = $2 AND state > 0",
      {charge.number_, Blob{view_of(charge.entry_)}},
      [&](const Row& row) { release = row.text(0); });
  if (!read) return read.error();
  if (release) return StoredRelease{charge.number_, *std::move(release)};
  return Error{Errc::refused, state_->store->name(),
               "does not hold this charge: another ledger does"};
}

Status Ledger::published(const StoredRelease& release) {
  Result<Writing> writing = Writing::begin(*state_->store, state_->actor, state_->clock);
  if (!writing) return std::move(writing).error();
  const auto put = state_->store->run("UPDATE charge SET state = 2 WHERE number = $1 AND state = 1",
                                      {release.charge});
  if (!put) return put.error();
  if (*put == 0) return ok();  // somebody else published the same bytes before
  LedgerEntry entry;
  entry.kind = "publish";
  entry.about = release.charge;
  if (const auto noted = writing->append(std::move(entry)); !noted) return noted.error();
  return writing->commit();
}

}  // namespace sfumato
