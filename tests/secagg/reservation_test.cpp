#include "sfumato/secagg/reservation.h"

#include <gtest/gtest.h>

#include "secagg/example_plan.h"

namespace sfumato {
namespace {

JointReservation example_word() {
  JointReservation word{.plan = example_plan().hash(),
                        .roster = clinic_roster().hash(),
                        .member = 1,
                        .head = {17, {}}};
  word.head.hash.fill(7);
  return word;
}

std::string refusal(const JointReservation& word, unsigned char key = 2) {
  const auto read =
      JointReservation::parse(word.signed_by(key_of(key)), example_plan(), clinic_roster());
  return read ? "taken" : read.error().message;
}

TEST(JointReservation, IsReadAsItIsWritten) {
  const auto read =
      JointReservation::parse(example_word().signed_by(key_of(2)), example_plan(), clinic_roster());
  EXPECT_EQ(read.value(), example_word());
}

TEST(JointReservation, AlteredBytesAreRefused) {
  const std::string bytes = example_word().signed_by(key_of(2));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 1 << at % 8);
    EXPECT_FALSE(JointReservation::parse(other, example_plan(), clinic_roster())) << at;
    EXPECT_FALSE(JointReservation::parse(bytes.substr(0, at), example_plan(), clinic_roster()));
  }
  EXPECT_FALSE(JointReservation::parse(bytes + '\0', example_plan(), clinic_roster()));
}

TEST(JointReservation, OfAWrongPlanHashIsRefused) {
  JointReservation word = example_word();
  word.plan[0] ^= 1;
  EXPECT_EQ(refusal(word), "must be for this plan, is for another one");
}

TEST(JointReservation, UnderAForeignRosterIsRefused) {
  JointReservation word = example_word();
  word.roster = clinic_roster(3).hash();
  EXPECT_EQ(refusal(word), "must be under this roster, is under another one");
}

TEST(JointReservation, ByAnotherMembersKeyIsRefused) {
  EXPECT_EQ(refusal(example_word(), 1), "must be signed by the key of 'clinic north', and is not");
}

TEST(JointReservation, OfWhoDoesNotContributeIsRefused) {
  JointReservation word = example_word();
  word.member = 9;
  EXPECT_EQ(refusal(word), "must be of an organisation that contributes");
}

}  // namespace
}  // namespace sfumato
