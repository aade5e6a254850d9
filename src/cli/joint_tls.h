#pragma once

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/joint_socket.h"
#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"

namespace sfumato {

struct TlsFree {
  void operator()(SSL* link) const noexcept;
  void operator()(SSL_CTX* context) const noexcept;
};

/// A connection under TLS 1.3 whose ends have both proved their keys. What goes over it are frames: bytes behind
/// their length in 4 bytes. A frame that has begun has 10 seconds, and one for each 16 KiB of it.
///
/// Layout  docs/protocol/transport.md, "Frames"
class TlsLink {
 public:
  TlsLink(TlsLink&&) noexcept = default;
  TlsLink& operator=(TlsLink&&) = delete;
  ~TlsLink() = default;

  const PublicKey& peer() const noexcept { return peer_; }

  Status send(std::string_view frame);

  /// What the other side sends next, by `begin` at the latest; none where it has said that it ends. A frame of more
  /// than `most` bytes is refused by its length. Errors are Errc::unavailable where another connection may do better,
  /// Errc::refused where the other side takes no connection of this key.
  Result<std::optional<std::string>> receive(std::size_t most, Deadline begin);

  /// Says that nothing more comes.
  void end();

 private:
  friend class TlsEnd;
  TlsLink(int socket, std::unique_ptr<SSL, TlsFree> link, const PublicKey& peer)
      : socket_(socket), link_(std::move(link)), peer_(peer) {}

  Status write(std::string_view bytes, Deadline deadline);
  Result<bool> read(char* into, std::size_t size, Deadline deadline);

  int socket_;
  std::unique_ptr<SSL, TlsFree> link_;
  PublicKey peer_;
};

/// One's own end: a key, and the keys of whom it speaks with. Certificates are made of keys, for ever, and are looked
/// at for their key alone: no authority, name or date is trusted.
///
/// Origin  RFC 8446; RFC 8410 for the certificates
class TlsEnd {
 public:
  static Result<TlsEnd> make(const SigningKey& self, std::vector<PublicKey> others);

  /// The socket is non-blocking, and outlasts the link. Refuses by Errc::refused who shows another key than those that
  /// are expected.
  Result<TlsLink> accept(int socket, Deadline deadline) const;
  Result<TlsLink> connect(int socket, Deadline deadline) const;

 private:
  using Context = std::unique_ptr<SSL_CTX, TlsFree>;

  TlsEnd(Context context, std::unique_ptr<std::vector<PublicKey>> others)
      : others_(std::move(others)), context_(std::move(context)) {}

  Result<TlsLink> shake_hands(int socket, int (*how)(SSL*), Deadline deadline) const;

  std::unique_ptr<std::vector<PublicKey>> others_;  // which the context points to
  Context context_;
};

}  // namespace sfumato
