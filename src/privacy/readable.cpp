#include "privacy/readable.h"

#include <charconv>
#include <cmath>

namespace sfumato {

std::string readable(double value) {
  if (std::isnan(value)) return "nan";  // to_chars tells "-nan" apart, which would only puzzle
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

}  // namespace sfumato
