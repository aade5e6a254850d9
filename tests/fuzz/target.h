#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

/// What each program of this folder is made of: `tests/fuzz/NAME_fuzz.cpp` says what is read and what
/// must be true of it whatever the bytes are; `replay.cpp` and `libfuzzer.cpp` run that.

/// Takes bytes that anybody may have written.
void take(std::string_view bytes);

/// Where fuzzing begins: bytes that are taken, of each form, and those that once were a fault.
std::vector<std::string> seeds();

/// Ends the program where a promise is broken, and says at which line.
inline void require(bool holds, std::source_location at = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: does not hold\n", at.file_name(), static_cast<unsigned>(at.line()));
  std::abort();
}

}  // namespace sfumato
