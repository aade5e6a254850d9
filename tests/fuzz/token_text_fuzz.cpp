#include "deid/token_text.h"
#include "fuzz/target.h"

namespace sfumato {

void take(std::string_view bytes) {
  TextStore store;
  if (const auto token = read_token(bytes))
    require(token_text(bytes_of(token->head), token->bytes, store) == bytes);
  const TokenHead head{1, 2, 3};
  const auto back = read_token(token_text(bytes_of(head), bytes, store));
  require(back && back->head == head && back->bytes == bytes);
}

std::vector<std::string> seeds() {
  return {"AQECAwQFBv_-_Q", "AQECAwQFBv_-_R", "AQECAwQFBv_-_Q==", "AQECAwQFBg", "AQECAwQFB-__"};
}

}  // namespace sfumato
