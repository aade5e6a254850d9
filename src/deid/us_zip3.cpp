#include <algorithm>
#include <iterator>

#include "deid/digit_groups.h"
#include "deid/transform.h"

namespace sfumato {
namespace {

/// Areas of three digits in which at most 20,000 people lived in 2000.
constexpr std::string_view kSmall[] = {"036", "059", "063", "102", "203", "556",
                                       "692", "790", "821", "823", "830", "831",
                                       "878", "879", "884", "890", "893"};

}  // namespace

TransformPointer us_zip3_transform(const UsZip3Params& params) {
  std::vector<std::string> small = params.small;
  if (small.empty()) small.assign(std::begin(kSmall), std::end(kSmall));
  std::ranges::sort(small);
  return each_value([small](std::string_view value, TextStore&) -> std::string_view {
    const auto code = read_digit_groups(value, "-");
    if (!code || !(code->sized({5}) || code->sized({9}) || code->sized({5, 4}))) return {};
    const std::string_view area = value.substr(0, 3);
    return std::ranges::binary_search(small, area) ? "000" : area;
  });
}

}  // namespace sfumato
