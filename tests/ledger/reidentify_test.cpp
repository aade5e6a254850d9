// That tokens are opened is noted, and by whom.
#include <vector>

#include "ledger/members.h"
#include "ledger/replay.h"
#include "ledger/shelf.h"

namespace sfumato {
namespace {

const Reidentification kOpened{
    .ring = "00112233445566ff", .columns = "patient, card", .plan = "by tokens", .rows = 41};

std::vector<LedgerEntry> entries(Ledger& ledger) {
  std::vector<LedgerEntry> log;
  ledger.each_entry([&](const LedgerEntry& entry) { log.push_back(entry); }).value();
  return log;
}

class Reidentified : public OnEachStore {};

INSTANTIATE_TEST_SUITE_P(Stores, Reidentified, testing::ValuesIn(kStores), name_of_store);

TEST_P(Reidentified, IsAnEntryOfTheLogThatCostsNothing) {
  Ledger ledger = books(path("l"), eps("1"));
  release(ledger, ask("count", eps("0.5")), "bytes");
  const LedgerHead head = ledger.reidentifies(kOpened).value();
  EXPECT_EQ(head, ledger.head().value());
  EXPECT_EQ(ledger.reidentifies(kOpened).value().number, head.number + 1) << "each time anew";
  const LedgerEntry entry = entries(ledger).at(static_cast<std::size_t>(head.number));
  EXPECT_EQ(entry.kind, "reidentify");
  EXPECT_EQ(entry.actor, "owner");
  EXPECT_EQ(entry.version, "00112233445566ff");
  EXPECT_EQ(entry.words, "patient, card");
  EXPECT_EQ(entry.plan, "by tokens");
  EXPECT_EQ(entry.about, 41);
  EXPECT_EQ(spent_of(ledger, kWhole), "ε = 0.5");
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(Reidentified, IsForOwnersAndAnalystsAndARefusalIsNoted) {
  Ledger owner = books(path("l"), eps("1"));
  owner.appoint("ada", Role::analyst).value();
  owner.appoint("eve", Role::auditor).value();
  EXPECT_TRUE(Ledger::open(path("l"), "ada", at(1000)).value().reidentifies(kOpened));
  for (const char* name : {"eve", "mallory"}) {
    Ledger ledger = Ledger::open(path("l"), name, at(1000)).value();
    EXPECT_EQ(failure(ledger.reidentifies(kOpened)),
              std::string(name) + ": may not reidentify: owners and analysts of this ledger may");
    EXPECT_EQ(entries(owner).back().kind, "refuse");
    EXPECT_EQ(entries(owner).back().actor, name);
  }
  EXPECT_EQ(failure(owner.verify()), "");
}

TEST_P(Reidentified, IsSignedWhereTheLedgerHoldsKeys) {
  Ledger owner = signed_books(path("l"), eps("1"));
  Ledger ada = Ledger::open(path("l"), signer(kAdasKey), at(1000)).value();
  ada.reidentifies(kOpened).value();
  const LedgerEntry entry = entries(owner).back();
  EXPECT_EQ(entry.actor, "ada");
  EXPECT_TRUE(public_key(kAdasKey).verifies(entry.request, entry.signature));
  EXPECT_EQ(failure(owner.verify()), "");
  Ledger unsigned_one = Ledger::open(path("l"), "ada", at(1000)).value();
  EXPECT_EQ(unsigned_one.reidentifies(kOpened).error().message,
            "must sign what it asks, since this ledger holds keys: give --key FILE");
}

TEST_P(Reidentified, TellsWhichRingInWordsThatSteerNoTerminal) {
  Ledger ledger = books(path("l"), eps("1"));
  const auto refused = [&](Reidentification what) { return failure(ledger.reidentifies(what)); };
  EXPECT_EQ(refused({.ring = "", .columns = "a", .plan = "", .rows = 1}),
            "ring: must not be empty");
  EXPECT_NE(refused({.ring = "r", .columns = "a\nb", .plan = "", .rows = 1}), "");
  EXPECT_NE(refused({.ring = "r", .columns = std::string(1001, 'a'), .plan = "", .rows = 1}), "");
  EXPECT_EQ(refused({.ring = "r", .columns = "a", .plan = "", .rows = -1}),
            "rows: must not be negative");
  EXPECT_EQ(ledger.head().value().number, 1) << "nothing was noted";
}

/// What no ledger writes is none, whatever its hash.
TEST(ReidentifyEntry, IsAboutNoBudget) {
  const auto taken = [](auto change) {
    Replay replay;
    LedgerEntry first;
    first.kind = "create";
    first.actor = "owner";
    EXPECT_EQ(replay.take(first), Replay::Verdict::sound);
    LedgerEntry entry;
    entry.number = 1;
    entry.kind = "reidentify";
    entry.actor = "owner";
    entry.version = "ring";
    entry.about = 3;
    change(entry);
    return replay.take(entry) == Replay::Verdict::sound;
  };
  EXPECT_TRUE(taken([](LedgerEntry&) {}));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.actor = "mallory"; }));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.version = ""; }));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.about = -1; }));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.dataset = "visits"; }));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.account = "analyst ada"; }));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.until = 1; }));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.curve = {{}}; }));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.amount.loss = *LossAmount::of_units(1); }));
  EXPECT_FALSE(taken([](LedgerEntry& e) { e.amount.delta = *DeltaAmount::of_units(1); }));
}

}  // namespace
}  // namespace sfumato
