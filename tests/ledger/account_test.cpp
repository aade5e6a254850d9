#include "sfumato/ledger/account.h"

#include "ledger/books.h"

namespace sfumato {
namespace {

TEST(AccountName, ReadsLikeASentence) {
  EXPECT_EQ((AccountName{.dataset = "visits"}.to_string()), "dataset 'visits'");
  EXPECT_EQ((AccountName{"visits", AccountName::Kind::project, "study"}.to_string()),
            "project 'study' of 'visits'");
  EXPECT_EQ((AccountName{"visits", AccountName::Kind::analyst, "ada"}.to_string()),
            "analyst 'ada' of 'visits'");
}

TEST(LedgerAccount, HasLeftWhatWasNotSpent) {
  const LedgerCost cap = LedgerCost::allowed(eps("1", "1e-6")).value();
  const Spending spent = LedgerCost::charged(eps("0.3", "1e-7")).value().amount;
  const LedgerAccount account{
      .name = {.dataset = "visits"}, .project = {}, .cap = cap, .spent = spent};
  EXPECT_EQ(account.left().to_string(), "ε = 0.7, δ = 9e-7");
}

TEST(Role, HasAName) {
  EXPECT_EQ(name_of(Role::owner), "owner");
  EXPECT_EQ(name_of(Role::analyst), "analyst");
  EXPECT_EQ(name_of(Role::auditor), "auditor");
}

}  // namespace
}  // namespace sfumato
