#include "sfumato/deid/ff1.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "aggregate/block_cipher.h"
#include "deid/ff1_definition.h"
#include "deid/ff1_lockstep.h"
#include "support/effort.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

constexpr std::string_view kAlphabet =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

using Bytes = std::vector<std::uint8_t>;

std::optional<Bytes> numerals_of(std::string_view text, std::string_view alphabet) {
  Bytes numerals;
  for (const char c : text) {
    const std::size_t place = alphabet.find(c);
    if (place == alphabet.npos) return std::nullopt;
    numerals.push_back(static_cast<std::uint8_t>(place));
  }
  return numerals;
}

std::string text_of(const Bytes& numerals, std::string_view alphabet) {
  std::string text;
  for (const std::uint8_t numeral : numerals) text += alphabet[numeral];
  return text;
}

struct KnownAnswer {
  const char *key, *tweak;
  unsigned radix;
  const char *plain, *cipher;
};

// NIST's examples for SP 800-38G, FF1 samples 1 to 9.
constexpr const char* kKey128 = "2b7e151628aed2a6abf7158809cf4f3c";
constexpr const char* kKey192 = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f";
constexpr const char* kKey256 = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94";
constexpr KnownAnswer kSamples[] = {
    {kKey128, "", 10, "0123456789", "2433477484"},
    {kKey128, "39383736353433323130", 10, "0123456789", "6124200773"},
    {kKey128, "3737373770717273373737", 36, "0123456789abcdefghi", "a9tv40mll9kdu509eum"},
    {kKey192, "", 10, "0123456789", "2830668132"},
    {kKey192, "39383736353433323130", 10, "0123456789", "2496655549"},
    {kKey192, "3737373770717273373737", 36, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"},
    {kKey256, "", 10, "0123456789", "6657667009"},
    {kKey256, "39383736353433323130", 10, "0123456789", "1001623463"},
    {kKey256, "3737373770717273373737", 36, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"},
};

TEST(Ff1, AnswersTheSamplesOfNist) {
  for (const KnownAnswer& sample : kSamples) {
    const Secret key = secret_of(sample.key);
    const std::string tweak = bytes_of(sample.tweak);
    Ff1 ff1 = Ff1::make({.key = key, .radix = sample.radix, .tweak = tweak}).value();
    Bytes text = numerals_of(sample.plain, kAlphabet).value();
    ASSERT_TRUE(ff1.encrypt(text, text.size()));
    EXPECT_EQ(text_of(text, kAlphabet), sample.cipher);
    ASSERT_TRUE(ff1.decrypt(text, text.size()));
    EXPECT_EQ(text_of(text, kAlphabet), sample.plain);
  }
}

TEST(Ff1, AnswersAllVectorsThatAreThereAndRefusesTheInvalidOnes) {
  const auto valid = foreign_vectors("ff1"), invalid = foreign_vectors("ff1_invalid");
  if (!valid) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  int by_definition_alone = 0;
  for (const auto& vector : *valid) {
    const std::string alphabet = vector["alphabet"], plain = vector["pt"], wanted = vector["ct"];
    const std::string tweak = bytes_of(vector["tweak"].get<std::string>());
    const Secret key = secret_of(vector["key"].get<std::string>());
    const auto radix = static_cast<unsigned>(alphabet.size());
    const BlockCipher cipher = BlockCipher::of(key.bytes()).value();
    Bytes text = numerals_of(plain, alphabet).value();
    ff1_encrypt(cipher, radix, tweak, text);
    EXPECT_EQ(text_of(text, alphabet), wanted) << vector;
    ff1_decrypt(cipher, radix, tweak, text);
    EXPECT_EQ(text_of(text, alphabet), plain) << vector;

    auto ff1 = Ff1::make({.key = key, .radix = radix, .tweak = tweak});
    if (!ff1 || !ff1->covers(text.size())) {
      ++by_definition_alone;
      continue;
    }
    ASSERT_TRUE(ff1->encrypt(text, text.size()));
    EXPECT_EQ(text_of(text, alphabet), wanted) << vector;
    ASSERT_TRUE(ff1->decrypt(text, text.size()));
    EXPECT_EQ(text_of(text, alphabet), plain) << vector;
  }
  EXPECT_EQ(valid->size(), 465u);
  EXPECT_LT(by_definition_alone, 60);  // domains below a million, and an alphabet of 64

  for (const auto& vector : *invalid) {
    const std::string alphabet = vector["alphabet"], tweak = vector["tweak"];
    const auto numerals = numerals_of(vector["pt"].get<std::string>(), alphabet);
    if (!numerals) continue;  // there is no such text
    const std::string digits = vector["key"];
    const Secret key = secret_of(digits);
    auto ff1 = Ff1::make(
        {.key = key, .radix = static_cast<unsigned>(alphabet.size()), .tweak = bytes_of(tweak)});
    Bytes text = *numerals;
    EXPECT_FALSE(ff1 && ff1->encrypt(text, text.size())) << vector;
  }
}

struct Domain {
  unsigned radix;
  std::size_t length;
};

class AgreesWithTheDefinition : public testing::TestWithParam<Domain> {};

TEST_P(AgreesWithTheDefinition, OnRandomTextsAndOnThoseAtTheEnds) {
  const auto [radix, length] = GetParam();
  ASSERT_TRUE(Ff1Lockstep::fits(radix, length));
  const Secret key = secret_of(kKey256);
  std::mt19937_64 rng(radix * 1000 + length);
  for (const std::size_t tweak_size : {0u, 1u, 7u, 15u, 16u, 33u}) {
    const std::string tweak(tweak_size, 'w');
    const BlockCipher cipher = BlockCipher::of(key.bytes()).value();
    Ff1 ff1 = Ff1::make({.key = key, .radix = radix, .tweak = tweak}).value();
    // 24 domains and 6 tweaks: a hundred thousand texts, or a million where there is time.
    Bytes texts(static_cast<std::size_t>(times(700, 7000)) * length);
    for (std::uint8_t& numeral : texts) numeral = static_cast<std::uint8_t>(rng() % radix);
    std::fill_n(texts.begin(), length, 0);
    std::fill_n(texts.begin() + static_cast<std::ptrdiff_t>(length), length, radix - 1);
    Bytes wanted = texts, found = texts;
    for (std::size_t i = 0; i < wanted.size(); i += length)
      ff1_encrypt(cipher, radix, tweak, std::span(wanted).subspan(i, length));
    ASSERT_TRUE(ff1.encrypt(found, length));
    EXPECT_EQ(found, wanted) << tweak_size;
    ASSERT_TRUE(ff1.decrypt(found, length));
    EXPECT_EQ(found, texts) << tweak_size;
  }
}

// Half lengths around those at which a round adds 12 bytes instead of 8, a half has 8 bytes instead of
// 7, or no longer fits; and odd ones, whose halves differ.
INSTANTIATE_TEST_SUITE_P(
    Domains, AgreesWithTheDefinition,
    testing::Values(Domain{2, 20}, Domain{2, 63}, Domain{2, 64}, Domain{2, 65}, Domain{2, 126},
                    Domain{3, 13}, Domain{10, 6}, Domain{10, 16}, Domain{10, 18}, Domain{10, 19},
                    Domain{10, 20}, Domain{10, 33}, Domain{10, 34}, Domain{10, 38}, Domain{16, 16},
                    Domain{16, 30}, Domain{26, 9}, Domain{36, 12}, Domain{36, 13}, Domain{36, 24},
                    Domain{62, 4}, Domain{62, 10}, Domain{62, 11}, Domain{62, 20}));

TEST(Ff1, TakesTextsThatAreTooLongForABatchAndGivesThemBack) {
  const Secret key = secret_of(kKey128);
  Ff1 ff1 = Ff1::make({.key = key, .radix = 10, .tweak = "a"}).value();
  for (const std::size_t length : {39u, 40u, 100u, 256u}) {
    EXPECT_FALSE(Ff1Lockstep::fits(10, length));
    Bytes texts(3 * length, 7), before = texts;
    ASSERT_TRUE(ff1.encrypt(texts, length));
    EXPECT_NE(texts, before);
    ASSERT_TRUE(ff1.decrypt(texts, length));
    EXPECT_EQ(texts, before);
  }
}

TEST(Ff1, FitsWhereAHalfIsBelowTwoToThe64) {
  EXPECT_TRUE(Ff1Lockstep::fits(10, 38));   // 10^19
  EXPECT_FALSE(Ff1Lockstep::fits(10, 39));  // 10^20
  EXPECT_TRUE(Ff1Lockstep::fits(2, 126));
  EXPECT_FALSE(Ff1Lockstep::fits(2, 127));  // 2^64
  EXPECT_TRUE(Ff1Lockstep::fits(62, 20));
  EXPECT_FALSE(Ff1Lockstep::fits(62, 21));
}

TEST(Ff1, RefusesSmallDomainsForeignNumeralsAndOtherKeys) {
  const Secret key = secret_of(kKey128);
  Ff1 ff1 = Ff1::make({.key = key, .radix = 10, .tweak = {}}).value();
  EXPECT_FALSE(ff1.covers(5));
  EXPECT_TRUE(ff1.covers(6));
  EXPECT_TRUE(ff1.covers(256));
  EXPECT_FALSE(ff1.covers(257));
  EXPECT_FALSE(ff1.covers(0));
  const auto makes = [](unsigned radix, const Secret& with, std::string_view tweak) {
    return Ff1::make({.key = with, .radix = radix, .tweak = tweak}).has_value();
  };
  EXPECT_TRUE(Ff1::make({.key = key, .radix = 2, .tweak = {}}).value().covers(20));
  EXPECT_FALSE(Ff1::make({.key = key, .radix = 2, .tweak = {}}).value().covers(19));

  Bytes text{1, 2, 3, 4, 5, 10};
  const Bytes before = text;
  EXPECT_FALSE(ff1.encrypt(text, 6));
  EXPECT_FALSE(ff1.decrypt(text, 6));
  EXPECT_FALSE(ff1.encrypt(text, 5));
  EXPECT_FALSE(ff1.encrypt(text, 4));
  EXPECT_EQ(text, before);

  EXPECT_FALSE(makes(1, key, ""));
  EXPECT_TRUE(makes(62, key, ""));
  EXPECT_FALSE(makes(63, key, ""));
  EXPECT_TRUE(makes(10, key, std::string(1024, 't')));
  EXPECT_FALSE(makes(10, key, std::string(1025, 't')));
  EXPECT_FALSE(makes(10, secret_of("00112233"), ""));
}

TEST(Ff1, HangsOnKeyTweakRadixAndLength) {
  const Secret key = secret_of(kKey128), other = secret_of("ff" + std::string(kKey128 + 2));
  const auto answer = [](const Secret& with, unsigned radix, const char* tweak,
                         std::size_t length) {
    Bytes text(length, 1);
    Ff1 ff1 = Ff1::make({.key = with, .radix = radix, .tweak = tweak}).value();
    EXPECT_TRUE(ff1.encrypt(text, length));
    return text;
  };
  const Bytes one = answer(key, 10, "a", 12);
  EXPECT_EQ(answer(key, 10, "a", 12), one);
  EXPECT_NE(answer(other, 10, "a", 12), one);
  EXPECT_NE(answer(key, 10, "b", 12), one);
  EXPECT_NE(answer(key, 9, "a", 12), one);
  const Bytes longer = answer(key, 10, "a", 13);
  EXPECT_NE(Bytes(longer.begin(), longer.end() - 1), one);
}

TEST(Ff1, ACopyIsTheSamePermutation) {
  const Secret key = secret_of(kKey128);
  Ff1 ff1 = Ff1::make({.key = key, .radix = 10, .tweak = "a"}).value();
  Ff1 copy = ff1.copy();
  Bytes one(16, 3), two = one;
  ASSERT_TRUE(ff1.encrypt(one, 16));
  ASSERT_TRUE(copy.encrypt(two, 16));
  EXPECT_EQ(one, two);
}

}  // namespace
}  // namespace sfumato
