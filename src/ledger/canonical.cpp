#include "ledger/canonical.h"

#include <openssl/evp.h>

#include <new>

namespace sfumato {

Canonical& Canonical::add(uint128 amount) {
  for (int shift = 120; shift >= 0; shift -= 8)
    bytes_.push_back(static_cast<char>(static_cast<unsigned char>(amount >> shift)));
  return *this;
}

Canonical& Canonical::add(std::int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes_.push_back(
        static_cast<char>(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> shift)));
  return *this;
}

Canonical& Canonical::add(std::string_view text) {
  add(static_cast<std::int64_t>(text.size()));
  bytes_ += text;
  return *this;
}

Canonical& Canonical::add(const std::vector<LossAmount>& curve) {
  add(static_cast<std::int64_t>(curve.size()));
  for (const LossAmount& divergence : curve) add(divergence.units());
  return *this;
}

Digest Canonical::digest() const {
  return sha256(bytes_);
}

// SHA-256 is in every provider of OpenSSL, the FIPS one too: only memory can be missing. To look it
// up each time would take longer than to hash an entry.
Digest sha256(std::string_view bytes) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Digest digest;
  unsigned size = 0;
  if (!algorithm ||
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) != 1)
    throw std::bad_alloc();
  return digest;
}

}  // namespace sfumato
