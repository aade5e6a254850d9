#include "cli/joint_rights.h"

#include <algorithm>
#include <charconv>

#include "cli/joint_home.h"
#include "secagg/encrypted_messages.h"
#include "sfumato/secagg/approval.h"
#include "sfumato/secagg/joint_word.h"
#include "sfumato/secagg/reservation.h"

namespace sfumato {
namespace {

constexpr std::size_t kRounds = 5, kInputs = 3, kCiphertexts = 4, kDecryptions = 5;
constexpr std::size_t kLongestSaid = std::size_t{1} << 14;  // but for inputs and parts of their sum
constexpr std::size_t kAroundInput = 256, kAroundParts = 320;

std::string numbered(const std::string& name, std::size_t number) {
  return name + "." + std::to_string(number);
}

Error refused(const char* message) {
  return {Errc::refused, "mail", message};
}

Result<Endorsement> endorsement_of(std::size_t member, std::string_view bytes) {
  Endorsement endorsement{member, {}};
  if (bytes.size() != endorsement.signature.size())
    return refused("must be a signature of 64 bytes");
  std::ranges::copy(bytes, endorsement.signature.begin());
  return endorsement;
}

}  // namespace

MailRights::MailRights(Roster roster, QueryPlan plan)
    : roster_(std::move(roster)),
      plan_(std::move(plan)),
      roster_folder_(roster_folder(roster_.hash())),
      plan_folder_(plan_folder(plan_.hash())) {}

bool MailRights::may_get(std::size_t member, std::string_view name,
                         const std::optional<Digest>& session) const {
  if (name == plan_folder_ + "plan" || name == plan_folder_ + "sums") return true;
  for (std::size_t other = 0; other < roster_.size(); ++other)
    if (name == numbered(roster_folder_ + "signature", other) ||
        name == numbered(plan_folder_ + "approval", other) || name == word_name(plan_, other))
      return true;
  if (!session) return false;
  const std::string in_session = session_folder(plan_.hash(), *session);
  const std::string told = numbered(in_session + "to", member);
  const std::string said = numbered(in_session + "from", member);
  for (std::size_t round = 1; round <= kRounds; ++round)
    if ((round < kRounds && name == numbered(told, round)) || name == numbered(said, round))
      return true;
  return false;
}

std::optional<std::size_t> MailRights::may_put(std::size_t member, std::string_view name,
                                               const std::optional<Digest>& session) const {
  if (name == numbered(roster_folder_ + "signature", member) ||
      name == numbered(plan_folder_ + "approval", member))
    return std::tuple_size_v<Signature>;
  if (!plan_.dataset_of(member)) return std::nullopt;
  if (name == word_name(plan_, member)) return kLongestSaid;
  if (!session) return std::nullopt;
  const std::string own = numbered(session_folder(plan_.hash(), *session) + "from", member);
  for (std::size_t round = 1; round <= kRounds; ++round)
    if (name == numbered(own, round)) return longest_said(member, round);
  return std::nullopt;
}

/// Where sums are encrypted, who holds no key speaks in one round.
std::optional<std::size_t> MailRights::longest_said(std::size_t member, std::size_t round) const {
  const PlanTerms& terms = plan_.terms();
  const std::size_t length = plan_.lattice().size();
  if (terms.path == JointPath::masked)
    return round == kInputs
               ? length * static_cast<std::size_t>(terms.modulus_bits / 8) + kAroundInput
               : kLongestSaid;
  if (round == kCiphertexts) return length * ElGamalCiphertext::kBytes + kAroundInput;
  if (!std::ranges::binary_search(terms.key_holders, member)) return std::nullopt;
  return round == kDecryptions ? length * CurvePoint::kBytes + kAroundParts : kLongestSaid;
}

bool MailRights::is_of_a_session(std::string_view name) const {
  if (!name.starts_with(plan_folder_)) return false;
  name.remove_prefix(plan_folder_.size());
  return name.find('/') == kShortName &&
         name.substr(0, kShortName).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Status MailRights::check_word(std::size_t member, std::string_view bytes,
                              const std::optional<std::string>& before) const {
  const auto word = JointWord::parse(bytes, plan_, roster_);
  if (!word) return word.error();
  const auto promise = JointReservation::parse(word->reservation, plan_, roster_);
  if (!promise) return promise.error();
  if (promise->member != member) return refused("must be the word of who leaves it there");
  if (!before) return ok();
  const auto old = JointWord::parse(*before, plan_, roster_);
  if (old && old->reservation != word->reservation)
    return refused("must promise what the word before it did");
  return ok();
}

Status MailRights::check(std::size_t member, std::string_view name, std::string_view bytes,
                         const std::optional<std::string>& before) const {
  if (name == word_name(plan_, member)) return check_word(member, bytes, before);
  if (is_of_a_session(name)) {
    if (before && *before != bytes) return refused("must say what was said before in this round");
    return ok();
  }
  const bool signs_roster = name == numbered(roster_folder_ + "signature", member);
  if (!signs_roster && name != numbered(plan_folder_ + "approval", member)) return ok();
  const auto endorsement = endorsement_of(member, bytes);
  if (!endorsement) return endorsement.error();
  return signs_roster ? SignedRoster::check(roster_, *endorsement)
                      : ApprovedPlan::check(plan_, roster_, *endorsement);
}

}  // namespace sfumato
