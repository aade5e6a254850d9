// In place of token_key.cpp where SFUMATO_PKCS11 is off.
#include "sfumato/keys/token_key.h"

namespace sfumato {

class TokenKey::Session {};

TokenKey::TokenKey(std::unique_ptr<Session> session) noexcept : session_(std::move(session)) {}
TokenKey::TokenKey(TokenKey&&) noexcept = default;
TokenKey& TokenKey::operator=(TokenKey&&) noexcept = default;
TokenKey::~TokenKey() = default;

Result<TokenKey> TokenKey::open(const TokenUri&, const Secret&) {
  return Error{Errc::unsupported, "PKCS #11",
               "is not in this build: build sfumato with -DSFUMATO_PKCS11=ON"};
}

Result<FileLock> TokenKey::new_lock() {
  return Error{Errc::unsupported, "PKCS #11", "is not in this build"};
}

Result<FileLock> TokenKey::lock_of(const WrappedKey&) {
  return Error{Errc::unsupported, "PKCS #11", "is not in this build"};
}

}  // namespace sfumato
