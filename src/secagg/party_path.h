#pragma once

#include <memory>
#include <utility>

#include "secagg/messages.h"
#include "sfumato/secagg/party.h"

namespace sfumato {

/// What a party keeps on either path.
struct PartyRecord {
  Place place = 0;
  LedgerHead head{};
  Digest name{};
  std::vector<Digest> received;  ///< of each message that was taken
  std::string answer;            ///< what was last to be said

  void say(const Session& session, const SigningKey& identity, WireKind kind,
           std::string_view body) {
    answer = signed_envelope(session, {kind, place, head, body}, identity);
  }
};

/// What a party begins with: its place, its input and the head of its ledger.
struct PartyInput {
  Place place;
  LedgerHead head;
  Secret numbers;  ///< each as 8 bytes, the least significant first
};

/// A party on one of the paths that a session may take.
class PartyPath {
 public:
  PartyPath(const Session& session, const SigningKey& identity)
      : session_(session), identity_(&identity) {}
  PartyPath(const PartyPath&) = delete;
  PartyPath& operator=(const PartyPath&) = delete;
  virtual ~PartyPath() = default;

  const Session& session() const noexcept { return session_; }
  virtual const PartyRecord& record() const noexcept = 0;
  virtual Secret state() const = 0;
  virtual bool is_done() const noexcept = 0;
  virtual std::vector<int> awaits() const = 0;
  virtual std::vector<Party::Witnessed> heads() const = 0;

  /// Takes a message that was not taken before.
  Status take_first(std::string_view message, const Digest& digest) {
    const Status taken = take(message);
    if (taken) record().received.push_back(digest);
    return taken;
  }

 protected:
  virtual PartyRecord& record() noexcept = 0;
  virtual Status take(std::string_view message) = 0;

  const SigningKey& identity() const noexcept { return *identity_; }

 private:
  Session session_;
  const SigningKey* identity_;
};

using PartyOnPath = Result<std::unique_ptr<PartyPath>>;

PartyOnPath begin_masked(const Session& session, const SigningKey& identity, PartyInput input);
PartyOnPath resume_masked(const Session& session, const SigningKey& identity, const Secret& state);
PartyOnPath begin_encrypted(const Session& session, const SigningKey& identity, PartyInput input);
PartyOnPath resume_encrypted(const Session& session, const SigningKey& identity,
                             const Secret& state);

}  // namespace sfumato
