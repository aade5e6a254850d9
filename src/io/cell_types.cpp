#include "io/cell_types.h"

#include <arrow/array.h>
#include <arrow/compute/cast.h>
#include <arrow/compute/initialize.h>
#include <arrow/extension_type.h>
#include <arrow/type_traits.h>

namespace sfumato {

bool is_text(arrow::Type::type id) {
  return arrow::is_string_or_string_view(id) || id == arrow::Type::LARGE_STRING;
}

const arrow::DataType& cell_type(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY)
    return cell_type(*static_cast<const arrow::DictionaryType&>(type).value_type());
  if (type.id() == arrow::Type::EXTENSION)
    return cell_type(*static_cast<const arrow::ExtensionType&>(type).storage_type());
  return type;
}

ArrayPointer storage(const arrow::Array& column) {
  return static_cast<const arrow::ExtensionArray&>(column).storage();
}

ArrayPointer cast(const ArrayPointer& column, const std::shared_ptr<arrow::DataType>& type) {
  static const bool ready = arrow::compute::Initialize().ok();
  if (!ready) return nullptr;
  return arrow::compute::Cast(*column, type).ValueOr(nullptr);
}

ArrayPointer as_text(ArrayPointer column) {
  if (column->type_id() == arrow::Type::TIMESTAMP) {
    const auto& type = static_cast<const arrow::TimestampType&>(*column->type());
    column = column->View(arrow::timestamp(type.unit())).ValueOr(nullptr);
    if (!column) return nullptr;
  }
  return cast(column, arrow::utf8());
}

}  // namespace sfumato
