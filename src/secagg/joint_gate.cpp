#include "sfumato/secagg/joint_gate.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/plan_check.h"
#include "secagg/wire.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kLongestReservation = 0xffff;
constexpr std::uint64_t kLongestEntry = 0xffffff;

Error refused(const char* where, std::string message) {
  return {Errc::refused, where, std::move(message)};
}

/// The reservations of all, by rising members: what names the session.
std::string beginning_of_entry(const std::vector<std::string>& reservations) {
  WireWriter list;
  for (const std::string& bytes : reservations) list.vector(bytes, kLongestReservation);
  return WireWriter(WireKind::entry).vector(list.bytes(), kLongestEntry).bytes();
}

/// A word, and the reservation in it.
struct Told {
  JointReservation says;
  JointWord word;

  std::size_t member() const noexcept { return says.member; }
};

/// One of each that contributes, by rising members.
struct AllWords {
  std::vector<JointWord> words;
  std::vector<LedgerHead> charged;  // where their reservations stand in their ledgers
};

Result<AllWords> parsed(std::span<const std::string> words, const QueryPlan& plan,
                        const Roster& roster) {
  std::vector<Told> told;
  for (const std::string& bytes : words) {
    auto word = JointWord::parse(bytes, plan, roster);
    if (!word) return std::move(word).error();
    const auto says = JointReservation::parse(word->reservation, plan, roster);
    if (!says) return says.error();
    told.push_back({*says, std::move(*word)});
  }
  std::ranges::sort(told, {}, &Told::member);
  if (!std::ranges::equal(told, plan.terms().datasets, {}, &Told::member, &JointDataset::member))
    return refused("words",
                   "must be one of each organisation that contributes: all ledgers are charged, or "
                   "none is used");
  AllWords all;
  for (Told& one : told) {
    all.charged.push_back(one.says.head);
    all.words.push_back(std::move(one.word));
  }
  return all;
}

std::vector<std::string> reservations_of(std::span<const JointWord> words) {
  std::vector<std::string> reservations;
  for (const JointWord& word : words) reservations.push_back(word.reservation);
  return reservations;
}

/// All that is known of one ledger: in the book, by all words, and by its own reservation.
std::vector<LedgerHead> all_heads(const PublicKey& key, const KnownHeads& book,
                                  std::span<const JointWord> words, const LedgerHead& charged) {
  std::vector<LedgerHead> heads = {charged};
  const auto add = [&](const KnownHeads& known) {
    if (const auto head = known.find(key); head != known.end()) heads.push_back(head->second.head);
  };
  add(book);
  for (const JointWord& word : words) add(word.known);
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
  if (const Status same = check_roster(plan.plan().roster_hash(), roster.roster()); !same)
    return same.error();
  if (!plan.plan().dataset_of(*member))
    return refused("plan", "must have a dataset of this organisation, has none");
  if (const Status allowed = check(policy, plan.plan(), member); !allowed) return allowed.error();
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
  if (const Status read = book_->refresh(); !read) return read.error();
  const Status alive = plan_.alive(now);
  if (!alive && !book_->reservation(plan().hash())) return alive.error();
  auto spent = ledger_->spend(charge());
  if (!spent) return std::move(spent).error();
  if (const auto* stored = std::get_if<StoredRelease>(&*spent)) {
    auto entered = read(stored->bytes);
    if (!entered) return std::move(entered).error();
    entered_ = *entered;
    return Given(*entered);
  }
  if (!alive) return alive.error();
  reserved_.emplace(std::get<Reservation>(std::move(*spent)));
  admitted_.clear();
  auto word = give_word();
  if (!word) return std::move(word).error();
  return Given(std::move(*word));
}

/// What the ledger holds in place of a release: reservations, then the name of the party.
Result<EnteredSession> JointGate::read(const std::string& entry) const {
  WireReader reader(entry, WireKind::entry);
  WireReader list(reader.vector(0, kLongestEntry));
  EnteredSession entered{};
  while (list.more()) {
    const auto says = JointReservation::parse(list.vector(0, kLongestReservation), plan(), roster_.roster());
    if (!says) return says.error();
    if (says->member == member_) entered.head = says->head;
  }
  entered.party = reader.array<std::tuple_size_v<Digest>>();
  if (!reader.complete() || !list.complete())
    return Error{Errc::malformed, "entry", "is none of a joint session"};
  entered.session = sha256(std::string_view(entry).substr(0, entry.size() - sizeof(Digest)));
  return entered;
}

/// The one that was signed before, or a new one that is kept before it leaves.
Result<JointReservation> JointGate::own_reservation() {
  auto bytes = book_->reservation(plan().hash());
  if (!bytes) {
    const auto head = ledger_->head();
    if (!head) return head.error();
    const JointReservation says{.plan = plan().hash(),
                                .roster = roster_.roster().hash(),
                                .member = member_,
                                .head = *head};
    auto kept = book_->keep_reservation(plan().hash(), says.signed_by(*key_));
    if (!kept) return std::move(kept).error();
    bytes = *std::move(kept);
  }
  return JointReservation::parse(*bytes, plan(), roster_.roster());
}

Status JointGate::expect_all(std::span<const LedgerHead> heads) {
  for (const LedgerHead& head : heads)
    if (const Status held = ledger_->expect(head); !held) return held;
  return ok();
}

/// This ledger's head is signed once the ledger holds all that was signed of it before.
Result<std::string> JointGate::give_word() {
  const auto own = own_reservation();
  if (!own) return own.error();
  const Status whole = expect_all(all_heads(key_->public_key(), book_->heads(), {}, own->head));
  if (!whole) return whole.error();
  const auto head = ledger_->head();
  if (!head) return head.error();
  JointWord word{.reservation = *book_->reservation(plan().hash()),
                 .now = SignedHead::sign(*head, *key_),
                 .known = {}};
  if (const Status kept = book_->learn({{key_->public_key(), word.now}}); !kept)
    return kept.error();
  for (const JointDataset& dataset : plan().terms().datasets) {
    const auto known = book_->heads().find(key_of(dataset.member));
    if (dataset.member != member_ && known != book_->heads().end()) word.known.insert(*known);
  }
  return word.signed_by(*key_);
}

/// What others know of this ledger must be in it: who goes on from a restored copy finds out here. Of another one its
/// keeper's word is the latest, and what all know of it is one ledger.
Status JointGate::check_ledgers(std::span<const JointWord> words,
                                std::span<const LedgerHead> charged) {
  if (const Status read = book_->refresh(); !read) return read;
  KnownHeads now;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t member = plan().terms().datasets[i].member;
    const Organisation& keeper = roster_.roster().members()[member];
    const auto heads = all_heads(keeper.key, book_->heads(), words, charged[i]);
    const Status good = member == member_ ? expect_all(heads)
                                          : check_heads(heads, words[i].now.head, keeper.name);
    if (!good) return good;
    now.emplace(keeper.key, words[i].now);
  }
  return book_->learn(now);
}

Result<JointPermit> JointGate::admit(std::span<const std::string> words, std::int64_t now) {
  if (!reserved_ || !admitted_.empty())
    return refused("session", "must be entered once, after a reservation");
  if (const Status alive = plan_.alive(now); !alive) return alive.error();
  const auto all = parsed(words, plan(), roster_.roster());
  if (!all) return all.error();
  std::vector<std::string> reservations = reservations_of(all->words);
  const auto own = std::ranges::find(reservations, *book_->reservation(plan().hash()));
  if (own == reservations.end())
    return refused("words", "must have the one that this organisation gave");
  const LedgerHead head = all->charged[static_cast<std::size_t>(own - reservations.begin())];
  if (const Status good = check_ledgers(all->words, all->charged); !good) return good.error();
  admitted_ = std::move(reservations);
  return JointPermit{.permit = std::move(reserved_->permit),
                     .plan = plan().hash(),
                     .session = sha256(beginning_of_entry(admitted_)),
                     .head = head};
}

Status JointGate::enter(const Party& party) {
  if (!entered_)
    if (const Status stored = store(party); !stored) return stored;
  if (entered_->party != party.name())
    return refused("session", "was entered by another party of this organisation, which alone may go on");
  return ok();
}

Status JointGate::store(const Party& party) {
  if (!reserved_ || admitted_.empty())
    return refused("session", "must be entered after the words of all were taken");
  const std::string beginning = beginning_of_entry(admitted_);
  const SessionTerms& terms = party.session().terms();
  if (terms.plan != plan().hash() || terms.session != sha256(beginning))
    return refused("party", "must be of this plan's session, is of another one");
  Reservation reserved = *std::exchange(reserved_, std::nullopt);
  const auto stored =
      ledger_->store(std::move(reserved.charge), beginning + std::string(view_of(party.name())));
  if (!stored) return stored.error();
  auto entered = read(stored->bytes);
  if (!entered) return std::move(entered).error();
  entered_ = *entered;
  return ok();
}

Result<Digest> session_named_by(std::span<const std::string> words, const QueryPlan& plan,
                                const Roster& roster) {
  const auto all = parsed(words, plan, roster);
  if (!all) return all.error();
  return sha256(beginning_of_entry(reservations_of(all->words)));
}

}  // namespace sfumato
