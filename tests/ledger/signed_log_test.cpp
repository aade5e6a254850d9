#include "ledger/signed_log.h"

#include <random>

#include "ledger/members.h"

namespace sfumato {
namespace {

/// A log of one owner, who freezes and freezes. Hashes are any: the log here asks of them only that each
/// request names the one before.
std::vector<LedgerEntry> long_log(std::int64_t entries) {
  const SigningKey key = key_number(kOwnersKey);
  std::vector<LedgerEntry> log;
  Digest ledger{}, head{};
  for (std::int64_t number = 0; number < entries; ++number) {
    LedgerEntry entry;
    entry.number = number;
    entry.actor = "owner";
    entry.kind = number == 0 ? "create" : "freeze";
    if (number == 0) entry.key = key.public_key().bytes();
    entry.request = LedgerRequest{.ledger = ledger,
                                  .head = head,
                                  .actor = "owner",
                                  .sequence = number + 1,
                                  .nonce = {},
                                  .expires = 300,
                                  .statement = Wish{.entry = entry}.statement()}
                        .bytes();
    entry.signature = view_of(key.sign(entry.request));
    entry.hash = {1, static_cast<unsigned char>(number % 256)};
    if (number == 0) ledger = entry.hash;
    head = entry.hash;
    log.push_back(entry);
  }
  return log;
}

/// The plain definition: one after the other.
std::optional<std::int64_t> first_unsigned_of(const std::vector<LedgerEntry>& log) {
  const PublicKey key = public_key(kOwnersKey);
  for (const LedgerEntry& entry : log)
    if (!key.verifies(entry.request, entry.signature)) return entry.number;
  return std::nullopt;
}

TEST(SignedLog, NamesTheFirstEntryThatIsNotSignedWhoeverLookedAtIt) {
  const std::vector<LedgerEntry> whole = long_log(65);
  std::mt19937 random(20240607);
  for (std::size_t bad = 0; bad < 40; ++bad) {
    std::vector<LedgerEntry> log = whole;
    for (std::size_t i = 0; i < bad; ++i) log[random() % log.size()].signature[7] ^= 1;
    SignedLog known;
    for (const LedgerEntry& entry : log)
      ASSERT_TRUE(known.is_signed(entry, {Wish{.entry = entry}})) << entry.number;
    EXPECT_EQ(known.waiting(), log.size());
    EXPECT_EQ(known.first_unsigned(), first_unsigned_of(log));
    EXPECT_EQ(known.waiting(), 0u);
    EXPECT_EQ(known.first_unsigned(), std::nullopt);
  }
}

TEST(SignedLog, LetsNoSignatureWaitForWhatNobodyAsked) {
  std::vector<LedgerEntry> log = long_log(3);
  log[2].dataset = "another";
  SignedLog known;
  EXPECT_TRUE(known.is_signed(log[0], {Wish{.entry = log[0]}}));
  EXPECT_TRUE(known.is_signed(log[1], {Wish{.entry = log[1]}}));
  EXPECT_FALSE(known.is_signed(log[2], {Wish{.entry = log[2]}}));
}

}  // namespace
}  // namespace sfumato
