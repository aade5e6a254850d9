#include "sfumato/secagg/noised_vector.h"

#include <bit>
#include <cstring>

namespace sfumato {

static_assert(std::endian::native == std::endian::little);

NoisedVector NoisedVector::made_elsewhere(JointPermit permit,
                                          std::span<const std::int64_t> numbers) {
  Secret bytes(numbers.size_bytes());
  if (!numbers.empty()) std::memcpy(bytes.bytes().data(), numbers.data(), numbers.size_bytes());
  return NoisedVector(std::move(permit), std::move(bytes));
}

}  // namespace sfumato
