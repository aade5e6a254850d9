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

Owned<BIGNUM> Transcript::challenge(BN_CTX* context) const {
  const Sha256 bytes = hash();
  const Owned<BIGNUM> whole =
      owned(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  Owned<BIGNUM> reduced = new_number();
  must(BN_nnmod(reduced.get(), whole.get(), order(), context) == 1);
  return reduced;
}

}  // namespace sfumato
