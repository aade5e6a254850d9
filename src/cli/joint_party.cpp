#include "cli/joint_party.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <span>

#include "base/own_file.h"
#include "secagg/envelope.h"
#include "sfumato/random/system_bits.h"
#include "sfumato/secagg/joint_noise.h"
#include "sfumato/secagg/joint_session.h"
#include "sfumato/secagg/joint_sums.h"

namespace sfumato {
namespace {

constexpr std::size_t kLongestState = std::size_t{1} << 27;

bool is_there(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::exists(path, unknown);
}

/// A party's state, which holds secrets: nothing but a `Secret` has seen it.
Result<Secret> kept_state(const std::string& path) {
  const auto file = open_own_file(path);
  if (!file) return file.error();
  struct stat about {};
  if (::fstat(file->value(), &about) != 0) return file_error(path, "read", errno);
  if (static_cast<std::size_t>(about.st_size) > kLongestState)
    return Error{Errc::malformed, path, "is no state of a party: it is too long"};
  Secret state(static_cast<std::size_t>(about.st_size));
  const std::span<char> bytes{reinterpret_cast<char*>(state.bytes().data()), state.bytes().size()};
  for (std::size_t size = 0; size < bytes.size();) {
    const auto got = read_some(*file, path, bytes.subspan(size));
    if (!got) return got.error();
    if (*got == 0) return Error{Errc::malformed, path, "is shorter than it was a moment ago"};
    size += *got;
  }
  return state;
}

}  // namespace

Result<JointParty> JointParty::open(const JointHome& home, JointMail& mail, const SigningKey& key,
                                    Ledger& ledger, JointBook& book, const JointPolicy& policy,
                                    const QueryPlan& plan, JointRows rows) {
  const auto roster = home.roster();
  if (!roster) return roster.error();
  auto all_signed = signed_roster(mail, *roster);
  if (!all_signed) return std::move(all_signed).error();
  auto approved = approved_plan(mail, plan, *roster);
  if (!approved) return std::move(approved).error();
  auto gate = JointGate::open(ledger, book, key, *std::move(all_signed), *std::move(approved),
                              policy.allows);
  if (!gate) return std::move(gate).error();
  const auto tables = tables_for(home, policy, plan, roster->place_of(key.public_key()));
  if (!tables) return tables.error();
  return JointParty(home, mail, key, *roster, *std::move(gate), plan, *tables, std::move(rows));
}

Status JointParty::advance() {
  if (!party_)
    if (const Status begun = begin(); !begun || !party_) return begun;
  for (;;) {
    const auto heard = hear();
    if (!heard) return heard.error();
    if (!*heard) return ok();
  }
}

Status JointParty::begin() {
  if (!has_given_word_) {
    auto given = gate_.reserve(system_seconds());
    if (!given) return std::move(given).error();
    if (const auto* entered = std::get_if<EnteredSession>(&*given)) return resume(*entered);
    const Status put = mail_->put(word_name(plan_, member_), std::get<std::string>(*given));
    if (!put) return put;
    has_given_word_ = true;
  }
  if (!missing_.empty()) {  // without this one there is nothing to be done with the others
    const auto word = mail_->get(word_name(plan_, missing_.front()));
    if (!word || !*word) return word ? ok() : Status(word.error());
  }
  auto come = words_for(*mail_, plan_);
  if (!come) return std::move(come).error();
  missing_ = std::move(come->missing);
  return missing_.empty() ? enter(come->words) : ok();
}

// Rows are read before the session is entered: a table that can't be read leaves the plan to be tried again. The
// party is kept before it enters, with its noise: only the one that is kept may go on.
Status JointParty::enter(const std::vector<std::string>& words) {
  auto bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  const auto contribution = rows_(plan_, tables_, *bits);
  if (!contribution) return contribution.error();
  auto permit = gate_.admit(words, system_seconds());
  if (!permit) return std::move(permit).error();
  const auto session = session_of(plan_, roster_, permit->session);
  if (!session) return session.error();
  auto input = noised(*std::move(permit), plan_, *contribution, *bits);
  if (!input) return std::move(input).error();
  auto party = Party::begin(*session, *key_, *std::move(input));
  if (!party) return std::move(party).error();
  const PartyStep first = party->step();
  if (const Status kept_it = rewrite_own_file(kept("party"), first.state.view()); !kept_it)
    return kept_it;
  return go_on_as(*std::move(party));
}

Status JointParty::resume(const EnteredSession& entered) {
  const std::string state = kept("party");
  if (!is_there(state))
    return Error{Errc::refused, "session",
                 "was entered, and the state of its party is not here: a new plan is wanted"};
  const auto bytes = kept_state(state);
  if (!bytes) return bytes.error();
  const auto session = session_of(plan_, roster_, entered.session);
  if (!session) return session.error();
  auto party = Party::resume(*session, *key_, *bytes);
  if (!party) return std::move(party).error();
  return go_on_as(*std::move(party));
}

Status JointParty::go_on_as(Party party) {
  if (const Status entered = gate_.enter(party); !entered) return entered;
  folder_ = session_folder(plan_.hash(), party.session().terms().session);
  party_ = std::move(party);
  return say(party_->step());
}

std::string JointParty::said_name(int round) const {
  return fmt::format("{}from.{}.{}", folder_, member_, round);
}

/// A party says one thing in a round, and says the same again when it was killed. Who finds something else that it
/// signed goes on from an old copy of its home or its ledger, and must not give its rows, or its word, once more.
Status JointParty::check_first(const std::string& name, const std::string& message) {
  const auto before = mail_->get(name);
  if (!before || !*before || **before == message) return ok();
  const auto own = open_envelope(party_->session(), kind_of(message), **before);
  if (!own || own->sender != member_) return ok();
  return Error{
      Errc::refused, "session",
      fmt::format("was told something else in round {}: this home or its ledger was set back "
                  "since, and a new plan is wanted",
                  said_)};
}

/// The state behind it is kept.
Status JointParty::say(const PartyStep& step) {
  if (step.message.empty()) return ok();
  said_ = round_of(kind_of(step.message));
  const std::string name = said_name(said_);
  if (const Status first = check_first(name, step.message); !first) return first;
  return mail_->put(name, step.message);
}

/// Whether the coordinator has signed the sums of this session.
Result<bool> JointParty::has_ended() {
  const auto bytes = mail_->get(plan_folder(plan_.hash()) + "sums");
  if (!bytes) return bytes.error();
  if (!*bytes) return false;
  const auto sums = JointSums::parse(**bytes, plan_);
  return sums && sums->session == party_->session().terms().session;
}

/// The first that is there of those with which the party can go on.
Result<std::optional<std::string>> JointParty::letter() {
  for (const int round : party_->awaits()) {
    auto told = mail_->get(fmt::format("{}to.{}.{}", folder_, member_, round));
    if (!told || *told) return told;
  }
  return std::optional<std::string>();
}

Error JointParty::too_late(int round) const {
  return {Errc::refused, "session",
          fmt::format("has ended without this organisation, which was late in round {}", round)};
}

/// An input is the last that is said by who holds no key: nobody would tell it that it came too late. Where another
/// one lies there already, `say` tells why.
Result<bool> JointParty::comes_too_late(const PartyStep& step) {
  constexpr WireKind kInput = WireKind::encrypted_input;
  if (kind_of(step.message) != kInput) return false;
  const auto before = mail_->get(said_name(round_of(kInput)));
  if (!before) return before.error();
  return *before ? Result<bool>(false) : has_ended();
}

/// Takes the letter that ends the round of what was said last.
Result<bool> JointParty::hear() {
  if (party_->is_done()) return false;
  auto told = letter();
  if (told && !*told) {
    const auto ended = has_ended();
    if (!ended || !*ended) return ended;
    told = letter();  // which may have come meanwhile, and came before the sums
  }
  if (!told) return std::move(told).error();
  if (!*told) return too_late(party_->awaits().front());
  auto step = party_->receive(**told);
  if (!step) return std::move(step).error();
  const auto late = comes_too_late(*step);
  if (!late) return late;
  if (*late) return too_late(round_of(WireKind::encrypted_input));
  const Status written = rewrite_own_file(kept("party"), step->state.view());
  if (!written) return written.error();
  if (const Status said = say(*step); !said) return said.error();
  return true;
}

std::string JointParty::awaits() const {
  if (is_done()) return "nothing";
  if (party_ && said_ == 0) return "the key, which its holders make";
  if (party_) return fmt::format("the coordinator, in round {}", party_->awaits().front());
  return "the words of " + names_of(roster_, missing_);
}

}  // namespace sfumato
