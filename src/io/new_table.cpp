#include "sfumato/io/new_table.h"

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <arrow/util/utf8.h>

#include <algorithm>
#include <cmath>

#include "io/parquet_out.h"

namespace sfumato {
namespace {

using Made = arrow::Result<std::shared_ptr<arrow::Array>>;

bool is_utf8(const std::string& text) {
  return arrow::util::ValidateUTF8(text);
}

template <class Builder>
Made array_of(const std::vector<std::optional<std::string>>& cells) {
  Builder builder;
  for (const auto& cell : cells)
    ARROW_RETURN_NOT_OK(cell ? builder.Append(*cell) : builder.AppendNull());
  return builder.Finish();
}

Made array_of(const std::vector<std::optional<std::string>>& cells) {
  const bool text =
      std::ranges::all_of(cells, [](const auto& cell) { return !cell || is_utf8(*cell); });
  return text ? array_of<arrow::StringBuilder>(cells) : array_of<arrow::BinaryBuilder>(cells);
}

Made array_of(const std::vector<double>& cells) {
  arrow::DoubleBuilder builder;
  for (const double cell : cells)
    ARROW_RETURN_NOT_OK(std::isnan(cell) ? builder.AppendNull() : builder.Append(cell));
  return builder.Finish();
}

Made array_of(const std::vector<std::int64_t>& cells) {
  arrow::Int64Builder builder;
  ARROW_RETURN_NOT_OK(builder.AppendValues(cells));
  return builder.Finish();
}

std::shared_ptr<const arrow::KeyValueMetadata> metadata_of(const TableNotes& notes) {
  if (notes.empty()) return nullptr;
  auto metadata = std::make_shared<arrow::KeyValueMetadata>();
  for (const auto& [name, text] : notes) metadata->Append(name, text);
  return metadata;
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> batch_of(const NewTable& table) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const NewTableColumn& column : table.columns) {
    ARROW_ASSIGN_OR_RAISE(
        arrays.emplace_back(),
        std::visit([](const auto& cells) { return array_of(cells); }, column.cells));
    fields.push_back(
        arrow::field(column.name, arrays.back()->type(), true, metadata_of(column.notes)));
  }
  const std::int64_t rows = arrays.empty() ? 0 : arrays.front()->length();
  return arrow::RecordBatch::Make(arrow::schema(fields, metadata_of(table.notes)), rows, arrays);
}

arrow::Result<std::string> arrow_bytes(const arrow::RecordBatch& batch) {
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeFileWriter(sink, batch.schema()));
  ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(batch));
  ARROW_RETURN_NOT_OK(writer->Close());
  ARROW_ASSIGN_OR_RAISE(const auto bytes, sink->Finish());
  return bytes->ToString();
}

arrow::Result<std::string> parquet_bytes(const arrow::RecordBatch& batch) {
  ARROW_ASSIGN_OR_RAISE(ParquetOut out, ParquetOut::make(batch.schema(), false));
  ARROW_RETURN_NOT_OK(out.write(batch));
  ARROW_RETURN_NOT_OK(out.finish());
  return out.take();
}

arrow::Result<std::string> written(const NewTable& table, ColumnarForm form) {
  ARROW_ASSIGN_OR_RAISE(const auto batch, batch_of(table));
  ARROW_RETURN_NOT_OK(batch->Validate());
  return form == ColumnarForm::arrow ? arrow_bytes(*batch) : parquet_bytes(*batch);
}

bool all_utf8(const TableNotes& notes) {
  return std::ranges::all_of(
      notes, [](const auto& note) { return is_utf8(note.first) && is_utf8(note.second); });
}

}  // namespace

Result<std::string> columnar_bytes(const NewTable& table, ColumnarForm form) {
  arrow::util::InitializeUTF8();
  const bool named = std::ranges::all_of(table.columns, [](const NewTableColumn& column) {
    return is_utf8(column.name) && all_utf8(column.notes);
  });
  if (!named || !all_utf8(table.notes))
    return Error{Errc::invalid_parameter, "format",
                 "needs names in UTF-8 where they are those of a schema"};
  const Error wrong{Errc::unavailable, "format", "the table cannot be made of these columns"};
  try {
    arrow::Result<std::string> bytes = written(table, form);
    return bytes.ok() ? Result<std::string>(*std::move(bytes)) : Result<std::string>(wrong);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {  // Parquet's writer throws
    return wrong;
  }
}

}  // namespace sfumato
