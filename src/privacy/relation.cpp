#include "sfumato/privacy/relation.h"

namespace sfumato {

std::string_view name_of(Relation relation) noexcept {
  return relation == Relation::add_remove ? "add-remove" : "replace";
}

}  // namespace sfumato
