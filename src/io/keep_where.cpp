#include "io/keep_where.h"

#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <algorithm>
#include <optional>
#include <string>

#include "io/cell.h"
#include "io/cell_types.h"
#include "io/number_order.h"
#include "io/verdict.h"

namespace sfumato {
namespace {

using Keep = std::vector<char>;

constexpr std::int64_t kDay = 86'400;

template <class Kind>
bool all_are(const Condition& condition) {
  return std::ranges::all_of(
      condition.values, [](const Constant& value) { return std::holds_alternative<Kind>(value); });
}

bool is_equality(Condition::Kind kind) {
  using Kind = Condition::Kind;
  return kind == Kind::equal || kind == Kind::unequal || kind == Kind::in || kind == Kind::not_in;
}

/// `holds(array, i)` for each row i that is not NULL and is still kept.
template <class ArrayType, class Holds>
bool each(const arrow::Array& column, Keep& keep, Holds holds) {
  const auto& array = static_cast<const ArrayType&>(column);
  for (std::int64_t i = 0; i < array.length(); ++i) {
    char& kept = keep[static_cast<std::size_t>(i)];
    kept = kept && !array.IsNull(i) && holds(array, i);
  }
  return true;
}

// ---- the definition, for types and constants that are seldom compared

template <class ArrayType>
bool each_real_as_text(const arrow::Array& column, const Condition& condition, Keep& keep) {
  return each<ArrayType>(column, keep, [&](const auto& array, std::int64_t i) {
    char pen[kRealText];
    const Key key = key_of_real(array.Value(i), pen);
    return key.kind == Key::Kind::integer ? condition.holds(std::to_string(key.integer))
                                          : condition.holds(key.text);
  });
}

bool keep_by_text(const ArrayPointer& column, const Condition& condition, Keep& keep) {
  switch (column->type_id()) {
    case arrow::Type::BOOL:
      return each<arrow::BooleanArray>(*column, keep, [&](const auto& array, std::int64_t i) {
        return condition.holds(array.Value(i) ? "true" : "false");
      });
    case arrow::Type::FLOAT:
      return each_real_as_text<arrow::FloatArray>(*column, condition, keep);
    case arrow::Type::HALF_FLOAT: {
      const ArrayPointer wider = cast(column, arrow::float32());
      return wider && keep_by_text(wider, condition, keep);
    }
    case arrow::Type::DOUBLE:
      return each_real_as_text<arrow::DoubleArray>(*column, condition, keep);
    default: {
      const ArrayPointer text = as_text(column);
      if (!text) return false;
      return each<arrow::StringArray>(*text, keep, [&](const auto& array, std::int64_t i) {
        return condition.holds(array.GetView(i));
      });
    }
  }
}

// ---- numbers

template <class ArrayType, class Value>
bool keep_numbers(const arrow::Array& column, const Condition& condition, Keep& keep) {
  std::vector<Cut<Value>> cuts;
  for (const Constant& value : condition.values)
    cuts.push_back(Cut<Value>::make(std::get<Decimal>(value)));
  return each<ArrayType>(column, keep, [&](const auto& array, std::int64_t row) {
    const auto value = static_cast<Value>(array.Value(row));
    return verdict(condition.kind, cuts.size(),
                   [&](std::size_t i) { return cuts[i].order(value); });
  });
}

/// None where the type is no machine number.
std::optional<bool> keep_numbers(const ArrayPointer& column, const Condition& condition,
                                 Keep& keep) {
  switch (column->type_id()) {
    case arrow::Type::INT8:
      return keep_numbers<arrow::Int8Array, std::int64_t>(*column, condition, keep);
    case arrow::Type::INT16:
      return keep_numbers<arrow::Int16Array, std::int64_t>(*column, condition, keep);
    case arrow::Type::INT32:
      return keep_numbers<arrow::Int32Array, std::int64_t>(*column, condition, keep);
    case arrow::Type::INT64:
      return keep_numbers<arrow::Int64Array, std::int64_t>(*column, condition, keep);
    case arrow::Type::UINT8:
      return keep_numbers<arrow::UInt8Array, std::int64_t>(*column, condition, keep);
    case arrow::Type::UINT16:
      return keep_numbers<arrow::UInt16Array, std::int64_t>(*column, condition, keep);
    case arrow::Type::UINT32:
      return keep_numbers<arrow::UInt32Array, std::int64_t>(*column, condition, keep);
    case arrow::Type::UINT64:
      return keep_numbers<arrow::UInt64Array, std::uint64_t>(*column, condition, keep);
    case arrow::Type::FLOAT:
      return keep_numbers<arrow::FloatArray, float>(*column, condition, keep);
    case arrow::Type::DOUBLE:
      return keep_numbers<arrow::DoubleArray, double>(*column, condition, keep);
    default:
      return std::nullopt;
  }
}

// ---- dates and times

template <class ArrayType, class InstantOf>
bool keep_times(const arrow::Array& column, const Condition& condition, Keep& keep,
                InstantOf instant_of) {
  return each<ArrayType>(column, keep, [&](const auto& array, std::int64_t row) {
    const std::optional<Instant> time = instant_of(static_cast<std::int64_t>(array.Value(row)));
    return verdict(condition.kind, condition.values.size(), [&](std::size_t i) {
      if (!time) return Order::unknown;
      const auto order = *time <=> std::get<Instant>(condition.values[i]);
      return order < 0 ? Order::less : order > 0 ? Order::greater : Order::equal;
    });
  });
}

std::int64_t ticks_per_second(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1;
    case arrow::TimeUnit::MILLI:
      return 1'000;
    case arrow::TimeUnit::MICRO:
      return 1'000'000;
    case arrow::TimeUnit::NANO:
      break;
  }
  return 1'000'000'000;
}

/// None where the type is no date and no point in time.
std::optional<bool> keep_times(const ArrayPointer& column, const Condition& condition, Keep& keep) {
  const auto of_days = [](std::int64_t days) { return Instant::make(days * kDay, 0); };
  switch (column->type_id()) {
    case arrow::Type::DATE32:
      return keep_times<arrow::Date32Array>(*column, condition, keep, of_days);
    case arrow::Type::DATE64:  // whole days, in milliseconds
      return keep_times<arrow::Date64Array>(*column, condition, keep, [&](std::int64_t value) {
        return of_days(value / (kDay * 1000));
      });
    case arrow::Type::TIMESTAMP: {
      const auto unit = static_cast<const arrow::TimestampType&>(*column->type()).unit();
      const std::int64_t ticks = ticks_per_second(unit);
      const auto of_ticks = [ticks](std::int64_t value) {
        const std::int64_t rest = (value % ticks + ticks) % ticks;
        const auto nanoseconds = static_cast<std::int32_t>(rest * (1'000'000'000 / ticks));
        return Instant::make(value / ticks - (value % ticks < 0), nanoseconds);
      };
      return keep_times<arrow::TimestampArray>(*column, condition, keep, of_ticks);
    }
    default:
      return std::nullopt;
  }
}

// ---- text

/// How a cell lies to each constant, as exactly as the definition and mostly without its work.
class TextOrder {
 public:
  explicit TextOrder(const std::vector<Constant>& values) {
    for (const Constant& value : values) std::visit([this](const auto& v) { add(v); }, value);
  }

  Order order(std::string_view cell, std::size_t i) const {
    if (const auto* number = std::get_if<NumberCut>(&values_[i])) return number->order(cell);
    if (const auto* instant = std::get_if<Instant>(&values_[i])) {
      const std::optional<Instant> time = Instant::parse(without_blanks(cell));
      return time ? order_from(*time <=> *instant) : Order::unknown;
    }
    return order_from(cell <=> std::get<std::string>(values_[i]));
  }

 private:
  static Order order_from(std::strong_ordering order) {
    return order < 0 ? Order::less : order > 0 ? Order::greater : Order::equal;
  }
  void add(const Decimal& number) { values_.emplace_back(NumberCut(number)); }
  void add(const Instant& instant) { values_.emplace_back(instant); }
  void add(const std::string& text) { values_.emplace_back(text); }

  std::vector<std::variant<NumberCut, Instant, std::string>> values_;
};

template <class ArrayType>
bool keep_texts(const arrow::Array& column, const Condition& condition, Keep& keep) {
  const TextOrder constants(condition.values);
  return each<ArrayType>(column, keep, [&](const auto& array, std::int64_t row) {
    const std::string_view cell = array.GetView(row);
    return verdict(condition.kind, condition.values.size(),
                   [&](std::size_t i) { return constants.order(cell, i); });
  });
}

bool keep_texts(const ArrayPointer& column, const Condition& condition, Keep& keep) {
  if (column->type_id() == arrow::Type::STRING)
    return keep_texts<arrow::StringArray>(*column, condition, keep);
  if (column->type_id() == arrow::Type::LARGE_STRING)
    return keep_texts<arrow::LargeStringArray>(*column, condition, keep);
  return keep_texts<arrow::StringViewArray>(*column, condition, keep);
}

// ---- columns of all types

/// Of a column without dictionary and extension, what compares with a value.
bool keep_compared(const ArrayPointer& column, const Condition& condition, Keep& keep) {
  if (is_text(column->type_id())) return keep_texts(column, condition, keep);
  std::optional<bool> done;
  if (all_are<Decimal>(condition)) done = keep_numbers(column, condition, keep);
  if (!done && all_are<Instant>(condition)) done = keep_times(column, condition, keep);
  return done ? *done : keep_by_text(column, condition, keep);
}

bool keep_by_null(const arrow::Array& column, bool wanted, Keep& keep) {
  for (std::int64_t i = 0; i < column.length(); ++i) {
    char& kept = keep[static_cast<std::size_t>(i)];
    kept = kept && column.IsNull(i) == wanted;
  }
  return true;
}

/// What holds of each entry, looked up by the rows.
bool keep_entries(const arrow::DictionaryArray& column, const Condition& condition, Keep& keep) {
  const ArrayPointer& entries = column.dictionary();
  Keep entry_holds(static_cast<std::size_t>(entries->length()), 1);
  if (!keep_where(condition, entries, entry_holds)) return false;
  const char null_holds = condition.kind == Condition::Kind::null;
  for (std::int64_t i = 0; i < column.length(); ++i) {
    char& kept = keep[static_cast<std::size_t>(i)];
    kept =
        kept && (column.IsNull(i) ? null_holds
                                  : entry_holds[static_cast<std::size_t>(column.GetValueIndex(i))]);
  }
  return true;
}

}  // namespace

const char* why_not_compared(const arrow::DataType& type, const Condition& condition) {
  const arrow::Type::type id = cell_type(type).id();
  if (arrow::is_nested(id)) return "holds lists or records; a filter needs single values";
  const bool number = arrow::is_numeric(id) || arrow::is_decimal(id);
  const bool time = arrow::is_date(id) || id == arrow::Type::TIMESTAMP;
  const bool known = number || time || is_text(id) || id == arrow::Type::NA ||
                     id == arrow::Type::BOOL || arrow::is_time(id);
  if (!known) return "has a type that is not served; a filter needs text, numbers or dates";
  if (is_text(id) || id == arrow::Type::NA || condition.values.empty()) return nullptr;
  const bool text = all_are<std::string>(condition);
  if (number && (all_are<Decimal>(condition) || (text && is_equality(condition.kind))))
    return nullptr;
  if (number) return "holds numbers; compare it with numbers, which stand without quotes";
  if (time)
    return all_are<Instant>(condition)
               ? nullptr
               : "holds dates or times; compare it with one such as 2024-06-01, without quotes";
  if (text) return nullptr;
  return id == arrow::Type::BOOL ? "holds truth values; compare it with true or false"
                                 : "holds times of day; compare it with text such as '12:00:00'";
}

bool keep_where(const Condition& condition, const ArrayPointer& column, Keep& keep) {
  if (column->type_id() == arrow::Type::DICTIONARY)
    return keep_entries(static_cast<const arrow::DictionaryArray&>(*column), condition, keep);
  if (column->type_id() == arrow::Type::EXTENSION)
    return keep_where(condition, storage(*column), keep);
  if (condition.kind == Condition::Kind::null) return keep_by_null(*column, true, keep);
  if (condition.kind == Condition::Kind::not_null) return keep_by_null(*column, false, keep);
  if (column->type_id() == arrow::Type::NA) return std::ranges::fill(keep, 0), true;
  return keep_compared(column, condition, keep);
}

}  // namespace sfumato
