#include "sfumato/ledger/ledger.h"

#include <chrono>
#include <string>
#include <utility>

#include "ledger/canonical.h"
#include "ledger/gate.h"
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

/// By what requests name this ledger; none where it holds no keys. Refuses what is no ledger.
Result<std::optional<Digest>> identity_of(Store& store) {
  const Result<Transaction> reading = Transaction::read(store);
  if (!reading) return reading.error();
  if (Status sound = check_tables(store); !sound) return std::move(sound).error();
  std::optional<Digest> identity;
  const Status read =
      store.each("SELECT hash FROM chain WHERE number = 0 AND length(public_key) > 0", {},
                 [&](const Row& row) { identity = row.digest(0); });
  if (!read) return read.error();
  return identity;
}

/// Has the owner sign for the first entry, which is then complete.
Status sign_first(LedgerState& state, std::int64_t now, LedgerEntry& first) {
  const std::string statement = Wish{.entry = first}.statement();
  const Digest none{};
  const GateRules rules{none, none, state.actor, statement, now};
  const Result<LedgerRequest> draft = next_request(*state.store, rules, state.bits);
  if (!draft) return draft.error();
  const SignedRequest sent = state.signer->sign(*draft);
  const Result<LedgerRequest> request = let_in(*state.store, sent, rules);
  if (!request) return request.error();
  first.request = sent.bytes;
  first.signature = view_of(sent.signature);
  return use_up(*state.store, *request, 0);
}

Error holds_no_keys(const Store& store) {
  return {Errc::refused, store.name(),
          "holds no keys, which is decided when a ledger is made: names are taken on trust"};
}

/// Refuses a key that is another member's.
Status check_unused(Store& store, const PublicKey& key, const std::string& name) {
  const auto whose = member_with(store, key);
  if (!whose) return whose.error();
  if (!*whose || **whose == name) return ok();
  return Error{Errc::refused, key.fingerprint(),
               "is the key of '" + **whose + "': each has its own"};
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

Result<Ledger> Ledger::create(const std::string& ledger, const std::string& owner,
                              LedgerClock clock) {
  return make(ledger, owner, std::nullopt, std::move(clock));
}

Result<Ledger> Ledger::create(const std::string& ledger, const std::string& owner,
                              LedgerSigner signer, LedgerClock clock) {
  return make(ledger, owner, std::move(signer), std::move(clock));
}

// All of a new ledger is one transaction: a crash leaves an empty place, which `create` takes.
Result<Ledger> Ledger::make(const std::string& ledger, const std::string& owner,
                            std::optional<LedgerSigner> signer, LedgerClock clock) {
  if (Status named = check_name(owner, "owner"); !named) return std::move(named).error();
  const Result<std::string> identity = fresh_identity();
  if (!identity) return identity.error();
  auto store = create_store(ledger);
  if (!store) return std::move(store).error();
  auto state = std::make_unique<LedgerState>(
      LedgerState{*std::move(store), owner, std::move(clock), {}, std::move(signer), {}});
  Result<Transaction> transaction = Transaction::write(*state->store);
  if (!transaction) return std::move(transaction).error();
  if (Status made = make_tables(*state->store); !made) return std::move(made).error();
  const auto key = state->signer ? std::optional(state->signer->key) : std::nullopt;
  if (Status put = put_member(*state->store, owner, Role::owner, key); !put)
    return std::move(put).error();

  Result<Chain> chain = Chain::end(*state->store, state->clock());
  if (!chain) return std::move(chain).error();
  LedgerEntry first;
  first.kind = "create";
  first.actor = owner;
  first.digest = *identity;
  if (key) {
    first.key = key->bytes();
    if (Status done = sign_first(*state, chain->now(), first); !done)
      return std::move(done).error();
  }
  const auto put = chain->append(std::move(first));
  if (!put) return put.error();
  if (key) state->identity = put->hash;
  if (Status done = transaction->commit(*put); !done) return std::move(done).error();
  return Ledger(std::move(state));
}

Result<Ledger> Ledger::open(const std::string& ledger, const std::string& actor,
                            LedgerClock clock) {
  return open_as(ledger, actor, std::nullopt, std::move(clock));
}

Result<Ledger> Ledger::open(const std::string& ledger, const std::string& actor,
                            LedgerSigner signer, LedgerClock clock) {
  return open_as(ledger, actor, std::move(signer), std::move(clock));
}

Result<Ledger> Ledger::open(const std::string& ledger, LedgerSigner signer, LedgerClock clock) {
  const PublicKey key = signer.key;
  Result<Ledger> opened = open_as(ledger, key.fingerprint(), std::move(signer), std::move(clock));
  if (!opened) return opened;
  Store& store = *opened->state_->store;
  const Result<Transaction> reading = Transaction::read(store);
  if (!reading) return reading.error();
  auto name = member_with(store, key);
  if (!name) return std::move(name).error();
  if (*name) opened->state_->actor = **std::move(name);
  return opened;
}

Result<Ledger> Ledger::open_as(const std::string& ledger, const std::string& actor,
                               std::optional<LedgerSigner> signer, LedgerClock clock) {
  if (Status named = check_name(actor, "actor"); !named) return std::move(named).error();
  auto store = open_store(ledger);
  if (!store) return std::move(store).error();
  const auto identity = identity_of(**store);
  if (!identity) return identity.error();
  if (signer && !*identity) return holds_no_keys(**store);
  return Ledger(std::make_unique<LedgerState>(
      LedgerState{*std::move(store), actor, std::move(clock), *identity, std::move(signer), {}}));
}

bool Ledger::holds_keys() const noexcept {
  return state_->identity.has_value();
}

const std::string& Ledger::name() const noexcept {
  return state_->store->name();
}

Status Ledger::add_dataset(const std::string& dataset, const StatedCost& cap, std::int64_t until) {
  if (Status named = check_name(dataset, "dataset"); !named) return named;
  const Result<LedgerCost> allowed = LedgerCost::allowed(cap);
  if (!allowed) return allowed.error();
  return add_dataset(dataset, *allowed, {}, until);
}

Status Ledger::add_dataset(const std::string& dataset, const RenyiFilterParams& cap,
                           std::int64_t until) {
  if (Status named = check_name(dataset, "dataset"); !named) return named;
  const Result<LedgerCost> allowed = LedgerCost::allowed(cap);
  if (!allowed) return allowed.error();
  auto orders = caps_of(allowed->amount, allowed->curve);
  if (!orders) return std::move(orders).error();
  return add_dataset(dataset, *allowed, *std::move(orders), until);
}

Status Ledger::add_dataset(const std::string& dataset, const LedgerCost& cap,
                           std::vector<RenyiFilter::Order> orders, std::int64_t until) {
  const AccountName name{.dataset = dataset};
  LedgerEntry entry = entry_about("dataset", name);
  entry.amount = cap.amount;
  entry.curve = cap.curve;
  entry.until = until;
  entry.words = name_of(cap.measure);

  Result<Writing> writing = Writing::begin(*state_, {.entry = entry});
  if (!writing) return std::move(writing).error();
  if (Status may = only_owners(*writing, *state_, name); !may) return may;
  const auto there = find_account(*state_->store, name);
  if (!there) return there.error();
  if (*there)
    return Error{Errc::refused, name.to_string(), "is there already, and its cap stays as it is"};
  LedgerAccount account{.name = name,
                        .project = {},
                        .cap = cap,
                        .spent = {},
                        .orders = std::move(orders),
                        .until = until};
  if (Status put = open_account(*state_->store, account, {}); !put) return put;
  return conclude(*writing, std::move(entry));
}

Status Ledger::appoint(const std::string& name, Role role, const std::optional<PublicKey>& key) {
  if (Status named = check_name(name, "name"); !named) return named;
  Store& store = *state_->store;
  if (key && !holds_keys()) return holds_no_keys(store);
  LedgerEntry entry;
  entry.kind = "appoint";
  entry.account = name;
  entry.words = name_of(role);
  if (key) entry.key = key->bytes();

  Result<Writing> writing = Writing::begin(*state_, {.entry = entry});
  if (!writing) return std::move(writing).error();
  if (Status may = only_owners(*writing, *state_, {}); !may) return may;
  if (name == state_->actor && role != Role::owner)
    return Error{Errc::refused, name, "must stay an owner: another owner can change that"};
  if (key)
    if (Status own = check_unused(store, *key, name); !own) return own;
  if (Status put = put_member(store, name, role, key); !put) return put;
  return conclude(*writing, std::move(entry));
}

Status Ledger::revoke(const std::string& name) {
  if (Status named = check_name(name, "name"); !named) return named;
  Store& store = *state_->store;
  if (!holds_keys()) return holds_no_keys(store);
  LedgerEntry entry;
  entry.kind = "revoke";
  entry.account = name;

  Result<Writing> writing = Writing::begin(*state_, {.entry = entry});
  if (!writing) return std::move(writing).error();
  if (Status may = only_owners(*writing, *state_, {}); !may) return may;
  if (name == state_->actor)
    return Error{Errc::refused, name, "must keep a key: another owner can take it away"};
  const auto taken = store.run(
      "UPDATE member SET public_key = NULL WHERE name = $1 AND public_key IS NOT NULL", {name});
  if (!taken) return taken.error();
  if (*taken == 0) return Error{Errc::invalid_parameter, name, "has no key in this ledger"};
  return conclude(*writing, std::move(entry));
}

Status Ledger::freeze(const AccountName& account, bool frozen) {
  LedgerEntry entry = entry_about(frozen ? "freeze" : "thaw", account);
  Result<Writing> writing = Writing::begin(*state_, {.entry = entry});
  if (!writing) return std::move(writing).error();
  if (Status may = only_owners(*writing, *state_, account); !may) return may;
  const auto there = find_account(*state_->store, account);
  if (!there) return there.error();
  if (!*there)
    return Error{Errc::invalid_parameter, account.to_string(), "has no budget in this ledger"};
  const auto put = state_->store->run("UPDATE account SET frozen = $1 WHERE id = $2",
                                      {static_cast<std::int64_t>(frozen), (*there)->id});
  if (!put) return put.error();
  return conclude(*writing, std::move(entry));
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
