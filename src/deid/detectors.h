#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sfumato/deid/text_finder.h"

namespace sfumato {

/// Behind all that is found.
inline constexpr Finding kNoFinding = {SIZE_MAX, SIZE_MAX, SIZE_MAX, false};

/// How a detector finds. The size of what it accepts lies within the two.
struct DetectorLaw {
  Detector detector;
  std::string_view name;  ///< in policies, and in the label that stands for a finding
  bool (*accepts)(std::string_view text);
  std::size_t least, most;  ///< bytes
  /// What is asked further of what stands before and behind it; null where nothing is.
  bool (*apart)(std::string_view before, std::string_view behind);
  /// How many digits it may begin with, bit k for k; of what begins with none, the characters that it may begin with;
  /// and how far it may reach that begins where a text does (`reach.h`). None where a character that it cannot
  /// lack is looked for instead.
  std::uint32_t digits;
  std::string_view first;
  std::size_t (*reach)(std::string_view text) noexcept;
};

const DetectorLaw& law_of(Detector detector) noexcept;

/// All of them, in the order of the enumeration.
std::span<const DetectorLaw> detector_laws() noexcept;

constexpr std::size_t kMostFirstDigits = 31;

/// Whether bytes [begin, end) of what is read are a finding of a detector.
bool is_found(const DetectorLaw& law, std::string_view text, std::size_t begin, std::size_t end);

}  // namespace sfumato
