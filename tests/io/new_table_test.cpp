#include "sfumato/io/new_table.h"

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>

#include <cmath>

#include "io/scratch.h"

namespace sfumato {
namespace {

std::shared_ptr<arrow::Table> read(const std::string& bytes, ColumnarForm form) {
  const std::shared_ptr<arrow::io::RandomAccessFile> file =
      arrow::io::BufferReader::FromString(bytes);
  if (form == ColumnarForm::arrow) {
    const auto reader = arrow::ipc::RecordBatchFileReader::Open(file).ValueOrDie();
    return reader->ToTable().ValueOrDie();
  }
  const auto reader = parquet::arrow::OpenFile(file, arrow::default_memory_pool()).ValueOrDie();
  return reader->ReadTable().ValueOrDie();
}

NewTable answers() {
  return {.columns = {{"site", std::vector<std::optional<std::string>>{"a,b", std::nullopt, ""}},
                      {"rolled_up", std::vector<std::int64_t>{0, 1, -2}},
                      {"mean(x) low",
                       std::vector<double>{-1.5, std::nan(""), INFINITY},
                       {{"law", "gaussian"}, {"scale", "2.5"}}}},
          .notes = {{"epsilon", "1e-9"}, {"unit", "Zürich"}}};
}

class NewTableOf : public testing::TestWithParam<ColumnarForm> {};
INSTANTIATE_TEST_SUITE_P(Forms, NewTableOf,
                         testing::Values(ColumnarForm::arrow, ColumnarForm::parquet));

TEST_P(NewTableOf, IsReadBackToTheLastBitWithItsNotes) {
  const auto table = read(columnar_bytes(answers(), GetParam()).value(), GetParam());
  ASSERT_EQ(table->num_rows(), 3);
  EXPECT_EQ(table->schema()->field(0)->type()->id(), arrow::Type::STRING);
  EXPECT_EQ(table->schema()->field(1)->type()->id(), arrow::Type::INT64);
  EXPECT_EQ(table->schema()->field(2)->type()->id(), arrow::Type::DOUBLE);
  const auto cell = [&](int column, std::int64_t row) {
    return table->column(column)->GetScalar(row).ValueOrDie()->ToString();
  };
  EXPECT_EQ(cell(0, 0), "a,b");
  EXPECT_EQ(cell(0, 1), "null");
  EXPECT_EQ(cell(0, 2), "");
  EXPECT_EQ(cell(1, 2), "-2");
  EXPECT_EQ(cell(2, 0), "-1.5");
  EXPECT_EQ(cell(2, 1), "null");
  EXPECT_EQ(cell(2, 2), "inf");
  EXPECT_EQ(table->schema()->metadata()->Get("epsilon").ValueOrDie(), "1e-9");
  EXPECT_EQ(table->schema()->metadata()->Get("unit").ValueOrDie(), "Zürich");
  EXPECT_EQ(table->schema()->field(2)->metadata()->Get("scale").ValueOrDie(), "2.5");
}

TEST_P(NewTableOf, NoRowsKeepTheirColumnsAndNotes) {
  NewTable empty = answers();
  empty.columns[0].cells = std::vector<std::optional<std::string>>();
  empty.columns[1].cells = std::vector<std::int64_t>();
  empty.columns[2].cells = std::vector<double>();
  const auto table = read(columnar_bytes(empty, GetParam()).value(), GetParam());
  EXPECT_EQ(table->num_rows(), 0);
  EXPECT_EQ(table->num_columns(), 3);
  EXPECT_EQ(table->schema()->metadata()->Get("epsilon").ValueOrDie(), "1e-9");
}

TEST_P(NewTableOf, TextsOfWhichOneIsNoUtf8AreBytes) {
  NewTable table = answers();
  table.columns[0].cells = std::vector<std::optional<std::string>>{"a", "\xff", "b"};
  const auto back = read(columnar_bytes(table, GetParam()).value(), GetParam());
  EXPECT_EQ(back->schema()->field(0)->type()->id(), arrow::Type::BINARY);
  const auto bytes = std::static_pointer_cast<arrow::BinaryArray>(back->column(0)->chunk(0));
  EXPECT_EQ(bytes->GetView(1), "\xff");
}

TEST_P(NewTableOf, NamesAndNotesAreUtf8) {
  NewTable table = answers();
  table.columns[0].name = "\xff";
  EXPECT_EQ(columnar_bytes(table, GetParam()).error().where, "format");
  table = answers();
  table.notes[0].second = "\xc3";
  EXPECT_FALSE(columnar_bytes(table, GetParam()));
  table = answers();
  table.columns[2].notes[0].first = "\x80";
  EXPECT_FALSE(columnar_bytes(table, GetParam()));
}

TEST_P(NewTableOf, ColumnsOfDifferentLengthsAreRefused) {
  NewTable table = answers();
  table.columns[1].cells = std::vector<std::int64_t>{1};
  EXPECT_FALSE(columnar_bytes(table, GetParam()));
}

}  // namespace
}  // namespace sfumato
