#include "sfumato/ledger/entry.h"

#include "ledger/books.h"
#include "ledger/canonical.h"

namespace sfumato {
namespace {

LedgerEntry example() {
  return {.number = 3,
          .time = 1'700'000'000,
          .kind = "charge",
          .actor = "ada",
          .dataset = "visits",
          .account = "analyst ada",
          .amount = LedgerCost::charged(eps("0.5", "1e-6")).value().amount,
          .until = 0,
          .about = 2,
          .words = "count",
          .version = "v1",
          .plan = "plan",
          .digest = std::string("\x01\x02"),
          .key = "key",
          .request = "request",
          .signature = "signature",
          .curve = {*LossAmount::at_least(0.25), *LossAmount::at_least(3.0)},
          .hash = {}};
}

// Python's hashlib and struct, over the form that docs/proofs/ledger/chain.md writes down.
TEST(LedgerEntry, HashesItsCanonicalBytesBySha256) {
  EXPECT_EQ(hexadecimal(example().hash_after({})),
            "bdc4494f1179ff13297f69f279da552e81ed47a5c77f040057001b4dd26d67bb");
}

TEST(LedgerEntry, AnyFieldChangesItsHash) {
  const Digest hash = example().hash_after({});
  const auto differs = [&](auto change) {
    LedgerEntry changed = example();
    change(changed);
    return changed.hash_after({}) != hash;
  };
  EXPECT_TRUE(differs([](LedgerEntry& e) { ++e.number; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { ++e.time; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.kind = "grant"; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.actor = "bob"; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.dataset = "visit"; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.account = ""; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.amount.loss = {}; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.amount.delta = {}; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { ++e.until; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { ++e.about; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.words += ' '; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.version = ""; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.plan += '\0'; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.digest[0] = 2; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.key = ""; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.request += 's'; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.signature[8] = 's'; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.curve[1] = {}; }));
  EXPECT_TRUE(differs([](LedgerEntry& e) { e.curve.pop_back(); }));
  EXPECT_FALSE(differs([](LedgerEntry& e) { e.hash[0] = 1; }));
  Digest before{};
  before[31] = 1;
  EXPECT_NE(example().hash_after(before), hash);
}

TEST(LedgerEntry, WordsDoNotFlowFromOneFieldIntoTheNext) {
  LedgerEntry one = example(), two = example();
  one.words = "ab", one.version = "c";
  two.words = "a", two.version = "bc";
  EXPECT_NE(one.hash_after({}), two.hash_after({}));
}

// NIST: FIPS 180-2, appendix B.1 ("abc"), and the digest of nothing.
TEST(Sha256, AnswersTheStandardsExamples) {
  EXPECT_EQ(hexadecimal(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hexadecimal(sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Canonical, WritesMostSignificantBytesFirstAndLengthsBeforeTexts) {
  const Canonical form = Canonical("f").add(std::int64_t{-2}).add(uint128{258}).add("xy");
  EXPECT_EQ(hexadecimal(form.bytes()),
            "000000000000000166"
            "fffffffffffffffe"
            "00000000000000000000000000000102"
            "00000000000000027879");
}

TEST(LedgerHead, IsReadAsItIsWritten) {
  LedgerHead head{117, sha256("abc")};
  EXPECT_EQ(head.to_string(),
            "117:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(LedgerHead::parse(head.to_string()).value(), head);
}

TEST(LedgerHead, RefusesAllOtherTexts) {
  const std::string good = LedgerHead{117, sha256("abc")}.to_string();
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(LedgerHead::parse(good.substr(0, i)));
    std::string wrong = good;
    wrong[i] = 'x';
    EXPECT_FALSE(LedgerHead::parse(wrong)) << wrong;
  }
  for (const std::string& text :
       {good + "0", " " + good, "-" + good, good.substr(3), "1" + good.substr(3) + "\n",
        std::string("99999999999999999999") + good.substr(3)})
    EXPECT_FALSE(LedgerHead::parse(text)) << text;
}

}  // namespace
}  // namespace sfumato
