#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sfumato/deid/text_finder.h"

namespace sfumato {

/// How a detector finds. What it accepts, one of its forms matches whole, and its size lies within the two.
struct DetectorLaw {
  Detector detector;
  std::string_view name;  ///< in policies, and in the label that stands for a finding
  bool (*accepts)(std::string_view text);
  std::size_t least, most;  ///< bytes
  /// What is asked further of what stands before and behind it; null where nothing is.
  bool (*apart)(std::string_view before, std::string_view behind);
  /// Patterns of RE2 on bytes: of those that begin with a letter, a digit or a colon, and of others. Both null
  /// where a character that it cannot lack is looked for instead.
  const char *form, *signed_form;
};

const DetectorLaw& law_of(Detector detector) noexcept;

/// All of them, in the order of the enumeration.
std::span<const DetectorLaw> detector_laws() noexcept;

/// Whether bytes [begin, end) of what is read are a finding of a detector.
bool is_found(const DetectorLaw& law, std::string_view text, std::size_t begin, std::size_t end);

}  // namespace sfumato
