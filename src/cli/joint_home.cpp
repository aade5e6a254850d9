#include "cli/joint_home.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "base/own_file.h"
#include "deid/fields.h"

namespace sfumato {
namespace {

constexpr std::size_t kLongestRoster = 1 << 15;
constexpr std::size_t kLongestText = 1 << 20;

/// The signatures that have come under such names, of the members of a roster.
Result<std::vector<Endorsement>> signatures(JointMail& mail, const std::string& name,
                                            const Roster& roster) {
  std::vector<Endorsement> come;
  for (std::size_t member = 0; member < roster.size(); ++member) {
    const auto bytes = mail.get(name + "." + std::to_string(member));
    if (!bytes) return bytes.error();
    if (!*bytes) continue;
    Endorsement endorsement{member, {}};
    if ((*bytes)->size() != endorsement.signature.size())
      return Error{Errc::malformed, name, "must be a signature of 64 bytes"};
    std::ranges::copy(**bytes, endorsement.signature.begin());
    come.push_back(endorsement);
  }
  return come;
}

/// Says of what the signatures are that are wrong.
Error of_what(const Error& error, const char* what) {
  if (error.where != "signatures") return error;
  return {error.code, std::string("signatures of the ") + what, error.message};
}

LocalPolicy allowed_by(Fields& fields) {
  LocalPolicy policy{.most_epsilon = fields.needed_number("most_epsilon"),
                     .columns = fields.texts("columns"),
                     .units = fields.texts("units")};
  policy.most_delta = fields.number("most_delta").value_or(Decimal());
  policy.most_rho = fields.number("most_rho").value_or(Decimal());
  for (const std::string& text : fields.texts("coordinators")) {
    const auto key = PublicKey::parse(text);
    if (key)
      policy.coordinators.push_back(*key);
    else
      fields.refuse("coordinators", "'coordinators' must be a list of keys, as init shows them");
  }
  if (const auto fewest = fields.whole("fewest_contributors", 2, 100))
    policy.fewest_contributors = static_cast<std::size_t>(*fewest);
  if (const auto fewest = fields.whole("fewest_colluders", 0, 99))
    policy.fewest_colluders = static_cast<std::size_t>(*fewest);
  if (const auto fewest = fields.whole("fewest_organisations_per_person", 1, 100))
    policy.fewest_organisations_per_person = *fewest;
  policy.coordinator_trusted = fields.flag("coordinator_trusted").value_or(true);
  return policy;
}

}  // namespace

std::string JointHome::session_file(const Digest& plan, const char* what) const {
  return folder_ + "/" + short_name(plan) + "." + what;
}

std::string JointHome::beside(const std::string& path) const {
  return std::filesystem::path(folder_) / path;
}

bool JointHome::has_roster() const {
  std::error_code unknown;
  return std::filesystem::exists(roster_file(), unknown) || unknown;
}

Result<Roster> JointHome::roster() const {
  if (!has_roster())
    return Error{Errc::unavailable, roster_file(), "is not there: `sfumato joint join` signs one"};
  const auto bytes = read_own_file(roster_file(), kLongestRoster);
  if (!bytes) return bytes.error();
  return Roster::parse(*bytes);
}

Status JointHome::check_private() const {
  struct stat about {};
  if (::stat(folder_.c_str(), &about) != 0) return file_error(folder_, "opened", errno);
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) == 0) return ok();
  return Error{Errc::refused, folder_, "is a home that others may look into: `chmod 700` it"};
}

Result<Descriptor> JointHome::lock() const {
  if (const Status alone = check_private(); !alone) return alone.error();
  const std::string path = folder_ + "/lock";
  Descriptor file(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file.open()) return file_error(path, "opened", errno);
  if (::flock(file.value(), LOCK_EX | LOCK_NB) != 0)
    return Error{Errc::refused, folder_, "has another process at work: wait until it ends"};
  return file;
}

Result<JointPolicy> read_joint_policy(const JointHome& home) {
  const std::string path = home.policy_file();
  const auto text = text_of(path, kLongestText);
  if (!text) return text.error();
  const auto table = read_toml(*text, path);
  if (!table) return table.error();
  Fields fields(*table, {}, path);
  JointPolicy policy{
      .allows = allowed_by(fields), .ledger = fields.needed_text("ledger"), .tables = {}};
  if (policy.ledger.find("://") == std::string::npos) policy.ledger = home.beside(policy.ledger);
  fields.sections("datasets", [&](const std::string& name, const std::string&, Fields& dataset) {
    policy.allows.datasets.push_back(name);
    for (const std::string& file : dataset.texts("tables"))
      policy.tables[name].push_back(home.beside(file));
  });
  if (const Status done = fields.finish(); !done) return done.error();
  return policy;
}

Result<std::vector<std::string>> tables_for(const JointHome& home, const JointPolicy& policy,
                                            const QueryPlan& plan,
                                            std::optional<std::size_t> member) {
  const JointDataset* const dataset = member ? plan.dataset_of(*member) : nullptr;
  if (dataset == nullptr) return std::vector<std::string>();
  const auto tables = policy.tables.find(dataset->name);
  if (tables == policy.tables.end() || tables->second.empty())
    return Error{Errc::unavailable, home.policy_file(),
                 "must tell the tables of [datasets." + dataset->name + "]"};
  return tables->second;
}

Status check(const JointHome& home, const JointPolicy& policy, const QueryPlan& plan,
             std::optional<std::size_t> member) {
  if (const Status allowed = check(policy.allows, plan, member); !allowed) return allowed;
  const auto tables = tables_for(home, policy, plan, member);
  return tables ? ok() : Status(tables.error());
}

std::string first_joint_policy() {
  return R"(# What others may ask of this organisation's people. Paths are beside this file.
ledger = "ledger"            # made by: sfumato budget create
most_epsilon = 1             # of one plan
most_delta = 0
most_rho = 0                 # of one plan that counts in rho, or of all rounds of a training: none
columns = []                 # that may be used, as values or to name groups
units = []                   # columns that say who is protected
fewest_contributors = 3      # organisations with data of their own
fewest_colluders = 1         # so many may pool all that they see
fewest_organisations_per_person = 1   # at how many your people may have rows
coordinators = []            # keys of who may be one; where there is none, anybody
coordinator_trusted = true   # whether it may be taken to follow the protocol

# [datasets.stays]           # as the ledger calls it
# tables = ["stays.csv"]     # CSV, Parquet or Arrow
)";
}

std::string names_of(const Roster& roster, const std::vector<std::size_t>& places) {
  std::string names;
  for (const std::size_t place : places)
    names += (names.empty() ? "" : ", ") + roster.members()[place].name;
  return names;
}

std::string member_line(const Organisation& member) {
  return member.key.to_string() + " " + member.name + "\n";
}

Result<Organisation> read_member(const std::string& file) {
  const auto text = text_of(file, kLongestText);
  if (!text) return text.error();
  const std::string line = text->substr(0, text->find('\n'));
  const std::size_t space = line.find(' ');
  const auto key = PublicKey::parse(line.substr(0, space));
  if (!key || space == std::string::npos)
    return Error{Errc::malformed, file,
                 "must have a key and a name in its line, as joint init writes"};
  return Organisation{line.substr(space + 1), *key};
}

Result<Organisation> organisation_of(const std::string& word, const Roster& roster,
                                     const std::string& folder) {
  if (const auto place = roster.place_of(word)) return roster.members()[*place];
  return read_member(std::filesystem::path(folder) / word);
}

Result<std::string> text_of(const std::string& file, std::size_t most) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(most + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (!stream.is_open() || stream.bad() || text.size() > most)
    return Error{Errc::unavailable, file, "can't be read"};
  return text;
}

std::string short_name(const Digest& hash) {
  return hexadecimal(hash).substr(0, kShortName);
}

std::string roster_folder(const Digest& roster) {
  return "roster-" + short_name(roster) + "/";
}

std::string plan_folder(const Digest& plan) {
  return "plan-" + short_name(plan) + "/";
}

std::string session_folder(const Digest& plan, const Digest& session) {
  return plan_folder(plan) + short_name(session) + "/";
}

Result<SignedRoster> signed_roster(JointMail& mail, const Roster& roster) {
  auto come = signatures(mail, roster_folder(roster.hash()) + "signature", roster);
  if (!come) return std::move(come).error();
  auto whole = SignedRoster::make(roster, *std::move(come));
  if (!whole) return of_what(whole.error(), "roster");
  return whole;
}

Result<QueryPlan> plan_of(JointMail& mail, const std::string& name, const Roster& roster) {
  const bool digits = name.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (name.size() < kShortName || name.size() > 64 || !digits)
    return Error{Errc::invalid_parameter, "plan",
                 "must be named by 32 to 64 hexadecimal digits of its hash"};
  const auto bytes = mail.get("plan-" + name.substr(0, kShortName) + "/plan");
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{Errc::unavailable, "plan", "of this name is not there"};
  auto plan = QueryPlan::parse(**bytes, roster);
  if (plan && !hexadecimal(plan->hash()).starts_with(name))
    return Error{Errc::refused, "plan", "must have the hash that names it, has another one"};
  return plan;
}

Result<ApprovedPlan> approved_plan(JointMail& mail, const QueryPlan& plan, const Roster& roster) {
  auto come = signatures(mail, plan_folder(plan.hash()) + "approval", roster);
  if (!come) return std::move(come).error();
  auto approved = ApprovedPlan::make(plan, roster, *std::move(come));
  if (!approved) return of_what(approved.error(), "plan");
  return approved;
}

std::string word_name(const QueryPlan& plan, std::size_t member) {
  return plan_folder(plan.hash()) + "word." + std::to_string(member);
}

Result<ComeWords> words_for(JointMail& mail, const QueryPlan& plan) {
  ComeWords come;
  for (const JointDataset& dataset : plan.terms().datasets) {
    auto word = mail.get(word_name(plan, dataset.member));
    if (!word) return std::move(word).error();
    if (*word)
      come.words.push_back(**std::move(word));
    else
      come.missing.push_back(dataset.member);
  }
  return come;
}

}  // namespace sfumato
