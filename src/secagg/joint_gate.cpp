#include "sfumato/secagg/joint_gate.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/head_check.h"
#include "secagg/wire.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kLongestWord = 0xffff;
constexpr std::uint64_t kLongestEntry = 0xffffff;

Error refused(const char* where, std::string message) {
  return {Errc::refused, where, std::move(message)};
}

/// A reservation, and the bytes that it was told in.
struct Word {
  JointReservation says;
  std::string bytes;

  std::size_t member() const noexcept { return says.member; }
};

/// What the ledger stores in place of a release: the words of all, by rising members.
std::string entry_of(const std::vector<Word>& words) {
  WireWriter list;
  for (const Word& word : words) list.vector(word.bytes, kLongestWord);
  return WireWriter(WireKind::entry).vector(list.bytes(), kLongestEntry).bytes();
}

std::vector<std::string> words_of(std::string_view entry) {
  WireReader reader(entry, WireKind::entry);
  WireReader list(reader.vector(0, kLongestEntry));
  std::vector<std::string> words;
  while (list.more()) words.emplace_back(list.vector(0, kLongestWord));
  return words;
}

/// By rising members: one of each that contributes.
Result<std::vector<Word>> read(std::span<const std::string> words, const QueryPlan& plan,
                               const Roster& roster) {
  std::vector<Word> read;
  for (const std::string& bytes : words) {
    auto word = JointReservation::parse(bytes, plan, roster);
    if (!word) return std::move(word).error();
    read.push_back({std::move(*word), bytes});
  }
  std::ranges::sort(read, {}, &Word::member);
  if (!std::ranges::equal(read, plan.terms().datasets, {}, &Word::member, &JointDataset::member))
    return refused("reservations",
                   "must be one of each organisation that contributes: all ledgers are charged, or "
                   "none is used");
  return read;
}

const Word& word_of(const std::vector<Word>& words, std::size_t member) {
  return *std::ranges::find(words, member, &Word::member);
}

/// What this organisation's book and the words of all know of each ledger, against what its keeper says now.
Status check_heads(const std::vector<Word>& words, const KnownHeads& book, const Roster& roster) {
  std::vector<const KnownHeads*> sources = {&book};
  for (const Word& word : words) sources.push_back(&word.says.known);
  for (const Word& word : words) {
    const auto& [name, key] = roster.members()[word.member()];
    for (const KnownHeads* const known : sources) {
      const auto head = known->find(key);
      if (head == known->end()) continue;
      const Status good = check_head(word.says.head, head->second, name);
      if (!good) return good;
    }
  }
  return ok();
}

KnownHeads heads_of(const std::vector<Word>& words, const Roster& roster) {
  KnownHeads heads;
  for (const Word& word : words) heads.emplace(roster.members()[word.member()].key, word.says.head);
  return heads;
}

}  // namespace

Result<JointGate> JointGate::open(Ledger& ledger, JointBook& book, const SigningKey& key,
                                  SignedRoster roster, ApprovedPlan plan,
                                  const LocalPolicy& policy) {
  const auto member = roster.roster().place_of(key.public_key());
  if (!member) return refused("roster", "must have this key, has it not");
  if (!roster.signed_by(*member))
    return refused("roster", "must be signed by this key: sign it when its names are compared");
  if (plan.plan().roster_hash() != roster.roster().hash())
    return refused("plan", "must be for this roster, is for another one");
  if (!plan.plan().dataset_of(*member))
    return refused("plan", "must have a dataset of this organisation, has none");
  if (const Status allowed = check(policy, plan.plan()); !allowed) return allowed.error();
  return JointGate(ledger, book, key, std::move(roster), std::move(plan), *member);
}

SpendRequest JointGate::charge() const {
  const JointDataset& dataset = *plan().dataset_of(member_);
  return {.dataset = dataset.name,
          .version = dataset.version,
          .plan = plan().bytes(),
          .title = plan().terms().title,
          .cost = plan().stated_cost()};
}

Result<std::variant<std::string, EnteredSession>> JointGate::reserve(std::int64_t now) {
  using Given = std::variant<std::string, EnteredSession>;
  if (const Status alive = plan_.alive(now); !alive) return alive.error();
  auto spent = ledger_->spend(charge());
  if (!spent) return std::move(spent).error();
  if (const auto* stored = std::get_if<StoredRelease>(&*spent)) {
    const auto words = read(words_of(stored->bytes), plan(), roster_.roster());
    if (!words) return words.error();
    return Given(EnteredSession{sha256(stored->bytes), word_of(*words, member_).says.head});
  }
  reserved_.emplace(std::get<Reservation>(std::move(*spent)));
  auto word = give_word();
  if (!word) return std::move(word).error();
  return Given(std::move(*word));
}

/// The one that was given before, or a new one that is kept before it leaves.
Result<std::string> JointGate::give_word() {
  if (auto before = book_->word(plan().hash())) return *std::move(before);
  const auto head = ledger_->head();
  if (!head) return head.error();
  JointReservation word{.plan = plan().hash(),
                        .roster = roster_.roster().hash(),
                        .member = member_,
                        .head = *head,
                        .known = {}};
  for (const JointDataset& dataset : plan().terms().datasets) {
    const auto known = book_->heads().find(roster_.roster().members()[dataset.member].key);
    if (known != book_->heads().end()) word.known.insert(*known);
  }
  std::string bytes = word.signed_by(*key_);
  if (const Status kept = book_->keep_word(plan().hash(), bytes); !kept) return kept.error();
  return bytes;
}

/// What others know of this ledger must be in it: who goes on from a restored copy finds out here.
Status JointGate::check_own_ledger(const KnownHeads& known) const {
  const auto mine = known.find(key_->public_key());
  return mine == known.end() ? ok() : ledger_->expect(mine->second);
}

Result<JointGate::Entry> JointGate::enter(std::span<const std::string> words, std::int64_t now) {
  if (!reserved_) return refused("session", "must be entered once, after a reservation");
  if (const Status alive = plan_.alive(now); !alive) return alive.error();
  const Roster& roster = roster_.roster();
  const auto all = read(words, plan(), roster);
  if (!all) return all.error();
  const Word& own = word_of(*all, member_);
  if (own.bytes != book_->word(plan().hash()))
    return refused("reservations", "must have the word that this organisation gave");
  for (const Word& word : *all)
    if (const Status held = check_own_ledger(word.says.known); !held) return held.error();
  if (const Status good = check_heads(*all, book_->heads(), roster); !good) return good.error();
  if (const Status kept = book_->learn(heads_of(*all, roster)); !kept) return kept.error();
  return store(entry_of(*all), own.says.head);
}

Result<JointGate::Entry> JointGate::store(const std::string& entry, const LedgerHead& head) {
  Reservation reserved = std::move(*reserved_);
  reserved_.reset();
  const auto stored = ledger_->store(std::move(reserved.charge), entry);
  if (!stored) return stored.error();
  if (stored->bytes != entry)
    return refused("session", "must be entered once: another one was meanwhile");
  return Entry{std::move(reserved.permit), {sha256(entry), head}};
}

}  // namespace sfumato
