// Encrypts a number under the key of two parties, who read it together.
#include <vector>

#include "sfumato/homomorphic/partial_decryption.h"
#include "sfumato/random/system_bits.h"

int main() {
  using namespace sfumato;
  const KeyTerms terms{.context = "a consumer", .parties = 2, .threshold = 2};
  SystemBits bits = SystemBits::open().value();
  std::vector<Dealing> drawn;
  std::vector<PublicDealing> dealings;
  std::vector<DealingHash> hashes;
  for (std::uint8_t party = 1; party <= 2; ++party) {
    drawn.push_back(Dealing::draw(terms, party, bits).value());
    dealings.push_back(drawn.back().opening());
    hashes.push_back(dealings.back().hash(terms));
  }
  const ThresholdKey key = ThresholdKey::make(terms, hashes, dealings).value();
  const auto ciphertext = ElGamalEncryptor::make(key.point()).value().encrypt(-7, bits);
  std::vector<PartialDecryption> parts;
  for (std::uint8_t party = 1; party <= 2; ++party) {
    std::vector<Secret> shares;
    for (const Dealing& dealing : drawn) shares.push_back(dealing.share_for(party));
    const KeyShare share = KeyShare::make(key, dealings, party, shares).value();
    parts.push_back(decrypt_partially(key, share, ciphertext, "", bits).value());
  }
  const auto logarithm = DiscreteLogarithm::make(100).value();
  return combine(key, ciphertext, "", parts, logarithm).value().number == -7 ? 0 : 1;
}
