#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/homomorphic/paillier_private_key.h"

namespace sfumato {

// Keys and numbers in the JSON of the Python package phe (its program pheutil). A key's base of randomness,
// which phe does not know and does not look at, is its member "h".

/// {"alg": "PAI-GN1", "h": …, "key_ops": ["encrypt"], "kid": …, "kty": "DAJ", "n": …}
std::string to_json(const PaillierPublicKey& key, std::string_view name);

/// Refuses what is no such object, and bad keys. Other members are not looked at.
Result<PaillierPublicKey> read_paillier_public_key(std::string_view json);

/// {"key_ops": ["decrypt"], "kid": …, "kty": "DAJ", "p": …, "pub": …, "q": …}
Secret to_json(const PaillierPrivateKey& key, std::string_view name);

/// Refuses primes whose product is not the public key's modulus, too. What the reader of JSON held for itself
/// on the way is given back to the system's memory without being wiped.
Result<PaillierPrivateKey> read_paillier_private_key(const Secret& json);

/// An encrypted m that means m·16^exponent. The exponent is for everybody to see.
struct PaillierNumber {
  PaillierCiphertext ciphertext;
  int exponent;

  friend bool operator==(const PaillierNumber&, const PaillierNumber&) = default;
};

/// {"e": exponent, "v": "decimal digits"}
std::string to_json(const PaillierNumber& number);

/// Refuses numbers that are no ciphertexts of the key, and exponents beyond ±2,000.
Result<PaillierNumber> read_paillier_number(const PaillierPublicKey& key, std::string_view json);

/// A list of such numbers, for whose factors is looked once and not of each. Refuses the list where one is none, and tells which.
Result<std::vector<PaillierNumber>> read_paillier_numbers(const PaillierPublicKey& key,
                                                          std::string_view json);

/// Of the lesser of both exponents. Refuses exponents of which one's numbers don't fit the other's: more than
/// 2,000 bits apart.
Result<PaillierNumber> sum(const PaillierPublicKey& key, const PaillierNumber& one,
                           const PaillierNumber& other);

/// m·16^exponent as the double next to it.
double decoded(const PaillierPlaintext& m, int exponent) noexcept;

/// The doubles next to many numbers, decrypted together (`PaillierPrivateKey::decrypt_batch`), where no m is further
/// from 0 than the bound, whatever the exponents: none for the others. One double of phe's is below 2^57.
Result<std::vector<std::optional<double>>> decoded_batch(const PaillierPrivateKey& key,
                                                         std::span<const PaillierNumber> numbers,
                                                         std::int64_t bound, BitSource& bits);

}  // namespace sfumato
