#pragma once

#include <string>
#include <vector>

#include "sfumato/homomorphic/partial_decryption.h"
#include "sfumato/homomorphic/threshold_key.h"
#include "support/fixed_bits.h"

namespace sfumato {

/// A key and all that its makers sent one another, made without transport.
struct Ceremony {
  explicit Ceremony(KeyTerms with, std::uint64_t seed = 1) : terms(std::move(with)) {
    FixedBits bits(seed);
    for (std::uint8_t party = 1; party <= terms.parties; ++party) {
      drawn.push_back(Dealing::draw(terms, party, bits).value());
      promises.push_back(drawn.back().opening().promise(terms));
      opened.push_back(PublicDealing::parse(terms, drawn.back().opening().bytes()).value());
    }
  }

  /// A party that promised a dealing opens none.
  void lose(std::uint8_t party) {
    std::erase_if(drawn, [&](const Dealing& one) { return one.opening().party() == party; });
    std::erase_if(opened, [&](const PublicDealing& one) { return one.party() == party; });
  }

  std::vector<Secret> shares_for(std::uint8_t party) const {
    std::vector<Secret> shares;
    for (const Dealing& dealing : drawn) shares.push_back(dealing.share_for(party));
    return shares;
  }

  ThresholdKey key() const { return ThresholdKey::make(terms, promises, opened).value(); }
  KeyShare share(std::uint8_t party) const {
    return KeyShare::make(key(), opened, party, shares_for(party)).value();
  }

  KeyTerms terms;
  std::vector<Dealing> drawn;
  std::vector<DealingPromise> promises;
  std::vector<PublicDealing> opened;
};

inline KeyTerms two_of_three() {
  return {.context = "three parties", .parties = 3, .threshold = 2};
}

/// The bytes with one bit of the byte at a place changed, counted from the end where it is negative.
inline std::string changed(std::string bytes, int place) {
  bytes.at(place < 0 ? bytes.size() + static_cast<std::size_t>(place)
                     : static_cast<std::size_t>(place)) ^= 1;
  return bytes;
}

}  // namespace sfumato
