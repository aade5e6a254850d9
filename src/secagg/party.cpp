#include "sfumato/secagg/party.h"

#include <algorithm>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/party_path.h"

namespace sfumato {
namespace {

Error refused(const char* where, const char* message) {
  return {Errc::refused, where, message};
}

Status check_input(const Session& session, const NoisedVector& input) {
  if (input.plan() != session.terms().plan || input.session() != session.terms().session)
    return refused("input", "is for another plan or session");
  if (input.size() != session.terms().length)
    return Error{Errc::invalid_parameter, "input",
                 "must have " + std::to_string(session.terms().length) + " numbers"};
  return ok();
}

}  // namespace

Party::Party(std::unique_ptr<PartyPath> path) noexcept : path_(std::move(path)) {}
Party::Party(Party&&) noexcept = default;
Party& Party::operator=(Party&&) noexcept = default;
Party::~Party() = default;

Result<Party> Party::begin(const Session& session, const SigningKey& identity, NoisedVector input) {
  const auto place = session.place_of(identity.public_key());
  if (!place) return refused("identity", "is no party's of this session");
  if (const Status fits = check_input(session, input); !fits) return fits.error();
  const auto begin_on = session.terms().path == JointPath::masked ? begin_masked : begin_encrypted;
  auto begun = begin_on(session, identity,
                        {static_cast<Place>(*place), input.head(), std::move(input.numbers_)});
  if (!begun) return std::move(begun).error();
  return Party(*std::move(begun));
}

Result<Party> Party::resume(const Session& session, const SigningKey& identity,
                            const Secret& state) {
  const auto resume_on =
      session.terms().path == JointPath::masked ? resume_masked : resume_encrypted;
  auto kept = resume_on(session, identity, state);
  if (!kept) return std::move(kept).error();
  const PartyPath& path = **kept;
  if (session.place_of(identity.public_key()) != std::size_t{path.record().place})
    return refused("identity", "is not that of the party that kept the state");
  return Party(*std::move(kept));
}

PartyStep Party::step() const {
  return {path_->state(), std::as_const(*path_).record().answer};
}

const Session& Party::session() const noexcept {
  return path_->session();
}

const Digest& Party::name() const noexcept {
  return std::as_const(*path_).record().name;
}

bool Party::is_done() const noexcept {
  return path_->is_done();
}

std::vector<int> Party::awaits() const {
  return path_->awaits();
}

std::vector<Party::Witnessed> Party::heads() const {
  return path_->heads();
}

Result<PartyStep> Party::receive(std::string_view message) {
  const Digest digest = sha256(message);
  const auto& received = std::as_const(*path_).record().received;
  if (const auto seen = std::ranges::find(received, digest); seen != received.end()) {
    PartyStep again = step();
    if (seen + 1 != received.end()) again.message.clear();  // its answer led to what came since
    return again;
  }
  if (const Status taken = path_->take_first(message, digest); !taken) return taken.error();
  return step();
}

}  // namespace sfumato
