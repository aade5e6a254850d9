#include "io/quote_check.h"

namespace sfumato {

void QuoteCheck::feed(std::string_view bytes) noexcept {
  if (bytes.empty()) return;
  std::size_t after = 0;  // the last mark
  for (std::size_t at; (at = bytes.find('"', after)) != bytes.npos; after = at + 1) {
    const bool adjacent = at == after;
    const bool closed = adjacent && just_closed_;
    const char before = at == 0 ? before_ : bytes[at - 1];
    const bool begins = before == ',' || before == '\n' || before == '\r';
    just_closed_ = open_;
    open_ = !open_ && (closed || begins);
  }
  just_closed_ = just_closed_ && after == bytes.size();
  before_ = bytes.back();
}

}  // namespace sfumato
