#include "io/text_cells.h"

#include <arrow/array.h>
#include <arrow/type.h>

#include <charconv>
#include <limits>

#include "io/cell_types.h"

namespace sfumato {
namespace {

constexpr std::size_t kIntegerText = 20;

/// Text that is there is never at null, which would say that it is NULL.
std::string_view there(std::string_view text) {
  return text.data() ? text : std::string_view("");
}

template <class ArrayType>
void texts_of(const arrow::Array& column, std::vector<std::string_view>& texts) {
  const auto& array = static_cast<const ArrayType&>(column);
  const bool has_nulls = array.null_count() != 0;
  texts.resize(static_cast<std::size_t>(array.length()));
  for (std::int64_t i = 0; i < array.length(); ++i)
    texts[static_cast<std::size_t>(i)] =
        has_nulls && array.IsNull(i) ? std::string_view() : there(array.GetView(i));
}

/// False where the type is no text.
bool read_texts(const arrow::Array& column, std::vector<std::string_view>& texts) {
  switch (column.type_id()) {
    case arrow::Type::STRING:
      return texts_of<arrow::StringArray>(column, texts), true;
    case arrow::Type::LARGE_STRING:
      return texts_of<arrow::LargeStringArray>(column, texts), true;
    case arrow::Type::STRING_VIEW:
      return texts_of<arrow::StringViewArray>(column, texts), true;
    default:
      return false;
  }
}

}  // namespace

bool TextCells::read(const std::shared_ptr<arrow::Array>& column) {
  codes_.clear();
  kept_ = column;
  if (column->type_id() == arrow::Type::DICTIONARY && column->length() > 0)
    return read_coded(column);
  return read_texts(*column, entries_) || read_keys(column);
}

bool TextCells::read_coded(const std::shared_ptr<arrow::Array>& column) {
  const auto coded = std::static_pointer_cast<arrow::DictionaryArray>(column);
  const auto dictionary = coded->dictionary();
  if (!read_texts(*dictionary, entries_) && !read_keys(dictionary)) return false;
  kept_ = coded;
  if (entries_.size() >= std::numeric_limits<std::uint32_t>::max()) return false;
  const auto null = static_cast<std::uint32_t>(entries_.size());
  entries_.emplace_back();
  codes_.resize(static_cast<std::size_t>(coded->length()));
  for (std::int64_t i = 0; i < coded->length(); ++i)
    codes_[static_cast<std::size_t>(i)] =
        coded->IsNull(i) ? null : static_cast<std::uint32_t>(coded->GetValueIndex(i));
  return true;
}

bool TextCells::read_keys(const std::shared_ptr<arrow::Array>& column) {
  KeyColumn keys;
  store_.kept.clear();
  if (!KeyReader().read(column, store_, keys)) return false;
  const auto rows = static_cast<std::size_t>(column->length());
  entries_.assign(rows, {});
  pen_.reset(new char[rows * kIntegerText + 1]);
  char* at = pen_.get();
  for (std::size_t i = 0; i < rows; ++i) {
    const Key key = keys[i];
    if (key.kind == Key::Kind::text) entries_[i] = there(key.text);
    if (key.kind != Key::Kind::integer) continue;
    char* const end = std::to_chars(at, at + kIntegerText, key.integer).ptr;
    entries_[i] = {at, static_cast<std::size_t>(end - at)};
    at = end;
  }
  return true;
}

}  // namespace sfumato
