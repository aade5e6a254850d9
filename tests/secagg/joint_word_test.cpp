#include "sfumato/secagg/joint_word.h"

#include <gtest/gtest.h>

#include <vector>

#include "secagg/example_plan.h"

namespace sfumato {
namespace {

JointWord example_word() {
  JointReservation says{.plan = example_plan().hash(),
                        .roster = clinic_roster().hash(),
                        .member = 1,
                        .head = {17, {}}};
  JointWord word{.reservation = says.signed_by(key_of(2)),
                 .now = SignedHead::sign({19, {}}, key_of(2)),
                 .known = {}};
  for (const unsigned char key : std::vector<unsigned char>{1, 3})
    word.known.emplace(key_of(key).public_key(), SignedHead::sign({key, {}}, key_of(key)));
  return word;
}

std::string refusal(const JointWord& word, unsigned char key = 2) {
  const auto read = JointWord::parse(word.signed_by(key_of(key)), example_plan(), clinic_roster());
  return read ? "taken" : read.error().message;
}

TEST(JointWord, IsReadAsItIsWritten) {
  const auto read =
      JointWord::parse(example_word().signed_by(key_of(2)), example_plan(), clinic_roster());
  EXPECT_EQ(read.value(), example_word());
}

TEST(JointWord, AlteredBytesAreRefused) {
  const std::string bytes = example_word().signed_by(key_of(2));
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 1 << at % 8);
    EXPECT_FALSE(JointWord::parse(other, example_plan(), clinic_roster())) << at;
    EXPECT_FALSE(JointWord::parse(bytes.substr(0, at), example_plan(), clinic_roster()));
  }
  EXPECT_FALSE(JointWord::parse(bytes + '\0', example_plan(), clinic_roster()));
}

TEST(JointWord, ByAnotherMembersKeyIsRefused) {
  EXPECT_EQ(refusal(example_word(), 1), "must be signed by the key of 'clinic north', and is not");
}

// Who could tell of heads that nobody signed could frame each other one, and have all charges wasted.
TEST(JointWord, ThatTellsOfAHeadWhichItsKeeperDidNotSignIsRefused) {
  JointWord word = example_word();
  word.known.at(key_of(3).public_key()) = SignedHead::sign({1'000'000, {}}, key_of(2));
  EXPECT_EQ(refusal(word),
            "of 'clinic north' must tell of other ledgers what their keepers signed");
  word = example_word();
  word.now = SignedHead::sign({19, {}}, key_of(3));
  EXPECT_EQ(refusal(word), "must have a head of its ledger that 'clinic north' signed");
}

}  // namespace
}  // namespace sfumato
