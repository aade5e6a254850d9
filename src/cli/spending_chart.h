#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sfumato {

/// Who spent how much, when. Amounts are of pictures: what is exact stands beside them as text.
struct SpendingStep {
  std::int64_t second;
  std::size_t spender;  ///< an index of `spenders`
  double amount;
};

/// What was spent of one budget from its beginning until now.
struct SpendingChart {
  std::string letter;                 ///< of the axis, such as ε
  std::vector<std::string> spenders;  ///< names, the first one lowest
  std::vector<SpendingStep> steps;    ///< in the order of time
  double cap;
  std::int64_t begin, end;
};

/// Colours that a page tells apart; what follows takes the last one.
inline constexpr std::size_t kSpenderColours = 8;

/// An HTML figure: stacked steps as inline SVG, which takes the width that there is, while the words keep
/// their size. However many steps there are, it has at most some hundred corners for each spender.
/// Colours are those of the classes s0, s1, ... of the page's style.
std::string spending_figure(const SpendingChart& chart);

}  // namespace sfumato
