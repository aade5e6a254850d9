#include "sfumato/keys/token_key.h"

#include <gtest/gtest.h>

#include <string>

#include "sfumato/keys/key_ring.h"
#include "sfumato/keys/key_wrap.h"
#include "support/scratch.h"

#ifdef SFUMATO_PKCS11
#include "keys/soft_token.h"
#endif

namespace sfumato {
namespace {

#ifdef SFUMATO_PKCS11

constexpr std::array<unsigned char, 32> kWrapping = {7, 7, 7, 1}, kAnother = {8, 8, 8, 2};

class TokenKeys : public testing::Test {
 protected:
  void SetUp() override {
    if (!SoftToken::library()) GTEST_SKIP() << "SoftHSM is not installed (Debian: softhsm2)";
    made();
  }

  /// The library reads where its tokens are once a process.
  static void made() {
    static const Scratch scratch;
    static SoftToken tokens(scratch.path("hsm"));
    static const bool once = [] {
      tokens.add_token("clinic", "1234");
      tokens.add_key("rings", "\x01", kWrapping);
      tokens.add_key("others", "\x02", kAnother);
      tokens.add_key("twins", "\x03", kAnother);
      tokens.add_key("twins", "\x04", kWrapping);
      tokens.add_key("mute", "\x05", kAnother, false);
      for (int i = 0; i < 2; ++i) tokens.add_token("pair", "1234");
      return true;
    }();
    static_cast<void>(once);
  }

  static Result<TokenKey> open(const std::string& path, const std::string& pin = "1234") {
    const auto uri = TokenUri::parse("pkcs11:" + path + "?module-path=" + *SoftToken::library());
    if (!uri) return uri.error();
    return TokenKey::open(*uri, Secret(pin));
  }

  template <class T>
  static std::string said(const Result<T>& result) {
    return result ? "" : result.error().where + " " + result.error().message;
  }

  const Scratch scratch_;
};

TEST_F(TokenKeys, LockARingThatTheTokenAloneOpens) {
  TokenKey key = open("token=clinic;object=rings").value();
  const FileLock lock = key.new_lock().value();
  EXPECT_EQ(lock.kind(), FileLock::Kind::token);
  const KeyRing ring = KeyRing::generate().value();
  const std::string path = scratch_.path("ring");
  write_key_ring(path, ring, lock).value();

  const KeyRingHeader header = read_key_ring_header(path).value();
  EXPECT_EQ(header.lock, LockLine::of(lock));
  TokenKey later = open("token=clinic;id=%01;type=secret-key").value();
  const KeyRing back = read_key_ring(path, later.lock_of(header.lock.wrapped).value()).value();
  EXPECT_EQ(back.id(), ring.id());
  EXPECT_EQ(back.derive({"p", "d", "a"}, 1, 32).value().view(),
            ring.derive({"p", "d", "a"}, 1, 32).value().view());
  EXPECT_EQ(rotate_key_ring(path, later.lock_of(header.lock.wrapped).value()).value(), 2u);
  EXPECT_EQ(read_key_ring_header(path).value().lock, header.lock);
  EXPECT_NE(key.new_lock().value().wrapped(), lock.wrapped()) << "each lock is another";
}

/// RFC 5649 as OpenSSL has it opens what the token has wrapped, where somebody knows the token's key.
TEST_F(TokenKeys, WrapAsTheStandardSays) {
  const FileLock lock = open("token=clinic;object=rings").value().new_lock().value();
  const Secret wrapping({reinterpret_cast<const char*>(kWrapping.data()), kWrapping.size()});
  const std::string_view wrapped(reinterpret_cast<const char*>(lock.wrapped().data()),
                                 lock.wrapped().size());
  const auto opened = unwrap_key(wrapping, wrapped).value();
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->view(), lock.secret().view());
}

TEST_F(TokenKeys, OpenNothingThatAnotherKeyHasWrappedOrSomebodyChanged) {
  TokenKey key = open("token=clinic;object=rings").value();
  const FileLock lock = key.new_lock().value();
  const std::string no = "PKCS #11 does not unwrap what the file holds";
  EXPECT_EQ(said(open("token=clinic;object=others").value().lock_of(lock.wrapped())).find(no), 0u);
  for (std::size_t i = 0; i < lock.wrapped().size(); ++i) {
    WrappedKey changed = lock.wrapped();
    changed[i] ^= 1;
    EXPECT_EQ(said(key.lock_of(changed)).find(no), 0u) << i;
  }
  EXPECT_EQ(key.lock_of(lock.wrapped()).value().secret().view(), lock.secret().view());
}

TEST_F(TokenKeys, AreFoundByNameOrRefusedInASentence) {
  EXPECT_EQ(said(open("token=hospital;object=rings")), "PKCS #11 has no token that the URI names");
  EXPECT_EQ(said(open("token=clinic;object=none")),
            "PKCS #11 has no AES key in the token that the URI names");
  EXPECT_EQ(said(open("token=clinic;object=twins")),
            "PKCS #11 has several AES keys in the token that the URI names: add id=");
  EXPECT_EQ(said(open("token=clinic;object=twins;id=%04")), "");
  EXPECT_EQ(said(open("token=clinic;object=rings", "4321")),
            "PKCS #11 does not take this PIN: some tokens lock themselves after a few wrong ones");
  EXPECT_EQ(said(open("token=clinic;object=mute").value().new_lock()),
            "PKCS #11 has a key that is not allowed to wrap and unwrap");
  const auto nowhere = TokenUri::parse("pkcs11:object=k?module-path=/none.so").value();
  EXPECT_EQ(said(TokenKey::open(nowhere, Secret(std::string_view("1234")))),
            "/none.so cannot be loaded: name the token's library by module-path");
}

#else

TEST(TokenKey, IsSaidToBeMissingWhereItIsNotBuilt) {
  const auto uri = TokenUri::parse("pkcs11:object=k").value();
  EXPECT_EQ(TokenKey::open(uri, Secret(std::string_view("1234"))).error().message,
            "is not in this build: build sfumato with -DSFUMATO_PKCS11=ON");
}

#endif

}  // namespace
}  // namespace sfumato
