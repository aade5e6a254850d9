#pragma once

#include <map>

#include "secagg/encrypted_messages.h"
#include "secagg/party_path.h"

namespace sfumato {

enum class EncryptedPhase : std::uint8_t {
  offered = 1,  // a key holder: the offers of all are awaited
  dealt,        // the dealings
  confirmed,    // the key
  entered,      // the key; holds no share of it
  contributed,  // a key holder: the list of inputs
  done,         // nothing
};

/// What a party keeps where sums are encrypted.
struct EncryptedState : PartyRecord {
  struct Peer {
    Place place;
    KeyOffer offer;
  };

  EncryptedPhase phase = EncryptedPhase::entered;
  std::map<Place, LedgerHead> heads;  ///< of all whose messages were seen
  std::vector<Peer> peers;            ///< who offered, this one as well, by rising places
  std::string key;                    ///< of a ThresholdKey, from its confirmation to its use
  Secret cipher{0};                   ///< the private key of boxes, until they are opened
  Secret dealing{0};                  ///< the state of a Dealing, as long
  Secret share{0};                    ///< of the key, until it was used, once
  Secret input{
      0};  ///< 8 bytes for each number, the least significant first; none once it is encrypted

  const Peer* peer(Place at) const noexcept {
    const auto found = std::ranges::find(peers, at, &Peer::place);
    return found == peers.end() ? nullptr : &*found;
  }

  /// Its places are those of the session's key holders and parties, and it has what its phase needs.
  bool fits(const Session& session) const;

  Secret bytes(const Session& session) const;
  static Result<std::unique_ptr<EncryptedState>> parse(const Session& session, const Secret& bytes);
};

}  // namespace sfumato
