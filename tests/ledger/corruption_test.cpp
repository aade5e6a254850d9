// What a changed file is found out by.
#include <vector>

#include "ledger/books.h"
#include "ledger/shelf.h"

namespace sfumato {
namespace {

/// A ledger with an entry of each kind.
void write_books(const std::string& path) {
  Ledger ledger = books(path, eps("1", "1e-6"));
  ledger.grant({.account = {"visits", AccountName::Kind::project, "study"}, .cap = eps("0.5")})
      .value();
  const AccountName ada{"visits", AccountName::Kind::analyst, "ada"};
  ledger.grant({.account = ada, .cap = eps("0.5", "1e-7"), .until = 9999, .project = "study"})
      .value();
  ledger.freeze(ada).value();
  ledger.freeze(ada, false).value();
  release(ledger, ask("count", eps("0.5", "1e-7")), "a release");
  ASSERT_TRUE(is_reserved(ledger.spend(ask("mean", eps("0.25", "3e-8")))));
  EXPECT_FALSE(Ledger::open(path, "mallory", at(1000)).value().spend(ask("x", eps("0.1"))));
  ledger.reidentifies({.ring = "ring", .columns = "name", .plan = "by tokens", .rows = 7}).value();
}

/// What opening and verifying says; empty where it finds nothing wrong.
std::string found(const std::string& path) {
  Result<Ledger> ledger = Ledger::open(path, "owner", at(1000));
  return ledger ? failure(ledger->verify()) : failure(ledger);
}

class Corruption : public OnEachStore {
 protected:
  void SetUp() override {
    OnEachStore::SetUp();
    if (IsSkipped()) return;
    write_books(path("whole"));
    ASSERT_EQ(found(path("whole")), "");
  }

  /// What is found in the whole ledger after `sql`, which no ledger would run.
  std::string found_after(const std::string& sql) {
    shelf_->copy("whole", "l");
    shelf_->tamper("l", sql);
    return found(path("l"));
  }

  /// Every byte, but every sixteenth where the gate has no time for a server.
  std::size_t step() const {
    return GetParam() == std::string("sqlite") ? 1 : static_cast<std::size_t>(times(16, 1));
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, Corruption, testing::ValuesIn(kStores), name_of_store);

TEST_P(Corruption, AnyChangedByteOfATextNamesItsEntry) {
  for (const char* column :
       {"kind", "actor", "dataset", "account", "words", "version", "plan", "digest", "hash"}) {
    const bool blob = column == std::string("plan") || column == std::string("digest") ||
                      column == std::string("hash");
    const auto rows = shelf_->cells("whole", "SELECT number, " + shelf_->digits_of(column, blob) +
                                                 " FROM chain WHERE length(" + column + ") > 0");
    ASSERT_FALSE(rows.empty()) << column;
    for (std::size_t row = 0; row < rows.size(); row += 2)
      for (std::size_t digit = 0; digit < rows[row + 1].size(); digit += 2 * step()) {
        std::string changed = rows[row + 1];
        changed[digit + 1] = changed[digit + 1] == '0' ? '1' : '0';
        const std::string value = blob ? shelf_->blob(changed) : shelf_->text(changed);
        const std::string told = found_after(std::string("UPDATE chain SET ") + column + " = " +
                                             value + " WHERE number = " + rows[row]);
        EXPECT_EQ(told, said("l") + ": entry " + rows[row] +
                            " is not as it was written: its hash does not follow from it and those "
                            "before")
            << column;
      }
  }
}

TEST_P(Corruption, AnyChangedByteOfANumberNamesItsEntry) {
  const int entries = std::stoi(shelf_->cells("whole", "SELECT count(*) FROM chain").front());
  for (const char* column : {"time", "loss", "delta", "delta_rest", "until", "about"})
    for (int entry = 0; entry < entries; ++entry)
      for (std::size_t byte = 0; byte < 8; byte += step()) {
        const std::string bit = std::to_string(std::int64_t{1} << (8 * byte));
        const std::string told = found_after(std::string("UPDATE chain SET ") + column + " = (" +
                                             column + " | " + bit + ") - (" + column + " & " + bit +
                                             ") WHERE number = " + std::to_string(entry));
        EXPECT_NE(told.find("entry " + std::to_string(entry) + " is not as it was written"),
                  told.npos)
            << column << " byte " << byte << ": " << told;
      }
}

TEST_P(Corruption, AnEntryThatIsDroppedOrPutInOrMovedIsNamed) {
  EXPECT_EQ(found_after("DELETE FROM chain WHERE number = 3"), said("l") + ": entry 3 is missing");
  EXPECT_EQ(found_after("DELETE FROM chain"), said("l") + ": entry 0 is missing");
  EXPECT_EQ(
      found_after("INSERT INTO chain SELECT 99, time, kind, actor, dataset, account, loss,"
                  " delta, delta_rest, until, about, words, version, plan, digest, public_key,"
                  " request, signature, curve, hash"
                  " FROM chain WHERE number = 3"),
      said("l") + ": entry 12 is missing");
  EXPECT_EQ(found_after("UPDATE chain SET number = 100 WHERE number = 4;"
                        "UPDATE chain SET number = 4 WHERE number = 5;"
                        "UPDATE chain SET number = 5 WHERE number = 100"),
            said("l") +
                ": entry 4 is not as it was written: its hash does not follow from it and those "
                "before");
}

TEST_P(Corruption, TheLastEntriesCannotBeDroppedWithoutATrace) {
  EXPECT_EQ(found_after("DELETE FROM chain WHERE number >= 9"),
            said("l") + ": the budget of dataset 'visits' is not what the log makes of it");
}

TEST_P(Corruption, ABudgetThatTheLogDoesNotMakeIsNamed) {
  const std::string dataset =
      said("l") + ": the budget of dataset 'visits' is not what the log makes of it";
  for (const char* change : {"loss = loss - 1", "loss_cap = loss_cap + 1", "delta = 0",
                             "delta_rest = 1", "delta_cap = delta_cap * 2", "delta_rest_cap = 1",
                             "frozen = 1", "until = 5", "measure = 1"})
    EXPECT_EQ(found_after(std::string("UPDATE account SET ") + change + " WHERE kind = 0"), dataset)
        << change;
  EXPECT_EQ(
      found_after("UPDATE account SET parent = 1 WHERE name = 'ada'"),
      said("l") + ": the budget of analyst 'ada' of 'visits' is not what the log makes of it");
  EXPECT_EQ(found_after("DELETE FROM account WHERE name = 'ada'"),
            said("l") + ": a budget that the log speaks of is missing");
  EXPECT_EQ(
      found_after("UPDATE account SET name = 'eve' WHERE name = 'ada'"),
      said("l") + ": the budget of analyst 'eve' of 'visits' is not what the log makes of it");
}

TEST_P(Corruption, ARoleThatTheLogDoesNotGiveIsNamed) {
  const std::string told = said("l") + ": the roles are not what the log says";
  EXPECT_EQ(found_after("INSERT INTO member(name, role, sequence) VALUES ('mallory', 'owner', 0)"),
            told);
  EXPECT_EQ(found_after("UPDATE member SET role = 'owner' WHERE name = 'ada'"), told);
  EXPECT_EQ(found_after("DELETE FROM member WHERE name = 'ada'"), told);
}

TEST_P(Corruption, AnotherReleaseThanTheStoredOneIsNamed) {
  const std::string told = said("l") + ": charge 6 or its release is not what the log makes of it";
  EXPECT_EQ(found_after("UPDATE charge SET release = " + shelf_->blob("61") + " WHERE number = 6"),
            told);
  EXPECT_EQ(found_after("UPDATE charge SET state = 1 WHERE number = 6"), told);
  EXPECT_EQ(found_after("UPDATE charge SET state = 0, release = NULL WHERE number = 6"), told);
  EXPECT_EQ(found_after("UPDATE charge SET plan = " + shelf_->blob("61") + " WHERE number = 6"),
            told);
  EXPECT_EQ(found_after("UPDATE charge SET attempt = 1 WHERE number = 6"), told);
  EXPECT_EQ(found_after("UPDATE charge SET account = 2 WHERE number = 6"), told);
  EXPECT_EQ(found_after("DELETE FROM charge WHERE number = 9"),
            said("l") + ": a charge that the log speaks of is missing");
}

/// All that a reader of the ledger is told, in words.
std::string told(const std::string& path) {
  Result<Ledger> ledger = Ledger::open(path, "owner", at(1000));
  if (!ledger) return failure(ledger);
  std::string all;
  const Status read = ledger->each_entry([&](const LedgerEntry& entry) {
    all += std::to_string(entry.number) + entry.kind + entry.actor + entry.account + entry.words +
           entry.plan + entry.amount.loss.to_string() + hexadecimal(entry.hash) + "\n";
  });
  if (!read) return failure(read);
  const auto accounts = ledger->accounts();
  if (!accounts) return failure(accounts);
  for (const LedgerAccount& one : *accounts)
    all += one.name.to_string() + one.left().to_string() + std::to_string(one.until) + "\n";
  const auto release = ledger->release_of(6);
  return release ? all + release->bytes : failure(release);
}

class FileCorruption : public testing::Test {
 protected:
  void SetUp() override { write_books(whole_); }

  const Scratch scratch_;
  const std::string whole_ = scratch_.path("whole"), path_ = scratch_.path("l");
};

TEST_F(FileCorruption, NoByteOfTheFileChangesWhatIsToldUnnoticed) {
  const std::string bytes = contents(whole_), right = told(whole_);
  std::size_t noticed = 0, looked = 0;
  for (std::size_t place = 0; place < bytes.size();
       place += static_cast<std::size_t>(times(41, 1))) {
    std::string changed = bytes;
    changed[place] = static_cast<char>(changed[place] ^ (1 << place % 8));
    scratch_.file("l", changed);
    std::filesystem::remove(path_ + "-wal");
    std::filesystem::remove(path_ + "-shm");
    const bool fault = !found(path_).empty();
    noticed += fault;
    ++looked;
    if (fault) continue;
    // The name of a column that `verify` does not need may be another: then a sentence says so.
    const std::string now = told(path_);
    if (now.find(path_ + ": cannot be used: no such column") == 0) continue;
    EXPECT_EQ(now, right) << "byte " << place;
  }
  EXPECT_GT(noticed, looked / 50);  // most bytes of so small a ledger hold nothing
}

TEST_F(FileCorruption, ATruncatedFileIsRefusedBySentences) {
  const std::string bytes = contents(whole_);
  for (std::size_t size = 0; size < bytes.size(); size += 997) {
    scratch_.file("l", bytes.substr(0, size));
    const std::string said = found(path_);
    EXPECT_TRUE(said == path_ + ": is no ledger: name one that `sfumato budget create` made" ||
                said == path_ +
                            ": is damaged: restore a backup, and compare its head with one that "
                            "was exported" ||
                said == path_ + ": is damaged outside its log: restore a backup" ||
                said == path_ + ": a charge that the log speaks of is missing")
        << size << ": " << said;
  }
}

}  // namespace
}  // namespace sfumato
