// Encrypts numbers under the key of two parties, who read them together, and under one of Paillier's.
#include <vector>

#include "sfumato/homomorphic/elgamal_vector.h"
#include "sfumato/homomorphic/paillier_private_key.h"
#include "sfumato/homomorphic/partial_decryption.h"
#include "sfumato/random/system_bits.h"

int main() {
  using namespace sfumato;
  const KeyTerms terms{.context = "a consumer", .parties = 2, .threshold = 2};
  SystemBits bits = SystemBits::open().value();
  std::vector<Dealing> drawn;
  std::vector<PublicDealing> dealings;
  std::vector<DealingPromise> promises;
  for (std::uint8_t party = 1; party <= 2; ++party) {
    drawn.push_back(Dealing::draw(terms, party, bits).value());
    dealings.push_back(drawn.back().opening());
    promises.push_back(dealings.back().promise(terms));
  }
  const ThresholdKey key = ThresholdKey::make(terms, promises, dealings).value();
  const std::vector<std::int64_t> numbers{-7, 30};
  const auto encryptor = ElGamalEncryptor::make(key.point()).value();
  const ElGamalVector vector = encrypt_vector(encryptor, numbers, "a sender", bits).value();
  if (!is_known(vector, key.point(), "a sender")) return 1;
  std::vector<PartialDecryptions> parts;
  for (std::uint8_t party = 1; party <= 2; ++party) {
    std::vector<Secret> shares;
    for (const Dealing& dealing : drawn) shares.push_back(dealing.share_for(party));
    const KeyShare share = KeyShare::make(key, dealings, party, shares).value();
    parts.push_back(decrypt_partially(key, share, vector.ciphertexts, "", bits).value());
  }
  const auto logarithm = DiscreteLogarithm::make(100).value();
  if (combine(key, vector.ciphertexts, "", parts, logarithm).value().numbers != numbers) return 1;

  const PaillierPrivateKey own = PaillierPrivateKey::generate(bits).value();
  const auto paillier = PaillierEncryptor::make(own.public_key()).value();
  const std::vector<PaillierCiphertext> ciphertexts(3, paillier.encrypt(-7, bits));
  return own.decrypt_batch(ciphertexts, 10, bits).value()[2] == -7 ? 0 : 1;
}
