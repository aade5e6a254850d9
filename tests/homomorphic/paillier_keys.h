#pragma once

#include <string>

#include "sfumato/homomorphic/paillier_private_key.h"
#include "support/vectors.h"

namespace sfumato {

// Primes that are 3 modulo 4, and the opposite of a square, all drawn for these tests.
inline constexpr const char* kGreaterPrime =
    "ca1201a50e888237b13347440d40b1b49b035ffb62e69974f49db54305b739058cb74c7b073f4cdbeb6bf977c5"
    "68f60c2d627c9bb54738835fafa784073016ef962e45bdc9de55cc4de8c9e189ea865fc519961bba2867724ec1"
    "9b12eb75f6e3df9eeede7328b5fd16d932e79293863d1ecf99ae80e957a66684c26b2db51af78632803b3f82af"
    "ec0770f367b4c9cccd5bf9ae0f6b3a58d68f087cc854521fcfc110f6fc261601bbbd5baae155fdde20f313dd5e"
    "aa8b94d312b93e0a6f655053";
inline constexpr const char* kLesserPrime =
    "c48291f494da88a6dcf6b8ee59f01bde104644f75e57a2711cfd98a2ef47a4ea53470df8bfcd8a599099e59fd2"
    "7b9c567a55234dc95096d107e01c6e7208591a477bbddfa0eb92c558de053f664f0caf6610b3860ff5a1f3445a"
    "2bae94855908f33a9acd0cb3dd09db708cf6524faeddcb3c2966992c9debe91a92ae1bcf37426242585518b963"
    "8a0ff3090b78942700c5f8601a3785b6154209ffd2d1792ca7f3f37216ec3dfdd0c7d59a8c1d7f09e3e1da91b4"
    "a4fa657411f5d9b9789fcbff";
inline constexpr const char* kBase =
    "508cf1f1a04e270ac8e8b96c0cb64371865f34d8eea564f2d2cfb7eae2327cfd924f32bafb9ea2aeb7b16cd984"
    "be1c1509703c9f8814e21d6616d8d209068c8927648ab8ad8267cd618d707bfa27c677c9a64bf4a8d18911194b"
    "10be875f057c8713da8a6bb9f1a74c3e73e93db5929e17e3ccdfe9ffd07e257d35343b15a7923f74611a71ca40"
    "7913384ea47f12f000d2fc64386e68a4e59a4514bec1f7e5974b35cfa525a9361795cb070f1ff1047bf2379c22"
    "e8483fbfa4075d0eb634c086d64b306bf149a3e91fd019be36061fce04206a68db0c73787faa9f312f88c9e165"
    "7abaac2fcea6a4b7ecdccd52ca0da394b3352b97f62bba85d0d47b243dd7951b6fac9cec1a8316606449a8bec5"
    "1a8b55749de49f3411aea03a643a87b213f0b3c8f27f87c6e55cfc44a8fcce6e6a5f82c65a4edf28e96b3e3410"
    "22d86946e5a7448980668d96cce4d93f02e8090e958b45c34a11e52345557b4f9e2ac112925561f3988e09bc98"
    "81485ecb3a3cf7a3033c4c027c352d9b02a9d76968cafba5";

inline const PaillierPrivateKey& paillier_key() {
  static const PaillierPrivateKey key =
      PaillierPrivateKey::make(secret_of(kGreaterPrime), secret_of(kLesserPrime), bytes_of(kBase))
          .value();
  return key;
}

/// The same key without a base of randomness, as phe has it.
inline const PaillierPrivateKey& plain_paillier_key() {
  static const PaillierPrivateKey key =
      PaillierPrivateKey::make(secret_of(kGreaterPrime), secret_of(kLesserPrime)).value();
  return key;
}

inline const PaillierEncryptor& paillier_encryptor() {
  static const PaillierEncryptor made =
      PaillierEncryptor::make(paillier_key().public_key()).value();
  return made;
}

}  // namespace sfumato
