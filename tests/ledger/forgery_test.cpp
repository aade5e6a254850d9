// What who can write the file can't do to a log that is signed.
#include <functional>
#include <map>
#include <vector>

#include "ledger/canonical.h"
#include "ledger/chain.h"
#include "ledger/members.h"
#include "ledger/wish.h"

namespace sfumato {
namespace {

std::string literal(const std::string& bytes) {
  return "x'" + hexadecimal(bytes) + "'";
}

std::string text(const std::string& bytes) {
  return "CAST(" + literal(bytes) + " AS TEXT)";
}

std::string literal(const LedgerEntry& entry) {
  const auto whole = [](auto number) { return std::to_string(static_cast<std::int64_t>(number)); };
  const uint128 delta = entry.amount.delta.units(), per_high = 1'000'000'000'000'000;
  return "(" + whole(entry.number) + "," + whole(entry.time) + "," + text(entry.kind) + "," +
         text(entry.actor) + "," + text(entry.dataset) + "," + text(entry.account) + "," +
         whole(entry.amount.loss.units()) + "," + whole(delta / per_high) + "," +
         whole(delta % per_high) + "," + whole(entry.until) + "," + whole(entry.about) + "," +
         text(entry.words) + "," + text(entry.version) + "," + literal(entry.plan) + "," +
         literal(entry.digest) + "," + literal(entry.key) + "," + literal(entry.request) + "," +
         literal(entry.signature) + "," + literal(bytes_of(entry.curve)) + "," +
         literal(std::string(view_of(entry.hash))) + ")";
}

class Forgery : public testing::Test {
 protected:
  void SetUp() override {
    {
      Ledger owner = signed_books(path_, eps("1", "1e-6"));
      owner.grant({.account = {"visits", AccountName::Kind::project, "study"}, .cap = eps("0.5")})
          .value();
      owner.freeze(kAdas).value();
      owner.freeze(kAdas, false).value();
      Ledger ada = Ledger::open(path_, signer(kAdasKey), at(1010)).value();
      release(ada, ask("count", eps("0.25", "1e-7")), "a release");
      release(ada, ask("count", eps("0.25", "1e-7"), true), "another");
      EXPECT_FALSE(ada.freeze(kAdas));
      owner.revoke("bob").value();
    }
    log_ = log_of(path_);
    whole_ = contents(path_);
    ASSERT_EQ(found(log_), "");
  }

  /// What `verify` says of a file whose log is this one, all hashes made anew.
  std::string found(std::vector<LedgerEntry> log) {
    std::string sql = "PRAGMA foreign_keys = OFF; DELETE FROM chain;";
    Digest before{};
    for (LedgerEntry& entry : log) {
      entry.hash = before = entry.hash_after(before);
      sql += "INSERT INTO chain VALUES " + literal(entry) + ";";
    }
    scratch_.file("l", whole_);
    tamper(path_, sql);
    return failure(Ledger::open(path_, "anybody", at(2000)).value().verify());
  }

  std::string not_signed(std::int64_t number) const {
    return path_ + ": entry " + std::to_string(number) +
           " is not signed by who it says has done it, or for something else";
  }

  /// The last entry of this kind.
  LedgerEntry& last(std::vector<LedgerEntry>& log, const std::string& kind) const {
    for (auto entry = log.rbegin(); entry != log.rend(); ++entry)
      if (entry->kind == kind) return *entry;
    ADD_FAILURE() << kind;
    return log.front();
  }

  const Scratch scratch_;
  const std::string path_ = scratch_.path("l");
  std::vector<LedgerEntry> log_;
  std::string whole_;
};

TEST_F(Forgery, NoFieldOfASignedEntryIsChangedThoughAllHashesAreMadeAnew) {
  using Change = std::function<void(LedgerEntry&)>;
  const std::map<std::string, Change> changes = {
      {"kind", [](LedgerEntry& e) { e.kind = e.kind == "freeze" ? "thaw" : "freeze"; }},
      {"actor", [](LedgerEntry& e) { e.actor = e.actor == "ada" ? "owner" : "ada"; }},
      {"dataset", [](LedgerEntry& e) { e.dataset += 'x'; }},
      {"account", [](LedgerEntry& e) { e.account += 'x'; }},
      {"loss", [](LedgerEntry& e) { e.amount.loss = e.amount.loss + *LossAmount::of_units(1); }},
      {"delta",
       [](LedgerEntry& e) { e.amount.delta = e.amount.delta + *DeltaAmount::of_units(1); }},
      {"until", [](LedgerEntry& e) { e.until -= 1; }},
      {"about", [](LedgerEntry& e) { e.about += 1; }},
      {"words", [](LedgerEntry& e) { e.words += 'x'; }},
      {"version", [](LedgerEntry& e) { e.version += 'x'; }},
      {"plan", [](LedgerEntry& e) { e.plan += 'x'; }},
      {"digest", [](LedgerEntry& e) { e.digest += 'x'; }},
      {"key", [](LedgerEntry& e) { e.key = public_key(9).bytes(); }},
      {"curve", [](LedgerEntry& e) { e.curve.push_back({}); }},
      {"request", [](LedgerEntry& e) { e.request.back() ^= 1; }},
      {"signature", [](LedgerEntry& e) { e.signature[5] ^= 1; }},
      {"late", [](LedgerEntry& e) { e.time += 301; }},
      {"early", [](LedgerEntry& e) { e.time -= 86400; }}};
  for (const LedgerEntry& entry : log_)
    for (const auto& [field, change] : changes) {
      if (entry.kind == "refuse" && field != "request" && field != "signature" && field != "actor")
        continue;  // the words of a refusal are the ledger's own
      std::vector<LedgerEntry> forged = log_;
      change(forged[static_cast<std::size_t>(entry.number)]);
      EXPECT_NE(found(forged).find("entry " + std::to_string(entry.number) + " is no"),
                std::string::npos)
          << entry.kind << ' ' << entry.number << ' ' << field << ": " << found(forged);
    }
}

TEST_F(Forgery, NoEntryIsLeftOutBeforeASignedOne) {
  for (std::size_t i = 0; i + 1 < log_.size(); ++i) {
    std::vector<LedgerEntry> forged = log_;
    forged.erase(forged.begin() + static_cast<std::ptrdiff_t>(i));
    for (std::size_t j = i; j < forged.size(); ++j) forged[j].number -= 1;
    if (i == 0) continue;  // whose place another would have to take
    EXPECT_EQ(found(forged), not_signed(static_cast<std::int64_t>(i))) << i;
  }
}

TEST_F(Forgery, NoTwoEntriesChangePlaces) {
  for (std::size_t i = 1; i + 1 < log_.size(); ++i) {
    std::vector<LedgerEntry> forged = log_;
    std::swap(forged[i], forged[i + 1]);
    std::swap(forged[i].number, forged[i + 1].number);
    EXPECT_EQ(found(forged), not_signed(static_cast<std::int64_t>(i))) << i;
  }
}

TEST_F(Forgery, NoSignedEntryIsPutInTwice) {
  for (const LedgerEntry& entry : log_) {
    std::vector<LedgerEntry> forged = log_;
    forged.push_back(entry);
    forged.back().number = std::ssize(log_);
    forged.back().time = log_.back().time;
    EXPECT_EQ(found(forged), not_signed(std::ssize(log_))) << entry.kind;
  }
}

TEST_F(Forgery, NobodyActsByAnotherMembersSignature) {
  const auto signed_by = [&](unsigned char number, LedgerEntry entry, std::int64_t sequence) {
    const LedgerRequest request{
        .ledger = log_.front().hash,
        .head = log_.back().hash,
        .actor = entry.actor,
        .sequence = sequence,
        .nonce = {99},
        .expires = 1300,
        .statement =
            Wish{.entry = entry, .measure = entry.kind == "grant" ? "epsilon" : ""}.statement()};
    const SignedRequest sent = signer(number).sign(request);
    entry.request = sent.bytes;
    entry.signature = view_of(sent.signature);
    entry.number = std::ssize(log_);
    entry.time = 1010;
    std::vector<LedgerEntry> forged = log_;
    forged.push_back(entry);
    return found(forged);
  };
  LedgerEntry more = last(log_, "grant");
  more.account = "analyst ada";
  more.words = "";
  more.amount = LedgerCost::allowed(eps("0.9", "1e-6")).value().amount;
  more.actor = "owner";
  const std::string by_owner = signed_by(kOwnersKey, more, 50);
  EXPECT_EQ(by_owner, path_ +
                          ": the budget of analyst 'ada' of 'visits' is not what the log makes "
                          "of it")
      << "the log itself is sound";
  EXPECT_EQ(signed_by(kAdasKey, more, 50), not_signed(std::ssize(log_)));
  more.actor = "ada";
  EXPECT_EQ(signed_by(kAdasKey, more, 50),
            path_ + ": entry " + std::to_string(log_.size()) +
                " is none that a ledger would have written after those before")
      << "ada signs, and may not grant";
  more.actor = "bob";
  EXPECT_EQ(signed_by(kBobsKey, more, 50), not_signed(std::ssize(log_))) << "bob's key was revoked";
}

TEST_F(Forgery, AKeyThatTheLogDoesNotGiveIsFound) {
  const std::string said =
      path_ + ": the keys, or how often they were used, are not what the log says";
  const auto after = [&](const std::string& sql) {
    scratch_.file("l", whole_);
    tamper(path_, sql);
    return failure(Ledger::open(path_, "anybody", at(2000)).value().verify());
  };
  EXPECT_EQ(after("UPDATE member SET public_key = " + literal(std::string(public_key(9).bytes())) +
                  " WHERE name = 'owner'"),
            said);
  EXPECT_EQ(after("UPDATE member SET sequence = 1 WHERE name = 'owner'"), said);
  EXPECT_EQ(after("UPDATE member SET public_key = " +
                  literal(std::string(public_key(kBobsKey).bytes())) + " WHERE name = 'bob'"),
            said);
}

TEST_F(Forgery, ALongRowOfStrangersIsNoneThatALedgerWrites) {
  std::vector<LedgerEntry> forged = log_;
  LedgerEntry stranger;
  stranger.kind = "refuse";
  stranger.actor = "mallory";
  stranger.time = 1010;
  for (int i = 0; i < 17; ++i) {
    stranger.number = std::ssize(forged);
    EXPECT_EQ(found(forged), "") << i;
    forged.push_back(stranger);
  }
  EXPECT_EQ(found(forged), not_signed(std::ssize(forged) - 1));
}

}  // namespace
}  // namespace sfumato
