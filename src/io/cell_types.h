#pragma once

#include <arrow/type.h>

#include <memory>

namespace arrow {
class Array;
}

namespace sfumato {

using ArrayPointer = std::shared_ptr<arrow::Array>;

bool is_text(arrow::Type::type id);

/// The type of the cells beneath a dictionary or an extension.
const arrow::DataType& cell_type(const arrow::DataType& type);

/// What an extension column is stored as.
ArrayPointer storage(const arrow::Array& column);

/// The column as another type, by Arrow's own rules; null where it can't be.
ArrayPointer cast(const ArrayPointer& column, const std::shared_ptr<arrow::DataType>& type);

/// Text of what is neither text nor a plain number. A time with a zone is given in UTC: its form
/// must not hang on the time zones that a machine knows.
ArrayPointer as_text(ArrayPointer column);

}  // namespace sfumato
