#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/arguments.h"
#include "sfumato/base/decimal.h"
#include "sfumato/table/partial.h"
#include "sfumato/table/query.h"

namespace sfumato {

/// Numbers as they were asked for, to be told in the same digits: `Query` holds doubles next to
/// them, on the side of more privacy.
struct Written {
  bool concentrated;  ///< whether `loss` is ρ, else ε
  Decimal loss;
  Decimal delta;
  Decimal confidence;
};

/// How exact answers shall be (table/least_cost.h), as it was asked for.
struct Wanted {
  Decimal share;
  std::int64_t rows;
};

struct Question {
  Query query;
  Written written;
  std::optional<Wanted> wanted = {};  ///< then `written` has the least ε for it
  double mark = 0.5;                  ///< of a value: what noise may move it by without a mark
  std::optional<std::int64_t> top =
      {};  ///< so many groups are shown, those with the greatest first value
};

/// Turns words into a query; says which is out of contract. Where an error is wanted, looks for its cost.
Result<Question> question_of(const QueryArguments& given);

/// The same of what the shards of a run are asked, and of what releasing them may cost and how it is told.
Result<PartialQuestion> partial_question_of(const QueryArguments& given);
struct Terms {
  FinalTerms final;
  Written written;
  double mark;                      ///< as `Question::mark`
  std::optional<std::int64_t> top;  ///< as `Question::top`
};
Result<Terms> terms_of(const QueryArguments& given);

/// How many rows a group or table has, as is said: up to 2^53.
Result<std::int64_t> read_rows(const std::string& text);

/// Bytes, where they are said.
Result<std::optional<std::uint64_t>> memory_of(const std::optional<std::string>& text);

}  // namespace sfumato
