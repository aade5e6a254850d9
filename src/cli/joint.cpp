#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "base/own_file.h"
#include "cli/arguments.h"
#include "cli/display.h"
#include "cli/joint_home.h"
#include "cli/joint_online.h"
#include "cli/joint_party.h"
#include "cli/joint_plan.h"
#include "cli/joint_score.h"
#include "cli/joint_serve.h"
#include "cli/joint_table.h"
#include "cli/joint_train.h"
#include "cli/joint_work.h"
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
  std::optional<SigningKey> key;  // where it was needed for a connection
};

/// Who has to answer at the other end: whom the words name, else the coordinator of the plan that lies in the folder.
Result<PublicKey> coordinator_key(const JointArguments& given, JointMail& folder,
                                  const Roster& roster) {
  if (given.coordinator) {
    const auto told = organisation_of(*given.coordinator, roster, {});
    if (!told) return told.error();
    return told->key;
  }
  const auto plan = plan_of(folder, given.plan, roster);
  if (plan) return plan->terms().coordinated_by.key;
  if (plan.error().code != Errc::unavailable) return plan.error();
  return Error{Errc::invalid_parameter, "coordinator",
               "must be told by --coordinator: the plan, which names it, is not in the folder yet"};
}

Deadline after(double seconds) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(seconds));
}

/// A desk whose mail comes and goes over a connection; what this home has signed leaves by it first.
Result<Desk> online_desk(const JointArguments& given, JointHome home, const Roster& roster) {
  const auto wait = seconds_of(given.wait, "wait");
  if (!wait) return wait.error();
  const auto address = Address::parse(*given.connect, "connect");
  if (!address) return address.error();
  auto folder = folder_mail(given.mail);
  const auto expected = coordinator_key(given, *folder, roster);
  if (!expected) return expected.error();
  auto key = unlocked(home.key_file(), given.lock);
  if (!key) return std::move(key).error();
  auto mail = MailClient::make(*address, *key, *expected, std::move(folder), after(*wait));
  if (!mail) return std::move(mail).error();
  if (const auto place = roster.place_of(key->public_key())) {
    const Status sent =
        (*mail)->hand_in(fmt::format("{}signature.{}", roster_folder(roster.hash()), *place));
    if (!sent) return sent.error();
  }
  auto plan = plan_of(**mail, given.plan, roster);
  if (!plan) return std::move(plan).error();
  if (plan->terms().coordinated_by.key != *expected)
    return Error{Errc::refused, "plan",
                 "must be coordinated by who answers there, is by '" +
                     plan->terms().coordinated_by.name + "'"};
  return Desk{std::move(home), *std::move(mail), roster, *std::move(plan), *std::move(key)};
}

Result<Desk> desk_of(const JointArguments& given) {
  JointHome home(given.home);
  const auto roster = home.roster();
  if (!roster) return roster.error();
  if (given.connect) return online_desk(given, std::move(home), *roster);
  auto mail = folder_mail(given.mail);
  auto plan = plan_of(*mail, given.plan, *roster);
  if (!plan) return std::move(plan).error();
  return Desk{std::move(home), std::move(mail), *roster, *std::move(plan), std::nullopt};
}

Result<SigningKey> key_of(Desk& desk, const JointArguments& given) {
  if (desk.key) return *std::exchange(desk.key, std::nullopt);
  return unlocked(desk.home.key_file(), given.lock);
}

std::string approval_name(const QueryPlan& plan, std::size_t member) {
  return fmt::format("{}approval.{}", plan_folder(plan.hash()), member);
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
  auto desk = desk_of(given);
  if (!desk) return desk.error();
  const auto policy = read_joint_policy(desk->home);
  if (!policy) return policy.error();
  if (given.look) return look(*desk, *policy);
  const auto key = key_of(*desk, given);
  if (!key) return key.error();
  const Status allowed =
      check(desk->home, *policy, desk->plan, desk->roster.place_of(key->public_key()));
  if (!allowed) return allowed.error();
  const auto approval = ApprovedPlan::approve(desk->plan, desk->roster, *key);
  if (!approval) return approval.error();
  const Status put =
      desk->mail->put(approval_name(desk->plan, approval->member), view_of(approval->signature));
  if (!put) return put.error();
  return deliver({}, fmt::format("{}\nSigned: plan {}.\n", desk->plan.explain(desk->roster),
                                 short_name(desk->plan.hash())));
}

Result<int> contribute(const JointArguments& given) {
  const auto wait = seconds_of(given.wait, "wait");
  if (!wait) return wait.error();
  auto desk = desk_of(given);
  if (!desk) return desk.error();
  const auto policy = read_joint_policy(desk->home);
  if (!policy) return policy.error();
  const auto at_work = desk->home.lock();
  if (!at_work) return at_work.error();
  const auto key = key_of(*desk, given);
  if (!key) return key.error();
  auto ledger = ledger_of(*policy, *key);
  if (!ledger) return std::move(ledger).error();
  auto book = JointBook::open(desk->home.book_file());
  if (!book) return std::move(book).error();
  JointMail& mail = *desk->mail;
  const auto open = [&] {
    return JointParty::open(desk->home, mail, *key, *ledger, *book, *policy, desk->plan);
  };
  if (given.connect) {
    OnlineParty party(mail, desk->roster, desk->plan, open);
    return go_on(party, mail, *wait, [&] { return party.advance(); });
  }
  auto party = open();
  if (!party) return std::move(party).error();
  return go_on(*party, mail, *wait, [&] { return party->advance(); });
}

Result<int> listen(const JointArguments& given, const Desk& desk, const SigningKey& key,
                   double wait, double most) {
  const auto address = Address::parse(*given.listen, "listen");
  if (!address) return address.error();
  const Deadline end = after(wait);
  auto mail = MailServer::start(*address, key, desk.roster, desk.plan, *desk.mail);
  if (!mail) return std::move(mail).error();
  auto server = OnlineServer::open(desk.home, **mail, key, desk.roster, desk.plan, end);
  if (!server) return std::move(server).error();
  fmt::print(stderr, "listens at {}\n", (*mail)->address());
  auto done = collect(*server, **mail, wait, given, most);
  if (const std::string missing = done ? server->without_sums() : std::string(); !missing.empty())
    fmt::print(stderr, "the sums were not fetched by {}\n", printable(missing));
  return done;
}

Result<int> serve(const JointArguments& given) {
  const auto wait = seconds_of(given.wait, "wait");
  const auto most = seconds_of(given.round, "round");
  if (!wait) return wait.error();
  if (!most) return most.error();
  auto desk = desk_of(given);
  if (!desk) return desk.error();
  const auto at_work = desk->home.lock();
  if (!at_work) return at_work.error();
  const auto key = key_of(*desk, given);
  if (!key) return key.error();
  if (given.listen) return listen(given, *desk, *key, *wait, *most);
  auto server = JointServer::open(desk->home, *desk->mail, *key, desk->roster, desk->plan);
  if (!server) return std::move(server).error();
  return collect(*server, *desk->mail, *wait, given, *most);
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
      {"result", result},
      {"train", joint_train},
      {"score", joint_score}};
  return actions.at(given.action)(given);
}

}  // namespace sfumato
