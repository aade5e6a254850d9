// Who may ask what of a ledger that holds keys, and how it knows who asks.
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/gate.h"
#include "ledger/members.h"
#include "ledger/shelf.h"

namespace sfumato {
namespace {

class SignedLedger : public OnEachStore {
 protected:
  void SetUp() override {
    OnEachStore::SetUp();
    if (IsSkipped()) return;
    path_ = path("l");
    books_.emplace(signed_books(path_, eps("1")));
  }

  Ledger open(Courier& courier, std::int64_t second = 1000) const {
    return Ledger::open(path_, "ada", courier.signer(), at(second)).value();
  }

  /// What a refusal says, having looked that it changed nothing and was noted with that reason.
  std::string refusal(Ledger& ledger, const SpendRequest& request) {
    const std::string before = spent_of(*books_, kWhole);
    const Spent spent = ledger.spend(request);
    EXPECT_FALSE(spent);
    if (spent) return "granted";
    EXPECT_EQ(spent_of(*books_, kWhole), before);
    const LedgerEntry last = log_of(path_).back();
    EXPECT_EQ(last.kind, "refuse");
    EXPECT_EQ(last.words, spent.error().message);
    EXPECT_EQ(last.actor, "ada");
    EXPECT_EQ(last.signature, "") << "nobody is said to have signed for it";
    EXPECT_EQ(failure(books_->verify()), "");
    return failure(spent);
  }

  std::string path_;
  std::optional<Ledger> books_;
};

INSTANTIATE_TEST_SUITE_P(Stores, SignedLedger, testing::ValuesIn(kStores), name_of_store);

TEST_P(SignedLedger, GrantsWhatItsMembersSignFor) {
  Ledger ada = Ledger::open(path_, signer(kAdasKey), at(1000)).value();
  EXPECT_TRUE(ada.holds_keys());
  EXPECT_EQ(release(ada, ask("a", eps("0.25")), "bytes"), "bytes");
  EXPECT_EQ(release(ada, ask("a", eps("0.25")), "others"), "bytes");
  EXPECT_EQ(release(ada, ask("a", eps("0.25"), true), "more"), "more");
  EXPECT_EQ(spent_of(*books_, kAdas), "ε = 0.5");
  for (const LedgerEntry& entry : log_of(path_)) EXPECT_EQ(entry.signature.size(), 64u);
  EXPECT_EQ(failure(books_->verify()), "");
}

TEST_P(SignedLedger, ReplayedRequestsAreRefused) {
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier);
  ASSERT_TRUE(is_reserved(ada.spend(ask("a", eps("0.1"), true))));
  courier.instead = [&](const LedgerRequest&) { return courier.sent.front(); };
  EXPECT_EQ(refusal(ada, ask("a", eps("0.1"), true)), "ada: sent a request that was sent before");
}

TEST_P(SignedLedger, ReplayedRequestsAreRefusedEvenWhereTheyWereRefusedAtFirst) {
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier);
  EXPECT_FALSE(ada.spend(ask("a", eps("2"))));
  books_->add_dataset("more", eps("9")).value();
  EXPECT_FALSE(
      ada.spend({.dataset = "more", .version = "", .plan = "a", .title = "", .cost = eps("2")}));
  books_->grant({.account = {"more", AccountName::Kind::analyst, "ada"}, .cap = eps("9")}).value();
  courier.instead = [&](const LedgerRequest&) { return courier.sent[1]; };
  const Spent spent =
      ada.spend({.dataset = "more", .version = "", .plan = "a", .title = "", .cost = eps("2")});
  EXPECT_EQ(failure(spent), "ada: sent a request that was sent before");
}

TEST_P(SignedLedger, ExpiredRequestsAreRefused) {
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier);
  std::int64_t expires = 0;
  courier.instead = [&](LedgerRequest request) {
    request.expires = expires;
    return courier.own.sign(request);
  };
  for (expires = 999; expires <= 1000; ++expires)
    EXPECT_EQ(refusal(ada, ask("a", eps("0.1"))),
              "ada: signed a request that has expired: sign it anew");
  EXPECT_TRUE(is_reserved(ada.spend(ask("a", eps("0.1"))))) << "good for a second";
  expires = 1000 + kLongestLife + 1;
  EXPECT_EQ(refusal(ada, ask("b", eps("0.1"))),
            "ada: signed a request that is good for more than a day: let it expire earlier");
  expires = 1000 + kLongestLife;
  EXPECT_TRUE(is_reserved(ada.spend(ask("b", eps("0.1")))));
}

TEST_P(SignedLedger, ExpiredRequestsAreRefusedByAClockThatIsSetBack) {
  {
    Ledger late = Ledger::open(path_, signer(kOwnersKey), at(5000)).value();
    late.freeze(kAdas, false).value();
  }
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier, 1000);
  courier.instead = [&](LedgerRequest request) {
    EXPECT_EQ(request.expires, 5000 + kUsualLife) << "the ledger's own time";
    request.expires = 2000;
    return courier.own.sign(request);
  };
  EXPECT_EQ(refusal(ada, ask("a", eps("0.1"))),
            "ada: signed a request that has expired: sign it anew");
}

TEST_P(SignedLedger, ReOrderedRequestsAreRefused) {
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier);
  std::int64_t skipped = 1;
  courier.instead = [&](LedgerRequest request) {
    request.sequence += skipped;
    return courier.own.sign(request);
  };
  EXPECT_EQ(refusal(ada, ask("b", eps("0.1"))), "ada: sent its request 2, where 1 is next");
  skipped = 0;
  EXPECT_TRUE(is_reserved(ada.spend(ask("a", eps("0.1")))));
  skipped = -1;
  EXPECT_EQ(refusal(ada, ask("b", eps("0.1"))), "ada: sent its request 1, where 2 is next");
}

TEST_P(SignedLedger, RequestsThatWereSignedForAnEarlierLogAreRefused) {
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier);
  const Digest before = books_->head().value().hash;
  books_->freeze(kAdas, false).value();
  courier.instead = [&](LedgerRequest request) {
    request.head = before;
    return courier.own.sign(request);
  };
  EXPECT_EQ(refusal(ada, ask("a", eps("0.1"))),
            "ada: signed for a ledger that has gone on since: sign anew");
}

TEST_P(SignedLedger, ForeignKeyRequestsAreRefused) {
  const std::string no =
      "ada: signed by another key than its own, or what was signed has been changed";
  for (const unsigned char key : {kBobsKey, kOwnersKey, kNobodysKey}) {
    Courier courier{signer(key)};
    Ledger ada = open(courier);
    EXPECT_EQ(refusal(ada, ask("a", eps("0.1"))), no);
  }
  Ledger nobody = Ledger::open(path_, signer(kNobodysKey), at(1000)).value();
  EXPECT_EQ(failure(nobody.spend(ask("a", eps("0.1")))),
            public_key(kNobodysKey).fingerprint() +
                ": has no key in this ledger: an owner can admit one");
  EXPECT_EQ(log_of(path_).back().actor, public_key(kNobodysKey).fingerprint());
}

TEST_P(SignedLedger, UnsignedRequestsAreRefused) {
  Ledger ada = Ledger::open(path_, "ada", at(1000)).value();
  EXPECT_EQ(refusal(ada, ask("a", eps("0.1"))),
            "ada: must sign what it asks, since this ledger holds keys: give --key FILE");
  EXPECT_FALSE(ada.accounts());
  EXPECT_TRUE(ada.head());
  EXPECT_TRUE(ada.verify());
}

TEST_P(SignedLedger, AlteredByOneBitRequestsAreRefused) {
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier);
  std::size_t bit = 0, bits = 0;
  const std::size_t step = GetParam() == std::string("sqlite") ? 1 : 7;  // a server takes its time
  courier.instead = [&](const LedgerRequest& request) {
    SignedRequest sent = courier.own.sign(request);
    bits = 8 * (sent.bytes.size() + sent.signature.size());
    const auto flip = static_cast<unsigned char>(1 << bit % 8);
    if (const std::size_t byte = bit / 8; byte < sent.bytes.size())
      sent.bytes[byte] = static_cast<char>(sent.bytes[byte] ^ flip);
    else
      sent.signature[byte - sent.bytes.size()] ^= flip;
    return sent;
  };
  do {
    const Spent spent = ada.spend(ask("a", eps("0.1")));
    const std::string said = failure(spent);
    EXPECT_TRUE(said == "ada: sent what is no request to a ledger" ||
                said ==
                    "ada: signed by another key than its own, or what was signed has been "
                    "changed")
        << bit << ": " << said;
  } while ((bit += step) < bits);
  EXPECT_GT(bits, 2000u);
  EXPECT_EQ(spent_of(*books_, kWhole), "ε = 0");
  courier.instead = nullptr;
  EXPECT_TRUE(is_reserved(ada.spend(ask("a", eps("0.1"))))) << "none of them used up ada's turn";
}

TEST_P(SignedLedger, WhatIsSignedForIsThisAndNothingElse) {
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier);
  std::function<void(LedgerRequest&)> change;
  courier.instead = [&](LedgerRequest request) {
    change(request);
    return courier.own.sign(request);
  };
  change = [](LedgerRequest& request) { request.ledger[0] ^= 1; };
  EXPECT_EQ(refusal(ada, ask("a", eps("0.1"))), "ada: signed a request to another ledger");
  change = [](LedgerRequest& request) { request.actor = "bob"; };
  EXPECT_EQ(refusal(ada, ask("a", eps("0.1"))), "ada: signed as somebody else");
  std::string statement;
  change = [&](LedgerRequest& request) { statement = request.statement; };
  ASSERT_TRUE(is_reserved(ada.spend(ask("a", eps("0.1")))));
  change = [&](LedgerRequest& request) { request.statement = statement; };
  const std::string no = "ada: signed something else than what is asked";
  EXPECT_EQ(refusal(ada, ask("b", eps("0.1"))), no);
  EXPECT_EQ(refusal(ada, ask("a", eps("0.2"))), no);
  EXPECT_EQ(refusal(ada, ask("a", eps("0.1"), true)), no);
  EXPECT_EQ(refusal(ada, ask("a", eps("0.1", "1e-9"))), no);
  EXPECT_EQ(refusal(ada, ask("a", zcdp("0.1"))), no);
  SpendRequest other = ask("a", eps("0.1"));
  other.version = "2";
  EXPECT_EQ(refusal(ada, other), no);
}

TEST_P(SignedLedger, NoncesAreUsedOnceEvenInTheRightPlace) {
  Courier courier{signer(kAdasKey)};
  Ledger ada = open(courier);
  courier.instead = [&](LedgerRequest request) {
    request.nonce = {7};
    return courier.own.sign(request);
  };
  ASSERT_TRUE(is_reserved(ada.spend(ask("a", eps("0.1")))));
  EXPECT_EQ(refusal(ada, ask("b", eps("0.1"))), "ada: sent a request that was sent before");
}

TEST_P(SignedLedger, NoncesAreForgottenOnlyOnceTheyHaveExpired) {
  const auto nonces = [&](std::int64_t second) {
    Ledger owner = Ledger::open(path_, signer(kOwnersKey), at(second)).value();
    owner.freeze(kAdas, false).value();
    owner.freeze(kAdas, false).value();  // what is forgotten had expired before the last entry
    return std::stoi(shelf_->cells("l", "SELECT count(*) FROM nonce").front());
  };
  const int first = nonces(1000);
  EXPECT_EQ(nonces(1000 + kUsualLife - 1), first + 2);
  EXPECT_EQ(nonces(1000 + kUsualLife), 4);
}

TEST_P(SignedLedger, StrangersAreNotedAFewTimesInARowAndNoMore) {
  const std::size_t before = log_of(path_).size();
  Ledger nobody = Ledger::open(path_, "mallory", signer(kNobodysKey), at(1000)).value();
  for (int i = 0; i < 40; ++i) EXPECT_FALSE(nobody.spend(ask("a", eps("0.1"))));
  EXPECT_EQ(log_of(path_).size(), before + kMostStrangers);
  books_->freeze(kAdas, false).value();
  EXPECT_FALSE(nobody.spend(ask("a", eps("0.1"))));
  EXPECT_EQ(log_of(path_).size(), before + kMostStrangers + 2);
  EXPECT_EQ(failure(books_->verify()), "");
}

TEST_P(SignedLedger, MembersWithoutTheRightAreNotedWithTheirSignature) {
  Ledger bob = Ledger::open(path_, signer(kBobsKey), at(1000)).value();
  EXPECT_EQ(failure(bob.spend(ask("a", eps("0.1")))),
            "bob: has no budget of dataset 'visits': an owner can grant one");
  EXPECT_EQ(log_of(path_).back().signature.size(), 64u);
  EXPECT_FALSE(bob.each_entry([](const LedgerEntry&) {}));
  EXPECT_EQ(log_of(path_).back().words, "may not see this: owners and auditors may");
  EXPECT_EQ(failure(books_->verify()), "");
}

TEST_P(SignedLedger, AKeyIsReplacedAndWhatWasSignedByTheOldOneStays) {
  Ledger before = Ledger::open(path_, "ada", signer(kAdasKey), at(1000)).value();
  EXPECT_EQ(release(before, ask("a", eps("0.1")), "bytes"), "bytes");
  books_->appoint("ada", Role::analyst, public_key(kNobodysKey)).value();
  EXPECT_EQ(refusal(before, ask("b", eps("0.1"))),
            "ada: signed by another key than its own, or what was signed has been changed");
  Ledger after = Ledger::open(path_, signer(kNobodysKey), at(1000)).value();
  EXPECT_EQ(release(after, ask("a", eps("0.1")), "others"), "bytes");
  EXPECT_EQ(release(after, ask("b", eps("0.1")), "more"), "more");
  EXPECT_EQ(failure(books_->verify()), "");
}

TEST_P(SignedLedger, AKeyIsTakenAwayAndGivenAgain) {
  Ledger ada = Ledger::open(path_, "ada", signer(kAdasKey), at(1000)).value();
  EXPECT_EQ(release(ada, ask("a", eps("0.1")), "bytes"), "bytes");
  books_->revoke("ada").value();
  EXPECT_EQ(refusal(ada, ask("b", eps("0.1"))),
            "ada: has no key in this ledger: an owner can admit one");
  EXPECT_EQ(failure(books_->revoke("ada")), "ada: has no key in this ledger");
  EXPECT_EQ(failure(books_->revoke("owner")),
            "owner: must keep a key: another owner can take it away");
  books_->appoint("ada", Role::analyst, public_key(kAdasKey)).value();
  EXPECT_EQ(release(ada, ask("b", eps("0.1")), "more"), "more");
  EXPECT_EQ(failure(books_->verify()), "");
}

TEST_P(SignedLedger, AnOwnerReplacesItsOwnKeyByTheOldOne) {
  books_->appoint("owner", Role::owner, public_key(kNobodysKey)).value();
  EXPECT_FALSE(books_->freeze(kAdas));
  Ledger owner = Ledger::open(path_, signer(kNobodysKey), at(1000)).value();
  EXPECT_EQ(failure(owner.freeze(kAdas)), "");
  EXPECT_EQ(failure(owner.verify()), "");
}

TEST_P(SignedLedger, EachKeyIsOneMembers) {
  EXPECT_EQ(failure(books_->appoint("bob", Role::analyst, public_key(kAdasKey))),
            public_key(kAdasKey).fingerprint() + ": is the key of 'ada': each has its own");
  EXPECT_EQ(failure(books_->appoint("ada", Role::analyst, public_key(kAdasKey))), "");
}

TEST_P(SignedLedger, SeveralProcessesOfOneMemberGoOnAtATime) {
  std::vector<pid_t> children;
  for (int process = 0; process < 3; ++process) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    Ledger ada = Ledger::open(path_, signer(kAdasKey)).value();
    for (int i = 0; i < 5; ++i)
      if (!ada.spend(ask(std::to_string(process * 5 + i), eps("0.01")))) _exit(1);
    _exit(0);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  Ledger owner = Ledger::open(path_, signer(kOwnersKey)).value();
  EXPECT_EQ(spent_of(owner, kAdas), "ε = 0.15");
  EXPECT_EQ(failure(owner.verify()), "");
}

class AnySignedLedger : public OnEachStore {};

TEST_P(AnySignedLedger, GrantsWhatIsSignedForOnceAndNotesWhatIsNot) {
  Ledger owner = signed_books(path("l"), eps("1"));
  Courier courier{signer(kAdasKey)};
  Ledger ada = Ledger::open(path("l"), courier.signer(), at(1000)).value();
  EXPECT_EQ(release(ada, ask("a", eps("0.5"), true), "bytes"), "bytes");
  EXPECT_EQ(ada.accounts().value().size(), 2u);
  EXPECT_FALSE(ada.spend(ask("b", eps("0.6")))) << "too much, which uses up the request";
  courier.instead = [&](const LedgerRequest&) { return courier.sent.front(); };
  EXPECT_EQ(failure(ada.spend(ask("a", eps("0.5"), true))),
            "ada: sent a request that was sent before");
  courier.instead = [&](const LedgerRequest&) { return courier.sent[4]; };
  EXPECT_EQ(failure(ada.spend(ask("b", eps("0.6")))), "ada: sent a request that was sent before");
  courier.instead = nullptr;
  EXPECT_FALSE(ada.freeze(kAdas));
  EXPECT_EQ(release(ada, ask("c", eps("0.5")), "more"), "more");
  owner.revoke("ada").value();
  EXPECT_FALSE(ada.accounts());
  EXPECT_EQ(failure(owner.verify()), "");
  EXPECT_EQ(spent_of(owner, kWhole), "ε = 1");
}
INSTANTIATE_TEST_SUITE_P(Stores, AnySignedLedger, testing::ValuesIn(kStores), name_of_store);

TEST(UnsignedLedger, HoldsNoKeysForGood) {
  const Scratch scratch;
  const std::string path = scratch.path("l");
  Ledger ledger = books(path, eps("1"));
  EXPECT_FALSE(ledger.holds_keys());
  const std::string no =
      path + ": holds no keys, which is decided when a ledger is made: names are taken on trust";
  EXPECT_EQ(failure(Ledger::open(path, "owner", signer(kOwnersKey))), no);
  EXPECT_EQ(failure(Ledger::open(path, signer(kOwnersKey))), no);
  EXPECT_EQ(failure(ledger.appoint("ada", Role::analyst, public_key(kAdasKey))), no);
  EXPECT_EQ(failure(ledger.revoke("ada")), no);
}

TEST(SignedLedgers, AreMadeByWhoHasTheKeyAlone) {
  const Scratch scratch;
  Courier courier{signer(kOwnersKey)};
  courier.instead = [](const LedgerRequest& request) { return signer(kAdasKey).sign(request); };
  EXPECT_FALSE(Ledger::create(scratch.path("l"), "owner", courier.signer(), at(1000)));
  courier.instead = nullptr;
  EXPECT_TRUE(Ledger::create(scratch.path("l"), "owner", courier.signer(), at(1000)))
      << "nothing was left in the file";
}

}  // namespace
}  // namespace sfumato
