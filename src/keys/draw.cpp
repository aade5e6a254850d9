#include "keys/draw.h"

#include <utility>

#include "sfumato/random/system_bits.h"

namespace sfumato {

Result<Secret> draw_secret(std::size_t size) {
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  Secret drawn(size);
  for (unsigned char& byte : drawn.bytes()) byte = static_cast<unsigned char>(bits->next());
  return drawn;
}

}  // namespace sfumato
