#include "io/columns.h"

#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <atomic>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "io/cell.h"
#include "io/cell_types.h"

namespace sfumato {
namespace {

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

/// Keys one by one, whatever the type.
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

/// Numbers one by one, whatever the type.
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

/// Which cells are NULL, a byte each; nothing where none is.
std::span<const std::uint8_t> nulls_of(const arrow::Array& array, ColumnStore& store) {
  if (array.null_count() == 0) return {};
  store.nulls.resize(static_cast<std::size_t>(array.length()));
  for (std::int64_t i = 0; i < array.length(); ++i)
    store.nulls[static_cast<std::size_t>(i)] = array.IsNull(i) ? 1 : 0;
  return store.nulls;
}

template <class ArrayType, class Wide>
std::span<const Wide> widened(const arrow::Array& column, std::vector<Wide>& buffer) {
  const auto& array = static_cast<const ArrayType&>(column);
  const auto* cells = array.raw_values();
  buffer.assign(cells, cells + array.length());
  return buffer;
}

/// The integers of a column as they lie there, or widened; nothing where it holds no integers, or
/// those that may be too large.
std::span<const std::int64_t> integers_of(const ArrayPointer& column, ColumnStore& store) {
  switch (column->type_id()) {
    case arrow::Type::INT8:
      return widened<arrow::Int8Array>(*column, store.integers);
    case arrow::Type::INT16:
      return widened<arrow::Int16Array>(*column, store.integers);
    case arrow::Type::INT32:
      return widened<arrow::Int32Array>(*column, store.integers);
    case arrow::Type::INT64:
      store.kept.push_back(column);
      return {static_cast<const arrow::Int64Array&>(*column).raw_values(),
              static_cast<std::size_t>(column->length())};
    case arrow::Type::UINT8:
      return widened<arrow::UInt8Array>(*column, store.integers);
    case arrow::Type::UINT16:
      return widened<arrow::UInt16Array>(*column, store.integers);
    case arrow::Type::UINT32:
      return widened<arrow::UInt32Array>(*column, store.integers);
    default:
      return {};
  }
}

/// The reals of a column as they lie there, or widened, with NaN for NULL; nothing where it holds
/// no reals.
std::span<const double> reals_of(const ArrayPointer& column, ColumnStore& store) {
  if (column->type_id() == arrow::Type::DOUBLE && column->null_count() == 0) {
    store.kept.push_back(column);
    return {static_cast<const arrow::DoubleArray&>(*column).raw_values(),
            static_cast<std::size_t>(column->length())};
  }
  if (column->type_id() == arrow::Type::DOUBLE)
    widened<arrow::DoubleArray>(*column, store.reals);
  else if (column->type_id() == arrow::Type::FLOAT)
    widened<arrow::FloatArray>(*column, store.reals);
  else
    return {};
  if (column->null_count() != 0)
    for (std::int64_t i = 0; i < column->length(); ++i)
      if (column->IsNull(i))
        store.reals[static_cast<std::size_t>(i)] = std::numeric_limits<double>::quiet_NaN();
  return store.reals;
}

/// Codes for indices into a dictionary: one more than the index, and 0 for NULL.
template <class ArrayType>
void number_codes(const arrow::Array& indices, std::vector<std::uint32_t>& codes) {
  const auto& array = static_cast<const ArrayType&>(indices);
  codes.resize(static_cast<std::size_t>(array.length()));
  const auto* cells = array.raw_values();
  for (std::size_t i = 0; i < codes.size(); ++i)
    codes[i] = static_cast<std::uint32_t>(cells[i]) + 1;
  if (array.null_count() != 0)
    for (std::int64_t i = 0; i < array.length(); ++i)
      if (array.IsNull(i)) codes[static_cast<std::size_t>(i)] = 0;
}

void number_codes_of_any(const arrow::Array& indices, std::vector<std::uint32_t>& codes) {
  switch (indices.type_id()) {
    case arrow::Type::INT8:
      return number_codes<arrow::Int8Array>(indices, codes);
    case arrow::Type::UINT8:
      return number_codes<arrow::UInt8Array>(indices, codes);
    case arrow::Type::INT16:
      return number_codes<arrow::Int16Array>(indices, codes);
    case arrow::Type::UINT16:
      return number_codes<arrow::UInt16Array>(indices, codes);
    case arrow::Type::INT32:
      return number_codes<arrow::Int32Array>(indices, codes);
    case arrow::Type::UINT32:
      return number_codes<arrow::UInt32Array>(indices, codes);
    case arrow::Type::INT64:
      return number_codes<arrow::Int64Array>(indices, codes);
    default:
      return number_codes<arrow::UInt64Array>(indices, codes);
  }
}

std::uint64_t next_dictionary() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

const char* why_no_key(const arrow::DataType& type) {
  const arrow::Type::type id = cell_type(type).id();
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
  const arrow::Type::type id = cell_type(type).id();
  if (id == arrow::Type::NA || id == arrow::Type::BOOL) return nullptr;
  if (arrow::is_numeric(id) || arrow::is_decimal(id)) return nullptr;
  if (is_text(id)) return "is text; a value column needs numbers";
  if (arrow::is_temporal(id)) return "is a date or time; a value column needs numbers";
  return "holds no numbers; a value column needs them";
}

bool holds_integers(const arrow::DataType& type) {
  return arrow::is_integer(type.id()) && type.id() != arrow::Type::UINT64;
}

bool begins_with(const arrow::Array& list, const arrow::Array& beginning) {
  if (&list == &beginning) return true;
  if (list.type_id() != arrow::Type::STRING || beginning.type_id() != arrow::Type::STRING ||
      list.null_count() != 0 || beginning.null_count() != 0 || list.length() < beginning.length())
    return false;
  const auto& a = static_cast<const arrow::StringArray&>(list);
  const auto& b = static_cast<const arrow::StringArray&>(beginning);
  const std::int64_t count = b.length();
  if (count == 0) return true;
  const auto bytes = static_cast<std::size_t>(count + 1) * sizeof(std::int32_t);
  if (std::memcmp(a.raw_value_offsets(), b.raw_value_offsets(), bytes) != 0) return false;
  const std::int32_t begin = b.value_offset(0);
  const auto length = static_cast<std::size_t>(b.value_offset(count) - begin);
  return length == 0 || std::memcmp(a.raw_data() + begin, b.raw_data() + begin, length) == 0;
}

/// Makes `entries_` begin with NULL and go on with the entries of `dictionary`, or with more.
bool KeyReader::know(const ArrayPointer& dictionary) {
  if (dictionary_ && begins_with(*dictionary_, *dictionary)) return true;
  const bool grown = dictionary_ && begins_with(*dictionary, *dictionary_);
  auto entries = std::make_shared<Entries>();
  if (!fill_keys(dictionary, entries->keys, entries->kept)) return false;
  entries->keys.insert(entries->keys.begin(), Key{});
  if (!grown) number_ = next_dictionary();
  entries_ = std::move(entries);
  dictionary_ = dictionary;
  return true;
}

bool KeyReader::read_coded(const ArrayPointer& column, ColumnStore& store, KeyColumn& keys) {
  const auto& array = static_cast<const arrow::DictionaryArray&>(*column);
  if (array.dictionary()->length() >= std::numeric_limits<std::uint32_t>::max() ||
      !know(array.dictionary()))
    return false;
  store.kept.push_back(entries_);
  number_codes_of_any(*array.indices(), store.codes);
  keys.entries = entries_->keys;
  keys.codes = store.codes;
  keys.dictionary = number_;
  return true;
}

bool KeyReader::read(const ArrayPointer& column, ColumnStore& store, KeyColumn& keys) {
  keys = {};
  store.kept.clear();
  if (column->length() == 0) return true;
  if (column->type_id() == arrow::Type::EXTENSION) return read(storage(*column), store, keys);
  if (column->type_id() == arrow::Type::DICTIONARY) return read_coded(column, store, keys);
  keys.integers = integers_of(column, store);
  if (!keys.integers.empty()) {
    keys.nulls = nulls_of(*column, store);
    return true;
  }
  if (!fill_keys(column, store.keys, store.kept)) return false;
  keys.entries = store.keys;
  return true;
}

bool read_numbers(const ArrayPointer& column, ColumnStore& store, NumberColumn& numbers) {
  numbers = {};
  store.kept.clear();
  if (column->length() == 0) return true;
  if (column->type_id() == arrow::Type::EXTENSION)
    return read_numbers(storage(*column), store, numbers);
  numbers.reals = reals_of(column, store);
  if (!numbers.reals.empty()) return true;
  numbers.integers = integers_of(column, store);
  if (!numbers.integers.empty()) {
    numbers.nulls = nulls_of(*column, store);
    return true;
  }
  if (!fill_numbers(column, store.numbers)) return false;
  numbers.cells = store.numbers;
  return true;
}

}  // namespace sfumato
