#pragma once

#include <string_view>

namespace sfumato {

/// The style of `html_of`: from 320 pixels up, in light and dark, and on paper.
extern const std::string_view kBudgetPageStyle;

}  // namespace sfumato
