#include "cli/joint_tls.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <functional>
#include <future>

#include "secagg/three_clinics.h"

namespace sfumato {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Two ends of one wire, both of which would rather wait than block.
struct Wire {
  Wire() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) std::abort();
    one = Descriptor(ends[0]);
    other = Descriptor(ends[1]);
  }
  Descriptor one{-1}, other{-1};
};

TlsEnd end_of(const SigningKey& self, std::vector<PublicKey> others) {
  return TlsEnd::make(self, std::move(others)).value();
}

Deadline in_time() {
  return Clock::now() + seconds(5);
}

/// What both ends of a handshake come to.
struct Handshake {
  Result<TlsLink> accepted, connected;
};

Handshake shake(const Wire& wire, const TlsEnd& server, const TlsEnd& client) {
  auto accepted = std::async(std::launch::async, [&] {
    auto link = server.accept(wire.one.value(), in_time());
    if (!link) ::shutdown(wire.one.value(), SHUT_WR);
    return link;
  });
  auto connected = client.connect(wire.other.value(), in_time());
  if (!connected) ::shutdown(wire.other.value(), SHUT_WR);
  return {accepted.get(), std::move(connected)};
}

TlsEnd coordinator() {
  return end_of(key_of(77), {key_of(1).public_key(), key_of(2).public_key()});
}
TlsEnd member(unsigned char number) {
  return end_of(key_of(number), {key_of(77).public_key()});
}

TEST(TlsLink, CarriesFramesBothWays) {
  const Wire wire;
  auto [server, client] = shake(wire, coordinator(), member(2));
  ASSERT_TRUE(server && client);
  EXPECT_EQ(server->peer(), key_of(2).public_key());
  EXPECT_EQ(client->peer(), key_of(77).public_key());
  const std::string large(300'000, 'x');
  auto sent = std::async(std::launch::async, [&] {
    return client->send("first").has_value() && client->send("").has_value() &&
           client->send(large).has_value();
  });
  EXPECT_EQ(server->receive(100, in_time()).value(), "first");
  EXPECT_EQ(server->receive(100, in_time()).value(), "");
  EXPECT_EQ(server->receive(large.size(), in_time()).value(), large);
  EXPECT_TRUE(sent.get());
  client->end();
  EXPECT_EQ(server->receive(100, in_time()).value(), std::nullopt);
}

TEST(TlsLink, RefusesAFrameByItsLengthAlone) {
  const Wire wire;
  auto [server, client] = shake(wire, coordinator(), member(2));
  ASSERT_TRUE(client->send("12345678901"));
  const auto refused = server->receive(10, in_time());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "must have no frame that is longer than what is asked for");
}

TEST(TlsLink, TellsACutFromAnEnd) {
  Wire wire;
  auto [server, client] = shake(wire, coordinator(), member(2));
  wire.other.close();
  const auto cut = server->receive(10, in_time());
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().message, "was cut");
}

TEST(TlsLink, WaitsNoLongerThanItIsTold) {
  const Wire wire;
  auto [server, client] = shake(wire, coordinator(), member(2));
  const auto begin = Clock::now();
  EXPECT_FALSE(server->receive(10, Clock::now() + milliseconds(50)));
  EXPECT_LT(Clock::now() - begin, seconds(4));
}

TEST(TlsEnds, RefuseAStranger) {
  const Wire wire;
  auto [server, client] = shake(wire, coordinator(), member(9));
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::refused);
  EXPECT_EQ(server.error().message, "must be by a key that is expected here, is by " +
                                        key_of(9).public_key().fingerprint());
  ASSERT_TRUE(client);  // it is done first, and hears of it when it reads
  const auto told = client->receive(10, in_time());
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, Errc::refused);
}

TEST(TlsEnds, RefuseAnotherCoordinatorBeforeTheyShowTheirKey) {
  const Wire wire;
  auto [server, client] = shake(wire, end_of(key_of(78), {key_of(2).public_key()}), member(2));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::refused);
  EXPECT_EQ(client.error().message, "must be by a key that is expected here, is by " +
                                        key_of(78).public_key().fingerprint());
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::unavailable);  // saw no key
}

TEST(TlsEnds, WhoSaysNothingIsGivenUp) {
  const Wire wire;
  const auto late = coordinator().accept(wire.one.value(), Clock::now() + milliseconds(50));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().message, "must prove its key in time, was too slow");
}

/// The sentence by which a coordinator refuses bytes that come to it.
std::string refusal_of(std::string_view bytes) {
  const Wire wire;
  (void)!::write(wire.other.value(), bytes.data(), bytes.size());
  const auto refused = coordinator().accept(wire.one.value(), in_time());
  return refused ? "none" : refused.error().message;
}

TEST(TlsEnds, RefuseWhatIsNotTls) {
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: registry\r\n\r\n"), "must speak TLS 1.3");
  EXPECT_EQ(refusal_of(std::string(300, '\xa5')), "must speak TLS 1.3");
}

/// A first message that tells of all the bytes that TLS lets it have.
TEST(TlsEnds, ReadNoMoreThanAHandshakeNeedsOfWhoHasProvedNothing) {
  const Wire wire;
  std::string records;
  for (int i = 0; i < 8; ++i) {
    std::string piece(0x4000, '\0');
    if (i == 0) piece.replace(0, 4, std::string("\x01\x01\xff\x00", 4));
    records += std::string("\x16\x03\x01\x40\x00", 5) + piece;
  }
  ASSERT_EQ(::write(wire.other.value(), records.data(), records.size()), std::ssize(records));
  const auto refused = coordinator().accept(wire.one.value(), in_time());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "ends before both sides have proved their keys");
  int unread = 0;
  ASSERT_EQ(::ioctl(wire.one.value(), FIONREAD, &unread), 0);
  EXPECT_GE(unread, std::ssize(records) - (1 << 15));
}

/// A client of OpenSSL that is not ours.
std::string refusal_of_client(const std::function<void(SSL_CTX*)>& prepare) {
  const Wire wire;
  auto refused = std::async(std::launch::async, [&] {
    auto link = coordinator().accept(wire.one.value(), in_time());
    ::shutdown(wire.one.value(), SHUT_WR);
    return link ? std::string("none") : link.error().message;
  });
  std::unique_ptr<SSL_CTX, TlsFree> context(SSL_CTX_new(TLS_client_method()));
  const unsigned char protocol[] = "\x0fsfumato-joint/1";
  SSL_CTX_set_alpn_protos(context.get(), protocol, 16);
  prepare(context.get());
  std::unique_ptr<SSL, TlsFree> link(SSL_new(context.get()));
  ::fcntl(wire.other.value(), F_SETFL, 0);  // may block
  SSL_set_fd(link.get(), wire.other.value());
  const QuietWrites quiet;
  if (SSL_connect(link.get()) == 1) {
    char byte = 0;
    SSL_read(link.get(), &byte, 1);
  }
  ::shutdown(wire.other.value(), SHUT_RDWR);
  return refused.get();
}

TEST(TlsEnds, RefuseWhoShowsNoCertificate) {
  EXPECT_EQ(refusal_of_client([](SSL_CTX*) {}), "must show a certificate of its key");
}

TEST(TlsEnds, RefuseTls12) {
  EXPECT_EQ(refusal_of_client(
                [](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION); }),
            "must speak TLS 1.3");
}

// What is refused for a certificate only was agreed on before.
TEST(TlsEnds, RefuseOtherCiphersAndGroupsThanTheirs) {
  const auto refusal_with = [](const char* cipher, const char* group) {
    return refusal_of_client([&](SSL_CTX* context) {
      SSL_CTX_set_ciphersuites(context, cipher);
      SSL_CTX_set1_groups_list(context, group);
    });
  };
  for (const char* cipher : {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
    EXPECT_EQ(refusal_with(cipher, "X25519"), "must show a certificate of its key") << cipher;
  EXPECT_EQ(refusal_with("TLS_AES_128_GCM_SHA256", "X25519"),
            "ends before both sides have proved their keys");
  EXPECT_EQ(refusal_with("TLS_AES_256_GCM_SHA384", "P-256"),
            "ends before both sides have proved their keys");
}

TEST(TlsEnds, RefuseAnotherProtocolWithinTls) {
  EXPECT_EQ(refusal_of_client([](SSL_CTX* context) {
              SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>("\x02h2"), 3);
            }),
            "must speak sfumato-joint/1 within TLS");
}

TEST(Addresses, AreReadAsTheyAreWritten) {
  const auto read = [](const char* text) {
    const auto address = Address::parse(text, "listen");
    return address ? address->host + " " + address->port : address.error().message;
  };
  EXPECT_EQ(read("registry.example:7100"), "registry.example 7100");
  EXPECT_EQ(read("[::1]:7100"), "::1 7100");
  EXPECT_EQ(read("7100"), "127.0.0.1 7100");
  EXPECT_EQ(read("127.0.0.1:0"), "127.0.0.1 0");
  for (const char* wrong :
       {"", "host", "host:", ":7100", "host:65536", "host:-1", "host:7100x", "::1:7100", "[::1]"})
    EXPECT_EQ(read(wrong), "must be HOST:PORT, such as 192.0.2.7:7100") << wrong;
}

}  // namespace
}  // namespace sfumato
