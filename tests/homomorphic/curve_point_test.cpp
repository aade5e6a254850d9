#include "sfumato/homomorphic/curve_point.h"

#include <gtest/gtest.h>

#include <string>

#include "homomorphic/p256.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

const std::string kX = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
const std::string kY = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
const std::string kPrime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

std::string refusal_of(const std::string& digits) {
  const auto point = CurvePoint::parse(bytes_of(digits));
  return point ? "" : point.error().where + " " + point.error().message;
}

// FIPS 186-4, D.1.2.3.
TEST(CurvePoint, TheGeneratorOfTheStandardIsOneAndIsGivenBackAsItWasRead) {
  const CurvePoint point = CurvePoint::parse(bytes_of("04" + kX + kY)).value();
  EXPECT_EQ(hexadecimal(point.bytes()), "04" + kX + kY);
  const auto context = new_context();
  EXPECT_EQ(affine_sure(EC_GROUP_get0_generator(p256()), context.get()), point);
}

TEST(CurvePoint, WhatIsNotOnTheCurveIsRefused) {
  const std::string wrong =
      "point must be 65 bytes, 4 and the coordinates of a point of the curve P-256";
  EXPECT_EQ(refusal_of("04" + kX + kX), wrong);
  EXPECT_EQ(refusal_of("04" + std::string(128, '0')), wrong);
  EXPECT_EQ(refusal_of("04" + kY + kX), wrong);
  EXPECT_EQ(refusal_of("04" + kX + kY.substr(0, 63) + "4"), wrong);
}

TEST(CurvePoint, ThePointAtInfinityAndOtherEncodingsAreRefused) {
  EXPECT_NE(refusal_of("00"), "");
  EXPECT_NE(refusal_of(""), "");
  EXPECT_NE(refusal_of("00" + std::string(128, '0')), "");
  EXPECT_NE(refusal_of("03" + kX), "") << "compressed";
  EXPECT_NE(refusal_of("07" + kX + kY), "") << "hybrid";
  EXPECT_NE(refusal_of("05" + kX + kY), "");
  EXPECT_NE(refusal_of("04" + kX + kY + "00"), "");
  EXPECT_NE(refusal_of("04" + kX + kY.substr(2)), "");
}

// The point with x = 5, whose x could be written as p + 5, too.
TEST(CurvePoint, CoordinatesNotBelowThePrimeAreRefused) {
  const auto context = new_context();
  const auto point = new_point();
  const auto five = new_number();
  BN_set_word(five.get(), 5);
  ASSERT_EQ(EC_POINT_set_compressed_coordinates(p256(), point.get(), five.get(), 0, context.get()),
            1);
  const std::string digits = hexadecimal(affine_sure(point.get(), context.get()).bytes());
  ASSERT_EQ(refusal_of(digits), "");
  const std::string more = kPrime.substr(0, 39) + "1" + std::string(23, '0') + "4";
  EXPECT_NE(refusal_of("04" + more + digits.substr(66)), "");
  EXPECT_NE(refusal_of("04" + kPrime + digits.substr(66)), "");
}

TEST(CurvePoint, TheVectorsOfWycheproofAreReadAsTheySay) {
  const auto cases = wycheproof("ecdh_secp256r1_test.json");
  if (!cases) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  int read = 0, refused = 0;
  for (const auto& known : *cases) {
    const auto digits = known.at("public").get<std::string>();
    // The key follows an X.509 header of 26 bytes, where the curve is named by what belongs to P-256.
    if (digits.substr(0, 52) != "3059301306072a8648ce3d020106082a8648ce3d030107034200") continue;
    const bool fits = CurvePoint::parse(bytes_of(digits.substr(52))).has_value();
    EXPECT_EQ(fits, known.at("result") == "valid") << known.at("comment");
    ++(fits ? read : refused);
  }
  EXPECT_GT(read, 100);
  EXPECT_GT(refused, 5);
}

}  // namespace
}  // namespace sfumato
