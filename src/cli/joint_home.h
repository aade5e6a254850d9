#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "cli/joint_mail.h"
#include "cli/unlock.h"
#include "sfumato/secagg/approval.h"
#include "sfumato/secagg/local_policy.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// What an organisation has of its own, in a folder that none but its owner may read: its key, its name and public
/// key for others, its policy, the roster that it signed, and what it has to remember of sessions.
class JointHome {
 public:
  explicit JointHome(std::string folder) : folder_(std::move(folder)) {}

  std::string key_file() const { return folder_ + "/key"; }
  std::string member_file() const { return folder_ + "/member"; }
  std::string policy_file() const { return folder_ + "/policy.toml"; }
  std::string roster_file() const { return folder_ + "/roster"; }
  std::string book_file() const { return folder_ + "/book"; }
  /// What is kept of one plan: "party" or "coordinator".
  std::string session_file(const Digest& plan, const char* what) const;
  /// A path as the policy tells it.
  std::string beside(const std::string& path) const;

  /// Refuses a folder that others may look into, or put a policy into.
  Status check_private() const;

  /// Held for as long as a process works here: two would say different things in one name.
  Result<Descriptor> lock() const;

  bool has_roster() const;

  /// The roster that this organisation signed.
  Result<Roster> roster() const;

 private:
  std::string folder_;
};

/// What an organisation allows, and where its data lies.
struct JointPolicy {
  LocalPolicy allows;
  std::string ledger;                                      ///< a path, or a URL
  std::map<std::string, std::vector<std::string>> tables;  ///< files of each dataset
};

Result<JointPolicy> read_joint_policy(const JointHome& home);

/// Refuses a plan that the policy does not allow, and one that asks for a dataset of whose tables it tells nothing.
Status check(const JointHome& home, const JointPolicy& policy, const QueryPlan& plan,
             std::optional<std::size_t> member);

/// The tables of what a plan asks a member for; none where it asks for nothing.
Result<std::vector<std::string>> tables_for(const JointHome& home, const JointPolicy& policy,
                                            const QueryPlan& plan,
                                            std::optional<std::size_t> member);

/// What `init` writes, to be changed by its owner.
std::string first_joint_policy();

/// For people: "clinic east, clinic north".
std::string names_of(const Roster& roster, const std::vector<std::size_t>& places);

/// One line of key and name, as others are given it: "ed25519:… clinic north".
std::string member_line(const Organisation& member);
Result<Organisation> read_member(const std::string& file);

/// Whom a word means: a member by its name, else who has the line in a file of that name, in that folder.
Result<Organisation> organisation_of(const std::string& word, const Roster& roster,
                                     const std::string& folder);

/// All that a file says, which is no longer than `most`.
Result<std::string> text_of(const std::string& file, std::size_t most);

/// How files and people call a roster, plan or session: the first digits of its hash.
inline constexpr std::size_t kShortName = 32;
std::string short_name(const Digest& hash);

// What lies in the mail, and under which names.
std::string roster_folder(const Digest& roster);
std::string plan_folder(const Digest& plan);
std::string session_folder(const Digest& plan, const Digest& session);

/// The roster with all signatures that have come; refused where they are fewer than its quorum.
Result<SignedRoster> signed_roster(JointMail& mail, const Roster& roster);

/// The plan of this name, or of a name that begins so.
Result<QueryPlan> plan_of(JointMail& mail, const std::string& name, const Roster& roster);

/// The plan with all signatures that have come; refused where that is not enough.
Result<ApprovedPlan> approved_plan(JointMail& mail, const QueryPlan& plan, const Roster& roster);

/// The words of those who contribute, as far as they have come, and whose have not.
struct ComeWords {
  std::vector<std::string> words;
  std::vector<std::size_t> missing;  ///< places in the roster
};

std::string word_name(const QueryPlan& plan, std::size_t member);
Result<ComeWords> words_for(JointMail& mail, const QueryPlan& plan);

}  // namespace sfumato
