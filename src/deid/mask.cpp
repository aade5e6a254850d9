#include <algorithm>

#include "deid/characters.h"
#include "deid/transform.h"

namespace sfumato {
namespace {

/// Whether a list of characters has one of them.
bool holds(std::string_view characters, std::string_view one) {
  while (!characters.empty())
    if (take_character(characters) == one) return true;
  return false;
}

std::string_view masked(const MaskParams& params, std::string_view value, TextStore& store) {
  std::size_t count = 0;
  for (std::string_view rest = value; !rest.empty();)
    if (!holds(params.skip, take_character(rest))) ++count;
  // The ends are the characters before `first` and from `past` on; all where both ends meet.
  const std::size_t first = std::min(params.first, count);
  const std::size_t past = count - std::min(params.last, count);
  const auto covered = [&](std::size_t i) {
    const bool in_ends = i < first || i >= past;
    return in_ends != params.keep;
  };
  std::string out;
  bool any = false;
  std::size_t i = 0;
  for (std::string_view rest = value; !rest.empty();) {
    const std::string_view one = take_character(rest);
    const bool cover = !holds(params.skip, one) && covered(i++);
    any = any || cover;
    out += cover ? std::string_view(params.with) : one;
  }
  return any ? store.keep(out) : std::string_view();
}

}  // namespace

TransformPointer mask_transform(const MaskParams& params) {
  return each_value(
      [params](std::string_view value, TextStore& store) { return masked(params, value, store); });
}

}  // namespace sfumato
