#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sfumato {

/// The least number of letters inserted, dropped, exchanged or swapped with their neighbour that
/// makes one word of the other, with no letter touched twice.
///
/// Origin  Damerau 1964, in the form called optimal string alignment
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The first of `names` at the least distance of `word`; a name that goes on where `word` ends is as
/// near as one slip. `names` is not empty.
const std::string& nearest(std::string_view word, std::span<const std::string> names);

/// "did you mean --epsilon?", or, where that would be no good guess, "the nearest is --epsilon".
std::string suggestion(std::string_view word, std::span<const std::string> names);

}  // namespace sfumato
