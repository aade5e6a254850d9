#include "fuzz/target.h"
#include "keys/known_files.h"
#include "keys/sealed_key.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto sealed = SealedKey::parse(bytes, "file");
  if (!sealed) return require(sealed.error().where == "file");
  require(sealed->to_string() == bytes);
  const PublicKey& key = sealed->header.public_key;
  require(PublicKey::parse(key.to_string()).value() == key);
}

std::vector<std::string> seeds() {
  return {kByPassphrase, kByKey};
}

}  // namespace sfumato
