#pragma once

#include <cstring>
#include <vector>

#include "secagg/party_state.h"

namespace sfumato {

/// The vector that a party keeps until it is masked or encrypted: behind all else, but for secrets of masks.
inline std::vector<std::int64_t> kept_numbers(const Party& party) {
  const Secret state = party.step().state;
  std::vector<std::int64_t> numbers(party.session().terms().length);
  const bool masked = party.session().terms().path == JointPath::masked;
  const std::size_t size = 8 * numbers.size(),
                    behind = size + (masked ? PartySecrets::kSize : 0);
  std::memcpy(numbers.data(), state.view().substr(state.view().size() - behind).data(), size);
  return numbers;
}

}  // namespace sfumato
