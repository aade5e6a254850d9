#include "sfumato/secagg/signed_head.h"

#include "secagg/head_layout.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint ledger head v1";

std::string signed_bytes(const LedgerHead& head, const PublicKey& key) {
  WireWriter writer;
  write_head(writer.fixed(key.bytes()), head);
  return to_be_signed(kMeaning, writer.bytes());
}

Error refused(const std::string& keeper, const char* message) {
  return {Errc::refused, "ledger of '" + keeper + "'", message};
}

}  // namespace

SignedHead SignedHead::sign(const LedgerHead& head, const SigningKey& key) {
  return {head, key.sign(signed_bytes(head, key.public_key()))};
}

bool SignedHead::is_by(const PublicKey& key) const {
  return key.verifies(signed_bytes(head, key), view_of(signature));
}

Status check_heads(std::span<const LedgerHead> told, const LedgerHead& now,
                   const std::string& keeper) {
  std::map<std::int64_t, Digest> hashes = {{now.number, now.hash}};
  for (const LedgerHead& head : told)
    if (hashes.emplace(head.number, head.hash).first->second != head.hash)
      return refused(keeper, "must be one ledger: it was told of in two ways, and so was forked");
  if (hashes.rbegin()->first > now.number)
    return refused(keeper,
                   "must not be older than it was: ask for its word again; where that is older, "
                   "too, it was rolled back");
  return ok();
}

}  // namespace sfumato
