#include "cli/joint_tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <poll.h>

#include <algorithm>
#include <array>

namespace sfumato {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kProtocol = "\x0fsfumato-joint/1";  // as ALPN has it: behind its length
constexpr std::uint64_t kMostHandshake = std::uint64_t{1} << 14;
constexpr long kMostCertificates = 4096;
constexpr auto kPatience = std::chrono::seconds(10);
constexpr std::size_t kBytesPerSecond = std::size_t{1} << 14;
constexpr std::size_t kBytesAtOnce = std::size_t{1} << 16;

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const noexcept {
    free(object);
  }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;

Error failed(const char* message) {
  return {Errc::unavailable, "connection", message};
}

Deadline time_for(std::size_t bytes) {
  return Clock::now() + kPatience + std::chrono::seconds(bytes / kBytesPerSecond);
}

/// The Ed25519 key of a certificate; none where it is for another one.
std::optional<PublicKey> key_in(X509* certificate) {
  EVP_PKEY* const key = certificate ? X509_get0_pubkey(certificate) : nullptr;
  std::array<unsigned char, 32> bytes{};
  std::size_t size = bytes.size();
  if (!key || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) != 1 || size != bytes.size())
    return std::nullopt;
  const auto read = PublicKey::of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return read ? std::optional(*read) : std::nullopt;
}

/// What was shown in a handshake that was refused, to be told.
struct Shown {
  bool refused = false;
  std::optional<PublicKey> key;
};

/// In place of a chain of authorities: whether the key is one of those that are expected.
int is_expected(X509_STORE_CTX* store, void* argument) {
  const auto& others = *static_cast<const std::vector<PublicKey>*>(argument);
  const auto key = key_in(X509_STORE_CTX_get0_cert(store));
  const bool known = key && std::ranges::find(others, *key) != others.end();
  X509_STORE_CTX_set_error(store, known ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  auto* const link =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  if (auto* const shown = link ? static_cast<Shown*>(SSL_get_app_data(link)) : nullptr)
    *shown = {.refused = !known, .key = key};
  return known ? 1 : 0;
}

/// Takes the one protocol there is, and nothing in its place.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* told,
                    unsigned told_size, void*) {
  unsigned char* chosen = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(kProtocol.data());
  if (SSL_select_next_proto(&chosen, size, ours, static_cast<unsigned>(kProtocol.size()), told,
                            told_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

bool speaks_protocol(const SSL* link) {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(link, &chosen, &size);
  return std::string_view(reinterpret_cast<const char*>(chosen), size) == kProtocol.substr(1);
}

/// Who has proved nothing yet makes us read no more than this.
long bound_handshake(BIO* bio, int operation, const char*, std::size_t, int, long, int result,
                     std::size_t*) {
  return operation == BIO_CB_READ && BIO_number_read(bio) > kMostHandshake ? -1 : result;
}

/// Bears the key, and signs itself: who shows it has to sign the handshake by that key.
Certificate certificate_of(EVP_PKEY* key) {
  Certificate made(X509_new());
  if (!made || X509_set_version(made.get(), X509_VERSION_3) != 1 ||
      ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1) != 1 ||
      ASN1_TIME_set_string(X509_getm_notBefore(made.get()), "20000101000000Z") != 1 ||
      ASN1_TIME_set_string(X509_getm_notAfter(made.get()), "99991231235959Z") != 1 ||
      X509_set_pubkey(made.get(), key) != 1 || X509_sign(made.get(), key, nullptr) == 0)
    return nullptr;
  return made;
}

/// TLS 1.3 by Ed25519, and nothing that would let a connection go on from another one.
bool restrict_to_one_way(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_max_cert_list(context, kMostCertificates);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") ==
             1 &&
         SSL_CTX_set1_groups_list(context, "X25519") == 1 &&
         SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_max_early_data(context, 0) == 1 &&
         SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(kProtocol.data()),
                                 static_cast<unsigned>(kProtocol.size())) == 0;
}

enum class Outcome { done, ended, late, failed };

/// Tries until it is done, waiting for the other side.
template <class Try>
Outcome persist(SSL* link, int socket, Deadline deadline, const Try& attempt) {
  const QuietWrites quiet;
  for (;;) {
    ERR_clear_error();
    const int done = attempt();
    if (done > 0) return Outcome::done;
    const int why = SSL_get_error(link, done);
    if (why == SSL_ERROR_ZERO_RETURN) return Outcome::ended;
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return Outcome::failed;
    if (!wait_for(socket, why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
      return Outcome::late;
  }
}

/// The reason that OpenSSL gives for what failed last in this thread; 0 where it is none of TLS.
int reason() {
  const unsigned long why = ERR_peek_error();
  return ERR_GET_LIB(why) == ERR_LIB_SSL ? ERR_GET_REASON(why) : 0;
}

const char* sentence(int why) {
  switch (why) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "must speak TLS 1.3";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "must show a certificate of its key";
    case SSL_R_NO_APPLICATION_PROTOCOL:
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
      return "must speak sfumato-joint/1 within TLS";
    default:
      return "ends before both sides have proved their keys";
  }
}

Error unexpected(const std::optional<PublicKey>& key) {
  return {Errc::refused, "connection",
          "must be by a key that is expected here, is by " +
              (key ? key->fingerprint() : std::string("one of another kind"))};
}

}  // namespace

void TlsFree::operator()(SSL* link) const noexcept {
  SSL_free(link);
}

void TlsFree::operator()(SSL_CTX* context) const noexcept {
  SSL_CTX_free(context);
}

Result<TlsEnd> TlsEnd::make(const SigningKey& self, std::vector<PublicKey> others) {
  const auto seed = self.seed().bytes();
  const PrivateKey key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  const Certificate certificate = key ? certificate_of(key.get()) : nullptr;
  Context context(SSL_CTX_new(TLS_method()));
  if (!certificate || !context || !restrict_to_one_way(context.get()) ||
      SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
    return failed("can't be prepared: OpenSSL refuses TLS 1.3 by Ed25519");
  auto kept = std::make_unique<std::vector<PublicKey>>(std::move(others));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), is_expected, kept.get());
  return TlsEnd(std::move(context), std::move(kept));
}

Result<TlsLink> TlsEnd::shake_hands(int socket, int (*how)(SSL*), Deadline deadline) const {
  std::unique_ptr<SSL, TlsFree> link(SSL_new(context_.get()));
  if (!link || SSL_set_fd(link.get(), socket) != 1) return failed("can't be prepared");
  Shown shown;
  SSL_set_app_data(link.get(), &shown);
  BIO_set_callback_ex(SSL_get_rbio(link.get()), bound_handshake);
  const Outcome outcome = persist(link.get(), socket, deadline, [&] { return how(link.get()); });
  SSL_set_app_data(link.get(), nullptr);
  BIO_set_callback_ex(SSL_get_rbio(link.get()), nullptr);
  if (outcome == Outcome::late) return failed("must prove its key in time, was too slow");
  if (outcome != Outcome::done)
    return shown.refused ? unexpected(shown.key) : failed(sentence(reason()));
  const auto peer = key_in(SSL_get0_peer_certificate(link.get()));
  if (!peer || std::ranges::find(*others_, *peer) == others_->end()) return unexpected(peer);
  if (!speaks_protocol(link.get())) return failed(sentence(SSL_R_NO_APPLICATION_PROTOCOL));
  return TlsLink(socket, std::move(link), *peer);
}

Result<TlsLink> TlsEnd::accept(int socket, Deadline deadline) const {
  return shake_hands(socket, SSL_accept, deadline);
}

Result<TlsLink> TlsEnd::connect(int socket, Deadline deadline) const {
  return shake_hands(socket, SSL_connect, deadline);
}

Status TlsLink::write(std::string_view bytes, Deadline deadline) {
  if (bytes.empty()) return ok();
  std::size_t sent = 0;  // all of it, or nothing: the mode is not that of partial writes
  const Outcome outcome = persist(link_.get(), socket_, deadline, [&] {
    return SSL_write_ex(link_.get(), bytes.data(), bytes.size(), &sent);
  });
  if (outcome == Outcome::done) return ok();
  return failed(outcome == Outcome::late ? "is too slow" : "was cut");
}

Status TlsLink::send(std::string_view frame) {
  std::string length;
  for (int shift = 24; shift >= 0; shift -= 8)
    length += static_cast<char>(frame.size() >> shift & 0xff);
  const Deadline deadline = time_for(frame.size());
  if (const Status begun = write(length, deadline); !begun) return begun;
  return write(frame, deadline);
}

/// False where the other side ended before it.
Result<bool> TlsLink::read(char* into, std::size_t size, Deadline deadline) {
  while (size > 0) {
    std::size_t some = 0;
    const Outcome outcome = persist(link_.get(), socket_, deadline,
                                    [&] { return SSL_read_ex(link_.get(), into, size, &some); });
    if (outcome == Outcome::ended) return false;
    if (outcome == Outcome::late) return failed("is too slow");
    if (outcome == Outcome::failed) {
      // An alert that comes now is the other side's own word, under the keys that both have.
      if (reason() == SSL_R_SSLV3_ALERT_BAD_CERTIFICATE)
        return Error{Errc::refused, "connection",
                     "is refused there: this home's key is none of its roster's"};
      return failed("was cut");
    }
    into += some;
    size -= some;
  }
  return true;
}

Result<std::optional<std::string>> TlsLink::receive(std::size_t most, Deadline begin) {
  std::array<char, 4> head{};
  const auto begun = read(head.data(), head.size(), begin);
  if (!begun) return begun.error();
  if (!*begun) return std::optional<std::string>();
  std::size_t size = 0;
  for (const char byte : head) size = size << 8 | static_cast<unsigned char>(byte);
  if (size > most) return failed("must have no frame that is longer than what is asked for");
  const Deadline deadline = time_for(size);
  std::string frame;  // grows as it comes: a length alone takes no memory
  while (frame.size() < size) {
    const std::size_t had = frame.size();
    frame.resize(std::min(size, had + kBytesAtOnce));
    const auto there = read(frame.data() + had, frame.size() - had, deadline);
    if (!there) return there.error();
    if (!*there) return failed("was cut");
  }
  return std::optional(std::move(frame));
}

void TlsLink::end() {
  const QuietWrites quiet;
  ERR_clear_error();
  SSL_shutdown(link_.get());
}

}  // namespace sfumato
