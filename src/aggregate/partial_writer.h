#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "aggregate/partial_state.h"
#include "aggregate/running_digest.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// Writes a partial state, piece by piece.
class PartialWriter {
 public:
  using Sink = std::function<Status(std::string_view)>;

  PartialWriter(std::size_t row_words, Sink sink) : row_words_(row_words), sink_(std::move(sink)) {}

  Status begin(const PartialHeader& header);

  /// Units come in ascending order, as does all that is in them.
  Status add(const PartialUnit& unit);
  Status add_encoded(std::string_view units);  ///< as `append_unit` gives them

  Status finish();

 private:
  Status flush(std::size_t most);

  std::size_t row_words_;
  Sink sink_;
  RunningDigest digest_;
  std::string bytes_;  // not written yet
};

void append_unit(const PartialUnit& unit, std::size_t row_words, std::string& bytes);

/// Gives a unit the lowest of its rows in a group, at most so many, in their order; `rows` are sorted.
void append_lowest(std::uint32_t group, std::vector<std::span<const std::uint64_t>>& rows,
                   std::size_t most, PartialUnit& unit);

}  // namespace sfumato
