#include "fuzz/target.h"
#include "secagg/three_clinics.h"

namespace sfumato {

void take(std::string_view bytes) {
  if (const auto roster = Roster::parse(bytes)) require(roster->bytes() == bytes);
  if (const auto roster = SignedRoster::parse(bytes)) require(roster->bytes() == bytes);
}

std::vector<std::string> seeds() {
  return {clinic_roster().bytes(), signed_clinics().bytes()};
}

}  // namespace sfumato
