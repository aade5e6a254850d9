#include "io/rows_out.h"

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/initialize.h>
#include <arrow/datum.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>

#include "io/cell_types.h"
#include "io/csv_text.h"

namespace sfumato {
namespace {

/// A column whose cells are looked up row by row.
struct Cells {
  const std::string_view* entries;
  const std::uint32_t* codes;  ///< null: one entry a row

  std::string_view operator[](std::size_t row) const { return entries[codes ? codes[row] : row]; }
};

Cells cells_of(std::span<const std::string_view> entries, std::span<const std::uint32_t> codes) {
  return {entries.data(), codes.empty() ? nullptr : codes.data()};
}

/// Writes a line, and gives where it ends. In a table of one column NULL would be an empty line, which is
/// no row.
char* write_line(char* out, const std::vector<Cells>& columns, std::size_t row) {
  if (columns.size() == 1 && !columns[0][row].data()) {
    *out++ = '"';
    *out++ = '"';
  }
  for (const Cells& column : columns) {
    if (const std::string_view cell = column[row]; cell.data()) out = write_csv_text(out, cell);
    *out++ = ',';
  }
  out[-1] = '\n';
  return out;
}

bool stays(const NewRows& rows, std::size_t row) {
  return rows.suppressed.empty() || rows.suppressed[row] == 0;
}

std::int64_t left_of(const NewRows& rows, std::int64_t all) {
  if (rows.suppressed.empty()) return all;
  return std::ranges::count(rows.suppressed, std::uint8_t{0});
}

arrow::Result<std::shared_ptr<arrow::Array>> text_array(const NewColumn& column, std::size_t rows) {
  const Cells cells = cells_of(column.entries, column.codes);
  std::size_t bytes = 0;
  for (std::size_t row = 0; row < rows; ++row) bytes += cells[row].size();
  arrow::StringBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<std::int64_t>(rows)));
  ARROW_RETURN_NOT_OK(builder.ReserveData(static_cast<std::int64_t>(bytes)));
  for (std::size_t row = 0; row < rows; ++row) {
    const std::string_view cell = cells[row];
    if (cell.data())
      builder.UnsafeAppend(cell);
    else
      builder.UnsafeAppendNull();
  }
  return builder.Finish();
}

arrow::Result<std::shared_ptr<arrow::Array>> mask_of(const NewRows& rows) {
  arrow::BooleanBuilder mask;
  ARROW_RETURN_NOT_OK(mask.Reserve(std::ssize(rows.suppressed)));
  for (const std::uint8_t gone : rows.suppressed) mask.UnsafeAppend(gone == 0);
  return mask.Finish();
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> batch_of(
    const arrow::RecordBatch& batch, const std::vector<OutColumn>& columns,
    const std::shared_ptr<arrow::Schema>& schema, const NewRows& new_rows) {
  static const arrow::Status ready = arrow::compute::Initialize();
  ARROW_RETURN_NOT_OK(ready);
  std::shared_ptr<arrow::Array> mask;
  if (!new_rows.suppressed.empty()) {
    ARROW_ASSIGN_OR_RAISE(mask, mask_of(new_rows));
  }
  arrow::ArrayVector arrays;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::shared_ptr<arrow::Array> array;
    if (columns[i].replaced) {
      ARROW_ASSIGN_OR_RAISE(array, text_array(new_rows.columns[columns[i].at],
                                              static_cast<std::size_t>(batch.num_rows())));
      if (columns[i].number) array = cast(array, arrow::float64());
      if (!array) return arrow::Status::Invalid("a text that is no number");
    } else {
      array = batch.column(static_cast<int>(columns[i].at));
      if (array->type_id() == arrow::Type::DICTIONARY)
        array = cast(array, schema->field(static_cast<int>(i))->type());
      if (!array) return arrow::Status::Invalid("a dictionary");
    }
    if (mask) {
      ARROW_ASSIGN_OR_RAISE(const arrow::Datum kept, arrow::compute::Filter(array, mask));
      array = kept.make_array();
    }
    arrays.push_back(std::move(array));
  }
  return arrow::RecordBatch::Make(schema, left_of(new_rows, batch.num_rows()), std::move(arrays));
}

}  // namespace

Written as_lines(const arrow::RecordBatch& batch, const std::vector<OutColumn>& columns,
                 const NewRows& new_rows) {
  std::vector<TextCells> kept(columns.size());
  std::vector<Cells> cells;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].replaced) {
      const NewColumn& column = new_rows.columns[columns[i].at];
      cells.push_back(cells_of(column.entries, column.codes));
      continue;
    }
    if (!kept[i].read(batch.column(static_cast<int>(columns[i].at)))) return nullptr;
    const TextColumn column = kept[i].column();
    cells.push_back(cells_of(column.entries, column.codes));
  }
  auto out = std::make_unique<RowsOut>();
  const auto rows = static_cast<std::size_t>(batch.num_rows());
  std::size_t room = rows * columns.size() + 8;
  for (std::size_t i = 0; i < cells.size(); ++i)
    for (std::size_t row = 0; row < rows; ++row) {
      const std::string_view cell = cells[i][row];
      room += csv_room(cell.size());
      if (cell.find('\0') == cell.npos || !stays(new_rows, row)) continue;
      out->nul = NulCell{columns[i].name, row};
      return out;
    }
  // What is not written to is no memory yet.
  out->lines.reset(new char[room]);
  char* at = out->lines.get();
  for (std::size_t row = 0; row < rows; ++row)
    if (stays(new_rows, row)) at = write_line(at, cells, row);
  out->bytes = static_cast<std::size_t>(at - out->lines.get());
  out->rows = static_cast<std::uint64_t>(left_of(new_rows, batch.num_rows()));
  return out;
}

Written as_batch(const arrow::RecordBatch& batch, const std::vector<OutColumn>& columns,
                 const std::shared_ptr<arrow::Schema>& schema, const NewRows& new_rows) {
  auto made = batch_of(batch, columns, schema, new_rows);
  if (!made.ok()) return nullptr;
  auto out = std::make_unique<RowsOut>();
  out->rows = static_cast<std::uint64_t>((*made)->num_rows());
  out->batch = *std::move(made);
  return out;
}

std::string header_line(const std::vector<OutColumn>& columns) {
  std::string line;
  for (const OutColumn& column : columns) {
    append_csv_text(line, column.name);
    line += ',';
  }
  if (!line.empty()) line.back() = '\n';
  return line;
}

std::shared_ptr<arrow::Schema> schema_of(const arrow::Schema& file,
                                         const std::vector<OutColumn>& columns) {
  arrow::FieldVector fields;
  for (const OutColumn& column : columns) {
    if (column.replaced) {
      fields.push_back(arrow::field(column.name, column.number ? arrow::float64() : arrow::utf8()));
      continue;
    }
    const auto& field = file.field(static_cast<int>(column.at));
    const auto& type = field->type();
    const auto plain = type->id() == arrow::Type::DICTIONARY
                           ? static_cast<const arrow::DictionaryType&>(*type).value_type()
                           : type;
    fields.push_back(arrow::field(column.name, plain, field->nullable()));
  }
  return arrow::schema(std::move(fields));
}

}  // namespace sfumato
