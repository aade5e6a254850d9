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

Result<std::optional<Latest>> latest_charge(Store& store, const Digest& plan) {
  std::optional<Latest> latest;
  const Status read = store.each(
      "SELECT number, charge.account, attempt, state, release, hash"
      " FROM charge JOIN chain USING (number) WHERE charge.plan = $1"
      " ORDER BY attempt DESC LIMIT 1",
      {Blob{view_of(plan)}}, [&](const Row& row) {
        latest = {row.integer(0), row.integer(1), row.integer(2), static_cast<Step>(row.integer(3)),
                  row.text(4),    row.digest(5)};
      });
  if (!read) return read.error();
  return latest;
}

/// Refuses, and notes it, what is frozen or has expired. The path is that of an account, or of its id.
template <class Account>
Result<std::vector<StoredAccount>> open_path(Writing& writing, Store& store,
                                             const AccountName& name, const Account& account) {
  auto path = path_of(store, account);
  if (!path) return std::move(path).error();
  if (const auto why = obstacle(*path, writing.now()))
    return writing.refuse(name, {Errc::refused, name.to_string(), *why});
  return path;
}

/// The cost part by part, where nobody says more of it.
ReleaseLoss loss_of(const StatedCost& cost) {
  const auto* concentrated = std::get_if<ConcentratedCost>(&cost);
  if (!concentrated) {
    const auto& [epsilon, delta] = std::get<ApproximateCost>(cost);
    return {.parts = {{.loss = PureLoss{epsilon}}}, .delta = delta};
  }
  return {.parts = {{.loss = ZcdpLoss{concentrated->rho}}}, .delta = concentrated->delta};
}

/// What the dataset is charged, as it counts. Where it is not there, that is said later.
Result<LedgerCost> cost_of(LedgerState& state, const SpendRequest& request) {
  const Result<LedgerCost> stated = LedgerCost::charged(request.cost);
  if (!stated) return stated;
  const auto filter = filter_of(state, request.dataset);
  if (!filter) return filter.error();
  if (!*filter || (*filter)->measure != LossMeasure::renyi) return stated;
  return LedgerCost::charged(request.loss ? *request.loss : loss_of(request.cost),
                             (*filter)->orders);
}

Status check_request(const SpendRequest& request, const LedgerCost& cost,
                     const StoredAccount& budget) {
  if (Status version = check_words(request.version, "version", 100); !version) return version;
  if (Status title = check_words(request.title, "title", 1000); !title) return title;
  const LossMeasure kept = budget.account.cap.measure;
  if (kept == cost.measure && cost.curve.size() == budget.account.orders.size()) return ok();
  return Error{Errc::invalid_parameter, AccountName{.dataset = request.dataset}.to_string(),
               "counts " + std::string(name_of(kept)) + ": ask with a total in " +
                   std::string(name_of(kept))};
}

/// Charges the budget and all that it draws on, or says what is short.
Status charge(Writing& writing, Store& store, const StoredAccount& budget, const LedgerCost& cost) {
  const auto path = open_path(writing, store, budget.account.name, budget);
  if (!path) return path.error();
  const Result<bool> charged = charge_path(store, *path, cost, writing.now());
  if (!charged) return charged.error();
  if (*charged) return ok();
  return shortage(store, *path, cost);
}

/// What is asked for, as an entry.
Wish wish_of(const SpendRequest& request, const LedgerCost& cost) {
  LedgerEntry entry = entry_about("charge", {.dataset = request.dataset});
  entry.amount = cost.amount;
  entry.words = request.title;
  entry.version = request.version;
  entry.plan = request.plan;
  entry.curve = cost.curve;
  return {.entry = std::move(entry),
          .measure = std::string(name_of(cost.measure)),
          .again = request.again};
}

/// Puts the charge on the log and among those whose release is awaited.
Result<LedgerHead> enter(Writing& writing, Store& store, LedgerEntry entry,
                         const StoredAccount& budget, const Digest& plan, std::int64_t attempt) {
  entry.account = label_of(budget.account.name);
  entry.about = attempt;
  entry.digest = view_of(plan);
  const Result<LedgerHead> head = writing.append(std::move(entry));
  if (!head) return head;
  const auto put = store.run("INSERT INTO charge VALUES ($1, $2, $3, $4, 0, NULL)",
                             {head->number, budget.id, Blob{view_of(plan)}, attempt});
  if (!put) return put.error();
  return head;
}

/// Refuses, and notes it, whoever could not have been charged for the release.
Status may_release(Writing& writing, LedgerState& state, std::int64_t charge) {
  std::string dataset;
  const Status read =
      state.store->each("SELECT dataset FROM chain WHERE number = $1 AND kind = 'charge'", {charge},
                        [&](const Row& row) { dataset = row.text(0); });
  if (!read) return read;
  if (dataset.empty()) return ok();  // of no charge: that is said where it is looked for
  const auto budget = budget_of(writing, state, dataset);
  return budget ? ok() : Status(budget.error());
}

}  // namespace

Reservation Ledger::reservation(const LedgerHead& entry) const {
  return {
      .permit = Permit("charge " + std::to_string(entry.number) + " of " + state_->store->name()),
      .charge = Charge(entry.number, entry.hash)};
}

Result<std::variant<Reservation, StoredRelease>> Ledger::spend(const SpendRequest& request) {
  const Result<LedgerCost> cost = cost_of(*state_, request);
  if (!cost) return cost.error();
  Store& store = *state_->store;
  Wish wish = wish_of(request, *cost);
  Result<Writing> writing = Writing::begin(*state_, wish);
  if (!writing) return std::move(writing).error();
  const auto budget = budget_of(*writing, *state_, request.dataset);
  if (!budget) return budget.error();
  if (Status sound = check_request(request, *cost, *budget); !sound)
    return std::move(sound).error();

  const Digest plan = plan_digest(wish.entry, wish.measure);
  auto latest = latest_charge(store, plan);
  if (!latest) return std::move(latest).error();
  if (*latest && !request.again) {
    if ((*latest)->step != Step::reserved)
      return Spent(StoredRelease{(*latest)->number, std::move((*latest)->release)});
    const auto path = open_path(*writing, store, budget->account.name, (*latest)->account);
    if (!path) return path.error();
    return Spent(reservation({(*latest)->number, (*latest)->entry}));
  }

  if (Status paid = charge(*writing, store, *budget, *cost); !paid) return std::move(paid).error();
  const auto entry = enter(*writing, store, std::move(wish.entry), *budget, plan,
                           *latest ? (*latest)->attempt + 1 : 0);
  if (!entry) return entry.error();
  if (Status durable = writing->commit(); !durable) return std::move(durable).error();
  return Spent(reservation(*entry));
}

Result<StoredRelease> Ledger::store(Charge charge, std::string_view bytes) {
  Store& store = *state_->store;
  LedgerEntry entry;
  entry.kind = "store";
  entry.about = charge.number_;
  const Digest digest = sha256(bytes);
  entry.digest = view_of(digest);

  Result<Writing> writing = Writing::begin(*state_, {.entry = entry, .charge = charge.entry_});
  if (!writing) return std::move(writing).error();
  if (Status may = may_release(*writing, *state_, charge.number_); !may)
    return std::move(may).error();
  const auto put = store.run(
      "UPDATE charge SET state = 1, release = $1 WHERE number = $2 AND state = 0 AND"
      " (plan, attempt) = (SELECT chain.digest, chain.about FROM chain WHERE chain.number = $2 AND "
      "chain.hash = $3)",
      {Blob{bytes}, charge.number_, Blob{view_of(charge.entry_)}});
  if (!put) return put.error();
  if (*put == 0) return stored_meanwhile(charge);
  if (const auto noted = writing->append(std::move(entry)); !noted) return noted.error();
  if (Status durable = writing->commit(); !durable) return std::move(durable).error();
  return StoredRelease{charge.number_, std::string(bytes)};
}

Result<StoredRelease> Ledger::stored_meanwhile(const Charge& charge) {
  std::optional<std::string> release;
  const Status read = state_->store->each(
      "SELECT release FROM charge WHERE number = $1 AND state > 0 AND"
      " (plan, attempt) = (SELECT chain.digest, chain.about FROM chain WHERE chain.number = $1 AND "
      "chain.hash = $2)",
      {charge.number_, Blob{view_of(charge.entry_)}},
      [&](const Row& row) { release = row.text(0); });
  if (!read) return read.error();
  if (release) return StoredRelease{charge.number_, *std::move(release)};
  return Error{Errc::refused, state_->store->name(),
               "does not hold this charge: another ledger does"};
}

Status Ledger::published_before(const StoredRelease& release) {
  bool same = false;
  const Status read = state_->store->each(
      "SELECT 1 FROM charge WHERE number = $1 AND state = 2 AND release = $2 AND"
      " (plan, attempt) = (SELECT chain.digest, chain.about FROM chain WHERE chain.number = $1)",
      {release.charge, Blob{release.bytes}}, [&](const Row&) { same = true; });
  if (!read) return read;
  if (same) return ok();
  return Error{Errc::refused, "charge " + std::to_string(release.charge),
               "has no such release stored: publish what `store` returned"};
}

Status Ledger::published(const StoredRelease& release) {
  LedgerEntry entry;
  entry.kind = "publish";
  entry.about = release.charge;
  const Digest digest = sha256(release.bytes);
  entry.digest = view_of(digest);

  Result<Writing> writing = Writing::begin(*state_, {.entry = entry});
  if (!writing) return std::move(writing).error();
  if (Status may = may_release(*writing, *state_, release.charge); !may) return may;
  const auto put = state_->store->run(
      "UPDATE charge SET state = 2 WHERE number = $1 AND state = 1 AND release = $2 AND"
      " (plan, attempt) = (SELECT chain.digest, chain.about FROM chain WHERE chain.number = $1)",
      {release.charge, Blob{release.bytes}});
  if (!put) return put.error();
  if (*put == 0) return published_before(release);
  if (const auto noted = writing->append(std::move(entry)); !noted) return noted.error();
  return writing->commit();
}

}  // namespace sfumato
