#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/key_file.h"
#include "sfumato/keys/secret.h"
#include "sfumato/keys/token_uri.h"

namespace sfumato {

/// An AES key within a PKCS #11 token, which never leaves it, and by which the token wraps and unwraps others
/// (CKM_AES_KEY_WRAP_PAD, RFC 5649).
///
/// One thread has it. The token's library runs within this program: name none that you would not run.
///
/// Origin  OASIS: PKCS #11 Cryptographic Token Interface 2.40; RFC 7512 (URIs)
class TokenKey {
 public:
  /// Loads the library, finds the one token and the one AES key that the URI names, and logs in by the PIN.
  /// Fails where there is none, or more than one.
  static Result<TokenKey> open(const TokenUri& uri, const Secret& pin);

  TokenKey(TokenKey&&) noexcept;
  TokenKey& operator=(TokenKey&&) noexcept;
  ~TokenKey();

  /// A lock of a fresh key, and what the token made of that key for the file to keep.
  Result<FileLock> new_lock();

  /// The lock whose key the token wrapped before.
  Result<FileLock> lock_of(const WrappedKey& wrapped);

 private:
  class Session;
  explicit TokenKey(std::unique_ptr<Session> session) noexcept;

  std::unique_ptr<Session> session_;
};

}  // namespace sfumato
