#include "fuzz/target.h"
#include "sfumato/io/condition.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto condition = parse_condition(bytes);
  if (!condition) return require(!condition.error().message.empty());
  require(parse_condition(condition->to_string()).value() == *condition);
  (void)condition->holds(bytes);
  require(!condition->holds(std::nullopt) || condition->kind == Condition::Kind::null);
}

std::vector<std::string> seeds() {
  return {"age >= 18",
          "region in ('north', \"so\", 'it''s')",
          "\"a \"\"b\"\"\" is not null",
          "visited < 2024-06-01T12:30:00.5+02:00",
          "x not in (1, 2.50, -3e4)",
          "sex = female",
          "y is null",
          "z != 'w'"};
}

}  // namespace sfumato
