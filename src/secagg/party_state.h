#pragma once

#include <algorithm>

#include "secagg/party_path.h"

namespace sfumato {

enum class PartyPhase : std::uint8_t {
  advertised = 1,  // the list of keys is awaited
  shared,          // the others' shares, on which the input follows
  contributed,     // the list of survivors
  agreed,          // the others' agreements
  unmasked,        // nothing
};

/// Secrets of fixed size in one mapping: two private keys, the seed of the own mask, and by place two
/// shares of each party's: of its mask key, and of its seed.
class PartySecrets {
 public:
  static constexpr std::size_t kPart = 32;
  static constexpr std::size_t kSize = kPart * (3 + 2 * Roster::kMost);

  PartySecrets() : bytes_(kSize) {}

  std::span<unsigned char> cipher() noexcept { return part(0); }
  std::span<unsigned char> mask() noexcept { return part(1); }
  std::span<unsigned char> seed() noexcept { return part(2); }
  std::span<unsigned char> mask_share(Place of) noexcept { return part(3u + 2u * of); }
  std::span<unsigned char> seed_share(Place of) noexcept { return part(4u + 2u * of); }

  std::span<unsigned char> all() noexcept { return bytes_.bytes(); }
  std::span<const unsigned char> all() const noexcept { return bytes_.bytes(); }

  /// No part of an input can be unmasked by what is left.
  void forget_keys() noexcept { std::ranges::fill(all().first(3 * kPart), std::uint8_t{0}); }
  void forget_all() noexcept { std::ranges::fill(all(), std::uint8_t{0}); }

 private:
  std::span<unsigned char> part(std::size_t i) noexcept {
    return bytes_.bytes().subspan(i * kPart, kPart);
  }

  Secret bytes_;
};

struct PartyState : PartyRecord {
  struct Peer {
    Place place;
    Advertisement keys;
    LedgerHead head;
  };

  PartyPhase phase = PartyPhase::advertised;
  std::vector<Peer> peers;       ///< who advertised keys, this one as well, by rising places
  Places partners;               ///< who shared secrets, this one as well
  SurvivorList survivors;
  PartySecrets secrets;
  Secret input{0};  ///< 8 bytes for each number, the least significant first; none once it is masked

  const Peer* peer(Place at) const noexcept {
    const auto found = std::ranges::find(peers, at, &Peer::place);
    return found == peers.end() ? nullptr : &*found;
  }

  /// Its places are those of the session's parties, and nobody is named who was not before.
  bool fits(const Session& session) const;

  Secret bytes(const Session& session) const;
  static Result<std::unique_ptr<PartyState>> parse(const Session& session, const Secret& bytes);
};

}  // namespace sfumato
