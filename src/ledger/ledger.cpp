#include "sfumato/ledger/ledger.h"

#include <chrono>
#include <string>
#include <utility>

#include "ledger/canonical.h"
#include "ledger/schema.h"
#include "ledger/session.h"
#include "ledger/verify.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

/// Random bytes that make each ledger's log differ from all others, from its first entry on.
Result<std::string> fresh_identity() {
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  Canonical identity("sfumato ledger identity");
  for (int word = 0; word < 4; ++word) identity.add(static_cast<std::int64_t>(bits->next()));
  return std::string(view_of(identity.digest()));
}

/// Ends what `begin` began by an entry.
Status conclude(Writing& writing, LedgerEntry entry) {
  if (const auto put = writing.append(std::move(entry)); !put) return put.error();
  return writing.commit();
}

Status check(Store& store) {
  const Result<Transaction> reading = Transaction::read(store);
  return reading ? check_tables(store) : Status(reading.error());
}

}  // namespace

std::int64_t system_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

Ledger::Ledger(std::unique_ptr<LedgerState> state) noexcept : state_(std::move(state)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

// All of a new ledger is one transaction: a crash leaves an empty place, which `create` takes.
Result<Ledger> Ledger::create(const std::string& ledger, const std::string& owner,
                              LedgerClock clock) {
  if (Status named = check_name(owner, "owner"); !named) return std::move(named).error();
  const Result<std::string> identity = fresh_identity();
  if (!identity) return identity.error();
  auto store = create_store(ledger);
  if (!store) return std::move(store).error();
  auto state =
      std::make_unique<LedgerState>(LedgerState{*std::move(store), owner, std::move(clock)});
  Result<Transaction> transaction = Transaction::write(*state->store);
  if (!transaction) return std::move(transaction).error();
  if (Status made = make_tables(*state->store); !made) return std::move(made).error();

  Result<Chain> chain = Chain::end(*state->store, state->clock());
  if (!chain) return std::move(chain).error();
  LedgerEntry first;
  first.kind = "create";
  first.actor = owner;
  first.digest = *identity;
  if (const auto put = chain->append(std::move(first)); !put) return put.error();
  const auto put = state->store->run("INSERT INTO member VALUES ($1, 'owner')", {owner});
  if (!put) return put.error();
  if (Status done = transaction->commit(chain->head()); !done) return std::move(done).error();
  return Ledger(std::move(state));
}

Result<Ledger> Ledger::open(const std::string& ledger, const std::string& actor,
                            LedgerClock clock) {
  if (Status named = check_name(actor, "actor"); !named) return std::move(named).error();
  auto store = open_store(ledger);
  if (!store) return std::move(store).error();
  if (Status sound = check(**store); !sound) return std::move(sound).error();
  return Ledger(
      std::make_unique<LedgerState>(LedgerState{*std::move(store), actor, std::move(clock)}));
}

const std::string& Ledger::name() const noexcept {
  return state_->store->name();
}

Status Ledger::add_dataset(const std::string& dataset, const StatedCost& cap, std::int64_t until) {
  if (Status named = check_name(dataset, "dataset"); !named) return named;
  const Result<LedgerCost> allowed = LedgerCost::allowed(cap);
  if (!allowed) return allowed.error();
  const AccountName name{.dataset = dataset};

  Result<Writing> writing = Writing::begin(*state_->store, state_->actor, state_->clock);
  if (!writing) return std::move(writing).error();
  if (Status may = only_owners(*writing, *state_, name); !may) return may;
  const auto there = find_account(*state_->store, name);
  if (!there) return there.error();
  if (*there)
    return Error{Errc::refused, name.to_string(), "is there already, and its cap stays as it is"};
  LedgerAccount account{.name = name, .project = {}, .cap = *allowed, .spent = {}, .until = until};
  if (Status put = open_account(*state_->store, account, {}); !put) return put;
  LedgerEntry entry = entry_about("dataset", name);
  entry.amount = allowed->amount;
  entry.until = until;
  entry.words = name_of(allowed->measure);
  return conclude(*writing, std::move(entry));
}

Status Ledger::appoint(const std::string& name, Role role) {
  if (Status named = check_name(name, "name"); !named) return named;
  Result<Writing> writing = Writing::begin(*state_->store, state_->actor, state_->clock);
  if (!writing) return std::move(writing).error();
  if (Status may = only_owners(*writing, *state_, {}); !may) return may;
  if (name == state_->actor && role != Role::owner)
    return Error{Errc::refused, name, "must stay an owner: another owner can change that"};
  if (Status put = put_member(*writing, *state_->store, name, role); !put) return put;
  return writing->commit();
}

Status Ledger::freeze(const AccountName& account, bool frozen) {
  Result<Writing> writing = Writing::begin(*state_->store, state_->actor, state_->clock);
  if (!writing) return std::move(writing).error();
  if (Status may = only_owners(*writing, *state_, account); !may) return may;
  const auto there = find_account(*state_->store, account);
  if (!there) return there.error();
  if (!*there)
    return Error{Errc::invalid_parameter, account.to_string(), "has no budget in this ledger"};
  const auto put = state_->store->run("UPDATE account SET frozen = $1 WHERE id = $2",
                                      {static_cast<std::int64_t>(frozen), (*there)->id});
  if (!put) return put.error();
  return conclude(*writing, entry_about(frozen ? "freeze" : "thaw", account));
}

Result<LedgerHead> Ledger::head() {
  const Result<Transaction> reading = Transaction::read(*state_->store);
  if (!reading) return reading.error();
  return head_of(*state_->store);
}

Status Ledger::expect(const LedgerHead& head) {
  const Result<Transaction> reading = Transaction::read(*state_->store);
  if (!reading) return reading.error();
  std::string hash;
  const Status read = state_->store->each("SELECT hash FROM chain WHERE number = $1", {head.number},
                                          [&](const Row& row) { hash = row.text(0); });
  if (!read) return read;
  if (hash == view_of(head.hash)) return ok();
  return Error{Errc::refused, state_->store->name(),
               "does not hold entry " + std::to_string(head.number) +
                   " of the head that is expected: it is older, or another ledger"};
}

Status Ledger::verify() {
  const Result<Transaction> reading = Transaction::read(*state_->store);
  if (!reading) return reading.error();
  return verify_all(*state_->store);
}

}  // namespace sfumato
