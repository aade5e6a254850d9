#pragma once

#include "secagg/envelope.h"
#include "sfumato/keys/x25519.h"
#include "sfumato/secagg/mask.h"

namespace sfumato {

// All keys of a session: docs/protocol/masked_sums.md, "Keys". Each hangs on the session's hash, on what it
// is for, and on the ordered places of those who have it.

/// Who of two adds the mask that they share: the lower place; the other one takes it away.
constexpr Mask::Sign sign_of(Place mine, Place other) noexcept {
  return mine < other ? Mask::Sign::add : Mask::Sign::subtract;
}

constexpr Mask::Sign opposite(Mask::Sign sign) noexcept {
  return sign == Mask::Sign::add ? Mask::Sign::subtract : Mask::Sign::add;
}

/// The mask that `mine` puts on for `other`.
Result<Mask> pair_mask(const Session& session, const AgreementKey& key, Place mine, Place other,
                       const AgreementPublic& theirs);

/// The mask that a party puts on for itself.
Result<Mask> self_mask(const Session& session, std::span<const unsigned char> seed, Place party);

/// What is told of a seed, so that one that was put together wrongly is known.
Result<Digest> seed_check(const Session& session, std::span<const unsigned char> seed, Place party);

/// What is in a box: shares of masks and seeds, or of the key of encrypted sums.
inline constexpr std::string_view kSealedShares = "sfumato joint sealed shares v1";
inline constexpr std::string_view kSealedDealing = "sfumato joint sealed dealing v1";

/// By which what `from` has for `to` is sealed; `key` is of one of them, `theirs` of the other.
Result<Secret> box_key(const Session& session, const AgreementKey& key, Place from, Place to,
                       const AgreementPublic& theirs, std::string_view use = kSealedShares);

}  // namespace sfumato
