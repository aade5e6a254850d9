#include "fuzz/target.h"
#include "sfumato/base/decimal.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto read = Decimal::parse(bytes);
  if (!read) return;
  require(Decimal::parse(read->to_string()).value() == *read);
  require(read->to_double_down() <= read->to_double_up());
  if (const auto twice = Decimal::add(*read, *read)) require(twice->sign() == read->sign());
}

std::vector<std::string> seeds() {
  return {"0",
          "1",
          "-12.5e3",
          "+0.1",
          "1e-9",
          "1e400",
          "1e-400",
          "123456789012345678901234567890123456",
          "0.000000000000000000000000000000000001",
          "00012.3400",
          "1E+05"};
}

}  // namespace sfumato
