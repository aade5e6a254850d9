#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

#include "base/own_file.h"
#include "cli/arguments.h"
#include "cli/display.h"
#include "cli/joint_home.h"
#include "cli/joint_party.h"
#include "cli/joint_plan.h"
#include "cli/joint_serve.h"
#include "cli/joint_table.h"
#include "cli/layout.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/places.h"
#include "cli/verbs.h"
#include "secagg/names.h"
#include "sfumato/io/atomic_file.h"
#include "sfumato/secagg/joint_sums.h"

namespace sfumato {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Who compares fingerprints sees which is whose.
std::string members_text(const Roster& roster) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, key] : roster.members())
    rows.push_back({printable(name), key.fingerprint()});
  return aligned(rows, {Align::left, Align::left});
}

// The key is written last: who is killed before it is there begins again.
Result<int> init(const JointArguments& given) {
  const JointHome home(given.home);
  if (const Status good = check_joint_name(given.name, "name"); !good) return good.error();
  const auto lock = new_lock(given.lock);
  if (!lock) return lock.error();
  if (::mkdir(given.home.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return file_error(given.home, "made", errno);
  if (const Status alone = home.check_private(); !alone) return alone.error();
  std::error_code unknown;
  if (std::filesystem::exists(home.key_file(), unknown))
    return Error{Errc::refused, home.key_file(), "is there already: a key is never written over"};
  const auto key = SigningKey::generate();
  if (!key) return key.error();
  const Organisation self{given.name, key->public_key()};
  if (!std::filesystem::exists(home.policy_file(), unknown))
    if (const Status written = write_own_file(home.policy_file(), "a policy", first_joint_policy());
        !written)
      return written.error();
  if (const Status written = write_atomically(home.member_file(), member_line(self)); !written)
    return written.error();
  if (const Status written = write_key_file(home.key_file(), *key, *lock); !written)
    return written.error();
  return deliver({}, member_line(self) + self.key.fingerprint() + "\n");
}

Result<Roster> roster_of(const JointArguments& given) {
  std::vector<Organisation> members;
  for (const std::string& file : given.members) {
    auto member = read_member(file);
    if (!member) return std::move(member).error();
    members.push_back(*std::move(member));
  }
  const auto quorum =
      read_whole(given.quorum, "quorum", 1, static_cast<std::int64_t>(Roster::kMost));
  if (!quorum) return quorum.error();
  return Roster::make(std::move(members), static_cast<std::size_t>(*quorum));
}

Result<int> join(const JointArguments& given) {
  const JointHome home(given.home);
  const auto roster = roster_of(given);
  if (!roster) return roster.error();
  const auto key = unlocked(home.key_file(), given.lock);
  if (!key) return key.error();
  if (const auto before = home.roster(); before ? *before != *roster : home.has_roster())
    return before ? Error{Errc::refused, home.roster_file(),
                          "is another roster: make a new home for one with other members"}
                  : before.error();
  if (const Status kept = rewrite_own_file(home.roster_file(), roster->bytes()); !kept)
    return kept.error();
  const std::string members = members_text(*roster);
  const std::string name = short_name(roster->hash());
  if (!roster->place_of(key->public_key()))  // who only adds up
    return deliver(
        {}, fmt::format("{}\nKept: roster {}, of which this home is no member.\n", members, name));
  const auto endorsement = SignedRoster::sign(*roster, *key);
  if (!endorsement) return endorsement.error();
  const auto mail = folder_mail(given.mail);
  const Status put =
      mail->put(fmt::format("{}signature.{}", roster_folder(roster->hash()), endorsement->member),
                view_of(endorsement->signature));
  if (!put) return put.error();
  return deliver({}, fmt::format("{}\nSigned: roster {}.\n", members, name));
}

Result<int> plan(const JointArguments& given) {
  const JointHome home(given.home);
  const auto roster = home.roster();
  if (!roster) return roster.error();
  const auto made = plan_of_file(given.terms, *roster);
  if (!made) return made.error();
  const auto mail = folder_mail(given.mail);
  if (const Status put = mail->put(plan_folder(made->hash()) + "plan", made->bytes()); !put)
    return put.error();
  return deliver({}, fmt::format("{}\n\n{}", hexadecimal(made->hash()), made->explain(*roster)));
}

/// What all that is about a plan begins with.
struct Desk {
  JointHome home;
  std::unique_ptr<JointMail> mail;
  Roster roster;
  QueryPlan plan;
};

Result<Desk> desk_of(const JointArguments& given) {
  JointHome home(given.home);
  const auto roster = home.roster();
  if (!roster) return roster.error();
  auto mail = folder_mail(given.mail);
  auto plan = plan_of(*mail, given.plan, *roster);
  if (!plan) return std::move(plan).error();
  return Desk{std::move(home), std::move(mail), *roster, *std::move(plan)};
}

/// What an approver is shown, and whether the policy of its home allows it.
Result<int> look(const Desk& desk, const JointPolicy& policy) {
  const auto self = read_member(desk.home.member_file());
  if (!self) return self.error();
  const Status allowed = check(desk.home, policy, desk.plan, desk.roster.place_of(self->key));
  return deliver(
      {}, fmt::format("{}\nThe policy of this home {}.\n", desk.plan.explain(desk.roster),
                      allowed ? "allows it"
                              : "does not allow it: it " + printable(allowed.error().message)));
}

Result<int> approve(const JointArguments& given) {
  const auto desk = desk_of(given);
  if (!desk) return desk.error();
  const auto policy = read_joint_policy(desk->home);
  if (!policy) return policy.error();
  if (given.look) return look(*desk, *policy);
  const auto key = unlocked(desk->home.key_file(), given.lock);
  if (!key) return key.error();
  const Status allowed =
      check(desk->home, *policy, desk->plan, desk->roster.place_of(key->public_key()));
  if (!allowed) return allowed.error();
  const auto approval = ApprovedPlan::approve(desk->plan, desk->roster, *key);
  if (!approval) return approval.error();
  const Status put = desk->mail->put(
      fmt::format("{}approval.{}", plan_folder(desk->plan.hash()), approval->member),
      view_of(approval->signature));
  if (!put) return put.error();
  return deliver({}, fmt::format("{}\nSigned: plan {}.\n", desk->plan.explain(desk->roster),
                                 short_name(desk->plan.hash())));
}

Result<double> seconds_of(const std::optional<std::string>& text, const char* where) {
  if (!text) return 0.0;
  const auto read = read_decimal(*text, where);
  if (!read) return read.error();
  if (read->sign() < 0) return Error{Errc::invalid_parameter, where, "must not be negative"};
  return read->to_double_up();
}

/// Calls `step` until it is done, or for `wait` seconds; says what is awaited.
template <class Work, class Step>
Result<int> go_on(Work& work, double wait, const Step& step) {
  const Clock::time_point begin = Clock::now();
  std::string said;
  for (;;) {
    if (const Status done = step(); !done) return done.error();
    if (work.is_done()) return deliver({}, "Done.\n");
    const std::string awaits = printable(work.awaits());
    if (wait == 0) return deliver({}, fmt::format("Waits for {}.\n", awaits));
    if (Seconds(Clock::now() - begin).count() > wait)
      return Error{Errc::unavailable, "wait", "is over: still awaited: " + awaits};
    if (awaits != said) fmt::print(stderr, "waits for {}\n", awaits);
    said = awaits;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Result<Ledger> ledger_of(const JointPolicy& policy, const SigningKey& key) {
  auto ledger = Ledger::open(policy.ledger, "owner");
  if (!ledger || !ledger->holds_keys()) return ledger;
  auto again = SigningKey::from_seed(Secret(key.seed().view()));
  if (!again) return std::move(again).error();
  return Ledger::open(policy.ledger, LedgerSigner::of(*std::move(again)));
}

Result<int> contribute(const JointArguments& given) {
  const auto wait = seconds_of(given.wait, "wait");
  if (!wait) return wait.error();
  const auto desk = desk_of(given);
  if (!desk) return desk.error();
  const auto policy = read_joint_policy(desk->home);
  if (!policy) return policy.error();
  const auto at_work = desk->home.lock();
  if (!at_work) return at_work.error();
  const auto key = unlocked(desk->home.key_file(), given.lock);
  if (!key) return key.error();
  auto ledger = ledger_of(*policy, *key);
  if (!ledger) return std::move(ledger).error();
  auto book = JointBook::open(desk->home.book_file());
  if (!book) return std::move(book).error();
  auto party = JointParty::open(desk->home, *desk->mail, *key, *ledger, *book, *policy, desk->plan);
  if (!party) return std::move(party).error();
  return go_on(*party, *wait, [&] { return party->advance(); });
}

Result<int> serve(const JointArguments& given) {
  const auto wait = seconds_of(given.wait, "wait");
  const auto most = seconds_of(given.round, "round");
  if (!wait) return wait.error();
  if (!most) return most.error();
  const auto desk = desk_of(given);
  if (!desk) return desk.error();
  const auto at_work = desk->home.lock();
  if (!at_work) return at_work.error();
  const auto key = unlocked(desk->home.key_file(), given.lock);
  if (!key) return key.error();
  auto server = JointServer::open(desk->home, *desk->mail, *key, desk->roster, desk->plan);
  if (!server) return std::move(server).error();
  int round = 0;
  bool close = given.close;
  Clock::time_point began = Clock::now();
  return go_on(*server, *wait, [&] {
    const bool late = given.round && round > 0 && Seconds(Clock::now() - began).count() > *most;
    const Status done =
        server->advance(std::exchange(close, false) || (late && server->may_close()));
    if (round != server->round()) began = Clock::now();
    round = server->round();
    return done;
  });
}

/// The answer stands apart from what the home keeps, what its policy names, and the mail that is read.
Status check_places(const JointArguments& given, const JointHome& home, const Digest& plan) {
  const std::string mail = given.mail + "/" + plan_folder(plan);
  std::vector<Place> kept = {{"key", home.key_file()},
                             {"line of this home", home.member_file()},
                             {"policy", home.policy_file()},
                             {"roster", home.roster_file()},
                             {"book", home.book_file()},
                             {"state of a party", home.session_file(plan, "party")},
                             {"state of the coordinator", home.session_file(plan, "coordinator")},
                             {"plan", mail + "plan"},
                             {"sums", mail + "sums"}};
  if (const auto policy = read_joint_policy(home)) {
    add_ledger(kept, policy->ledger);
    for (const auto& [dataset, files] : policy->tables) add_tables(kept, files);
  }
  return keep_apart({{"output", given.output}}, kept);
}

Result<int> result(const JointArguments& given) {
  const auto desk = desk_of(given);
  if (!desk) return desk.error();
  if (const Status places = check_places(given, desk->home, desk->plan.hash()); !places)
    return places.error();
  const auto confidence = read_decimal(given.confidence.value_or("0.95"), "confidence");
  if (!confidence) return confidence.error();
  const auto bytes = desk->mail->get(plan_folder(desk->plan.hash()) + "sums");
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{Errc::unavailable, "sums", "are not there yet"};
  const auto sums = JointSums::parse(**bytes, desk->plan);
  if (!sums) return sums.error();
  const auto read = decode(desk->plan, sums->sums, sums->present, confidence->to_double_down());
  if (!read) return read.error();
  return deliver(given.output, render(*read, desk->plan, given.format));
}

}  // namespace

Result<int> run_joint(CommandLine words) {
  const auto parsed = parse_joint(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<JointArguments>(parsed);
  static const std::map<std::string, Result<int> (*)(const JointArguments&)> actions = {
      {"init", init},
      {"join", join},
      {"plan", plan},
      {"approve", approve},
      {"contribute", contribute},
      {"serve", serve},
      {"result", result}};
  return actions.at(given.action)(given);
}

}  // namespace sfumato
