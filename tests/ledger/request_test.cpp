#include "sfumato/ledger/request.h"

#include <random>

#include "ledger/books.h"
#include "ledger/canonical.h"
#include "ledger/example_request.h"

namespace sfumato {
namespace {

// Python's hashlib and struct, over the form that docs/proofs/ledger/request.md writes down; the
// signature is that of the package `cryptography` 48.0.0.
TEST(LedgerRequest, HasTheBytesThatItsProofWritesDown) {
  EXPECT_EQ(hexadecimal(sha256(example_request().statement)),
            "1d1cbe2b64b1abd5bff6fb77f2ff04497e449bca78ffbd732b1b3c9d581666b6");
  EXPECT_EQ(hexadecimal(sha256(example_request().bytes())),
            "1f4ddc5a35e35e79ee162d42c44f536cd7af3aaaf24e733b129c9b4f60145c6c");
  Secret seed(32);
  for (unsigned char i = 0; unsigned char& byte : seed.bytes()) byte = i++;
  const LedgerSigner signer = LedgerSigner::of(SigningKey::from_seed(std::move(seed)).value());
  const SignedRequest sent = signer.sign(example_request());
  EXPECT_EQ(sent.bytes, example_request().bytes());
  EXPECT_EQ(
      hexadecimal(view_of(sent.signature)),
      "4298f3afed1aec988539d810c3e070b639d94d660ba00a8eee4dbbd7140e1ceb1e4ca698f968a475276e835d"
      "0dafbc2e458afcbb70a6ce803d278bde57c6320d");
  EXPECT_TRUE(signer.key.verifies(sent.bytes, view_of(sent.signature)));
}

TEST(LedgerRequest, IsReadAsItIsWritten) {
  EXPECT_EQ(LedgerRequest::parse(example_request().bytes()).value(), example_request());
  EXPECT_EQ(LedgerRequest::parse(LedgerRequest{}.bytes()).value(), LedgerRequest{});
}

TEST(LedgerRequest, IsNotReadFromOtherBytes) {
  const std::string bytes = example_request().bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(LedgerRequest::parse(bytes.substr(0, size))) << size;
  EXPECT_FALSE(LedgerRequest::parse(bytes + '\0'));
  EXPECT_FALSE(LedgerRequest::parse(Canonical("sfumato ledger entry 2").bytes()));
  std::string long_text = bytes;
  long_text[0] = '\x80';  // a negative length
  EXPECT_FALSE(LedgerRequest::parse(long_text));
  long_text[0] = '\x7f';
  EXPECT_FALSE(LedgerRequest::parse(long_text));
}

// Pieces cut, doubled and overwritten, always in the same way.
TEST(LedgerRequest, NoMutationIsReadAsAnythingButWhatItWouldBeWrittenAs) {
  std::mt19937 random(20240607);
  int taken = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string bytes = example_request().bytes();
    for (auto changes = 1 + random() % 3; changes > 0 && !bytes.empty(); --changes) {
      const std::size_t from = random() % bytes.size(), size = random() % 20;
      switch (random() % 3) {
        case 0:
          bytes[from] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(from, size);
          break;
        default:
          bytes.insert(from, bytes.substr(random() % bytes.size(), size));
      }
    }
    const auto request = LedgerRequest::parse(bytes);
    if (!request) continue;
    ++taken;
    EXPECT_EQ(request->bytes(), bytes);
  }
  EXPECT_GT(taken, 10'000);
}

TEST(Wish, SaysAllThatIsAskedAndNothingThatTheLedgerAloneKnows) {
  const std::string statement = example_wish().statement();
  const auto differs = [&](auto change) {
    Wish changed = example_wish();
    change(changed);
    return changed.statement() != statement;
  };
  EXPECT_TRUE(differs([](Wish& w) { w.entry.kind = "grant"; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.dataset = "visit"; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.amount.loss = {}; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.amount.delta = {}; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.until = 1; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.words = "sum"; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.version = "v2"; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.plan = "plan2"; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.key = "key"; }));
  EXPECT_TRUE(differs([](Wish& w) { w.entry.curve.pop_back(); }));
  EXPECT_TRUE(differs([](Wish& w) { w.measure = "rho"; }));
  EXPECT_TRUE(differs([](Wish& w) { w.charge[31] = 1; }));
  EXPECT_TRUE(differs([](Wish& w) { w.again = false; }));
  EXPECT_FALSE(differs([](Wish& w) { w.entry.account = "analyst ada"; }));
  EXPECT_FALSE(differs([](Wish& w) { w.entry.about = 1; }));
  EXPECT_FALSE(differs([](Wish& w) { w.entry.digest = "x"; }));
  EXPECT_FALSE(differs([](Wish& w) { w.entry.number = 1; }));
  EXPECT_FALSE(differs([](Wish& w) { w.entry.time = 1; }));
  Wish store;
  store.entry.kind = "store";
  for (const auto& change : std::vector<std::function<void(Wish&)>>{
           [](Wish& w) { w.entry.account = "a"; }, [](Wish& w) { w.entry.about = 1; },
           [](Wish& w) { w.entry.digest = "x"; }}) {
    Wish changed = store;
    change(changed);
    EXPECT_NE(changed.statement(), store.statement()) << "which who stores does know";
  }
}

}  // namespace
}  // namespace sfumato
