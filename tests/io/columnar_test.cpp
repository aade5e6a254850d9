#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <arrow/util/float16.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "io/scratch.h"
#include "sfumato/io/table_reader.h"

namespace sfumato {
namespace {

using ArrayPointer = std::shared_ptr<arrow::Array>;
using TablePointer = std::shared_ptr<arrow::Table>;

struct Column {
  std::string name;
  ArrayPointer cells;
};

TablePointer table_of(const std::vector<Column>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const Column& column : columns) {
    fields.push_back(arrow::field(column.name, column.cells->type()));
    arrays.push_back(column.cells);
  }
  return arrow::Table::Make(arrow::schema(fields), arrays);
}

void write_parquet(const std::string& path, const TablePointer& table,
                   std::int64_t group_rows = 1000) {
  const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
  const auto kept = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  ASSERT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), out, group_rows,
                                         parquet::default_writer_properties(), kept)
                  .ok());
  ASSERT_TRUE(out->Close().ok());
}

void write_ipc(const std::string& path, const TablePointer& table, std::int64_t batch_rows = 1000) {
  const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
  const auto writer = arrow::ipc::MakeFileWriter(out, table->schema()).ValueOrDie();
  ASSERT_TRUE(writer->WriteTable(*table, batch_rows).ok());
  ASSERT_TRUE(writer->Close().ok());
  ASSERT_TRUE(out->Close().ok());
}

/// What both formats give for a table: they have to agree.
Everything read_both(const TablePointer& table, const ColumnRequest& request) {
  const Scratch scratch;
  write_parquet(scratch.path("t"), table);
  Everything parquet = read_all({scratch.path("t")}, request);
  write_ipc(scratch.path("t"), table);
  const Everything ipc = read_all({scratch.path("t")}, request);
  EXPECT_EQ(parquet.rows, ipc.rows);
  EXPECT_EQ(parquet.error, ipc.error);
  return parquet;
}

Lines keys_of(const ArrayPointer& cells) {
  const Everything all = read_both(table_of({{"x", cells}}), {.keys = {"x"}});
  EXPECT_EQ(all.error, "");
  return all.rows;
}

Lines numbers_of(const ArrayPointer& cells) {
  const Everything all = read_both(table_of({{"x", cells}}), {.numbers = {"x"}});
  EXPECT_EQ(all.error, "");
  return all.rows;
}

/// Cells from values and nulls, by the builder of an Arrow type.
template <class Builder, class... Value>
ArrayPointer cells(Builder builder, Value... values) {
  [[maybe_unused]] const auto add = [&builder](auto value) {
    if constexpr (std::is_same_v<decltype(value), std::nullptr_t>) {
      return builder.AppendNull();
    } else {
      return builder.Append(value);
    }
  };
  EXPECT_TRUE((add(values).ok() && ... && true));
  return builder.Finish().ValueOrDie();
}

template <class Builder>
Builder of_type(const std::shared_ptr<arrow::DataType>& type) {
  return Builder(type, arrow::default_memory_pool());
}

ArrayPointer texts() {
  return cells(arrow::StringBuilder(), "north", "7", nullptr, "", "07", "north",
               "9223372036854775808");
}
const Lines kTexts = {
    "t'north'", "i7", "null", "t''", "t'07'", "t'north'", "t'9223372036854775808'"};

ArrayPointer dictionary(const ArrayPointer& indices, const ArrayPointer& entries) {
  return arrow::DictionaryArray::FromArrays(arrow::dictionary(indices->type(), entries->type()),
                                            indices, entries)
      .ValueOrDie();
}

TEST(Columnar, IntegersOfEachWidthAreIntegers) {
  const Lines expected = {"i-5", "null", "i127"};
  for (const auto& column :
       {cells(arrow::Int8Builder(), std::int8_t{-5}, nullptr, std::int8_t{127}),
        cells(arrow::Int16Builder(), std::int16_t{-5}, nullptr, std::int16_t{127}),
        cells(arrow::Int32Builder(), -5, nullptr, 127),
        cells(arrow::Int64Builder(), -5, nullptr, 127)}) {
    EXPECT_EQ(keys_of(column), expected);
    EXPECT_EQ(numbers_of(column), expected);
  }
  const Lines naturals = {"i200", "null"};
  for (const auto& column : {cells(arrow::UInt8Builder(), std::uint8_t{200}, nullptr),
                             cells(arrow::UInt16Builder(), std::uint16_t{200}, nullptr),
                             cells(arrow::UInt32Builder(), 200U, nullptr)}) {
    EXPECT_EQ(keys_of(column), naturals);
    EXPECT_EQ(numbers_of(column), naturals);
  }
}

TEST(Columnar, IntegersBeyondInt64AreTextAsKeysAndRealAsNumbers) {
  const std::uint64_t edge = std::uint64_t{1} << 63;
  const auto column = cells(arrow::UInt64Builder(), edge - 1, edge, ~std::uint64_t{0}, nullptr);
  EXPECT_EQ(keys_of(column), (Lines{"i9223372036854775807", "t'9223372036854775808'",
                                    "t'18446744073709551615'", "null"}));
  EXPECT_EQ(numbers_of(column), (Lines{"i9223372036854775807", "r9.2233720368547758e+18",
                                       "r1.8446744073709552e+19", "null"}));
}

TEST(Columnar, TextOfEachLayoutIsTheSameKey) {
  EXPECT_EQ(keys_of(texts()), kTexts);
  EXPECT_EQ(keys_of(cells(arrow::LargeStringBuilder(), "north", "7", nullptr, "", "07", "north",
                          "9223372036854775808")),
            kTexts);
  EXPECT_EQ(keys_of(cells(arrow::StringViewBuilder(), "north",
                          "a text that is too long to stand inline", nullptr)),
            (Lines{"t'north'", "t'a text that is too long to stand inline'", "null"}));
}

TEST(Columnar, DictionariesAreTheirEntries) {
  const auto indices =
      cells(arrow::Int16Builder(), std::int16_t{1}, nullptr, std::int16_t{0}, std::int16_t{1});
  EXPECT_EQ(keys_of(dictionary(indices, cells(arrow::StringBuilder(), "south", "7"))),
            (Lines{"i7", "null", "t'south'", "i7"}));
  EXPECT_EQ(numbers_of(dictionary(indices, cells(arrow::DoubleBuilder(), 0.5, 2.0))),
            (Lines{"r2", "null", "r0.5", "r2"}));
  EXPECT_EQ(keys_of(dictionary(indices, cells(arrow::Int64Builder(), 4, 5))),
            (Lines{"i5", "null", "i4", "i5"}));
}

TEST(Columnar, ANullAmongTheEntriesIsNull) {
  const auto column = dictionary(cells(arrow::Int8Builder(), std::int8_t{1}, std::int8_t{0}),
                                 cells(arrow::StringBuilder(), "south", nullptr));
  const Scratch scratch;
  write_ipc(scratch.path("t"), table_of({{"x", column}}));
  EXPECT_EQ(read_all({scratch.path("t")}, {.keys = {"x"}}).rows, (Lines{"null", "t'south'"}));
}

TEST(Columnar, TruthIsTextAsKeyAndZeroOrOneAsNumber) {
  const auto column = cells(arrow::BooleanBuilder(), true, nullptr, false);
  EXPECT_EQ(keys_of(column), (Lines{"t'true'", "null", "t'false'"}));
  EXPECT_EQ(numbers_of(column), (Lines{"i1", "null", "i0"}));
}

TEST(Columnar, RealsAreShortestTextAsKeysAndNanIsNullAsNumber) {
  const auto wide = cells(arrow::DoubleBuilder(), 0.1, 3.0, -0.0, std::nan(""), INFINITY, nullptr);
  EXPECT_EQ(keys_of(wide), (Lines{"t'0.1'", "i3", "i0", "t'nan'", "t'inf'", "null"}));
  EXPECT_EQ(numbers_of(wide), (Lines{"r0.10000000000000001", "r3", "r-0", "null", "rinf", "null"}));
  const auto narrow = cells(arrow::FloatBuilder(), 0.1F, -2.0F, nullptr);
  EXPECT_EQ(keys_of(narrow), (Lines{"t'0.1'", "i-2", "null"}));
  EXPECT_EQ(numbers_of(narrow), (Lines{"r0.10000000149011612", "r-2", "null"}));
  const auto half = cells(arrow::HalfFloatBuilder(), arrow::util::Float16(0.5F).bits(), nullptr);
  EXPECT_EQ(keys_of(half), (Lines{"t'0.5'", "null"}));
  EXPECT_EQ(numbers_of(half), (Lines{"r0.5", "null"}));
}

TEST(Columnar, DecimalsAreTheirTextAsKeysAndRoundedOnceAsNumbers) {
  using Decimals = arrow::Decimal128Builder;
  const auto cents = cells(of_type<Decimals>(arrow::decimal128(10, 2)), arrow::Decimal128(1234),
                           nullptr, arrow::Decimal128(-5));
  EXPECT_EQ(keys_of(cents), (Lines{"t'12.34'", "null", "t'-0.05'"}));
  EXPECT_EQ(numbers_of(cents), (Lines{"r12.34", "null", "r-0.050000000000000003"}));
  const auto whole =
      cells(of_type<Decimals>(arrow::decimal128(38, 0)), arrow::Decimal128("9223372036854775807"),
            arrow::Decimal128("9223372036854775808"));
  EXPECT_EQ(keys_of(whole), (Lines{"i9223372036854775807", "t'9223372036854775808'"}));
  EXPECT_EQ(numbers_of(whole), (Lines{"i9223372036854775807", "r9.2233720368547758e+18"}));
}

TEST(Columnar, DatesAndTimesAreTextAsKeys) {
  EXPECT_EQ(keys_of(cells(arrow::Date32Builder(), 19'875, nullptr)),
            (Lines{"t'2024-06-01'", "null"}));
  const std::int64_t noon = 1'717'243'200;
  for (const char* zone : {"", "UTC", "America/New_York", "Nowhere/AtAll"})
    EXPECT_EQ(keys_of(cells(
                  of_type<arrow::TimestampBuilder>(arrow::timestamp(arrow::TimeUnit::MILLI, zone)),
                  noon * 1000, nullptr)),
              (Lines{"t'2024-06-01 12:00:00.000'", "null"}))
        << zone;
  EXPECT_EQ(
      keys_of(cells(of_type<arrow::Time32Builder>(arrow::time32(arrow::TimeUnit::MILLI)), 1500)),
      (Lines{"t'00:00:01.500'"}));
}

TEST(Columnar, AColumnOfNothingButNullIsNullBothWays) {
  const ArrayPointer nothing = std::make_shared<arrow::NullArray>(2);
  EXPECT_EQ(keys_of(nothing), (Lines{"null", "null"}));
  EXPECT_EQ(numbers_of(nothing), (Lines{"null", "null"}));
}

std::string refusal(const ArrayPointer& column, bool as_key) {
  const ColumnRequest request = as_key ? ColumnRequest{{"x"}, {}} : ColumnRequest{{}, {"x"}};
  const Everything all = read_both(table_of({{"x", column}}), request);
  EXPECT_TRUE(all.rows.empty());
  EXPECT_EQ(all.code, Errc::invalid_parameter);
  const std::size_t start = all.error.find("column 'x'");
  return start == std::string::npos ? all.error : all.error.substr(start);
}

TEST(Columnar, ColumnsThatHoldNoNumbersAreRefusedAsNumbers) {
  const std::string text = "column 'x' is text; a value column needs numbers";
  EXPECT_EQ(refusal(texts(), false), text);
  EXPECT_EQ(refusal(dictionary(cells(arrow::Int8Builder(), std::int8_t{0}),
                               cells(arrow::StringBuilder(), "a")),
                    false),
            text);
  EXPECT_EQ(refusal(cells(arrow::Date32Builder(), 1), false),
            "column 'x' is a date or time; a value column needs numbers");
  EXPECT_EQ(refusal(cells(arrow::BinaryBuilder(), "a"), false),
            "column 'x' holds no numbers; a value column needs them");
}

TEST(Columnar, BinaryAndNestedColumnsAreRefusedAsKeys) {
  const std::string binary = "column 'x' is binary; a unit or group needs text, numbers or dates";
  EXPECT_EQ(refusal(cells(arrow::BinaryBuilder(), "a"), true), binary);
  EXPECT_EQ(
      refusal(cells(of_type<arrow::FixedSizeBinaryBuilder>(arrow::fixed_size_binary(2)), "ab"),
              true),
      binary);
  const auto list = arrow::ListArray::FromArrays(*cells(arrow::Int32Builder(), 0, 1),
                                                 *cells(arrow::Int32Builder(), 5))
                        .ValueOrDie();
  EXPECT_EQ(refusal(list, true),
            "column 'x' holds lists or records; a unit or group needs single values");
}

TEST(Columnar, ColumnsComeInTheOrderOfTheRequestAndNotOfTheFile) {
  const auto table =
      table_of({{"a", cells(arrow::Int64Builder(), 1)},
                {"list", arrow::ListArray::FromArrays(*cells(arrow::Int32Builder(), 0, 1),
                                                      *cells(arrow::Int32Builder(), 5))
                             .ValueOrDie()},
                {"b", cells(arrow::Int64Builder(), 2)},
                {"c", cells(arrow::Int64Builder(), 3)}});
  EXPECT_EQ(read_both(table, {.keys = {"c", "a"}, .numbers = {"b", "c"}}).rows,
            (Lines{"i3|i1|i2|i3"}));
  EXPECT_EQ(read_both(table, {.keys = {"b"}}).rows, (Lines{"i2"}));
}

TEST(Columnar, WithoutColumnsTheRowsAreCounted) {
  EXPECT_EQ(read_both(table_of({{"x", texts()}}), {}).rows.size(), 7U);
}

TEST(Columnar, AMissingOrDoubleColumnIsRefused) {
  const auto table = table_of({{"a", cells(arrow::Int64Builder(), 1)},
                               {"b", cells(arrow::Int64Builder(), 2)},
                               {"b", cells(arrow::Int64Builder(), 3)}});
  EXPECT_NE(read_both(table, {.keys = {"z"}})
                .error.find("has no column 'z'; its columns are 'a', 'b', 'b'"),
            std::string::npos);
  EXPECT_NE(read_both(table, {.keys = {"b"}}).error.find("has the column 'b' more than once"),
            std::string::npos);
}

TEST(Columnar, ATableWithoutRowsIsNoError) {
  const auto empty = table_of({{"x", cells(arrow::Int64Builder())}});
  EXPECT_EQ(keys_of(empty->column(0)->num_chunks() ? empty->column(0)->chunk(0)
                                                   : cells(arrow::Int64Builder())),
            Lines{});
}

TEST(Columnar, ManyRowGroupsAndBatchesComeInOrderOnAnyNumberOfThreads) {
  arrow::Int64Builder numbers;
  arrow::StringBuilder words;
  Lines expected;
  for (int i = 0; i < 200'000; ++i) {
    ASSERT_TRUE(numbers.Append(i).ok());
    ASSERT_TRUE(words.Append(numbered("w", i % 977)).ok());
    expected.push_back(numbered(numbered("t'w", i % 977) + "'|i", i));
  }
  const auto table =
      table_of({{"n", numbers.Finish().ValueOrDie()}, {"w", words.Finish().ValueOrDie()}});
  const Scratch scratch;
  for (const std::int64_t rows : {30'000, 150'000}) {
    write_parquet(scratch.path("t.parquet"), table, rows);
    write_ipc(scratch.path("t.arrow"), table, rows);
    for (const char* name : {"t.parquet", "t.arrow"})
      for (const int threads : {1, 4}) {
        const auto all = read_all({scratch.path(name)}, {.keys = {"w"}, .numbers = {"n"}}, threads);
        EXPECT_EQ(all.rows, expected) << name;
        EXPECT_LE(*std::max_element(all.batches.begin(), all.batches.end()), 65'536U);
      }
  }
}

/// Some NULL here and there, long runs of it, and a column that may have none.
TEST(Columnar, NullsStayWhereTheyAreInManyRows) {
  arrow::Int64Builder wide;
  arrow::Int32Builder narrow;
  arrow::DoubleBuilder reals;
  arrow::FloatBuilder floats;
  arrow::StringBuilder words;
  arrow::Int64Builder whole;
  const auto add = [](auto& builder, bool known, auto value) {
    ASSERT_TRUE((known ? builder.Append(value) : builder.AppendNull()).ok());
  };
  for (int i = 0; i < 60'000; ++i) {
    add(wide, i % 7 != 3, i);
    add(narrow, i / 20'000 != 1, -i);
    add(reals, i % 1000 < 990, i / 8.0);
    add(floats, i == 59'999, 0.5F);
    add(words, i % 3 != 0, numbered("w", i % 50));
    add(whole, true, i);
  }
  const auto table = table_of({{"wide", wide.Finish().ValueOrDie()},
                               {"narrow", narrow.Finish().ValueOrDie()},
                               {"reals", reals.Finish().ValueOrDie()},
                               {"floats", floats.Finish().ValueOrDie()},
                               {"words", words.Finish().ValueOrDie()},
                               {"whole", whole.Finish().ValueOrDie()}});
  auto fields = table->schema()->fields();
  fields.back() = fields.back()->WithNullable(false);
  const auto strict = arrow::Table::Make(arrow::schema(fields), table->columns());
  const Scratch scratch;
  const ColumnRequest request{.keys = {"words", "wide", "whole"},
                              .numbers = {"reals", "narrow", "floats"}};
  write_ipc(scratch.path("ipc"), strict);
  const Everything expected = read_all({scratch.path("ipc")}, request);
  EXPECT_EQ(expected.rows.size(), 60'000U);
  for (const std::int64_t rows : {60'000, 25'000}) {
    write_parquet(scratch.path("t"), strict, rows);
    EXPECT_EQ(read_all({scratch.path("t")}, request).rows, expected.rows) << rows;
  }
}

/// The first batch of a file of one key column.
Batch first_batch(const std::string& path) {
  auto reader = TableReader::open({path}, {.keys = {"x"}}).value();
  Batch batch;
  EXPECT_TRUE(reader.next(batch).value());
  return batch;
}

TEST(Columnar, TextThatAFileHoldsAsADictionaryStaysEncoded) {
  const Scratch scratch;
  write_parquet(scratch.path("t"), table_of({{"x", texts()}}));
  const Batch batch = first_batch(scratch.path("t"));
  EXPECT_EQ(batch.keys[0].codes.size(), batch.rows);
  for (std::size_t i = 0; i < batch.rows; ++i) EXPECT_EQ(shown(batch.keys[0][i]), kTexts[i]);
}

/// A file whose dictionary was full goes on with plain pages.
TEST(Columnar, TextThatNoDictionaryHoldsIsReadAsItIs) {
  arrow::StringBuilder builder;
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(builder.Append(numbered("word number ", i)).ok());
  const auto table = table_of({{"x", builder.Finish().ValueOrDie()}});
  const Scratch scratch;
  const auto out = arrow::io::FileOutputStream::Open(scratch.path("t")).ValueOrDie();
  const auto small = parquet::WriterProperties::Builder()
                         .dictionary_pagesize_limit(1000)
                         ->data_pagesize(10'000)
                         ->build();
  ASSERT_TRUE(
      parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), out, 1 << 20, small).ok());
  ASSERT_TRUE(out->Close().ok());
  EXPECT_TRUE(first_batch(scratch.path("t")).keys[0].codes.empty());
  const Everything all = read_all({scratch.path("t")}, {.keys = {"x"}});
  ASSERT_EQ(all.rows.size(), 20'000U);
  EXPECT_EQ(all.rows[19'999], "t'word number 19999'");
}

TEST(Columnar, EntriesOfADictionaryAreTheSameAsLongAsItsNumberIs) {
  arrow::StringBuilder builder;
  for (int i = 0; i < 200'000; ++i)
    ASSERT_TRUE(builder.Append(numbered(i < 100'000 ? "a" : "b", i % 7)).ok());
  const Scratch scratch;
  write_parquet(scratch.path("t"), table_of({{"x", builder.Finish().ValueOrDie()}}), 100'000);
  auto reader = TableReader::open({scratch.path("t")}, {.keys = {"x"}}).value();
  std::map<std::uint64_t, std::vector<std::string>> lists;
  std::size_t batches = 0;
  for (Batch batch; reader.next(batch).value(); ++batches) {
    std::vector<std::string> entries;
    for (const Key& key : batch.keys[0].entries) entries.push_back(shown(key));
    const auto known = lists.try_emplace(batch.keys[0].dictionary, entries).first;
    EXPECT_EQ(known->second, entries);
  }
  EXPECT_EQ(lists.size(), 2U);  // one for each row group
  EXPECT_GT(batches, 2U);
}

TEST(Columnar, ABufferIsUsedAgainOnlyWhereNobodyElseHasIt) {
  const Scratch scratch;
  arrow::Int32Builder builder;
  for (int i = 0; i < 200'000; ++i) ASSERT_TRUE(builder.Append(i).ok());
  write_parquet(scratch.path("t"), table_of({{"x", builder.Finish().ValueOrDie()}}), 200'000);
  auto reader = TableReader::open({scratch.path("t")}, {.keys = {"x"}}).value();
  Batch batch;
  ASSERT_TRUE(reader.next(batch).value());
  const Batch kept = batch;
  ASSERT_TRUE(reader.next(batch).value());
  EXPECT_EQ(kept.keys[0][5].integer, 5);
  EXPECT_EQ(batch.keys[0][5].integer, std::ssize(kept.keys[0].integers) + 5);
  const auto* const buffer = batch.keys[0].integers.data();
  ASSERT_TRUE(reader.next(batch).value());
  EXPECT_EQ(batch.keys[0].integers.data(), buffer);
}

TEST(Columnar, FilesOfEachFormatMakeOneTable) {
  const Scratch scratch;
  const auto table = table_of({{"x", cells(arrow::StringBuilder(), "5")}});
  write_parquet(scratch.path("1"), table);
  write_ipc(scratch.path("2"), table_of({{"x", cells(arrow::UInt8Builder(), std::uint8_t{5})}}));
  const auto all = read_all({scratch.path("1"), scratch.path("2"), scratch.file("3", "x\n5\n")},
                            {.keys = {"x"}});
  EXPECT_EQ(all.rows, (Lines{"i5", "i5", "i5"}));
}

TEST(Columnar, TextThatIsNotUtf8IsRefused) {
  const auto all =
      read_both(table_of({{"x", cells(arrow::StringBuilder(), "a\xFF")}}), {.numbers = {}});
  EXPECT_EQ(all.error, "");
  const Scratch scratch;
  write_ipc(scratch.path("t"), table_of({{"x", cells(arrow::StringBuilder(), "a\xFF")}}));
  EXPECT_EQ(
      read_all({scratch.path("t")}, {.keys = {"x"}}).error,
      scratch.path("t") + ": is not a whole and sound Arrow IPC file, though it begins as one");
}

TEST(Columnar, AFileThatIsCutShortIsRefused) {
  const Scratch scratch;
  const auto table = table_of({{"x", texts()}});
  write_parquet(scratch.path("p"), table);
  write_ipc(scratch.path("i"), table);
  for (const char* name : {"p", "i"}) {
    const std::string whole = contents(scratch.path(name));
    for (const std::size_t length : {std::size_t{6}, whole.size() / 2, whole.size() - 1}) {
      const auto all = read_all({scratch.file("cut", whole.substr(0, length))}, {.keys = {"x"}});
      EXPECT_EQ(all.code, Errc::malformed);
      EXPECT_EQ(all.error, scratch.path("cut") + ": is not a whole and sound " +
                               (name[0] == 'p' ? "Parquet" : "Arrow IPC") +
                               " file, though it begins as one");
    }
  }
}

}  // namespace
}  // namespace sfumato
