#include "cli/joint_online.h"

#include "sfumato/secagg/joint_sums.h"

namespace sfumato {
namespace {

/// Empty where the roster and the plan are signed by all that have to.
std::string unsigned_yet(JointMail& mail, const Roster& roster, const QueryPlan& plan) {
  if (const auto all = signed_roster(mail, roster); !all) return all.error().message;
  if (const auto all = approved_plan(mail, plan, roster); !all) return all.error().message;
  return {};
}

std::string awaits_signatures(const std::string& wrong) {
  return "signatures, which " + wrong;
}

}  // namespace

Status OnlineParty::advance() {
  if (!party_) {
    unsigned_ = unsigned_yet(*mail_, *roster_, *plan_);
    if (!unsigned_.empty()) return ok();
    auto party = open_();
    if (!party) return std::move(party).error();
    party_.emplace(*std::move(party));
  }
  if (!party_->is_done())
    if (const Status gone_on = party_->advance(); !gone_on || !party_->is_done()) return gone_on;
  const auto sums = mail_->get(plan_folder(plan_->hash()) + "sums");
  if (!sums) return sums.error();
  done_ = *sums && JointSums::parse(**sums, *plan_);
  if (done_) mail_->done();
  return ok();
}

std::string OnlineParty::awaits() const {
  if (!party_) return awaits_signatures(unsigned_);
  return party_->is_done() ? "the sums" : party_->awaits();
}

Result<OnlineServer> OnlineServer::open(const JointHome& home, MailServer& mail,
                                        const SigningKey& key, const Roster& roster,
                                        const QueryPlan& plan, Deadline end) {
  if (const Status own = check_coordinator(plan, key); !own) return own.error();
  return OnlineServer(home, mail, key, roster, plan, end);
}

Status OnlineServer::advance(bool close) {
  if (!server_) {
    unsigned_ = unsigned_yet(*mail_, *roster_, *plan_);
    if (!unsigned_.empty()) return ok();
    auto server = JointServer::open(*home_, *mail_, *key_, *roster_, *plan_);
    if (!server) return std::move(server).error();
    server_.emplace(*std::move(server));
  }
  if (server_->is_done()) return ok();
  const Status done = server_->advance(close);
  if (const auto session = server_->session()) mail_->open(*session);
  return done;
}

std::string OnlineServer::without_sums() const {
  const std::set<std::size_t> told = mail_->told();
  std::vector<std::size_t> missing;
  for (const std::size_t place : server_->present())
    if (!told.contains(place)) missing.push_back(place);
  return names_of(*roster_, missing);
}

bool OnlineServer::is_done() const {
  return server_ && server_->is_done() &&
         (without_sums().empty() || std::chrono::steady_clock::now() > end_);
}

std::string OnlineServer::awaits() const {
  if (!server_) return awaits_signatures(unsigned_);
  if (!server_->is_done()) return server_->awaits();
  return without_sums() + ", to fetch the sums";
}

}  // namespace sfumato
