#pragma once

#include <string>
#include <vector>

#include "sfumato/secagg/roster.h"

namespace sfumato {

/// The same key for the same number, on every run.
inline SigningKey key_of(unsigned char number) {
  Secret seed(32);
  for (unsigned char& byte : seed.bytes()) byte = number;
  return SigningKey::from_seed(std::move(seed)).value();
}

inline Digest digest_of(unsigned char byte) {
  Digest digest{};
  digest.fill(byte);
  return digest;
}

inline const char* const kClinics[] = {"clinic east", "clinic north", "clinic south"};

/// Each key by the place of its member.
inline std::vector<Organisation> three_clinics() {
  std::vector<Organisation> members;
  for (unsigned char i = 0; i < 3; ++i)
    members.push_back({kClinics[i], key_of(static_cast<unsigned char>(i + 1)).public_key()});
  return members;
}

inline Roster clinic_roster(std::size_t quorum = 2) {
  return Roster::make(three_clinics(), quorum).value();
}

inline SignedRoster signed_clinics(std::size_t quorum = 2) {
  const Roster roster = clinic_roster(quorum);
  std::vector<Endorsement> signatures;
  for (unsigned char i = 1; i <= 3; ++i)
    signatures.push_back(SignedRoster::sign(roster, key_of(i)).value());
  return SignedRoster::make(roster, signatures).value();
}

}  // namespace sfumato
