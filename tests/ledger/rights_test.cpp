// Who may do what: each operation for each kind of member, with keys and without.
#include "ledger/members.h"

namespace sfumato {
namespace {

/// Names of all operations that the actor may do, of a ledger in which there is something to do.
class Rights {
 public:
  explicit Rights(bool keys) : keys_(keys), owner_(made()) {
    grant("ada");
    owner_.appoint("eve", Role::auditor, key(kEvesKey)).value();
    owner_.appoint("bob", Role::analyst, key(kBobsKey)).value();
  }

  std::string of(const std::string& actor, unsigned char number) {
    Ledger ledger = keys_ ? Ledger::open(path_, actor, signer(number), at(1000)).value()
                          : Ledger::open(path_, actor, at(1000)).value();
    // A stored release, and charges that are the owner's, for others to try their hands at.
    ++round_;
    const StoredRelease shown = owner_.store(charge(), "bytes").value();
    Charge open = charge();
    const std::pair<const char*, bool> tried[] = {
        {"dataset", bool(ledger.add_dataset("more" + std::to_string(round_), eps("1")))},
        {"grant", bool(ledger.grant({.account = kAdas, .cap = eps("0.9")}))},
        {"freeze", bool(ledger.freeze(kBobs))},
        {"thaw", bool(ledger.freeze(kBobs, false))},
        {"appoint", bool(ledger.appoint("zoe", Role::analyst))},
        {"spend", bool(ledger.spend(ask("own" + std::to_string(round_), eps("0.001"))))},
        {"store", bool(ledger.store(std::move(open), "bytes"))},
        {"publish", bool(ledger.published(shown))},
        {"reidentify", bool(ledger.reidentifies({"ring", "name", "a plan", 1}))},
        {"show", bool(ledger.accounts())},
        {"export", bool(ledger.each_entry([](const LedgerEntry&) {}))},
        {"release", bool(ledger.release_of(shown.charge))},
        {"head", bool(ledger.head())},
        {"expect", bool(ledger.expect(owner_.head().value()))},
        {"verify", bool(ledger.verify())},
        {"revoke", keys_ && bool(ledger.revoke("yan"))}};
    std::string may;
    for (const auto& [operation, done] : tried)
      if (done) may += (may.empty() ? "" : " ") + std::string(operation);
    if (keys_) owner_.appoint("yan", Role::analyst, public_key(kNobodysKey)).value();
    return may;
  }

 private:
  static inline const AccountName kBobs{"visits", AccountName::Kind::project, "study"};

  std::optional<PublicKey> key(unsigned char number) const {
    return keys_ ? std::optional(public_key(number)) : std::nullopt;
  }

  Ledger made() {
    Ledger ledger = keys_ ? Ledger::create(path_, "owner", signer(kOwnersKey), at(1000)).value()
                          : Ledger::create(path_, "owner", at(1000)).value();
    ledger.add_dataset("visits", eps("1")).value();
    ledger.grant({.account = kBobs, .cap = eps("1")}).value();
    if (keys_) ledger.appoint("yan", Role::analyst, public_key(kNobodysKey)).value();
    return ledger;
  }

  void grant(const std::string& name) {
    owner_.appoint(name, Role::analyst, key(kAdasKey)).value();
    owner_.grant({.account = {"visits", AccountName::Kind::analyst, name}, .cap = eps("0.5")})
        .value();
  }

  Charge charge() {
    return charge_of(owner_.spend(ask("owners" + std::to_string(++plans_), eps("0.001"))));
  }

  const bool keys_;
  const Scratch scratch_;
  const std::string path_ = scratch_.path("l");
  int round_ = 0, plans_ = 0;
  Ledger owner_;
};

constexpr const char* kOwner =
    "dataset grant freeze thaw appoint spend store publish reidentify show export release head "
    "expect verify";
constexpr const char* kAnalyst = "spend store publish reidentify show head expect verify";
constexpr const char* kAuditor = "show export release head expect verify";

TEST(Rights, AreThoseOfTheRoleWhereNamesAreTakenOnTrust) {
  Rights rights(false);
  EXPECT_EQ(rights.of("owner", 0), kOwner);
  EXPECT_EQ(rights.of("ada", 0), kAnalyst);
  EXPECT_EQ(rights.of("bob", 0), "reidentify show head expect verify")
      << "an analyst without a budget";
  EXPECT_EQ(rights.of("eve", 0), kAuditor);
  EXPECT_EQ(rights.of("mallory", 0), "head expect verify");
}

TEST(Rights, AreThoseOfTheRoleWhereRequestsAreSigned) {
  Rights rights(true);
  EXPECT_EQ(rights.of("owner", kOwnersKey), std::string(kOwner) + " revoke");
  EXPECT_EQ(rights.of("ada", kAdasKey), kAnalyst);
  EXPECT_EQ(rights.of("bob", kBobsKey), "reidentify show head expect verify")
      << "an analyst without a budget";
  EXPECT_EQ(rights.of("eve", kEvesKey), kAuditor);
  EXPECT_EQ(rights.of("mallory", 77), "head expect verify");
  for (const char* name : {"owner", "ada", "eve"})
    EXPECT_EQ(rights.of(name, 77), "head expect verify") << "by a foreign key";
}

}  // namespace
}  // namespace sfumato
