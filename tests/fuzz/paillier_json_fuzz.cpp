#include "fuzz/target.h"
#include "homomorphic/paillier_keys.h"
#include "sfumato/homomorphic/paillier_json.h"

namespace sfumato {

// Seeds have short numbers: whole keys take a tenth of a second each, and are a fuzzer's to find.
void take(std::string_view bytes) {
  const auto key = read_paillier_public_key(bytes);
  if (key) require(read_paillier_public_key(to_json(*key, "")).has_value());
  const auto own = read_paillier_private_key(Secret(bytes));
  if (own) require(own->public_key().bits() >= PaillierPublicKey::kLeastBits);
  static const PaillierPublicKey known = plain_paillier_key().public_key();
  if (const auto number = read_paillier_number(known, bytes))
    require(read_paillier_number(known, to_json(*number)).value() == *number);
  if (const auto list = read_paillier_numbers(known, bytes))
    for (const PaillierNumber& number : *list)
      require(read_paillier_number(known, to_json(number)).value() == number);
}

std::vector<std::string> seeds() {
  return {
      R"({"kty": "DAJ", "alg": "PAI-GN1", "key_ops": ["encrypt"], "n": "AQAB", "h": "BA"})",
      R"({"kty": "DAJ", "p": "Cw", "q": "Bw", "pub": {"kty": "DAJ", "alg": "PAI-GN1", "n": "TQ"}})",
      R"({"v": "123456789", "e": -32})", R"({"v": "5", "e": 18446744073709551615})",
      R"([{"v": "123456789", "e": -32}, {"v": "5", "e": 0}])"};
}

}  // namespace sfumato
