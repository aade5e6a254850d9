#include "ledger/gate.h"

#include <utility>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

/// What a ledger knows of who signs.
struct Signatory {
  std::string key;  ///< empty where there is none
  std::int64_t sequence = 0;
};

Result<Signatory> signatory(Store& store, const std::string& name) {
  Signatory found;
  const Status read = store.each("SELECT public_key, sequence FROM member WHERE name = $1", {name},
                                 [&](const Row& row) {
                                   found = {row.text(0), row.integer(1)};
                                 });
  if (!read) return read.error();
  return found;
}

Result<bool> is_used(Store& store, const LedgerRequest& request) {
  bool used = false;
  const Status read =
      store.each("SELECT 1 FROM nonce WHERE expires = $1 AND nonce = $2",
                 {request.expires, Blob{view_of(request.nonce)}}, [&](const Row&) { used = true; });
  if (!read) return read.error();
  return used;
}

/// What is wrong with a request whose signature is right, but for what the store knows.
std::optional<std::string> fault_of(const LedgerRequest& request, const GateRules& rules) {
  if (request.actor != rules.actor) return "signed as somebody else";
  if (request.ledger != rules.ledger) return "signed a request to another ledger";
  if (request.statement != rules.statement) return "signed something else than what is asked";
  if (rules.now >= request.expires) return "signed a request that has expired: sign it anew";
  if (request.expires - rules.now > kLongestLife)
    return "signed a request that is good for more than a day: let it expire earlier";
  return std::nullopt;
}

}  // namespace

Result<LedgerRequest> next_request(Store& store, const GateRules& rules,
                                   std::optional<SystemBits>& bits) {
  const Result<Signatory> known = signatory(store, rules.actor);
  if (!known) return known.error();
  if (!bits) {
    Result<SystemBits> opened = SystemBits::open();
    if (!opened) return std::move(opened).error();
    bits = *std::move(opened);
  }
  LedgerRequest request{.ledger = rules.ledger,
                        .head = rules.head,
                        .actor = rules.actor,
                        .sequence = known->sequence + 1,
                        .nonce = {},
                        .expires = rules.now + kUsualLife,
                        .statement = rules.statement};
  for (unsigned char& byte : request.nonce) byte = static_cast<unsigned char>(bits->next());
  return request;
}

Result<LedgerRequest> let_in(Store& store, const SignedRequest& sent, const GateRules& rules) {
  const auto refused = [&](std::string why) {
    return Error{Errc::refused, rules.actor, std::move(why)};
  };
  Result<LedgerRequest> request = LedgerRequest::parse(sent.bytes);
  if (!request) return refused("sent what is no request to a ledger");
  const Result<Signatory> known = signatory(store, rules.actor);
  if (!known) return known.error();
  const auto key = PublicKey::of(known->key);
  if (!key) return refused("has no key in this ledger: an owner can admit one");
  if (!key->verifies(sent.bytes, view_of(sent.signature)))
    return refused("signed by another key than its own, or what was signed has been changed");
  if (const auto fault = fault_of(*request, rules)) return refused(*fault);
  const Result<bool> used = is_used(store, *request);
  if (!used) return used.error();
  if (*used) return refused("sent a request that was sent before");
  if (request->sequence != known->sequence + 1)
    return refused("sent its request " + std::to_string(request->sequence) + ", where " +
                   std::to_string(known->sequence + 1) + " is next");
  if (request->head != rules.head)
    return refused("signed for a ledger that has gone on since: sign anew");
  return request;
}

Status use_up(Store& store, const LedgerRequest& request, std::int64_t forget) {
  const auto forgotten = store.run("DELETE FROM nonce WHERE expires <= $1", {forget});
  if (!forgotten) return forgotten.error();
  const auto kept = store.run("INSERT INTO nonce VALUES ($1, $2)",
                              {request.expires, Blob{view_of(request.nonce)}});
  if (!kept) return kept.error();
  const auto counted = store.run("UPDATE member SET sequence = $1 WHERE name = $2",
                                 {request.sequence, request.actor});
  return counted ? ok() : Status(counted.error());
}

Result<std::optional<std::string>> member_with(Store& store, const PublicKey& key) {
  std::optional<std::string> name;
  const Status read = store.each("SELECT name FROM member WHERE public_key = $1",
                                 {Blob{key.bytes()}}, [&](const Row& row) { name = row.text(0); });
  if (!read) return read.error();
  return name;
}

}  // namespace sfumato
