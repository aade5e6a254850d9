// make_token FOLDER: a SoftHSM with a token 'clinic' of PIN 1234 and an AES key 'rings' in it; prints its library.
// The exit code is 77 where SoftHSM is not installed.
#include <cstdio>

#include "keys/soft_token.h"

int main(int argc, char** argv) {
  const auto library = sfumato::SoftToken::library();
  if (!library) {
    std::puts("SoftHSM is not installed (Debian: softhsm2)");
    return 77;
  }
  if (argc != 2) return 2;
  sfumato::SoftToken token(argv[1]);
  token.add_token("clinic", "1234");
  token.add_key("rings", "\x01", {1, 2, 3});
  std::puts(library->c_str());
  return 0;
}
