#include "sfumato/homomorphic/paillier_json.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <sys/wait.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "homomorphic/paillier_keys.h"
#include "homomorphic/paillier_numbers.h"
#include "support/fixed_bits.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

using nlohmann::json;

std::string key_refusal(const std::string& text) {
  const auto key = read_paillier_public_key(text);
  return key ? "" : key.error().where + " " + key.error().message;
}

TEST(PaillierJson, KeysAreReadAsTheyWereWritten) {
  for (const PaillierPrivateKey* key : {&paillier_key(), &plain_paillier_key()}) {
    const std::string text = to_json(key->public_key(), "of a \"test\"");
    const auto open = read_paillier_public_key(text).value();
    EXPECT_EQ(open.modulus(), key->public_key().modulus());
    EXPECT_EQ(open.base(), key->public_key().base());
    EXPECT_EQ(to_json(open, "of a \"test\""), text);
    const Secret secret = to_json(*key, "of a \"test\"");
    const auto own = read_paillier_private_key(secret).value();
    EXPECT_EQ(own.p().view(), key->p().view());
    EXPECT_EQ(own.q().view(), key->q().view());
    EXPECT_EQ(to_json(own, "of a \"test\"").view(), secret.view());
  }
}

TEST(PaillierJson, KeysHaveTheMembersOfPhe) {
  const json open = json::parse(to_json(paillier_key().public_key(), "mine"));
  EXPECT_EQ(open.at("kty"), "DAJ");
  EXPECT_EQ(open.at("alg"), "PAI-GN1");
  EXPECT_EQ(open.at("key_ops"), json({"encrypt"}));
  EXPECT_EQ(open.at("kid"), "mine");
  EXPECT_EQ(open.at("n").get<std::string>().size(), 512u);
  const json own = json::parse(to_json(paillier_key(), "mine").view());
  EXPECT_EQ(own.at("kty"), "DAJ");
  EXPECT_EQ(own.at("key_ops"), json({"decrypt"}));
  EXPECT_EQ(own.at("kid"), "mine");
  EXPECT_EQ(own.at("pub"), open);
  EXPECT_FALSE(json::parse(to_json(plain_paillier_key().public_key(), "mine")).contains("h"));
}

TEST(PaillierJson, WhatIsNoPublicKeyIsRefused) {
  const json whole = json::parse(to_json(paillier_key().public_key(), "mine"));
  const std::string no_key =
      R"(JSON of phe must be a public key: "kty": "DAJ", "alg": "PAI-GN1" and "n" in base64url)";
  for (const char* member : {"kty", "alg", "n"}) {
    json part = whole;
    part.erase(member);
    EXPECT_EQ(key_refusal(part.dump()), no_key) << member;
    part[member] = 7;
    EXPECT_EQ(key_refusal(part.dump()), no_key) << member;
    part[member] = "+";
    EXPECT_EQ(key_refusal(part.dump()), no_key) << member;
  }
  for (const char* text : {"", "{", "[]", "7", "null", "{} {}"})
    EXPECT_EQ(key_refusal(text), "JSON of phe must be one object") << text;
  EXPECT_EQ(key_refusal(std::string(100000, '[')), "JSON of phe must be one object");
  json bad = whole;
  bad["h"] = "AQ";
  EXPECT_EQ(key_refusal(bad.dump()),
            "Paillier base must be a number of Jacobi symbol 1 between 1 and the modulus less 1");
  for (const json& base : {json(5), json("AR"), json("A"), json("A="), json("")}) {
    bad["h"] = base;
    EXPECT_EQ(key_refusal(bad.dump()), R"(JSON of phe must have "h" in base64url)") << base;
  }
  bad = whole;
  bad["n"] = "AQ";
  EXPECT_NE(key_refusal(bad.dump()), "");
}

TEST(PaillierJson, WhatIsNoPrivateKeyIsRefused) {
  const json whole = json::parse(to_json(paillier_key(), "mine").view());
  const auto refused = [](const json& object) {
    return !read_paillier_private_key(Secret(object.dump())).has_value();
  };
  ASSERT_FALSE(refused(whole));
  for (const char* member : {"kty", "p", "q", "pub"}) {
    json part = whole;
    part.erase(member);
    EXPECT_TRUE(refused(part)) << member;
    part[member] = "x";
    EXPECT_TRUE(refused(part)) << member;
  }
  json other = whole;
  other["pub"] = json::parse(to_json(paillier_key().public_key(), "mine"));
  std::string digits = other["pub"]["n"];
  digits[100] = digits[100] == 'A' ? 'B' : 'A';
  other["pub"]["n"] = digits;
  other["pub"].erase("h");
  EXPECT_TRUE(refused(other)) << "of another modulus";
  EXPECT_FALSE(read_paillier_private_key(Secret("[]")));
}

TEST(PaillierJson, NumbersAreReadAsTheyWereWritten) {
  FixedBits bits(1);
  const PaillierPublicKey& key = paillier_key().public_key();
  for (const int exponent : {0, -32, 2000, -2000}) {
    const PaillierNumber number{paillier_encryptor().encrypt(5, bits), exponent};
    const std::string text = to_json(number);
    EXPECT_EQ(json::parse(text).at("e"), exponent);
    EXPECT_EQ(read_paillier_number(key, text).value(), number);
  }
}

TEST(PaillierJson, WhatIsNoNumberIsRefused) {
  const PaillierPublicKey& key = paillier_key().public_key();
  const auto refused = [&](const std::string& text) { return !read_paillier_number(key, text); };
  ASSERT_FALSE(refused(R"({"v": "5", "e": 0})"));
  ASSERT_FALSE(refused(R"({"v": "5", "e": 0, "more": []})"));
  for (const char* text :
       {R"({"v": "05", "e": 0})", R"({"v": "-5", "e": 0})", R"({"v": "+5", "e": 0})",
        R"({"v": "", "e": 0})", R"({"v": "0", "e": 0})", R"({"v": "5 ", "e": 0})",
        R"({"v": "0x5", "e": 0})", R"({"v": 5, "e": 0})", R"({"v": "5"})", R"({"e": 0})",
        R"({"v": "5", "e": 0.5})", R"({"v": "5", "e": "0"})", R"({"v": "5", "e": 2001})",
        R"({"v": "5", "e": -2001})", R"({"v": "5", "e": 18446744073709551615})",
        R"({"v": "5", "e": -9223372036854775808})", R"({"v": "5", "e": 4294967296})", "[]", ""})
    EXPECT_TRUE(refused(text)) << text;
  EXPECT_TRUE(refused(R"({"e": 0, "v": ")" + std::string(1850, '9') + "\"}")) << "above n²";
  EXPECT_TRUE(refused(R"({"e": 0, "v": ")" + std::string(6000, '9') + "\"}"));
  const auto nested = [](std::size_t depth) {
    return R"({"v": "5", "e": 0, "more": )" + std::string(depth, '[') + std::string(depth, ']') +
           "}";
  };
  EXPECT_FALSE(refused(nested(7)));
  EXPECT_TRUE(refused(nested(8)));
}

TEST(PaillierJson, AListIsReadAndDecryptedAsEachOfItsNumbersIs) {
  FixedBits bits(3);
  const PaillierPublicKey& key = paillier_key().public_key();
  std::string text;
  std::vector<PaillierNumber> numbers;
  for (const std::int64_t m : {3, -1000, 1001, 16}) {
    numbers.push_back({paillier_encryptor().encrypt(m, bits), static_cast<int>(m % 5)});
    text += (text.empty() ? "[" : ", ") + to_json(numbers.back());
  }
  EXPECT_EQ(read_paillier_numbers(key, text + "]").value(), numbers);
  EXPECT_TRUE(read_paillier_numbers(key, "[]").value().empty());
  const auto values = decoded_batch(paillier_key(), numbers, 1000, bits).value();
  EXPECT_EQ(values,
            (std::vector<std::optional<double>>{3 * 4096.0, -1000, std::nullopt, 16 * 16.0}));
  EXPECT_FALSE(decoded_batch(paillier_key(), numbers, 0, bits));
}

TEST(PaillierJson, ANumberOfAListThatIsNoneIsNamed) {
  const PaillierPublicKey& key = paillier_key().public_key();
  const auto refusal = [&](const std::string& text) {
    const auto read = read_paillier_numbers(key, text);
    return read ? "" : read.error().where + " " + read.error().message;
  };
  const auto list = [](const std::string& digits) {
    return R"([{"v": "5", "e": 0}, {"v": "7", "e": 1}, {"v": ")" + digits + R"(", "e": 0}])";
  };
  EXPECT_EQ(refusal(list("9")), "");
  const Owned<BIGNUM> p = number_of(paillier_key().p().view());
  const std::unique_ptr<char, void (*)(char*)> digits(BN_bn2dec(p.get()),
                                                      [](char* text) { OPENSSL_free(text); });
  EXPECT_EQ(refusal(list(digits.get())), "number 3 of the list must have no factor of the modulus");
  const std::string no_number =
      "number 3 of the list must be an encrypted number: \"v\" in decimal digits and \"e\", a "
      "whole number within ±2,000";
  for (const std::string& wrong : {std::string("0"), std::string("x"), std::string(1850, '9')})
    EXPECT_EQ(refusal(list(wrong)), no_number);
  EXPECT_EQ(refusal("[7]").substr(0, 8), "number 1");
  for (const char* text : {"", "{", "{}", "[", "7"})
    EXPECT_EQ(refusal(text), "JSON of phe must be a list of encrypted numbers") << text;
}

TEST(PaillierJson, NumbersOfDifferentExponentsAddUp) {
  FixedBits bits(2);
  const PaillierPublicKey& key = paillier_key().public_key();
  const auto number = [&](std::int64_t m, int exponent) {
    return PaillierNumber{paillier_encryptor().encrypt(m, bits), exponent};
  };
  const auto value = [&](const PaillierNumber& of) {
    return decoded(paillier_key().decrypt(of.ciphertext).value(), of.exponent);
  };
  for (const int apart : {0, 1, 14, 15, 16, 40}) {
    const auto total = sum(key, number(3, apart - 5), number(-8, -5)).value();
    EXPECT_EQ(total.exponent, -5);
    EXPECT_EQ(value(total), std::ldexp(3, 4 * (apart - 5)) - std::ldexp(8, -20)) << apart;
    EXPECT_EQ(value(sum(key, number(-8, -5), number(3, apart - 5)).value()), value(total));
  }
  EXPECT_TRUE(sum(key, number(3, 500), number(1, 0)));
  EXPECT_FALSE(sum(key, number(3, 501), number(1, 0)));
}

/// Asks phe, in an environment of its own that is made where it is not there; nothing where it can't be had.
class Phe {
 public:
  bool is_there() const { return std::system((command_ + "there >/dev/null 2>&1").c_str()) == 0; }
  /// What phe makes of the files in the folder, in the file of that name there.
  std::string made(const std::string& what, const std::string& into) const {
    const int status = std::system((command_ + what).c_str());
    EXPECT_EQ(WEXITSTATUS(status), 0) << what;
    return contents(folder_.path(into));
  }
  void given(const std::string& name, std::string_view text) const { folder_.file(name, text); }

 private:
  Scratch folder_;
  std::string command_ = std::string(SFUMATO_PYTHON " ") +
                         source_path("tests/homomorphic/ask_phe.py") + " " SFUMATO_PHE_FOLDER " " +
                         folder_.path("") + " ";
};

TEST(PaillierJson, OfPheIsReadAndPheReadsOurs) {
  const Phe phe;
  if (!phe.is_there())
    GTEST_SKIP() << "the Python package phe is not there, and can't be installed";
  FixedBits bits(3);

  // Its key, its numbers, and our sum of them.
  const auto own = read_paillier_private_key(Secret(phe.made("key", "private.json"))).value();
  const PaillierPublicKey& key = own.public_key();
  EXPECT_EQ(key.base(), "");
  const json numbers = json::parse(phe.made("encrypt 1234 -5678 0.1 -2.5e-7 1e30", "numbers.json"));
  const double wanted[] = {1234, -5678, 0.1, -2.5e-7, 1e30};
  ASSERT_EQ(numbers.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    const auto number = read_paillier_number(key, numbers[i].dump()).value();
    EXPECT_EQ(decoded(own.decrypt(number.ciphertext).value(), number.exponent), wanted[i]);
  }

  // A list of them, decrypted together.
  const auto many = read_paillier_numbers(
      key, phe.made("encrypt 5 -6 1000000007 0.1 -2.5e-7 1e300 0", "numbers.json"));
  EXPECT_EQ(decoded_batch(own, many.value(), std::int64_t{1} << 57, bits).value(),
            (std::vector<std::optional<double>>{5, -6, 1000000007, 0.1, -2.5e-7, 1e300, 0}));

  // Our numbers under its key, and our sum with one of its own.
  const auto encryptor = PaillierEncryptor::make(key).value();
  const PaillierNumber mine{encryptor.encrypt(-77, bits), -1};
  const auto total = sum(key, mine, read_paillier_number(key, numbers[0].dump()).value()).value();
  phe.given("private.json", to_json(own, "ours").view());
  phe.given("numbers.json", "[" + to_json(mine) + "," + to_json(total) + "]");
  EXPECT_EQ(phe.made("decrypt", "values.txt"), "-4.8125\n1229.1875\n");

  // Our key, with a base that it knows nothing of, and numbers of both.
  phe.given("private.json", to_json(paillier_key(), "ours").view());
  const json theirs = json::parse(phe.made("encrypt -31337", "numbers.json"));
  const auto read = read_paillier_number(paillier_key().public_key(), theirs[0].dump()).value();
  EXPECT_EQ(paillier_key().decrypt(read.ciphertext)->number(), -31337);
  phe.given("numbers.json",
            "[" + to_json(PaillierNumber{paillier_encryptor().encrypt(42, bits), 0}) + "]");
  EXPECT_EQ(phe.made("decrypt", "values.txt"), "42\n");
}

}  // namespace
}  // namespace sfumato
