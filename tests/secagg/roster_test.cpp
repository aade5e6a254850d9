#include "sfumato/secagg/roster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ledger/canonical.h"
#include "secagg/three_clinics.h"

namespace sfumato {
namespace {

std::string refusal(const std::vector<Organisation>& members, std::size_t quorum) {
  const auto roster = Roster::make(members, quorum);
  return roster ? "taken" : roster.error().message;
}

// Python's hashlib, struct and the package `cryptography`, over the layout of docs/protocol/plans.md.
TEST(Roster, HasTheBytesThatTheProtocolWritesDown) {
  EXPECT_EQ(hexadecimal(clinic_roster().hash()),
            "943564f634919b948407a8187a907beb0fc20f1d2465788d9d8de030ae848e2f");
  EXPECT_EQ(hexadecimal(sha256(signed_clinics().bytes())),
            "7b1ab175784d25997690bffb7ef8c2875ad01acc3a58e1053f5ab5f789e4db0a");
}

TEST(Roster, IsOneWhateverOrderItsMembersAreToldIn) {
  std::vector<Organisation> members = three_clinics();
  std::ranges::reverse(members);
  const Roster roster = Roster::make(members, 2).value();
  EXPECT_EQ(roster, clinic_roster());
  EXPECT_EQ(roster.members()[0].name, "clinic east");
  EXPECT_EQ(roster.place_of("clinic south"), 2u);
  EXPECT_EQ(roster.place_of(key_of(2).public_key()), 1u);
  EXPECT_FALSE(roster.place_of("clinic"));
  EXPECT_FALSE(roster.place_of(key_of(9).public_key()));
}

TEST(Roster, EachPartOfItIsInItsHash) {
  std::vector<Organisation> members = three_clinics();
  members[0].name = "clinic West";
  EXPECT_NE(Roster::make(members, 2).value().hash(), clinic_roster().hash());
  members = three_clinics();
  members[0].key = key_of(9).public_key();
  EXPECT_NE(Roster::make(members, 2).value().hash(), clinic_roster().hash());
  EXPECT_NE(clinic_roster(3).hash(), clinic_roster(2).hash());
}

TEST(Roster, SwappedKeysMakeAnother) {
  std::vector<Organisation> members = three_clinics();
  std::swap(members[0].key, members[1].key);
  EXPECT_NE(Roster::make(members, 2).value().hash(), clinic_roster().hash());
}

TEST(Roster, DuplicatesAreRefused) {
  std::vector<Organisation> members = three_clinics();
  members[1].name = members[0].name;
  EXPECT_EQ(refusal(members, 2), "must have a name for each member, has 'clinic east' twice");
  members = three_clinics();
  members[1].key = members[0].key;
  EXPECT_EQ(refusal(members, 2),
            "must have a key for each member, that of 'clinic north' is another member's too");
}

TEST(Roster, NamesAreUtf8WithoutControlCharacters) {
  std::vector<Organisation> members = three_clinics();
  for (const char* name : {"Spitäler Nord", "第一医院", "a"}) {
    members[0].name = name;
    EXPECT_EQ(refusal(members, 2), "taken") << name;
  }
  for (const std::string& name :
       {std::string(), std::string("a\nb"), std::string("a\0b", 3), std::string("\xc3"),
        std::string("\xed\xa0\x80"), std::string("\xc0\xaf"), std::string(101, 'a')}) {
    members[0].name = name;
    EXPECT_NE(refusal(members, 2), "taken") << name;
  }
}

TEST(Roster, HasTwoToAHundredMembersAndAQuorumOfThem) {
  std::vector<Organisation> members;
  for (int i = 0; i < 101; ++i)
    members.push_back(
        {"m" + std::to_string(i), key_of(static_cast<unsigned char>(i)).public_key()});
  EXPECT_EQ(refusal(members, 2), "must have 2 to 100 members, has 101");
  members.pop_back();
  const Roster full = Roster::make(members, 100).value();
  EXPECT_EQ(Roster::parse(full.bytes()).value(), full);
  EXPECT_NE(refusal(members, 101), "taken");
  EXPECT_NE(refusal(members, 0), "taken");
  members.resize(1, members[0]);
  EXPECT_EQ(refusal(members, 1), "must have 2 to 100 members, has 1");
}

TEST(Roster, IsReadAsItIsWrittenAndNotFromOtherBytes) {
  const std::string bytes = signed_clinics().bytes();
  EXPECT_EQ(SignedRoster::parse(bytes).value().bytes(), bytes);
  EXPECT_EQ(Roster::parse(clinic_roster().bytes()).value(), clinic_roster());
  EXPECT_FALSE(SignedRoster::parse(bytes + '\0'));
  EXPECT_FALSE(SignedRoster::parse(clinic_roster().bytes()));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(SignedRoster::parse(bytes.substr(0, size))) << size;
}

TEST(Roster, AlteredBytesAreNotSigned) {
  const std::string bytes = signed_clinics().bytes();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 1 << at % 8);
    EXPECT_FALSE(SignedRoster::parse(other)) << at;
  }
}

TEST(Roster, IsNotReadInAnotherOrder) {
  const std::string bytes = clinic_roster().bytes(), east = "clinic east", south = "clinic south";
  const std::string member_east = bytes.substr(bytes.find(east) - 1, 44);
  const std::string member_south = bytes.substr(bytes.find(south) - 1, 45);
  std::string other = bytes;
  other.replace(bytes.find(south) - 1, 45, member_east);
  other.replace(bytes.find(east) - 1, 44, member_south);
  EXPECT_EQ(Roster::parse(other).error().message,
            "must have its members in the order of their names' bytes");
}

class RosterSignatures : public testing::Test {
 protected:
  static std::string refused(const std::vector<Endorsement>& signatures) {
    const auto roster = SignedRoster::make(clinic_roster(), signatures);
    return roster ? "taken" : roster.error().message;
  }

  Endorsement east = SignedRoster::sign(clinic_roster(), key_of(1)).value();
  Endorsement south = SignedRoster::sign(clinic_roster(), key_of(3)).value();
};

TEST_F(RosterSignatures, OfAQuorumAreEnoughInAnyOrder) {
  EXPECT_EQ(refused({south, east}), "taken");
  const auto roster = SignedRoster::make(clinic_roster(), {south, east}).value();
  EXPECT_TRUE(roster.signed_by(0));
  EXPECT_FALSE(roster.signed_by(1));
  EXPECT_EQ(refused({east}), "must be those of at least 2 members, are 1");
}

TEST_F(RosterSignatures, OfOneMemberTwiceAreRefused) {
  EXPECT_EQ(refused({east, east}), "must be one of each member, and 'clinic east' has two");
}

TEST_F(RosterSignatures, OfAnotherRosterAreRefused) {
  const Endorsement foreign = SignedRoster::sign(clinic_roster(3), key_of(2)).value();
  EXPECT_EQ(refused({east, foreign}),
            "must be of these bytes by their member's key, that of 'clinic north' is not");
}

TEST_F(RosterSignatures, InAnotherMembersPlaceAreRefused) {
  EXPECT_EQ(refused({east, {1, south.signature}}),
            "must be of these bytes by their member's key, that of 'clinic north' is not");
  EXPECT_EQ(refused({east, {3, south.signature}}), "must be those of members of the roster");
}

TEST_F(RosterSignatures, AreGivenByMembersAlone) {
  EXPECT_FALSE(SignedRoster::sign(clinic_roster(), key_of(9)));
}

}  // namespace
}  // namespace sfumato
