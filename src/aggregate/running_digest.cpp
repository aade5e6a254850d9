#include "aggregate/running_digest.h"

#include <openssl/evp.h>

#include <new>

namespace sfumato {
namespace {

EVP_MD_CTX* as_context(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

void RunningDigest::Free::operator()(void* context) const noexcept {
  EVP_MD_CTX_free(as_context(context));
}

// SHA-256 is in each OpenSSL: only memory can be missing.
RunningDigest::RunningDigest() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(as_context(context_.get()), EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
}

void RunningDigest::add(std::string_view bytes) {
  if (EVP_DigestUpdate(as_context(context_.get()), bytes.data(), bytes.size()) != 1)
    throw std::bad_alloc();
}

Digest256 RunningDigest::finish() {
  Digest256 digest{};
  if (EVP_DigestFinal_ex(as_context(context_.get()), digest.data(), nullptr) != 1)
    throw std::bad_alloc();
  return digest;
}

}  // namespace sfumato
