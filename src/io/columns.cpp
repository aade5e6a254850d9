#include "io/columns.h"

#include <arrow/array.h>
#include <arrow/compute/cast.h>
#include <arrow/compute/initialize.h>
#include <arrow/extension_type.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <charconv>
#include <limits>

#include "io/cell.h"

namespace sfumato {
namespace {

using ArrayPointer = std::shared_ptr<arrow::Array>;

bool is_text(arrow::Type::type id) {
  return arrow::is_string_or_string_view(id) || id == arrow::Type::LARGE_STRING;
}

/// The type of the cells beneath a dictionary or an extension.
const arrow::DataType& plain_type(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY)
    return plain_type(*static_cast<const arrow::DictionaryType&>(type).value_type());
  if (type.id() == arrow::Type::EXTENSION)
    return plain_type(*static_cast<const arrow::ExtensionType&>(type).storage_type());
  return type;
}

/// `cell(array, i)` for each row i that is not null.
template <class ArrayType, class Cell, class CellOf>
bool each(const arrow::Array& column, std::vector<Cell>& cells, CellOf cell) {
  const auto& array = static_cast<const ArrayType&>(column);
  const bool has_nulls = array.null_count() != 0;
  cells.resize(static_cast<std::size_t>(array.length()));
  for (std::int64_t i = 0; i < array.length(); ++i)
    cells[static_cast<std::size_t>(i)] = has_nulls && array.IsNull(i) ? Cell{} : cell(array, i);
  return true;
}

/// The same for the integers that fit an int64; false where the type is none of them.
template <class Cell, class CellOf>
bool each_integer(const arrow::Array& column, std::vector<Cell>& cells, CellOf cell_of) {
  const auto cell = [&](const auto& array, std::int64_t i) {
    return cell_of(static_cast<std::int64_t>(array.Value(i)));
  };
  switch (column.type_id()) {
    case arrow::Type::INT8:
      return each<arrow::Int8Array>(column, cells, cell);
    case arrow::Type::INT16:
      return each<arrow::Int16Array>(column, cells, cell);
    case arrow::Type::INT32:
      return each<arrow::Int32Array>(column, cells, cell);
    case arrow::Type::INT64:
      return each<arrow::Int64Array>(column, cells, cell);
    case arrow::Type::UINT8:
      return each<arrow::UInt8Array>(column, cells, cell);
    case arrow::Type::UINT16:
      return each<arrow::UInt16Array>(column, cells, cell);
    case arrow::Type::UINT32:
      return each<arrow::UInt32Array>(column, cells, cell);
    default:
      return false;
  }
}

/// The same for text; false where the type is another.
template <class Cell, class CellOf>
bool each_text(const arrow::Array& column, std::vector<Cell>& cells, CellOf cell_of) {
  const auto cell = [&](const auto& array, std::int64_t i) { return cell_of(array.GetView(i)); };
  switch (column.type_id()) {
    case arrow::Type::STRING:
      return each<arrow::StringArray>(column, cells, cell);
    case arrow::Type::LARGE_STRING:
      return each<arrow::LargeStringArray>(column, cells, cell);
    case arrow::Type::STRING_VIEW:
      return each<arrow::StringViewArray>(column, cells, cell);
    default:
      return false;
  }
}

/// The cells of a dictionary column, looked up in those of the dictionary.
template <class Cell, class Fill>
bool each_entry(const arrow::Array& column, std::vector<Cell>& cells, Fill fill) {
  std::vector<Cell> entries;
  if (!fill(static_cast<const arrow::DictionaryArray&>(column).dictionary(), entries)) return false;
  return each<arrow::DictionaryArray>(column, cells, [&](const auto& array, std::int64_t i) {
    return entries[static_cast<std::size_t>(array.GetValueIndex(i))];
  });
}

ArrayPointer storage(const arrow::Array& column) {
  return static_cast<const arrow::ExtensionArray&>(column).storage();
}

/// The column as another type, by Arrow's own rules; null where it can't be.
ArrayPointer cast(const ArrayPointer& column, const std::shared_ptr<arrow::DataType>& type) {
  static const bool ready = arrow::compute::Initialize().ok();
  if (!ready) return nullptr;
  return arrow::compute::Cast(*column, type).ValueOr(nullptr);
}

/// Text of what is neither text nor a plain number. A time with a zone is given in UTC: its form
/// must not hang on the time zones that a machine knows.
ArrayPointer as_text(ArrayPointer column) {
  if (column->type_id() == arrow::Type::TIMESTAMP) {
    const auto& type = static_cast<const arrow::TimestampType&>(*column->type());
    column = column->View(arrow::timestamp(type.unit())).ValueOr(nullptr);
    if (!column) return nullptr;
  }
  return cast(column, arrow::utf8());
}

/// Keys that have to be written out, each with `key_of(value, pen)`.
template <class ArrayType, class KeyOf>
bool each_written(const arrow::Array& column, std::vector<Key>& keys, Backing& backing,
                  KeyOf key_of) {
  const auto size = static_cast<std::size_t>(column.length()) * kRealText;
  const std::shared_ptr<char[]> text(new char[size]);
  backing.push_back(text);
  return each<ArrayType>(column, keys, [&](const auto& array, std::int64_t i) {
    return key_of(array.Value(i), text.get() + i * kRealText);
  });
}

Key key_of_unsigned(std::uint64_t value, char* pen) {
  if (value <= std::numeric_limits<std::int64_t>::max())
    return {Key::Kind::integer, static_cast<std::int64_t>(value), {}};
  const auto end = std::to_chars(pen, pen + kRealText, value).ptr;
  return {Key::Kind::text, 0, {pen, static_cast<std::size_t>(end - pen)}};
}

Number number_of_unsigned(std::uint64_t value) {
  if (value <= std::numeric_limits<std::int64_t>::max())
    return number_of_integer(static_cast<std::int64_t>(value));
  return number_of_real(static_cast<double>(value));
}

bool keys_of_text(const ArrayPointer& column, std::vector<Key>& keys, Backing& backing) {
  if (!column) return false;
  backing.push_back(column);
  return each_text(*column, keys, key_of_text);
}

}  // namespace

const char* why_no_key(const arrow::DataType& type) {
  const arrow::Type::type id = plain_type(type).id();
  if (arrow::is_nested(id)) return "holds lists or records; a unit or group needs single values";
  if (arrow::is_base_binary_like(id) || arrow::is_binary_view_like(id) ||
      arrow::is_fixed_size_binary(id)) {
    if (!is_text(id) && !arrow::is_decimal(id))
      return "is binary; a unit or group needs text, numbers or dates";
  }
  const bool known = id == arrow::Type::NA || id == arrow::Type::BOOL || is_text(id) ||
                     arrow::is_numeric(id) || arrow::is_decimal(id) || arrow::is_date(id) ||
                     arrow::is_time(id) || id == arrow::Type::TIMESTAMP;
  return known ? nullptr
               : "has a type that is not served; a unit or group needs text, numbers or dates";
}

const char* why_no_number(const arrow::DataType& type) {
  const arrow::Type::type id = plain_type(type).id();
  if (id == arrow::Type::NA || id == arrow::Type::BOOL) return nullptr;
  if (arrow::is_numeric(id) || arrow::is_decimal(id)) return nullptr;
  if (is_text(id)) return "is text; a value column needs numbers";
  if (arrow::is_temporal(id)) return "is a date or time; a value column needs numbers";
  return "holds no numbers; a value column needs them";
}

bool fill_keys(const ArrayPointer& column, std::vector<Key>& keys, Backing& backing) {
  switch (column->type_id()) {
    case arrow::Type::NA:
      keys.assign(static_cast<std::size_t>(column->length()), Key{});
      return true;
    case arrow::Type::BOOL:
      return each<arrow::BooleanArray>(*column, keys, [](const auto& array, std::int64_t i) {
        return Key{Key::Kind::text, 0, array.Value(i) ? "true" : "false"};
      });
    case arrow::Type::UINT64:
      return each_written<arrow::UInt64Array>(*column, keys, backing, key_of_unsigned);
    case arrow::Type::FLOAT:
      return each_written<arrow::FloatArray>(
          *column, keys, backing, [](float value, char* pen) { return key_of_real(value, pen); });
    case arrow::Type::DOUBLE:
      return each_written<arrow::DoubleArray>(
          *column, keys, backing, [](double value, char* pen) { return key_of_real(value, pen); });
    case arrow::Type::HALF_FLOAT: {
      const ArrayPointer wider = cast(column, arrow::float32());
      return wider && fill_keys(wider, keys, backing);
    }
    case arrow::Type::DICTIONARY:
      return each_entry(*column, keys, [&](const ArrayPointer& entries, std::vector<Key>& out) {
        return fill_keys(entries, out, backing);
      });
    case arrow::Type::EXTENSION:
      return fill_keys(storage(*column), keys, backing);
    default:
      break;
  }
  if (is_text(column->type_id())) return keys_of_text(column, keys, backing);
  const auto key = [](std::int64_t value) { return Key{Key::Kind::integer, value, {}}; };
  return each_integer(*column, keys, key) || keys_of_text(as_text(column), keys, backing);
}

bool fill_numbers(const ArrayPointer& column, std::vector<Number>& numbers) {
  const auto real = [](const auto& array, std::int64_t i) {
    return number_of_real(static_cast<double>(array.Value(i)));
  };
  switch (column->type_id()) {
    case arrow::Type::NA:
      numbers.assign(static_cast<std::size_t>(column->length()), Number{});
      return true;
    case arrow::Type::BOOL:
      return each<arrow::BooleanArray>(*column, numbers, [](const auto& array, std::int64_t i) {
        return number_of_integer(array.Value(i) ? 1 : 0);
      });
    case arrow::Type::UINT64:
      return each<arrow::UInt64Array>(*column, numbers, [](const auto& array, std::int64_t i) {
        return number_of_unsigned(array.Value(i));
      });
    case arrow::Type::FLOAT:
      return each<arrow::FloatArray>(*column, numbers, real);
    case arrow::Type::DOUBLE:
      return each<arrow::DoubleArray>(*column, numbers, real);
    case arrow::Type::HALF_FLOAT: {
      const ArrayPointer wider = cast(column, arrow::float32());
      return wider && fill_numbers(wider, numbers);
    }
    case arrow::Type::DICTIONARY:
      return each_entry(*column, numbers, [](const ArrayPointer& entries, auto& out) {
        return fill_numbers(entries, out);
      });
    case arrow::Type::EXTENSION:
      return fill_numbers(storage(*column), numbers);
    default:
      break;
  }
  if (each_integer(*column, numbers, number_of_integer)) return true;
  if (is_text(column->type_id())) return each_text(*column, numbers, number_of_text);
  // A decimal goes by way of its text: whole ones stay whole, the others are rounded once.
  const ArrayPointer text = cast(column, arrow::utf8());
  return text && each_text(*text, numbers, number_of_text);
}

}  // namespace sfumato
