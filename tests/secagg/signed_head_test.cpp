#include "sfumato/secagg/signed_head.h"

#include <gtest/gtest.h>

#include <vector>

#include "ledger/canonical.h"
#include "secagg/three_clinics.h"

namespace sfumato {
namespace {

LedgerHead head_of(std::int64_t number, unsigned char hash) {
  LedgerHead head{number, {}};
  head.hash.fill(hash);
  return head;
}

TEST(SignedHead, IsByTheKeeperOfTheLedgerAlone) {
  const SignedHead head = SignedHead::sign(head_of(3, 7), key_of(1));
  EXPECT_TRUE(head.is_by(key_of(1).public_key()));
  EXPECT_FALSE(head.is_by(key_of(2).public_key()));
  SignedHead other = head;
  other.head.number = 4;
  EXPECT_FALSE(other.is_by(key_of(1).public_key()));
  other = head, other.head.hash[9] ^= 1;
  EXPECT_FALSE(other.is_by(key_of(1).public_key()));
}

TEST(SignedHead, AndAllThatIsToldOfOneLedgerIsOneLine) {
  const auto refusal = [](const std::vector<LedgerHead>& told) {
    const Status good = check_heads(told, head_of(9, 9), "x");
    return good ? "" : good.error().message;
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({head_of(9, 9), head_of(4, 4), head_of(4, 4)}), "");
  EXPECT_NE(refusal({head_of(10, 4)}).find("was rolled back"), std::string::npos);
  EXPECT_NE(refusal({head_of(9, 4)}).find("was forked"), std::string::npos);
  EXPECT_NE(refusal({head_of(4, 4), head_of(4, 5)}).find("was forked"), std::string::npos)
      << "both are old, and differ from one another alone";
}

}  // namespace
}  // namespace sfumato
