// Signs, and tells a signature from another.
#include "sfumato/keys/ed25519.h"

int main() {
  using namespace sfumato;
  const SigningKey key = SigningKey::generate().value();
  const Signature signature = key.sign("abc");
  const bool right = key.public_key().verifies("abc", view_of(signature));
  return right && !key.public_key().verifies("abd", view_of(signature)) ? 0 : 1;
}
