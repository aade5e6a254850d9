#include "io/plain_parquet.h"

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/buffer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace sfumato {
namespace {

constexpr std::int64_t kRowsAtOnce = 1 << 14;  // what is made of them fits a cache

arrow::Status too_few() {
  return arrow::Status::Invalid("a column has fewer cells than the file has rows");
}

/// Buffers that are used again where nobody else has them any more.
class Buffers {
 public:
  arrow::Result<std::shared_ptr<arrow::Buffer>> take(std::int64_t bytes) {
    for (const auto& buffer : all_)
      if (buffer.use_count() == 1 && buffer->size() >= bytes) {
        // What others have read of it comes before what is written to it.
        std::atomic_thread_fence(std::memory_order_acquire);
        return buffer;
      }
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> added, arrow::AllocateBuffer(bytes));
    std::erase_if(all_, [](const auto& buffer) { return buffer.use_count() == 1; });
    all_.push_back(added);
    return added;
  }

 private:
  std::vector<std::shared_ptr<arrow::Buffer>> all_;
};

}  // namespace

/// One column, row group after row group.
class PlainParquet::Column {
 public:
  Column(int place, bool nullable, std::shared_ptr<arrow::DataType> type)
      : place_(place), nullable_(nullable), type_(std::move(type)) {}
  virtual ~Column() = default;

  virtual arrow::Status begin(parquet::RowGroupReader& rows) = 0;

  /// Exactly so many cells.
  virtual arrow::Result<std::shared_ptr<arrow::Array>> read(std::int64_t rows) = 0;

 protected:
  /// Cells as the file holds them, those that are NULL left out, and where they belong.
  struct Cells {
    std::shared_ptr<arrow::Buffer> values;
    std::shared_ptr<arrow::Buffer> known;  // a bit each; null where none is NULL
    std::int64_t nulls = 0;
  };

  /// `read_some(rows, levels, values, &got)` reads as many cells of one page as it can.
  template <class Value, class ReadSome>
  arrow::Result<Cells> read_cells(std::int64_t rows, ReadSome read_some) {
    Cells cells;
    ARROW_ASSIGN_OR_RAISE(cells.values,
                          buffers_.take(rows * static_cast<std::int64_t>(sizeof(Value))));
    auto* const values = reinterpret_cast<Value*>(cells.values->mutable_data());
    levels_.resize(static_cast<std::size_t>(rows));
    std::int64_t done = 0;
    std::int64_t filled = 0;
    while (done < rows) {
      std::int64_t got = 0;
      const std::int64_t more =
          read_some(rows - done, levels_.data() + done, values + filled, &got);
      if (more <= 0 || got > more || (!nullable_ && got != more)) return too_few();
      done += more;
      filled += got;
    }
    if (filled < rows) ARROW_RETURN_NOT_OK(spread(values, filled, rows, cells));
    return cells;
  }

  const int place_;
  const bool nullable_;
  const std::shared_ptr<arrow::DataType> type_;

 private:
  /// Puts the values that are there in their places.
  template <class Value>
  arrow::Status spread(Value* values, std::int64_t filled, std::int64_t rows, Cells& cells) {
    ARROW_ASSIGN_OR_RAISE(cells.known, arrow::AllocateEmptyBitmap(rows));
    cells.nulls = rows - filled;
    if (std::count(levels_.begin(), levels_.end(), std::int16_t{1}) != filled) return too_few();
    for (std::int64_t row = rows; row-- > 0;) {
      if (levels_[static_cast<std::size_t>(row)] == 1) {
        values[row] = values[--filled];
        arrow::bit_util::SetBit(cells.known->mutable_data(), row);
      } else {
        values[row] = Value{};
      }
    }
    return arrow::Status::OK();
  }

  std::vector<std::int16_t> levels_;  // 1 where a cell is not NULL
  Buffers buffers_;
};

namespace {

/// Numbers, dates and times.
template <class Physical>
class Numbers : public PlainParquet::Column {
 public:
  using Column::Column;

  arrow::Status begin(parquet::RowGroupReader& rows) override {
    reader_ = std::dynamic_pointer_cast<Reader>(rows.Column(place_));
    return reader_ ? arrow::Status::OK() : arrow::Status::Invalid("a column of another type");
  }

  arrow::Result<std::shared_ptr<arrow::Array>> read(std::int64_t rows) override {
    const auto some = [&](std::int64_t most, std::int16_t* levels, Value* values,
                          std::int64_t* got) {
      return reader_->ReadBatch(most, levels, nullptr, values, got);
    };
    ARROW_ASSIGN_OR_RAISE(const Cells cells, read_cells<Value>(rows, some));
    return arrow::MakeArray(
        arrow::ArrayData::Make(type_, rows, {cells.known, cells.values}, cells.nulls));
  }

 private:
  using Reader = parquet::TypedColumnReader<Physical>;
  using Value = typename Physical::c_type;

  std::shared_ptr<Reader> reader_;
};

/// Text by the codes of a dictionary, which each row group has of its own.
class Codes : public PlainParquet::Column {
 public:
  using Column::Column;

  arrow::Status begin(parquet::RowGroupReader& rows) override {
    dictionary_ = nullptr;
    constexpr auto kCodes = parquet::ExposedEncoding::DICTIONARY;
    reader_ = std::dynamic_pointer_cast<parquet::ByteArrayReader>(
        rows.ColumnWithExposeEncoding(place_, kCodes));
    return reader_ && reader_->GetExposedEncoding() == kCodes
               ? arrow::Status::OK()
               : arrow::Status::Invalid("a column without a dictionary");
  }

  arrow::Result<std::shared_ptr<arrow::Array>> read(std::int64_t rows) override {
    const parquet::ByteArray* entries = nullptr;
    std::int32_t length = 0;
    const auto some = [&](std::int64_t most, std::int16_t* levels, std::int32_t* codes,
                          std::int64_t* got) {
      return reader_->ReadBatchWithDictionary(most, levels, nullptr, codes, got, &entries, &length);
    };
    ARROW_ASSIGN_OR_RAISE(const Cells cells, read_cells<std::int32_t>(rows, some));
    if (!dictionary_) ARROW_RETURN_NOT_OK(copy(entries, length));
    auto codes = arrow::ArrayData::Make(type_, rows, {cells.known, cells.values}, cells.nulls);
    codes->dictionary = dictionary_->data();
    return arrow::MakeArray(codes);
  }

 private:
  arrow::Status copy(const parquet::ByteArray* entries, std::int32_t length) {
    arrow::StringBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Reserve(length));
    for (std::int32_t i = 0; i < length; ++i)
      ARROW_RETURN_NOT_OK(
          builder.Append(entries[i].ptr, static_cast<std::int32_t>(entries[i].len)));
    return builder.Finish(&dictionary_);
  }

  std::shared_ptr<parquet::ByteArrayReader> reader_;
  std::shared_ptr<arrow::Array> dictionary_;
};

using ColumnPointer = std::unique_ptr<PlainParquet::Column>;

/// Null where cells of the type do not lie in memory as they do in the file.
ColumnPointer column_of(const parquet::ColumnDescriptor& column, int place,
                        const std::shared_ptr<arrow::DataType>& type) {
  if (column.max_repetition_level() != 0 || column.max_definition_level() > 1) return nullptr;
  const bool nullable = column.max_definition_level() == 1;
  const auto numbers = [&]<class Physical>() -> ColumnPointer {
    if (column.physical_type() != Physical::type_num) return nullptr;
    return std::make_unique<Numbers<Physical>>(place, nullable, type);
  };
  switch (type->id()) {
    case arrow::Type::INT32:
    case arrow::Type::DATE32:
      return numbers.operator()<parquet::Int32Type>();
    case arrow::Type::INT64:
    case arrow::Type::TIMESTAMP:
      return numbers.operator()<parquet::Int64Type>();
    case arrow::Type::FLOAT:
      return numbers.operator()<parquet::FloatType>();
    case arrow::Type::DOUBLE:
      return numbers.operator()<parquet::DoubleType>();
    case arrow::Type::DICTIONARY:
      if (!type->Equals(arrow::dictionary(arrow::int32(), arrow::utf8())) ||
          column.physical_type() != parquet::Type::BYTE_ARRAY)
        return nullptr;
      return std::make_unique<Codes>(place, nullable, type);
    default:
      return nullptr;
  }
}

}  // namespace

PlainParquet::PlainParquet(parquet::ParquetFileReader& file, std::vector<ColumnPointer> columns,
                           std::shared_ptr<arrow::Schema> schema)
    : file_(file), columns_(std::move(columns)), schema_(std::move(schema)) {}

PlainParquet::~PlainParquet() = default;

std::unique_ptr<PlainParquet> PlainParquet::make(parquet::ParquetFileReader& file,
                                                 const arrow::Schema& schema,
                                                 const std::vector<Leaf>& leaves) {
  if (leaves.empty()) return nullptr;
  std::vector<ColumnPointer> columns;
  arrow::FieldVector fields;
  for (const Leaf& leaf : leaves) {
    if (leaf.place < 0) return nullptr;
    fields.push_back(schema.field(leaf.field));
    columns.push_back(column_of(*file.metadata()->schema()->Column(leaf.place), leaf.place,
                                fields.back()->type()));
    if (!columns.back()) return nullptr;
  }
  return std::unique_ptr<PlainParquet>(
      new PlainParquet(file, std::move(columns), arrow::schema(std::move(fields))));
}

arrow::Status PlainParquet::begin(int row_group) {
  const auto rows = file_.RowGroup(row_group);
  left_ = rows->metadata()->num_rows();
  for (const ColumnPointer& column : columns_) ARROW_RETURN_NOT_OK(column->begin(*rows));
  return arrow::Status::OK();
}

arrow::Status PlainParquet::next(std::shared_ptr<arrow::RecordBatch>& rows) {
  rows = nullptr;
  if (left_ <= 0) return arrow::Status::OK();
  const std::int64_t count = std::min(kRowsAtOnce, left_);
  arrow::ArrayVector cells;
  for (const ColumnPointer& column : columns_) {
    ARROW_ASSIGN_OR_RAISE(cells.emplace_back(), column->read(count));
  }
  left_ -= count;
  rows = arrow::RecordBatch::Make(schema_, count, std::move(cells));
  return arrow::Status::OK();
}

}  // namespace sfumato
