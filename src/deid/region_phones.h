#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/deid/text_finder.h"

namespace sfumato {

/// Telephone numbers as they are dialled within a region, by libphonenumber: those that it calls valid, where they stand apart.
class RegionPhones {
 public:
  /// Refuses a region that libphonenumber does not know, and each where this was built without it.
  static Result<RegionPhones> make(std::string region, std::size_t by);

  /// Looks through a text, of which `next` tells then.
  void begin(std::string_view text);

  /// The first that begins at `from` or behind it, and the longest of those that begin there.
  Finding next(std::string_view text, std::size_t from) const;

 private:
  RegionPhones(std::string region, std::size_t by) : region_(std::move(region)), by_(by) {}

  void search_again(std::string_view text, std::size_t low, std::size_t high, bool each);
  void search(std::string_view text, std::size_t low, std::size_t high, int tries);

  std::string region_;
  std::size_t by_;
  std::vector<Finding> found_;  // in the order of places
};

}  // namespace sfumato
