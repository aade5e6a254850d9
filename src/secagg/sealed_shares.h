#pragma once

#include "secagg/party_state.h"
#include "sfumato/keys/x25519.h"

namespace sfumato {

/// Draws the seed of a party's mask, shares it and the mask key among `peers`, keeps its own shares and
/// seals the others.
Result<SealedShares> seal_shares(const Session& session, PartyState& state,
                                 const std::vector<PartyState::Peer>& peers);

/// Keeps the shares that others sealed, who are peers: all of them, or none and an error.
Status open_shares(const Session& session, PartyState& state, const std::vector<SealedBox>& boxes);

/// The pair of a private key that lies among others.
Result<AgreementKey> agreement_key(std::span<const unsigned char> scalar);

}  // namespace sfumato
