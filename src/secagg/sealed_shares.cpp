#include "secagg/sealed_shares.h"

#include <utility>

#include "secagg/boxes.h"
#include "secagg/key_schedule.h"
#include "sfumato/secagg/shamir.h"

namespace sfumato {
namespace {

constexpr std::size_t kPart = PartySecrets::kPart;

/// Shares of two secrets in one: of the mask key, and behind it of the seed.
Secret both_of(const Secret& mask, const Secret& seed, std::size_t i) {
  Secret both(2 * kPart);
  std::ranges::copy(mask.bytes().subspan(i * kPart, kPart), both.bytes().begin());
  std::ranges::copy(seed.bytes().subspan(i * kPart, kPart), both.bytes().subspan(kPart).begin());
  return both;
}

void keep(PartySecrets& secrets, Place of, const Secret& both) {
  std::ranges::copy(both.bytes().first(kPart), secrets.mask_share(of).begin());
  std::ranges::copy(both.bytes().last(kPart), secrets.seed_share(of).begin());
}

std::vector<std::uint8_t> points_of(const std::vector<PartyState::Peer>& peers) {
  std::vector<std::uint8_t> points;
  for (const auto& peer : peers) points.push_back(point_of(peer.place));
  return points;
}

}  // namespace

Result<AgreementKey> agreement_key(std::span<const unsigned char> scalar) {
  return AgreementKey::from_scalar(Secret(text_of(scalar)));
}

Result<SealedShares> seal_shares(const Session& session, PartyState& state,
                                 const std::vector<PartyState::Peer>& peers) {
  const std::size_t threshold = session.terms().threshold;
  const auto points = points_of(peers);
  const Result<Secret> seed = draw_secret(kPart);
  if (!seed) return seed.error();
  const auto check = seed_check(session, seed->bytes(), state.place);
  if (!check) return check.error();
  const auto seeds = split_secret(*seed, threshold, points);
  if (!seeds) return seeds.error();
  const auto masks = split_secret(Secret(text_of(state.secrets.mask())), threshold, points);
  if (!masks) return masks.error();
  const auto key = agreement_key(state.secrets.cipher());
  if (!key) return key.error();

  SealedShares said{.check = *check, .boxes = {}};
  std::size_t own = 0;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    const Place to = peers[i].place;
    if (to == state.place) {
      own = i;
      continue;
    }
    const auto sealer = box_key(session, *key, state.place, to, peers[i].keys.cipher);
    if (!sealer) return sealer.error();
    const auto box = sealed_box<64>(*sealer, to, both_of(*masks, *seeds, i));
    if (!box) return box.error();
    said.boxes.push_back(*box);
  }
  std::ranges::copy(seed->bytes(), state.secrets.seed().begin());
  keep(state.secrets, state.place, both_of(*masks, *seeds, own));
  return said;
}

Status open_shares(const Session& session, PartyState& state, const std::vector<SealedBox>& boxes) {
  const auto key = agreement_key(state.secrets.cipher());
  if (!key) return key.error();
  std::vector<Secret> opened;
  for (const SealedBox& box : boxes) {
    const auto opener =
        box_key(session, *key, box.party, state.place, state.peer(box.party)->keys.cipher);
    if (!opener) return opener.error();
    auto both = gcm_opened(*opener, box.nonce, text_of(box.bytes), "");
    if (!both) return both.error();
    if (!*both)
      return Error{Errc::refused, "shares",
                   "do not open: they were changed, or sealed for another party"};
    opened.push_back(*std::move(*both));
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) keep(state.secrets, boxes[i].party, opened[i]);
  return ok();
}

}  // namespace sfumato
