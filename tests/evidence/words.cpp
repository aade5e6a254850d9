// Words of the system source without end, for programs that judge random bits: `words | dieharder -g 200 -a`.

#include <cstdio>

#include "sfumato/random/system_bits.h"

int main() {
  auto bits = sfumato::SystemBits::open().value();
  for (;;) {
    const sfumato::Words words = bits.take(sfumato::BitSource::kMaxTake);
    if (std::fwrite(words.data(), 8, words.size(), stdout) != words.size()) return 0;
  }
}
