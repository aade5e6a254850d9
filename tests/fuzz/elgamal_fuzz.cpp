#include "fuzz/target.h"
#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

const Ceremony& ceremony() {
  static const Ceremony made(two_of_three());
  return made;
}

template <class Read>
void round_trip(const Read& read, std::string_view bytes) {
  if (read) require(read->bytes() == bytes);
}

const ElGamalCiphertext& ciphertext() {
  static const ElGamalCiphertext made = [] {
    FixedBits bits(1);
    return ElGamalEncryptor::make(ceremony().key().point()).value().encrypt(5, bits);
  }();
  return made;
}

}  // namespace

void take(std::string_view bytes) {
  round_trip(CurvePoint::parse(bytes), bytes);
  round_trip(ElGamalCiphertext::parse(bytes), bytes);
  round_trip(LogarithmProof::parse(bytes), bytes);
  round_trip(PublicDealing::parse(two_of_three(), bytes), bytes);
  round_trip(ThresholdKey::parse(bytes), bytes);
  const auto part = PartialDecryption::parse(bytes);
  round_trip(part, bytes);
  static const ThresholdKey key = ceremony().key();
  static const std::string right = seeds().back();
  if (part) require(!is_right(*part, key, ciphertext(), "") || bytes == right);
}

std::vector<std::string> seeds() {
  FixedBits bits(2);
  const ThresholdKey key = ceremony().key();
  const auto part = decrypt_partially(key, ceremony().share(1), ciphertext(), "", bits).value();
  return {std::string(key.point().bytes()), ciphertext().bytes(), part.proof.bytes(),
          ceremony().opened[0].bytes(),     key.bytes(),          part.bytes()};
}

}  // namespace sfumato
