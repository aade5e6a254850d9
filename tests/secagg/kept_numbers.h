#pragma once

#include <cstring>
#include <vector>

#include "secagg/party_state.h"

namespace sfumato {

/// The vector that a party keeps until it is masked.
inline std::vector<std::int64_t> kept_numbers(const Party& party) {
  const Secret state = party.step().state;
  std::vector<std::int64_t> numbers(party.session().terms().length);
  const std::size_t size = 8 * numbers.size(), behind = size + PartySecrets::kSize;
  std::memcpy(numbers.data(), state.view().substr(state.view().size() - behind).data(), size);
  return numbers;
}

}  // namespace sfumato
