#include "fuzz/target.h"
#include "keys/known_files.h"
#include "keys/ring_file.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto ring = RingFile::parse(bytes, "file");
  if (!ring) return require(ring.error().where == "file");
  require(ring->to_string() == bytes);
  require(ring->header().newest > 0 && ring->header().newest <= KeyRing::kMostVersions);
}

std::vector<std::string> seeds() {
  return {kRingByPassphrase, kRingByKey};
}

}  // namespace sfumato
