#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/printable.h"

namespace sfumato {

/// The shortest decimal that reads back as `x`, whole numbers below 2^53 without exponent; "inf" and
/// "-inf". No locale takes part.
std::string shortest(double x);

enum class Toward { nearest, below, above };

/// `x` with `places` decimals; `below` and `above` give a number that is not above, not below x.
std::string rounded(double x, int places, Toward toward = Toward::nearest);

/// Decimals that show a number to two digits of `width`: none where width is 10 or more.
int places_for(double width);

/// The beginning of `text`, which is printable, in at most `most` bytes of whole characters.
std::string shortened(std::string text, std::size_t most);

/// How many columns of a terminal `text` takes, which is printable: characters of East Asia take two.
///
/// Origin  Unicode Standard Annex 11 (East Asian Width)
std::size_t columns_in(std::string_view text);

/// `count` with its noun, in the plural where it is not 1: "2 rows".
std::string counted(std::int64_t count, std::string_view noun);

}  // namespace sfumato
