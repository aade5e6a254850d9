#include "sfumato/keys/token_uri.h"

#include <gtest/gtest.h>

#include <string>

namespace sfumato {
namespace {

std::string wrong(std::string_view text) {
  const auto uri = TokenUri::parse(text);
  return uri ? "" : uri.error().where + " " + uri.error().message;
}

TEST(TokenUri, NamesTokenKeyLibraryAndWhereThePinIs) {
  const TokenUri uri =
      TokenUri::parse(
          "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;serial=47;"
          "manufacturer=Snake%20Oil,%20Inc.;model=1.0;object=my%3bkey;id=%69%95%3E%5c;"
          "slot-id=327;type=secret-key"
          "?module-path=/usr/lib/x.so&pin-source=file:/etc/token_pin")
          .value();
  EXPECT_EQ(uri.token, "The Software PKCS#11 Softtoken");
  EXPECT_EQ(uri.serial, "47");
  EXPECT_EQ(uri.manufacturer, "Snake Oil, Inc.");
  EXPECT_EQ(uri.model, "1.0");
  EXPECT_EQ(uri.object, "my;key");
  EXPECT_EQ(uri.id, "i\x95>\\");
  EXPECT_EQ(TokenUri::parse("pkcs11:id=%00%01").value().id, std::string("\0\1", 2));
  EXPECT_EQ(uri.slot, 327u);
  EXPECT_EQ(uri.module, "/usr/lib/x.so");
  EXPECT_EQ(uri.pin_source, "file:/etc/token_pin");
}

TEST(TokenUri, LeavesOutWhatIsNotSaid) {
  const TokenUri uri = TokenUri::parse("pkcs11:object=k").value();
  EXPECT_EQ(uri.object, "k");
  EXPECT_EQ(uri.token, std::nullopt);
  EXPECT_EQ(uri.slot, std::nullopt);
  EXPECT_EQ(uri.module, std::nullopt);
  EXPECT_EQ(uri.pin_source, std::nullopt);
}

/// What narrows down which key it is must be understood, or be refused.
TEST(TokenUri, OfAnotherFormIsRefused) {
  EXPECT_EQ(wrong("token=t;object=k"),
            "PKCS #11 URI must begin with pkcs11:, as in pkcs11:token=NAME;object=NAME");
  EXPECT_EQ(wrong("pkcs11:token=t"), "PKCS #11 URI must name the key, by object=NAME or id=%XX");
  EXPECT_EQ(wrong("pkcs11:object=k?pin-value=1234"),
            "PKCS #11 URI must not hold the PIN, which others could see: say pin-source=file:PATH");
  EXPECT_NE(wrong("pkcs11:object=k;library-version=3").find("has 'library-version', where"),
            std::string::npos);
  EXPECT_NE(wrong("pkcs11:object=k;module-path=x"), "");
  EXPECT_NE(wrong("pkcs11:object=k?object=j"), "");
  EXPECT_NE(wrong("pkcs11:object=k;object=k"), "");
  EXPECT_NE(wrong("pkcs11:object=k;type=private"), "");
  EXPECT_NE(wrong("pkcs11:object=k;slot-id=x"), "");
  EXPECT_NE(wrong("pkcs11:object=k;slot-id=1;slot-id=1"), "");
  EXPECT_NE(wrong("pkcs11:object=k;slot-id=-1"), "");
  for (const char* value : {"", "%", "%2", "%2g", "%00", "a%0"})
    EXPECT_NE(wrong("pkcs11:object=" + std::string(value)), "") << value;
}

}  // namespace
}  // namespace sfumato
