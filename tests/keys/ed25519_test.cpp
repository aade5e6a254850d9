#include "sfumato/keys/ed25519.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <string>
#include <vector>

#include "sfumato/base/hexadecimal.h"
#include "support/source_path.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

SigningKey key_of(std::string_view seed) {
  return SigningKey::from_seed(secret_of(seed)).value();
}

struct KnownAnswer {
  const char *seed, *key, *message, *signature;
};

// RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc).
constexpr KnownAnswer kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6"
     "594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "b"
     "bd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0"
     "303dca179c138ac17ad9bef1177331a704"},
};

TEST(Ed25519, AnswersTheExamplesOfRfc8032) {
  for (const KnownAnswer& known : kRfc8032) {
    const SigningKey key = key_of(known.seed);
    const std::string message = bytes_of(known.message);
    EXPECT_EQ(hexadecimal(key.public_key().bytes()), known.key);
    EXPECT_EQ(hexadecimal(view_of(key.sign(message))), known.signature);
    EXPECT_TRUE(key.public_key().verifies(message, bytes_of(known.signature)));
  }
}

TEST(Ed25519, AnyBitOfMessageOrSignatureOrKeyThatIsAnotherIsSeen) {
  const SigningKey key = key_of(kRfc8032[2].seed);
  const std::string message = "a message", signature(view_of(key.sign(message)));
  const auto flipped = [](std::string bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    return bytes;
  };
  ASSERT_TRUE(key.public_key().verifies(message, signature));
  for (std::size_t bit = 0; bit < 8 * message.size(); ++bit)
    EXPECT_FALSE(key.public_key().verifies(flipped(message, bit), signature)) << bit;
  for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit)
    EXPECT_FALSE(key.public_key().verifies(message, flipped(signature, bit))) << bit;
  for (std::size_t bit = 0; bit < 256; ++bit) {
    const std::string other = flipped(std::string(key.public_key().bytes()), bit);
    EXPECT_FALSE(PublicKey::of(other).value().verifies(message, signature)) << bit;
  }
}

TEST(Ed25519, ASignatureOfAnotherLengthIsNone) {
  const SigningKey key = key_of(kRfc8032[0].seed);
  const std::string signature(view_of(key.sign("")));
  EXPECT_FALSE(key.public_key().verifies("", ""));
  EXPECT_FALSE(key.public_key().verifies("", signature.substr(0, 63)));
  EXPECT_FALSE(key.public_key().verifies("", signature + '\0'));
}

TEST(Ed25519, TheOrderOfTheGroupAddedToSMakesNoSecondSignature) {
  const SigningKey key = key_of(kRfc8032[0].seed);
  std::string signature(view_of(key.sign("")));
  // L = 2^252 + 27742317777372353535851937790883648493, least significant byte first: RFC 8032, 5.1
  const std::string order =
      bytes_of("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  int carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned char>(signature[32 + i]) + static_cast<unsigned char>(order[i]);
    signature[32 + i] = static_cast<char>(carry & 255);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0);
  EXPECT_FALSE(key.public_key().verifies("", signature));
}

TEST(Ed25519, EachGeneratedKeyIsAnother) {
  const SigningKey one = SigningKey::generate().value(), two = SigningKey::generate().value();
  EXPECT_NE(one.public_key(), two.public_key());
  EXPECT_TRUE(one.public_key().verifies("x", view_of(one.sign("x"))));
  EXPECT_FALSE(two.public_key().verifies("x", view_of(one.sign("x"))));
}

TEST(PublicKey, IsReadAsItIsWritten) {
  const PublicKey key = key_of(kRfc8032[0].seed).public_key();
  EXPECT_EQ(key.to_string(),
            "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(PublicKey::parse(key.to_string()).value(), key);
  // Python: hashlib.sha256(public key of the seed 00 01 ... 1f).hexdigest()[:32]
  EXPECT_EQ(key_of("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
                .public_key()
                .fingerprint(),
            "sha256:56475aa75463474c0285df5dbf2bcab7");
}

TEST(PublicKey, OfAnotherFormIsRefused) {
  const std::string good = key_of(kRfc8032[0].seed).public_key().to_string();
  for (const std::string& text :
       {std::string(), good.substr(8), good + "0", good + "\n", " " + good,
        "ED25519:" + good.substr(8), good.substr(0, good.size() - 1), good.substr(0, 71) + "G"})
    EXPECT_FALSE(PublicKey::parse(text)) << text;
  EXPECT_FALSE(PublicKey::of("short"));
}

// Under a key of order n, [S]B and S sign each message whose hash is a multiple of n: RFC 8032, 5.1.7.
TEST(PublicKey, UnderWhichAnybodyCanSignIsRefused) {
  for (const char* y : {"0000000000000000000000000000000000000000000000000000000000000000",
                        "0100000000000000000000000000000000000000000000000000000000000000",
                        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    std::string bytes = bytes_of(y);
    EXPECT_FALSE(PublicKey::of(bytes)) << y;
    bytes[31] = static_cast<char>(bytes[31] ^ 0x80);
    EXPECT_FALSE(PublicKey::of(bytes)) << y << " with the sign of x";
  }
}

/// What stands between the quotes after `"name": ` on a line; whether it stands there.
bool field(const std::string& line, const std::string& name, std::string& into) {
  const std::string before = "\"" + name + "\": \"";
  const std::size_t begin = line.find(before);
  if (begin == line.npos) return false;
  into = line.substr(begin + before.size());
  into.resize(into.find('"'));
  return true;
}

TEST(Ed25519, TheVectorsOfWycheproofPassThroughOurWrapper) {
  const std::string path =
      source_path("../shared/reference/secagg/wycheproof/ed25519_test.json");
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  std::string key, message, signature, result, line;
  int valid = 0, invalid = 0;
  while (std::getline(file, line)) {
    field(line, "pk", key);
    field(line, "msg", message);
    field(line, "sig", signature);
    if (!field(line, "result", result)) continue;
    const auto known = PublicKey::of(bytes_of(key));
    const bool odd = signature.size() % 2 != 0;
    EXPECT_EQ(known && !odd && known->verifies(bytes_of(message), bytes_of(signature)),
              result == "valid")
        << key << ' ' << message << ' ' << signature;
    ++(result == "valid" ? valid : invalid);
  }
  EXPECT_EQ(valid + invalid, 151);
  EXPECT_GT(valid, 50);
  EXPECT_GT(invalid, 50);
}

}  // namespace
}  // namespace sfumato
