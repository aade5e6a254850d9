#include "cli/joint_serve.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/own_file.h"
#include "cli/display.h"
#include "ledger/canonical.h"
#include "sfumato/secagg/joint_gate.h"
#include "sfumato/secagg/joint_session.h"
#include "sfumato/secagg/joint_sums.h"

namespace sfumato {
namespace {

constexpr std::size_t kLongestState = std::size_t{1} << 34;

}  // namespace

Status check_coordinator(const QueryPlan& plan, const SigningKey& key) {
  const Organisation& coordinator = plan.terms().coordinated_by;
  if (coordinator.key == key.public_key()) return ok();
  return Error{Errc::refused, "plan",
               "is coordinated by '" + coordinator.name + "', whose key is another one"};
}

Result<JointServer> JointServer::open(const JointHome& home, JointMail& mail, const SigningKey& key,
                                      const Roster& roster, const QueryPlan& plan) {
  if (const Status own = check_coordinator(plan, key); !own) return own.error();
  const auto approved = approved_plan(mail, plan, roster);
  if (!approved) return approved.error();
  return JointServer(home, mail, key, roster, plan);
}

Status JointServer::advance(bool close) {
  if (!coordinator_)
    if (const Status begun = begin(); !begun || !coordinator_) return begun;
  while (coordinator_->round() != SessionRound::done) {
    if (const Status heard = listen(); !heard) return heard;
    if (!missing_.empty() && !close) return ok();
    if (const Status closed = close_round(); !closed) return closed;
    close = false;
  }
  return tell();
}

Status JointServer::begin() {
  const auto come = words_for(*mail_, plan_);
  if (!come) return come.error();
  if (!come->missing.empty()) return ok();
  const auto named = session_named_by(come->words, plan_, roster_);
  if (!named) return named.error();
  session_ = *named;
  folder_ = session_folder(plan_.hash(), session_);
  const auto session = session_of(plan_, roster_, session_);
  if (!session) return session.error();
  const std::string kept = home_->session_file(plan_.hash(), "coordinator");
  std::error_code unknown;
  const bool begun_before = std::filesystem::exists(kept, unknown);
  if (unknown) return Error{Errc::unavailable, kept, "can't be looked for: " + unknown.message()};
  if (!begun_before) {
    auto begun = Coordinator::begin(*session, *key_);
    if (!begun) return std::move(begun).error();
    coordinator_ = *std::move(begun);
    return ok();
  }
  const auto state = read_own_file(kept, kLongestState);
  if (!state) return state.error();
  auto resumed = Coordinator::resume(*session, *key_, *state);
  if (!resumed) return std::move(resumed).error();
  coordinator_ = *std::move(resumed);
  return send(coordinator_->letters());
}

/// What is refused is said once, and stands in nobody's way but of who said it.
Status JointServer::listen() {
  for (const std::size_t place : coordinator_->awaited()) {
    const auto message = mail_->get(fmt::format("{}from.{}.{}", folder_, place, round()));
    if (message && !*message) continue;
    const Digest said = sha256(message ? **message : message.error().message);
    if (const auto before = refused_.find(place);
        before != refused_.end() && before->second == said)
      continue;
    const Status taken = message ? coordinator_->receive(**message) : Status(message.error());
    if (taken) {
      ++heard_;
      continue;
    }
    refused_[place] = said;
    fmt::print(stderr, "sfumato joint serve: {}: {}\n", printable(roster_.members()[place].name),
               printable(taken.error().message));
  }
  missing_ = coordinator_->awaited();
  return ok();
}

Status JointServer::close_round() {
  const auto step = coordinator_->close();
  if (!step) return step.error();
  heard_ = 0;
  refused_.clear();
  const std::string kept = home_->session_file(plan_.hash(), "coordinator");
  if (const Status written = rewrite_own_file(kept, step->state); !written) return written;
  return send(step->letters);
}

/// Letters of a round that was closed bear its number.
Status JointServer::send(const std::vector<Letter>& letters) {
  for (const auto& [to, message] : letters) {
    const Status put = mail_->put(fmt::format("{}to.{}.{}", folder_, to, round() - 1), message);
    if (!put) return put;
  }
  return ok();
}

Status JointServer::tell() {
  const auto sums = coordinator_->sum();
  if (!sums) return sums.error();
  const JointSums told{.plan = plan_.hash(),
                       .session = session_,
                       .present = static_cast<std::uint8_t>(coordinator_->survivors().size()),
                       .sums = *sums};
  const Status put = mail_->put(plan_folder(plan_.hash()) + "sums", told.signed_by(*key_));
  done_ = put.has_value();
  return put;
}

/// Enough are here for a round to end without the late.
bool JointServer::may_close() const noexcept {
  return coordinator_ && heard_ >= coordinator_->least();
}

std::string JointServer::awaits() const {
  if (done_) return "nothing";
  if (!coordinator_) return "the words of all who contribute";
  return fmt::format("{}, in round {}", names_of(roster_, missing_), round());
}

}  // namespace sfumato
