#include "homomorphic/transcript.h"

#include <openssl/evp.h>

namespace sfumato {

Transcript& Transcript::add(std::string_view part) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes_ += static_cast<char>(part.size() >> shift & 0xff);
  bytes_ += part;
  return *this;
}

Sha256 Transcript::hash() const {
  Sha256 hash{};
  must(EVP_Digest(bytes_.data(), bytes_.size(), hash.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return hash;
}

std::vector<uint128> Transcript::factors(std::size_t count) const {
  constexpr std::size_t kSize = sizeof(uint128);
  std::vector<unsigned char> bytes(kSize * count);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> shake(EVP_MD_CTX_new(),
                                                                      EVP_MD_CTX_free);
  must(shake && EVP_DigestInit_ex(shake.get(), EVP_shake256(), nullptr) == 1 &&
       EVP_DigestUpdate(shake.get(), bytes_.data(), bytes_.size()) == 1 &&
       EVP_DigestFinalXOF(shake.get(), bytes.data(), bytes.size()) == 1);
  std::vector<uint128> factors(count);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    factors[i / kSize] = factors[i / kSize] << 8 | bytes[i];
  return factors;
}

Owned<BIGNUM> Transcript::challenge(BN_CTX* context) const {
  const Sha256 bytes = hash();
  const Owned<BIGNUM> whole =
      owned(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  Owned<BIGNUM> reduced = new_number();
  must(BN_nnmod(reduced.get(), whole.get(), order(), context) == 1);
  return reduced;
}

}  // namespace sfumato
