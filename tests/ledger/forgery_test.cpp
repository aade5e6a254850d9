// What who can write the file can't do to a log that is signed.
#include <functional>
#include <map>
#include <vector>

#include "ledger/canonical.h"
#include "ledger/chain.h"
#include "ledger/members.h"
#include "ledger/renyi_books.h"
#include "ledger/shelf.h"
#include "ledger/wish.h"

namespace sfumato {
namespace {

class Forgery : public OnEachStore {
 protected:
  void SetUp() override {
    OnEachStore::SetUp();
    if (IsSkipped()) return;
    {
      Ledger owner = signed_books(path("whole"), eps("1", "1e-6"));
      owner.grant({.account = {"visits", AccountName::Kind::project, "study"}, .cap = eps("0.5")})
          .value();
      owner.freeze(kAdas).value();
      owner.freeze(kAdas, false).value();
      Ledger ada = Ledger::open(path("whole"), signer(kAdasKey), at(1010)).value();
      release(ada, ask("count", eps("0.25", "1e-7")), "a release");
      release(ada, ask("count", eps("0.25", "1e-7"), true), "another");
      ada.reidentifies({.ring = "ring", .columns = "name", .plan = "by tokens", .rows = 7}).value();
      EXPECT_FALSE(ada.freeze(kAdas));
      owner.add_dataset("trials", renyi({16.0, 64.0}, 2.0, exact("2e-5"))).value();
      SpendRequest trial = ask("trial", eps("0.25", "1e-7"));
      trial.dataset = "trials";
      release(owner, trial, "a third");
      owner.revoke("bob").value();
    }
    log_ = log_of(path("whole"));
    ASSERT_EQ(found(log_), "");
  }

  /// What `verify` says after `sql`.
  std::string after(const std::string& sql) {
    shelf_->copy("whole", "l");
    shelf_->tamper("l", sql);
    return failure(Ledger::open(path("l"), "anybody", at(2000)).value().verify());
  }

  /// What it says of a ledger whose log is this one, all hashes made anew.
  std::string found(std::vector<LedgerEntry> log) {
    std::string sql = "DELETE FROM chain;";
    Digest before{};
    for (LedgerEntry& entry : log) {
      entry.hash = before = entry.hash_after(before);
      sql += "INSERT INTO chain VALUES " + literal(entry) + ";";
    }
    return after(sql);
  }

  std::string literal(std::string_view bytes) const { return shelf_->blob(hexadecimal(bytes)); }
  std::string text(const std::string& bytes) const { return shelf_->text(hexadecimal(bytes)); }

  std::string literal(const LedgerEntry& entry) const {
    const auto whole = [](auto number) {
      return std::to_string(static_cast<std::int64_t>(number)) + ",";
    };
    const uint128 delta = entry.amount.delta.units(), per_high = 1'000'000'000'000'000;
    std::string row = "(" + whole(entry.number) + whole(entry.time);
    for (const std::string* one : {&entry.kind, &entry.actor, &entry.dataset, &entry.account})
      row += text(*one) + ",";
    row += whole(entry.amount.loss.units()) + whole(delta / per_high) + whole(delta % per_high) +
           whole(entry.until) + whole(entry.about);
    row += text(entry.words) + "," + text(entry.version) + ",";
    for (const std::string* one :
         {&entry.plan, &entry.digest, &entry.key, &entry.request, &entry.signature})
      row += literal(*one) + ",";
    return row + literal(bytes_of(entry.curve)) + "," + literal(view_of(entry.hash)) + ")";
  }

  /// Every one of many, but every seventh where the gate has no time for a server.
  bool is_looked_at(int forgery) const {
    return GetParam() == std::string("sqlite") || forgery % times(7, 1) == 0;
  }

  std::string not_signed(std::int64_t number) const {
    return said("l") + ": entry " + std::to_string(number) +
           " is not signed by who it says has done it, or for something else";
  }

  /// The last entry of this kind.
  LedgerEntry& last(std::vector<LedgerEntry>& log, const std::string& kind) const {
    for (auto entry = log.rbegin(); entry != log.rend(); ++entry)
      if (entry->kind == kind) return *entry;
    ADD_FAILURE() << kind;
    return log.front();
  }

  std::vector<LedgerEntry> log_;
};

INSTANTIATE_TEST_SUITE_P(Stores, Forgery, testing::ValuesIn(kStores), name_of_store);

TEST_P(Forgery, NoFieldOfASignedEntryIsChangedThoughAllHashesAreMadeAnew) {
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
  int forgeries = 0;
  for (const LedgerEntry& entry : log_)
    for (const auto& [field, change] : changes) {
      if (!is_looked_at(forgeries++)) continue;
      if (entry.kind == "refuse" && field != "request" && field != "signature" && field != "actor")
        continue;  // the words of a refusal are the ledger's own
      std::vector<LedgerEntry> forged = log_;
      change(forged[static_cast<std::size_t>(entry.number)]);
      EXPECT_NE(found(forged).find("entry " + std::to_string(entry.number) + " is no"),
                std::string::npos)
          << entry.kind << ' ' << entry.number << ' ' << field << ": " << found(forged);
    }
}

TEST_P(Forgery, NoEntryIsLeftOutBeforeASignedOne) {
  for (std::size_t i = 0; i + 1 < log_.size(); ++i) {
    std::vector<LedgerEntry> forged = log_;
    forged.erase(forged.begin() + static_cast<std::ptrdiff_t>(i));
    for (std::size_t j = i; j < forged.size(); ++j) forged[j].number -= 1;
    if (i == 0) continue;  // whose place another would have to take
    EXPECT_EQ(found(forged), not_signed(static_cast<std::int64_t>(i))) << i;
  }
}

TEST_P(Forgery, NoTwoEntriesChangePlaces) {
  for (std::size_t i = 1; i + 1 < log_.size(); ++i) {
    std::vector<LedgerEntry> forged = log_;
    std::swap(forged[i], forged[i + 1]);
    std::swap(forged[i].number, forged[i + 1].number);
    EXPECT_EQ(found(forged), not_signed(static_cast<std::int64_t>(i))) << i;
  }
}

TEST_P(Forgery, NoSignedEntryIsPutInTwice) {
  for (const LedgerEntry& entry : log_) {
    std::vector<LedgerEntry> forged = log_;
    forged.push_back(entry);
    forged.back().number = std::ssize(log_);
    forged.back().time = log_.back().time;
    EXPECT_EQ(found(forged), not_signed(std::ssize(log_))) << entry.kind;
  }
}

TEST_P(Forgery, NobodyActsByAnotherMembersSignature) {
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
  EXPECT_EQ(by_owner, said("l") +
                          ": the budget of analyst 'ada' of 'visits' is not what the log makes "
                          "of it")
      << "the log itself is sound";
  EXPECT_EQ(signed_by(kAdasKey, more, 50), not_signed(std::ssize(log_)));
  more.actor = "ada";
  EXPECT_EQ(signed_by(kAdasKey, more, 50),
            said("l") + ": entry " + std::to_string(log_.size()) +
                " is none that a ledger would have written after those before")
      << "ada signs, and may not grant";
  LedgerEntry opened = last(log_, "reidentify");
  opened.actor = "owner";
  EXPECT_EQ(signed_by(kOwnersKey, opened, 50),
            said("l") + ": the keys, or how often they were used, are not what the log says")
      << "the log itself is sound";
  EXPECT_EQ(signed_by(kAdasKey, opened, 50), not_signed(std::ssize(log_)));
  opened.actor = "eve";
  EXPECT_EQ(signed_by(kEvesKey, opened, 50),
            said("l") + ": entry " + std::to_string(log_.size()) +
                " is none that a ledger would have written after those before")
      << "eve signs, and may not reidentify";
  more.actor = "bob";
  EXPECT_EQ(signed_by(kBobsKey, more, 50), not_signed(std::ssize(log_))) << "bob's key was revoked";
}

TEST_P(Forgery, AKeyThatTheLogDoesNotGiveIsFound) {
  const std::string named =
      said("l") + ": the keys, or how often they were used, are not what the log says";
  EXPECT_EQ(after("UPDATE member SET public_key = " + literal(public_key(9).bytes()) +
                  " WHERE name = 'owner'"),
            named);
  EXPECT_EQ(after("UPDATE member SET sequence = 1 WHERE name = 'owner'"), named);
  EXPECT_EQ(after("UPDATE member SET public_key = " + literal(public_key(kBobsKey).bytes()) +
                  " WHERE name = 'bob'"),
            named);
}

TEST_P(Forgery, ALongRowOfStrangersIsNoneThatALedgerWrites) {
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
