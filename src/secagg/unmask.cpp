#include <utility>

#include "secagg/masked_rounds.h"
#include "secagg/key_schedule.h"
#include "sfumato/secagg/shamir.h"

namespace sfumato {
namespace {

Error unfit() {
  return {Errc::refused, "shares",
          "don't give the secrets that their owners advertised: a party sent wrong ones, and there "
          "is no sum"};
}

/// What the parties disclosed of one, put together. All who spoke are taken: t of them would do, and one
/// that is wrong shows.
Result<Secret> joined(const std::map<Place, Unmasking>& said, Place of) {
  std::vector<SecretShare> shares;
  for (const auto& [from, unmasking] : said)
    for (const Disclosure& one : unmasking.disclosures)
      if (one.party == of) shares.push_back({point_of(from), one.share});
  return join_shares(shares);
}

/// Takes off the mask that a survivor put on for itself.
Status add_self_mask(const Session& session, const MaskedRounds& state, Place of,
                     const Secret& seed, std::vector<Mask>& masks) {
  const auto shares = SealedShares::parse(state.envelope(SessionRound::shares, of).body);
  const auto check = seed_check(session, seed.bytes(), of);
  if (!check) return check.error();
  if (!shares || *check != shares->check) return unfit();
  auto mask = self_mask(session, seed.bytes(), of);
  if (!mask) return std::move(mask).error();
  masks.push_back({std::move(mask->key), opposite(mask->sign)});
  return ok();
}

/// Puts on the masks that one who is gone would have put on for each survivor: theirs then cancel.
Status add_pair_masks(const Session& session, const MaskedRounds& state, Place gone,
                      const Secret& scalar, std::vector<Mask>& masks) {
  const auto key = AgreementKey::from_scalar(Secret(scalar.view()));
  if (!key) return key.error();
  const auto advertised = Advertisement::parse(state.envelope(SessionRound::keys, gone).body);
  if (!advertised || advertised->mask != key->public_part()) return unfit();
  for (const Place survivor : state.survivors().alive) {
    const auto theirs = Advertisement::parse(state.envelope(SessionRound::keys, survivor).body);
    if (!theirs) return unfit();
    auto mask = pair_mask(session, *key, gone, survivor, theirs->mask);
    if (!mask) return std::move(mask).error();
    masks.push_back(*std::move(mask));
  }
  return ok();
}

}  // namespace

Result<std::vector<std::uint64_t>> unmasked(const Session& session, const MaskedRounds& state) {
  std::map<Place, Unmasking> said;
  for (const Place from : state.heard(SessionRound::unmaskings))
    if (auto one = Unmasking::parse(state.envelope(SessionRound::unmaskings, from).body))
      said.emplace(from, *std::move(one));
  std::vector<Mask> masks;
  const SurvivorList list = state.survivors();
  for (const bool lives : {true, false})
    for (const Place of : lives ? list.alive : list.dead) {
      const auto secret = joined(said, of);
      if (!secret) return secret.error();
      const Status added = lives ? add_self_mask(session, state, of, *secret, masks)
                                 : add_pair_masks(session, state, of, *secret, masks);
      if (!added) return added.error();
    }
  std::vector<std::uint64_t> sum = state.sum;
  if (const Status done = apply_masks(masks, session.terms().modulus, sum); !done)
    return done.error();
  return sum;
}

}  // namespace sfumato
