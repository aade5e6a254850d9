#include "fuzz/target.h"
#include "homomorphic/three_parties.h"
#include "sfumato/homomorphic/elgamal_vector.h"

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

const ThresholdKey& key() {
  static const ThresholdKey made = ceremony().key();
  return made;
}

/// Two numbers of one maker.
const ElGamalVector& vector() {
  static const ElGamalVector made = [] {
    FixedBits bits(1);
    const std::int64_t numbers[] = {5, -3};
    const auto encryptor = ElGamalEncryptor::make(key().point()).value();
    return encrypt_vector(encryptor, numbers, "", bits).value();
  }();
  return made;
}

const PartialDecryptions& parts() {
  static const PartialDecryptions made = [] {
    FixedBits bits(2);
    return decrypt_partially(key(), ceremony().share(1), vector().ciphertexts, "", bits).value();
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
  for (std::size_t numbers = 0; numbers < 4; ++numbers) {
    const auto sent = ElGamalVector::parse(bytes, numbers);
    round_trip(sent, bytes);
    if (sent) require(!is_known(*sent, key().point(), "") || *sent == vector());
    const auto read = PartialDecryptions::parse(bytes, numbers);
    round_trip(read, bytes);
    if (read) require(!is_right(*read, key(), vector().ciphertexts, "") || *read == parts());
  }
  const auto restored = Dealing::restore(two_of_three(), 1, Secret(bytes));
  if (restored) require(restored->state().view() == bytes);
}

std::vector<std::string> seeds() {
  return {std::string(key().point().bytes()),
          vector().ciphertexts[0].bytes(),
          parts().proof.bytes(),
          ceremony().opened[0].bytes(),
          key().bytes(),
          vector().bytes(),
          parts().bytes(),
          std::string(ceremony().drawn[0].state().view())};
}

}  // namespace sfumato
