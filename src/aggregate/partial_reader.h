#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregate/partial_state.h"
#include "aggregate/running_digest.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// Reads a partial state, unit by unit, and believes none of it: what does not lie within the shape
/// of its plan, is out of order, or is not what was written, is an error. Memory grows with what is
/// there, whatever a number says that there is.
///
/// Until `next` has said that there are no more units, what it gave may be of a damaged file.
class PartialReader {
 public:
  /// Fills what it can; 0 at the end.
  using Source = std::function<Result<std::size_t>(std::span<char>)>;

  /// Reads as far as the plan. `name` is told in errors.
  static Result<PartialReader> open(std::string name, Source source);

  const std::string& name() const noexcept { return name_; }
  const PartialHeader& header() const noexcept { return header_; }

  /// Reads the rest of what comes before units.
  Status begin(PartialShape shape);

  /// The next unit; false where all has been read, and was all right.
  Result<bool> next(PartialUnit& unit);

 private:
  PartialReader(std::string name, Source source)
      : name_(std::move(name)), source_(std::move(source)) {}

  bool more();
  void take_bytes(void* to, std::size_t size);
  template <class T>
  T take();
  std::string take_text();
  std::vector<std::string> take_texts(const char* what);
  void take_name(UnitName& name, unsigned char form);
  void take_pair(PartialUnit& unit);
  void check_rows(std::span<const std::uint64_t> words);
  bool take_end();
  void fail(std::string message);
  void expect(bool right, const char* wrong);
  Status state() const;

  std::string name_;
  Source source_;
  PartialHeader header_;
  PartialShape shape_{};
  RunningDigest digest_;
  std::vector<char> page_;
  std::size_t at_ = 0, end_ = 0, digested_ = 0;  // of the page
  std::optional<Error> failed_;                  // for good
  std::optional<UnitName> last_;
  bool ended_ = false;
};

}  // namespace sfumato
