#pragma once

#include <string_view>

namespace sfumato {

/// Which tables count as neighbours.
enum class Relation {
  add_remove,  ///< one has all rows of one more unit
  replace,     ///< one unit's rows are exchanged for another's
};

/// "add-remove" or "replace".
std::string_view name_of(Relation relation) noexcept;

}  // namespace sfumato
