#include "sfumato/ledger/ledger.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <type_traits>

#include "ledger/books.h"
#include "ledger/shelf.h"

namespace sfumato {
namespace {

using Kind = AccountName::Kind;

const AccountName kVisits{.dataset = "visits"};
const AccountName kAda{"visits", Kind::analyst, "ada"};
const AccountName kBob{"visits", Kind::analyst, "bob"};
const AccountName kStudy{"visits", Kind::project, "study"};

class AnyLedger : public OnEachStore {};

INSTANTIATE_TEST_SUITE_P(Stores, AnyLedger, testing::ValuesIn(kStores), name_of_store);

TEST_P(AnyLedger, TenTimesOneTenthIsOneAndTheEleventhIsRefused) {
  Ledger ledger = books(path("l"), eps("1"));
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(is_reserved(ledger.spend(ask(std::to_string(i), eps("0.1"))))) << i;
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 1");
  const Spent eleventh = ledger.spend(ask("10", eps("0.1")));
  ASSERT_FALSE(eleventh);
  EXPECT_EQ(eleventh.error().code, Errc::refused);
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 1");
  EXPECT_TRUE(is_reserved(ledger.spend(ask("11", eps("0"))))) << "what costs nothing still passes";
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, ARefusalNamesTheBudgetAndWhatTookMost) {
  Ledger ledger = books(path("l"), eps("1", "1e-6"));
  for (const char* cost : {"0.1", "0.4", "0.2", "0.15"})
    ASSERT_TRUE(is_reserved(ledger.spend(ask(cost, eps(cost, "1e-7")))));
  EXPECT_EQ(bytes_of(ledger.spend(ask("x", eps("0.2", "1e-7")))),
            "dataset 'visits': has too little ε: 0.2 is asked, and 0.15 of 1 is left, since 0.85 "
            "was spent; most of it went to charge 3 (ε = 0.4, δ = 1e-7: a title), charge 4 "
            "(ε = 0.2, δ = 1e-7: a title), charge 5 (ε = 0.15, δ = 1e-7: a title)");
}

TEST(Ledger, ARefusalNamesTheAxisThatIsShort) {
  const Scratch scratch;
  Ledger ledger = books(scratch.path("l"), eps("1", "1e-6"));
  EXPECT_EQ(bytes_of(ledger.spend(ask("x", eps("0.1", "2e-6")))),
            "dataset 'visits': has too little δ: 2e-6 is asked, and 1e-6 of 1e-6 is left");
  ASSERT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.5", "1e-7")))));
  ASSERT_TRUE(is_reserved(ledger.spend(ask("b", eps("0.1", "5e-7")))));
  EXPECT_EQ(bytes_of(ledger.spend(ask("x", eps("0.1", "5e-7")))),
            "dataset 'visits': has too little δ: 5e-7 is asked, and 4e-7 of 1e-6 is left, since "
            "6e-7 was spent; most of it went to charge 3 (ε = 0.1, δ = 5e-7: a title), charge 2 "
            "(ε = 0.5, δ = 1e-7: a title)");
  EXPECT_EQ(bytes_of(ledger.spend(ask("x", eps("0.5", "5e-7")))).substr(0, 124),
            "dataset 'visits': has too little ε: 0.5 is asked, and 0.4 of 1 is left, since 0.6 was "
            "spent, and has too little δ: 5e-7 is");
}

TEST_P(AnyLedger, DeltaIsAnAxisOfItsOwn) {
  Ledger ledger = books(path("l"), eps("10", "1e-30"));
  EXPECT_TRUE(is_reserved(ledger.spend(ask("a", eps("1", "1e-31")))));  // rounded up to 1e-30
  EXPECT_FALSE(ledger.spend(ask("b", eps("1", "1e-31"))));
  EXPECT_TRUE(is_reserved(ledger.spend(ask("c", eps("9")))));
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 10, δ = 1e-30");
}

TEST_P(AnyLedger, DeltaIsCarriedFromOneColumnToTheOther) {
  Ledger ledger = books(path("l"), eps("10", "2.1e-15"));
  for (const char* plan : {"a", "b", "c"})
    EXPECT_TRUE(is_reserved(ledger.spend(ask(plan, eps("1", "0.7e-15"))))) << plan;
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 3, δ = 2.1e-15");
  EXPECT_FALSE(ledger.spend(ask("d", eps("1", "1e-30"))));
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, ConcentratedLossAddsUpApartFromDelta) {
  Ledger ledger = books(path("l"), zcdp("0.5", "1e-9"));
  EXPECT_TRUE(is_reserved(ledger.spend(ask("a", zcdp("0.5")))));
  EXPECT_FALSE(ledger.spend(ask("b", zcdp("1e-12"))));
  EXPECT_TRUE(is_reserved(ledger.spend(ask("c", zcdp("0", "1e-9")))));
  EXPECT_EQ(spent_of(ledger, kVisits), "ρ = 0.5, δ = 1e-9");
}

TEST_P(AnyLedger, ALossInOtherTermsIsRefusedAsSuch) {
  Ledger ledger = books(path("l"), zcdp("0.5"));
  EXPECT_EQ(bytes_of(ledger.spend(ask("a", eps("0.1")))),
            "dataset 'visits': counts rho: ask with a total in rho");
  EXPECT_EQ(failure(ledger.grant({.account = kAda, .cap = eps("0.1")})),
            "dataset 'visits': counts rho, so that a budget must say rho, too");
}

TEST_P(AnyLedger, ACostThatIsNoNumberIsRefused) {
  Ledger ledger = books(path("l"), eps("1"));
  EXPECT_FALSE(ledger.spend(ask("a", ApproximateCost{std::nan(""), 0.0})));
  EXPECT_FALSE(ledger.spend(ask("a", ApproximateCost{-0.5, 0.0})));
  EXPECT_FALSE(ledger.spend(ask("a", ApproximateCost{0.5, 1.0})));
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 0");
}

TEST_P(AnyLedger, APlanIsChargedOnceAndItsReleaseIsGivenAgain) {
  Ledger ledger = books(path("l"), eps("1"));
  EXPECT_EQ(release(ledger, ask("count", eps("0.5")), "first"), "first");
  EXPECT_EQ(release(ledger, ask("count", eps("0.5")), "second"), "first");
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 0.5");
}

TEST_P(AnyLedger, AnotherVersionOrCostOrPlanIsAnotherCharge) {
  Ledger ledger = books(path("l"), eps("10"));
  EXPECT_EQ(release(ledger, ask("count", eps("0.5")), "a"), "a");
  SpendRequest later = ask("count", eps("0.5"));
  later.version = "2";
  EXPECT_EQ(release(ledger, later, "b"), "b");
  EXPECT_EQ(release(ledger, ask("count", eps("0.25")), "c"), "c");
  EXPECT_EQ(release(ledger, ask("coun", eps("0.5")), "d"), "d");
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 1.75");
}

TEST_P(AnyLedger, AgainIsANewChargeAndANewRelease) {
  Ledger ledger = books(path("l"), eps("1"));
  EXPECT_EQ(release(ledger, ask("count", eps("0.4")), "first"), "first");
  EXPECT_EQ(release(ledger, ask("count", eps("0.4"), true), "second"), "second");
  EXPECT_EQ(release(ledger, ask("count", eps("0.4")), "third"), "second") << "the latest is given";
  EXPECT_FALSE(ledger.spend(ask("count", eps("0.4"), true)));
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 0.8");
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, WhatWasReservedIsComputedAfreshUnderTheSameCharge) {
  books(path("l"), eps("1")).spend(ask("count", eps("0.7"))).value();  // and crashes
  Ledger later = Ledger::open(path("l"), "owner").value();
  Spent spent = later.spend(ask("count", eps("0.7")));
  ASSERT_TRUE(is_reserved(spent));
  EXPECT_EQ(std::get<Reservation>(*spent).charge.number(), 2);
  EXPECT_EQ(std::get<Reservation>(*spent).permit.reason(), "charge 2 of " + said("l"));
  EXPECT_EQ(spent_of(later, kVisits), "ε = 0.7");
}

TEST_P(AnyLedger, OfTwoReleasesOfOneChargeTheFirstStoredIsPublished) {
  Ledger ledger = books(path("l"), eps("1"));
  Ledger other = Ledger::open(path("l"), "owner").value();
  Charge here = charge_of(ledger.spend(ask("count", eps("1"))));
  Charge there = charge_of(other.spend(ask("count", eps("1"))));
  EXPECT_EQ(here.number(), there.number());
  EXPECT_EQ(other.store(std::move(there), "theirs").value().bytes, "theirs");
  EXPECT_EQ(ledger.store(std::move(here), "ours").value().bytes, "theirs");
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, AChargeIsStoredInItsOwnLedgerOnly) {
  Ledger ledger = books(path("l"), eps("1"));
  Ledger other = books(path("m"), eps("1"));
  Charge charge = charge_of(ledger.spend(ask("a", eps("1"))));
  ASSERT_TRUE(is_reserved(other.spend(ask("a", eps("1")))));
  EXPECT_EQ(failure(other.store(std::move(charge), "bytes")),
            said("m") + ": does not hold this charge: another ledger does");
}

TEST_P(AnyLedger, AReleaseMayBeEmptyOrHoldAnyByte) {
  Ledger ledger = books(path("l"), eps("1"));
  const std::string any("\0\xff'\n", 4);
  EXPECT_EQ(release(ledger, ask("", eps("0.1")), ""), "");
  EXPECT_EQ(release(ledger, ask(any, eps("0.1")), any), any);
  EXPECT_EQ(release(ledger, ask("", eps("0.1")), "x"), "");
  EXPECT_EQ(release(ledger, ask(any, eps("0.1")), "x"), any);
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, AnAnalystSpendsOfAllBudgetsThatItsOwnDrawsOn) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.grant({.account = kStudy, .cap = eps("0.5")}).value();
  ledger.grant({.account = kAda, .cap = eps("0.4"), .project = "study"}).value();
  ledger.grant({.account = kBob, .cap = eps("0.4"), .project = "study"}).value();
  Ledger ada = Ledger::open(path("l"), "ada").value();
  Ledger bob = Ledger::open(path("l"), "bob").value();
  EXPECT_EQ(release(ada, ask("a", eps("0.3")), "a"), "a");
  EXPECT_EQ(spent_of(ledger, kAda), "ε = 0.3");
  EXPECT_EQ(spent_of(ledger, kStudy), "ε = 0.3");
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 0.3");
  EXPECT_EQ(spent_of(ledger, kBob), "ε = 0");
  EXPECT_EQ(bytes_of(ada.spend(ask("b", eps("0.2")))).find("analyst 'ada' of 'visits': has"), 0u);
  EXPECT_EQ(bytes_of(bob.spend(ask("b", eps("0.3")))).find("project 'study' of 'visits': has"), 0u);
  EXPECT_EQ(spent_of(ledger, kBob), "ε = 0") << "all budgets are charged, or none";
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, OpeningAccountsDoesNotMakeEpsilonMore) {
  Ledger ledger = books(path("l"), eps("1"));
  int granted = 0;
  for (int i = 0; i < 8; ++i) {
    const std::string name = "analyst" + std::to_string(i);
    ledger.grant({.account = {"visits", Kind::analyst, name}, .cap = eps("1")}).value();
    Ledger theirs = Ledger::open(path("l"), name).value();
    granted += is_reserved(theirs.spend(ask(name, eps("0.3"))));
  }
  EXPECT_EQ(granted, 3);
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 0.9");
}

TEST_P(AnyLedger, ListsBudgetsByTheBytesOfTheirNames) {
  Ledger ledger = Ledger::create(path("l"), "owner").value();
  for (const char* name : {"b", "B", "\u00e4", "a-c", "ab", "Z"})
    ledger.add_dataset(name, eps("1")).value();
  std::string names;
  for (const LedgerAccount& one : ledger.accounts().value()) names += one.name.dataset + " ";
  EXPECT_EQ(names, "B Z a-c ab b \u00e4 ");
}

TEST_P(AnyLedger, AnotherAnalystsPlanIsNotChargedAgain) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.grant({.account = kAda, .cap = eps("1")}).value();
  EXPECT_EQ(release(ledger, ask("a", eps("1")), "first"), "first");
  Ledger ada = Ledger::open(path("l"), "ada").value();
  EXPECT_EQ(release(ada, ask("a", eps("1")), "second"), "first");
  EXPECT_EQ(spent_of(ledger, kAda), "ε = 0");
}

TEST_P(AnyLedger, AFrozenBudgetStopsAllThatDrawOnIt) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.grant({.account = kAda, .cap = eps("1")}).value();
  Ledger ada = Ledger::open(path("l"), "ada").value();
  ASSERT_TRUE(is_reserved(ada.spend(ask("reserved", eps("0.1")))));
  EXPECT_EQ(release(ada, ask("stored", eps("0.1")), "bytes"), "bytes");
  ledger.freeze(kVisits).value();
  const std::string frozen =
      "analyst 'ada' of 'visits': the budget of dataset 'visits' is frozen: its owner can thaw it";
  EXPECT_EQ(bytes_of(ada.spend(ask("b", eps("0.1")))), frozen);
  EXPECT_EQ(bytes_of(ada.spend(ask("reserved", eps("0.1")))), frozen) << "nothing of it has left";
  EXPECT_EQ(bytes_of(ada.spend(ask("stored", eps("0.1")))), "bytes") << "it is paid, and known";
  ledger.freeze(kVisits, false).value();
  EXPECT_TRUE(is_reserved(ada.spend(ask("b", eps("0.1")))));
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, ABudgetExpiresAndItsEndIsOnlyBroughtForward) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.grant({.account = kAda, .cap = eps("0.5"), .until = 2000}).value();
  EXPECT_EQ(failure(ledger.grant({.account = kAda, .cap = eps("0.5"), .until = 2001})),
            "analyst 'ada' of 'visits': expires when it was said, or earlier: an end is never put "
            "off");
  Ledger early = Ledger::open(path("l"), "ada", at(1999)).value();
  EXPECT_TRUE(is_reserved(early.spend(ask("a", eps("0.1")))));
  Ledger late = Ledger::open(path("l"), "ada", at(2000)).value();
  EXPECT_EQ(bytes_of(late.spend(ask("b", eps("0.1")))),
            "analyst 'ada' of 'visits': the budget of analyst 'ada' of 'visits' has expired");
  ledger.grant({.account = kBob, .cap = eps("0.5")}).value();
  ledger.grant({.account = kBob, .cap = eps("0.5"), .until = 1500}).value();
  EXPECT_EQ(account(ledger, kBob).until, 1500);
  ledger.grant({.account = kBob, .cap = eps("0.6")}).value();
  EXPECT_EQ(account(ledger, kBob).until, 1500);
}

TEST_P(AnyLedger, AClockThatIsSetBackRevivesNothing) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.grant({.account = kAda, .cap = eps("0.5"), .until = 2000}).value();
  Ledger late = Ledger::open(path("l"), "ada", at(2000)).value();
  EXPECT_FALSE(late.spend(ask("a", eps("0.1"))));  // which is noted, with its time
  Ledger early = Ledger::open(path("l"), "ada", at(500)).value();
  EXPECT_FALSE(early.spend(ask("a", eps("0.1"))));
  std::int64_t last = 0;
  ledger
      .each_entry([&](const LedgerEntry& entry) {
        EXPECT_GE(entry.time, last);
        last = entry.time;
      })
      .value();
  EXPECT_EQ(last, 2000);
}

TEST_P(AnyLedger, ACapIsChangedDownToWhatWasSpent) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.grant({.account = kAda, .cap = eps("0.5")}).value();
  Ledger ada = Ledger::open(path("l"), "ada").value();
  ASSERT_TRUE(is_reserved(ada.spend(ask("a", eps("0.3")))));
  EXPECT_EQ(failure(ledger.grant({.account = kAda, .cap = eps("0.2")})),
            "analyst 'ada' of 'visits': has spent ε = 0.3: its cap can't be less than that");
  ledger.grant({.account = kAda, .cap = eps("0.3")}).value();
  EXPECT_FALSE(ada.spend(ask("b", eps("0.1"))));
  ledger.grant({.account = kAda, .cap = eps("0.8")}).value();
  EXPECT_TRUE(is_reserved(ada.spend(ask("b", eps("0.5")))));
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, ADatasetThatIsShortStopsAnAnalystInAProjectWhoIsNot) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.grant({.account = kStudy, .cap = eps("1")}).value();
  ledger.grant({.account = kAda, .cap = eps("1"), .project = "study"}).value();
  ASSERT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.9")))));
  Ledger ada = Ledger::open(path("l"), "ada").value();
  EXPECT_EQ(bytes_of(ada.spend(ask("b", eps("0.2")))),
            "dataset 'visits': has too little ε: 0.2 is asked, and 0.1 of 1 is left, since 0.9 was "
            "spent; most of it went to charge 4 (ε = 0.9: a title)");
  EXPECT_EQ(spent_of(ledger, kAda), "ε = 0");
  EXPECT_EQ(spent_of(ledger, kStudy), "ε = 0");
}

TEST_P(AnyLedger, ADatasetKeepsItsCap) {
  Ledger ledger = books(path("l"), eps("1"));
  EXPECT_EQ(failure(ledger.add_dataset("visits", eps("2"))),
            "dataset 'visits': is there already, and its cap stays as it is");
  EXPECT_EQ(failure(ledger.grant({.account = kVisits, .cap = eps("2")})),
            "dataset 'visits': keeps the cap that it was entered with");
}

TEST_P(AnyLedger, GrantsGoToWhatIsThere) {
  Ledger ledger = books(path("l"), eps("1"));
  EXPECT_EQ(failure(ledger.grant({.account = {"other", Kind::analyst, "ada"}, .cap = eps("1")})),
            "dataset 'other': is not in this ledger");
  EXPECT_EQ(failure(ledger.grant({.account = kAda, .cap = eps("1"), .project = "study"})),
            "project 'study' of 'visits': is not in this ledger");
  EXPECT_EQ(failure(ledger.grant({.account = kStudy, .cap = eps("1"), .project = "study"})),
            "project: is for an analyst's budget alone");
  ledger.grant({.account = kAda, .cap = eps("1")}).value();
  ledger.grant({.account = kStudy, .cap = eps("1")}).value();
  EXPECT_EQ(failure(ledger.grant({.account = kAda, .cap = eps("1"), .project = "study"})),
            "analyst 'ada' of 'visits': keeps the project that it was opened in");
  EXPECT_EQ(failure(ledger.freeze(kBob)),
            "analyst 'bob' of 'visits': has no budget in this ledger");
  EXPECT_EQ(bytes_of(ledger.spend(
                {.dataset = "other", .version = {}, .plan = {}, .title = {}, .cost = eps("0.1")})),
            "dataset 'other': is not in this ledger");
}

TEST_P(AnyLedger, NamesAreShortAndSteerNoTerminal) {
  Ledger ledger = books(path("l"), eps("1"));
  EXPECT_EQ(failure(ledger.add_dataset("", eps("1"))), "dataset: must not be empty");
  EXPECT_EQ(failure(ledger.add_dataset("a\nb", eps("1"))),
            "dataset: must have at most 100 bytes, none of which is a control character");
  EXPECT_FALSE(ledger.add_dataset(std::string(101, 'a'), eps("1")));
  EXPECT_TRUE(ledger.add_dataset(std::string(100, 'a'), eps("1")));
  EXPECT_FALSE(ledger.appoint("\x1b[2J", Role::auditor));
  SpendRequest titled = ask("a", eps("0.1"));
  titled.title = "\x1b[2J";
  EXPECT_FALSE(ledger.spend(titled));
}

TEST_P(AnyLedger, AnAuditorSeesAllAndSpendsNothing) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.appoint("eve", Role::auditor).value();
  EXPECT_EQ(failure(ledger.grant({.account = {"visits", Kind::analyst, "eve"}, .cap = eps("1")})),
            "eve: is an auditor, who sees all and spends nothing");
  Ledger eve = Ledger::open(path("l"), "eve").value();
  EXPECT_EQ(bytes_of(eve.spend(ask("a", eps("0.1")))),
            "eve: may not spend: an owner of this ledger would have to grant it");
  EXPECT_EQ(eve.accounts().value().size(), 1u);
  EXPECT_TRUE(eve.each_entry([](const LedgerEntry&) {}));
  EXPECT_TRUE(eve.verify());
}

TEST_P(AnyLedger, OnlyOwnersChangeRolesAndBudgets) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.grant({.account = kAda, .cap = eps("0.5")}).value();
  Ledger ada = Ledger::open(path("l"), "ada").value();
  const std::string no = "ada: is no owner of this ledger: owners change roles and budgets";
  EXPECT_EQ(failure(ada.grant({.account = kAda, .cap = eps("1")})), no);
  EXPECT_EQ(failure(ada.add_dataset("mine", eps("1"))), no);
  EXPECT_EQ(failure(ada.appoint("ada", Role::owner)), no);
  EXPECT_EQ(failure(ada.freeze(kVisits)), no);
  EXPECT_EQ(failure(ledger.appoint("owner", Role::auditor)),
            "owner: must stay an owner: another owner can change that");
  ledger.appoint("ada", Role::owner).value();
  EXPECT_EQ(failure(ada.freeze(kVisits)), "");
}

TEST_P(AnyLedger, AnAnalystSeesItsOwnBudgetsAlone) {
  Ledger ledger = books(path("l"), eps("1"));
  ledger.add_dataset("other", eps("1")).value();
  ledger.grant({.account = kAda, .cap = eps("0.5")}).value();
  ledger.grant({.account = kBob, .cap = eps("0.5")}).value();
  Ledger ada = Ledger::open(path("l"), "ada").value();
  const auto seen = ada.accounts().value();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].name, kAda);
  EXPECT_EQ(seen[1].name, kVisits);
  EXPECT_FALSE(ada.each_entry([](const LedgerEntry&) {}));
  EXPECT_FALSE(ada.release_of(2));
  Ledger stranger = Ledger::open(path("l"), "mallory").value();
  EXPECT_FALSE(stranger.accounts());
}

TEST_P(AnyLedger, WhoLacksARightIsNotedWithTheReason) {
  Ledger ledger = books(path("l"), eps("1"));
  Ledger mallory = Ledger::open(path("l"), "mallory").value();
  EXPECT_FALSE(mallory.spend(ask("a", eps("0.1"))));
  LedgerEntry last;
  ledger.each_entry([&](const LedgerEntry& entry) { last = entry; }).value();
  EXPECT_EQ(last.kind, "refuse");
  EXPECT_EQ(last.actor, "mallory");
  EXPECT_EQ(last.dataset, "visits");
  EXPECT_EQ(last.words, "may not spend: an owner of this ledger would have to grant it");
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, TheLogTellsWhatWasDoneAndHoldsNoRelease) {
  Ledger ledger = books(path("l"), eps("1", "1e-6"));
  release(ledger, ask("count", eps("0.5", "1e-7")), "secret 42");
  std::vector<LedgerEntry> log;
  ledger.each_entry([&](const LedgerEntry& entry) { log.push_back(entry); }).value();
  ASSERT_EQ(log.size(), 5u);
  const char* kinds[] = {"create", "dataset", "charge", "store", "publish"};
  for (std::size_t i = 0; i < log.size(); ++i) {
    EXPECT_EQ(log[i].kind, kinds[i]);
    EXPECT_EQ(log[i].number, static_cast<std::int64_t>(i));
    EXPECT_EQ(log[i].actor, "owner");
    EXPECT_EQ((log[i].words + log[i].plan + log[i].digest).find("42"), std::string::npos);
  }
  EXPECT_EQ(log[2].plan, "count");
  EXPECT_EQ(log[2].version, "1");
  EXPECT_EQ(log[2].amount.loss.to_string(), "0.5");
  EXPECT_EQ(log[2].amount.delta.to_string(), "1e-7");
  EXPECT_EQ(log[3].about, 2);
  // printf 'secret 42' | sha256sum
  EXPECT_EQ(hexadecimal(log[3].digest),
            "29d75d310902cecc9d95e7d2b5dea9c8fc25872905acbe22f9843c13021169bb");
  EXPECT_EQ(ledger.release_of(2).value().bytes, "secret 42");
  EXPECT_FALSE(ledger.release_of(1));
}

TEST_P(AnyLedger, AnExportedHeadIsHeldByTheLedgerFromThenOn) {
  Ledger ledger = books(path("l"), eps("1"));
  const LedgerHead head = ledger.head().value();
  EXPECT_EQ(head.number, 1);
  release(ledger, ask("a", eps("0.5")), "a");
  EXPECT_EQ(failure(ledger.expect(head)), "");
  EXPECT_EQ(failure(ledger.expect(ledger.head().value())), "");
}

TEST_P(AnyLedger, ARestoredBackupAndAForkLackTheExpectedHead) {
  { Ledger ledger = books(path("l"), eps("1")); }
  shelf_->copy("l", "backup");
  Ledger ledger = Ledger::open(path("l"), "owner").value();
  release(ledger, ask("a", eps("0.5")), "a");
  const LedgerHead head = ledger.head().value();
  Ledger backup = Ledger::open(path("backup"), "owner").value();
  EXPECT_EQ(failure(backup.expect(head)),
            said("backup") +
                ": does not hold entry 4 of the head that is expected: it is older, or another "
                "ledger");
  release(backup, ask("b", eps("0.5")), "b");
  EXPECT_EQ(backup.head().value().number, head.number);
  EXPECT_FALSE(backup.expect(head)) << "as long, and yet a fork";
  Ledger twin = books(path("twin"), eps("1"));
  EXPECT_FALSE(twin.expect(LedgerHead{0, {}}));
}

TEST_P(AnyLedger, TwoLedgersDifferFromTheirFirstEntryOn) {
  Ledger one = Ledger::create(path("l"), "owner", at(1)).value();
  Ledger two = Ledger::create(path("m"), "owner", at(1)).value();
  EXPECT_NE(one.head().value(), two.head().value());
}

TEST_P(AnyLedger, WhatIsThereIsNeverMadeAnew) {
  books(path("l"), eps("1"));
  EXPECT_EQ(failure(Ledger::create(path("l"), "owner")),
            said("l") + ": is there already: a ledger is never made anew");
}

TEST(LedgerFile, IsMadeWhereNothingElseIs) {
  const Scratch scratch;
  scratch.file("text", "name,visits\nada,3\n");
  EXPECT_EQ(failure(Ledger::create(scratch.path("text"), "owner")),
            scratch.path("text") + ": is no ledger: name one that `sfumato budget create` made");
  EXPECT_EQ(contents(scratch.path("text")), "name,visits\nada,3\n");
  EXPECT_EQ(failure(Ledger::create(scratch.path("no/where"), "owner")),
            scratch.path("no/where") +
                ": cannot be opened: the file and its directory must be there, and writable");
}

TEST_P(AnyLedger, IsOpenedWhereItIsThereAndOfThisForm) {
  EXPECT_EQ(failure(Ledger::open(path("l"), "owner")),
            said("l") + ": is not there: `sfumato budget create` makes a ledger");
  books(path("l"), eps("1"));
  for (const int form : {1, 2}) {
    shelf_->set_form("l", form);
    EXPECT_EQ(failure(Ledger::open(path("l"), "owner")),
              said("l") + ": is a ledger of form " + std::to_string(form) +
                  ", which no released version wrote: make a new one, and enter what is left");
  }
  shelf_->set_form("l", 4);
  EXPECT_EQ(failure(Ledger::open(path("l"), "owner")),
            said("l") +
                ": is a ledger of another form: open it with the version of sfumato that wrote it");
}

TEST(LedgerFile, IsOpenedWhereItIsALedger) {
  const Scratch scratch;
  scratch.file("empty", "");
  const std::string no = ": is no ledger: name one that `sfumato budget create` made";
  EXPECT_EQ(failure(Ledger::open(scratch.path("empty"), "owner")), scratch.path("empty") + no);
  tamper(scratch.path("other.db"), "CREATE TABLE t(x)");
  EXPECT_EQ(failure(Ledger::open(scratch.path("other.db"), "owner")),
            scratch.path("other.db") + no);
}

TEST(LedgerFile, AFileThatIsReplacedWhileItIsOpenTakesNoCharge) {
  const Scratch scratch;
  { Ledger ledger = books(scratch.path("l"), eps("1")); }
  std::filesystem::copy_file(scratch.path("l"), scratch.path("backup"));
  Ledger ledger = Ledger::open(scratch.path("l"), "owner").value();
  ASSERT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.1")))));
  std::filesystem::rename(scratch.path("backup"), scratch.path("l"));
  EXPECT_EQ(bytes_of(ledger.spend(ask("b", eps("0.1")))),
            scratch.path("l") + ": was moved away or replaced while it was open: open it anew");
}

TEST_P(AnyLedger, TellsWhatManyGaussiansAreTogetherAndWhatTheyWouldAddUpTo) {
  Ledger ledger = books(path("l"), zcdp("1", "1e-7"));
  ledger.grant({.account = kAda, .cap = zcdp("0.5")}).value();
  EXPECT_EQ(ledger.running(kVisits, 1e-6).value().epsilon, 0);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(is_reserved(ledger.spend(ask(std::to_string(i), zcdp("0.01")))));
  // Of mpmath, the least over α of αρ + log(1 - 1/α) - (log δ + log α)/(α - 1): at ρ = 0.1
  // and δ = 1e-6, and ten times at ρ = 0.01 and δ = 1e-7.
  constexpr double kTogether = 2.141938928385474, kAdded = 6.899149557875759;
  const RunningLoss together = ledger.running(kVisits, exact("1e-6")).value();
  EXPECT_NEAR(together.epsilon, kTogether, 1e-9);
  EXPECT_NEAR(together.added, kAdded, 1e-8);
  EXPECT_GE(together.epsilon, kTogether);
  EXPECT_EQ(ledger.running(kAda, 1e-6).value().added, 0);
  ASSERT_TRUE(is_reserved(ledger.spend(ask("x", zcdp("0", "1e-7")))));
  EXPECT_EQ(ledger.running(kVisits, exact("1e-7")).value().epsilon, INFINITY);
  EXPECT_GT(ledger.running(kVisits, exact("1e-6")).value().epsilon, together.epsilon);
  EXPECT_FALSE(ledger.running(kVisits, exact("1")));
  EXPECT_FALSE(ledger.running(kBob, exact("1e-6")));
}

TEST_P(AnyLedger, TellsOfBudgetsInEpsilonTheirSum) {
  Ledger ledger = books(path("l"), eps("1", "1e-6"));
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(is_reserved(ledger.spend(ask(std::to_string(i), eps("0.25", "1e-7")))));
  EXPECT_EQ(ledger.running(kVisits, exact("3e-7")).value().epsilon, 0.75);
  EXPECT_EQ(ledger.running(kVisits, exact("3e-7")).value().added, 0.75);
  EXPECT_EQ(ledger.running(kVisits, exact("2.9e-7")).value().epsilon, INFINITY);
}

TEST_P(AnyLedger, AForkedChildIsToldToOpenItAnew) {
  Ledger ledger = books(path("l"), eps("1"));
  const pid_t child = fork();
  if (child == 0) {
    const Spent spent = ledger.spend(ask("a", eps("0.1")));
    const bool told = !spent && spent.error().message.find("after a fork") != std::string::npos;
    _exit(told ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.1")))));
}

TEST_P(AnyLedger, AForkedChildMayForgetItAndTheParentDoesNotNotice) {
  Ledger ledger = books(path("l"), eps("1"));
  const pid_t child = fork();
  if (child == 0) {
    {
      const Ledger forgotten = std::move(ledger);
    }
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.1")))));
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(AnyLedger, AsksNothingElseWhileItsLogIsShown) {
  Ledger ledger = books(path("l"), eps("1"));
  int shown = 0;
  ledger
      .each_entry([&](const LedgerEntry&) {
        ++shown;
        EXPECT_FALSE(ledger.head());
        EXPECT_FALSE(ledger.spend(ask("a", eps("0.1"))));
      })
      .value();
  EXPECT_EQ(shown, 2);
  EXPECT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.1")))));
  EXPECT_EQ(spent_of(ledger, kVisits), "ε = 0.1");
}

TEST(Charge, IsPassedOnAndNeverDoubled) {
  EXPECT_FALSE(std::is_copy_constructible_v<Charge>);
  EXPECT_FALSE(std::is_copy_assignable_v<Charge>);
  EXPECT_FALSE(std::is_default_constructible_v<Charge>);
  EXPECT_FALSE((std::is_constructible_v<Charge, std::int64_t, Digest>));
}

}  // namespace
}  // namespace sfumato
