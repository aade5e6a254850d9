#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ledger/books.h"

namespace sfumato {

/// A key of its own for each number.
inline SigningKey key_number(unsigned char number) {
  Secret seed(32);
  for (unsigned char& byte : seed.bytes()) byte = number;
  return SigningKey::from_seed(std::move(seed)).value();
}

inline PublicKey public_key(unsigned char number) {
  return key_number(number).public_key();
}

inline LedgerSigner signer(unsigned char number) {
  return LedgerSigner::of(key_number(number));
}

/// Carries requests to a ledger as a test wants them carried.
struct Courier {
  LedgerSigner own;
  std::function<SignedRequest(LedgerRequest)> instead{};  ///< of signing what is to be signed
  std::vector<SignedRequest> sent{};

  LedgerSigner signer() {
    return {own.key, [this](const LedgerRequest& request) {
              sent.push_back(instead ? instead(request) : own.sign(request));
              return sent.back();
            }};
  }
};

inline constexpr unsigned char kOwnersKey = 1, kAdasKey = 2, kBobsKey = 3, kEvesKey = 4,
                               kNobodysKey = 5;
inline const AccountName kAdas{"visits", AccountName::Kind::analyst, "ada"};
inline const AccountName kWhole{.dataset = "visits"};

/// A ledger that holds keys: 'visits', of which ada may spend; bob is an analyst without a budget,
/// eve an auditor.
inline Ledger signed_books(const std::string& path, const StatedCost& cap) {
  Ledger ledger = Ledger::create(path, "owner", signer(kOwnersKey), at(1000)).value();
  ledger.add_dataset("visits", cap).value();
  ledger.appoint("ada", Role::analyst, public_key(kAdasKey)).value();
  ledger.appoint("bob", Role::analyst, public_key(kBobsKey)).value();
  ledger.appoint("eve", Role::auditor, public_key(kEvesKey)).value();
  ledger.grant({.account = kAdas, .cap = cap}).value();
  return ledger;
}

inline std::vector<LedgerEntry> log_of(const std::string& path) {
  Ledger ledger = Ledger::open(path, signer(kOwnersKey), at(1000)).value();
  std::vector<LedgerEntry> log;
  ledger.each_entry([&](const LedgerEntry& entry) { log.push_back(entry); }).value();
  return log;
}

}  // namespace sfumato
