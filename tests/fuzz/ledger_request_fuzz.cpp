#include "fuzz/target.h"
#include "ledger/example_request.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto request = LedgerRequest::parse(bytes);
  if (request) require(request->bytes() == bytes);
}

std::vector<std::string> seeds() {
  return {example_request().bytes(), LedgerRequest{}.bytes()};
}

}  // namespace sfumato
