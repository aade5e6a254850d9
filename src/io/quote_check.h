#pragma once

#include <string_view>

namespace sfumato {

/// Follows the quotation marks of CSV rows, piece by piece: a mark opens a cell only where the cell
/// begins, and two within quotes stand for one.
///
/// Arrow takes the end of the file for the mark that is missing, and all rows after it for one
/// cell.
class QuoteCheck {
 public:
  void feed(std::string_view bytes) noexcept;

  /// Whether a cell is still waiting for its closing mark.
  bool open() const noexcept { return open_; }

 private:
  bool open_ = false;
  char before_ = '\n';        // the byte before the next
  bool just_closed_ = false;  // … was a mark that closed a cell
};

}  // namespace sfumato
