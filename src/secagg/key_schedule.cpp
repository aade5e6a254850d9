#include "secagg/key_schedule.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "ledger/canonical.h"
#include "sfumato/keys/hkdf.h"

namespace sfumato {
namespace {

constexpr std::size_t kKeySize = 32;

Result<Secret> derived(const Session& session, const Secret& from, std::string_view use,
                       std::initializer_list<Place> places) {
  std::string info = std::string(use) + '\0';
  for (const Place place : places) info += static_cast<char>(place);
  return hkdf_sha256(from, view_of(session.hash()), info, kKeySize);
}

Secret copied(std::span<const unsigned char> bytes) {
  Secret copy(bytes.size());
  std::ranges::copy(bytes, copy.bytes().begin());
  return copy;
}

}  // namespace

Result<Mask> pair_mask(const Session& session, const AgreementKey& key, Place mine, Place other,
                       const AgreementPublic& theirs) {
  const Result<Secret> shared = key.shared_with(theirs);
  if (!shared) return shared.error();
  Result<Secret> made = derived(session, *shared, "sfumato joint pair mask v1",
                                {std::min(mine, other), std::max(mine, other)});
  if (!made) return std::move(made).error();
  return Mask{*std::move(made), sign_of(mine, other)};
}

Result<Mask> self_mask(const Session& session, std::span<const unsigned char> seed, Place party) {
  Result<Secret> made = derived(session, copied(seed), "sfumato joint self mask v1", {party});
  if (!made) return std::move(made).error();
  return Mask{*std::move(made), Mask::Sign::add};
}

Result<Digest> seed_check(const Session& session, std::span<const unsigned char> seed,
                          Place party) {
  const Result<Secret> made =
      derived(session, copied(seed), "sfumato joint seed check v1", {party});
  if (!made) return made.error();
  Digest check{};
  std::ranges::copy(made->bytes(), check.begin());
  return check;
}

Result<Secret> box_key(const Session& session, const AgreementKey& key, Place from, Place to,
                       const AgreementPublic& theirs, std::string_view use) {
  const Result<Secret> shared = key.shared_with(theirs);
  if (!shared) return shared.error();
  return derived(session, *shared, use, {from, to});
}

}  // namespace sfumato
