#include "sfumato/io/table_rewriter.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>

#include <atomic>

#include "io/scratch.h"
#include "sfumato/io/table_reader.h"

namespace sfumato {
namespace {

ChooseFates fates(ColumnFates given) {
  return [given](const std::vector<std::string>&) { return given; };
}

std::string_view cell(const TextColumn& column, std::size_t row) {
  return column.entries[column.codes.empty() ? row : column.codes[row]];
}

/// Each cell of the first column that is read becomes "<cell>", and NULL stays; the entry of a dictionary
/// once.
Status in_brackets(std::size_t, const TextRows& rows, NewRows& out) {
  NewColumn& column = out.columns[0];
  auto texts = std::make_shared<std::vector<std::string>>();
  for (const auto entry : rows.columns[0].entries)
    texts->push_back(std::string("<").append(entry).append(">"));
  for (std::size_t i = 0; i < texts->size(); ++i)
    column.entries.push_back(rows.columns[0].entries[i].data() ? std::string_view((*texts)[i])
                                                               : std::string_view());
  column.codes = rows.columns[0].codes;
  column.kept.push_back(texts);
  return ok();
}

Status nothing_new(std::size_t, const TextRows&, NewRows&) {
  return ok();
}

std::string rewritten(const std::string& file, const ColumnFates& given, const RewriteRows& rewrite,
                      RewriteParams params = {}) {
  const Scratch scratch;
  auto rewriter = TableRewriter::open(file, fates(given), params);
  if (!rewriter) return rewriter.error().where + ": " + rewriter.error().message;
  const auto done = std::move(*rewriter).write(scratch.path("out"), rewrite, {});
  if (done) return contents(scratch.path("out"));
  EXPECT_EQ(scratch.files(), 0u);
  return done.error().where + ": " + done.error().message;
}

std::string of_csv(std::string_view bytes, const ColumnFates& given, const RewriteRows& rewrite,
                   RewriteParams params = {}) {
  const Scratch scratch;
  return rewritten(scratch.file("in.csv", bytes), given, rewrite, params);
}

TEST(TableRewriter, WhatPassesThroughACsvFileKeepsItsBytes) {
  EXPECT_EQ(of_csv("a,b,c\r\n007, x ,1.50\r\n\"1\",\"\",\n-0,+5,1e3\n", {}, nothing_new),
            "a,b,c\n007, x ,1.50\n1,\"\",\n-0,+5,1e3\n");
}

/// "1.50" and "x" behind each row, and NULL where the column that is read has it.
Status two_more(std::size_t, const TextRows& rows, NewRows& out) {
  for (std::size_t row = 0; row < rows.rows; ++row) {
    const bool none = cell(rows.columns[0], row).data() == nullptr;
    out.columns[0].entries.push_back(none ? std::string_view() : "1.50");
    out.columns[1].entries.push_back(none ? std::string_view() : "x");
  }
  return ok();
}

TEST(TableRewriter, ColumnsAreAddedBehindTheOthers) {
  const ColumnFates more{.read = {"a"}, .added = {{"number", true}, {"text"}}};
  EXPECT_EQ(of_csv("a,b\n1,2\n,3\n", more, two_more), "a,b,number,text\n1,2,1.50,x\n,3,,\n");
  EXPECT_NE(of_csv("a,text\n1,2\n", more, two_more).find("'text' already: rename it"),
            std::string::npos);
}

TEST(TableRewriter, AnAddedNumberIsANumberInParquet) {
  const ColumnFates more{.read = {"a"}, .added = {{"number", true}, {"text"}}};
  const Scratch scratch;
  const std::string file = scratch.file(
      "in.parquet", of_csv("a,b\n1,2\n,3\n", more, two_more, {.format = TableFormat::parquet}));
  auto reader = TableReader::open({file}, {.keys = {"text"}, .numbers = {"number"}}).value();
  Batch batch;
  ASSERT_TRUE(reader.next(batch).value());
  EXPECT_EQ(batch.numbers[0][0].kind, Number::Kind::real);
  EXPECT_EQ(batch.numbers[0][0].real, 1.5);
  EXPECT_EQ(batch.numbers[0][1].kind, Number::Kind::null);
  EXPECT_EQ(batch.keys[0][0].text, "x");
  EXPECT_FALSE(TableReader::open({file}, {.numbers = {"text"}}));  // a text is no value column
}

TEST(TableRewriter, MarksStandWhereTheyAreNeeded) {
  EXPECT_EQ(of_csv("\"a,b\",c\n\"x\"\"y\",\"1\n2\"\n\"plain\",\"p,q\"\n", {}, nothing_new),
            "\"a,b\",c\n\"x\"\"y\",\"1\n2\"\nplain,\"p,q\"\n");
}

TEST(TableRewriter, ColumnsAreReplacedDroppedOrStay) {
  EXPECT_EQ(of_csv("name,age,zip\nAda,36,01234\n,41,\n",
                   {.read = {"zip"}, .replaced = {"zip"}, .dropped = {"name"}}, in_brackets),
            "age,zip\n36,<01234>\n41,\n");
}

TEST(TableRewriter, AColumnMayBeReadAndPass) {
  const auto copied = [](std::size_t, const TextRows& rows, NewRows& out) {
    const auto cells = rows.columns[0].entries;
    out.columns[0].entries.assign(cells.begin(), cells.end());
    return ok();
  };
  EXPECT_EQ(of_csv("a,b\n1,2\n3,4\n", {.read = {"a"}, .replaced = {"b"}}, copied),
            "a,b\n1,1\n3,3\n");
}

TEST(TableRewriter, NullIsTextOfNothingWhereItWouldBeAnEmptyLine) {
  EXPECT_EQ(of_csv("a,b\n,1\nx,2\n", {.dropped = {"b"}}, nothing_new), "a\n\"\"\nx\n");
}

TEST(TableRewriter, SuppressedRowsAreLeftOut) {
  const auto odd = [](std::size_t, const TextRows& rows, NewRows& out) {
    for (std::size_t i = 0; i < rows.rows; ++i) out.suppressed.push_back((rows.first + i) % 2 == 0);
    return ok();
  };
  EXPECT_EQ(of_csv("a,b\n1,x\n2,y\n3,z\n", {}, odd), "a,b\n2,y\n");
}

TEST(TableRewriter, ATableWithoutRowsKeepsItsHeader) {
  EXPECT_EQ(of_csv("a,b\n", {.dropped = {"a"}}, nothing_new), "b\n");
}

std::string many_rows(int rows) {
  std::string bytes = "n,text\n";
  for (int i = 0; i < rows; ++i) bytes.append(std::to_string(i)).append(",t\n");
  return bytes;
}

TEST(TableRewriter, RowsKeepTheirOrderWhateverTheThreads) {
  const std::string bytes = many_rows(150'000);
  std::string expected = "n,text\n";
  for (int i = 0; i < 150'000; ++i) expected.append(numbered("<", i)).append(">,t\n");
  for (const int threads : {1, 2, 5})
    EXPECT_EQ(of_csv(bytes, {.read = {"n"}, .replaced = {"n"}}, in_brackets, {.threads = threads}),
              expected);
}

TEST(TableRewriter, RowsCanBeTakenRatherThanWritten) {
  std::string table = "a,b\n";
  for (int i = 0; i < 100'000; ++i) table.append(std::to_string(i)).append(",x\n");
  const Scratch scratch;
  auto rewriter = TableRewriter::open(scratch.file("in.csv", table),
                                      fates({.read = {"a"}, .replaced = {"a"}}), {.threads = 3});
  ASSERT_TRUE(rewriter);
  std::atomic<std::uint64_t> rows = 0, right = 0;
  const auto take = [&](const TextRows& some, const NewRows& made) {
    for (std::size_t i = 0; i < some.rows; ++i) {
      ++rows;
      const std::string expected = "<" + std::to_string(some.first + i) + ">";
      right +=
          made.columns[0].entries[made.columns[0].codes.empty() ? i : made.columns[0].codes[i]] ==
          expected;
    }
  };
  EXPECT_EQ(std::move(*rewriter).read(in_brackets, take, {}).value(), 100'000u);
  EXPECT_EQ(rows, 100'000u);
  EXPECT_EQ(right, 100'000u);
  auto broken = TableRewriter::open(scratch.file("in.csv", table + "1,2,3\n"), fates({}), {});
  ASSERT_TRUE(broken);
  EXPECT_FALSE(std::move(*broken).read(nothing_new, [](const TextRows&, const NewRows&) {}, {}));
}

TEST(TableRewriter, EachRowKnowsHowManyComeBeforeIt) {
  std::atomic<int> wrong = 0;
  const auto check = [&](std::size_t, const TextRows& rows, NewRows&) {
    for (std::size_t i = 0; i < rows.rows; ++i)
      if (cell(rows.columns[0], i) != std::to_string(rows.first + i)) ++wrong;
    return ok();
  };
  (void)of_csv(many_rows(100'000), {.read = {"n"}}, check, {.threads = 3});
  EXPECT_EQ(wrong, 0);
}

TEST(TableRewriter, TheErrorOfTheFirstBatchIsToldAndNothingIsWritten) {
  const auto refuse = [](std::size_t, const TextRows& rows, NewRows&) -> Status {
    if (rows.first == 0) return ok();
    return Error{Errc::refused, "batch", std::to_string(rows.first)};
  };
  for (const int threads : {1, 4})
    EXPECT_EQ(of_csv(many_rows(200'000), {}, refuse, {.threads = threads}), "batch: 16384");
}

TEST(TableRewriter, ABrokenFileLeavesNothing) {
  EXPECT_NE(of_csv("a,b\n1,2\n3\n", {}, nothing_new).find("too many or too few cells"),
            std::string::npos);
  EXPECT_NE(of_csv("a,a\n1,2\n", {}, nothing_new).find("has the column 'a' more than once"),
            std::string::npos);
  EXPECT_NE(of_csv("a,b\n1,2\n", {.dropped = {"a", "b"}}, nothing_new).find("keep one"),
            std::string::npos);
  EXPECT_NE(of_csv("a\n1\n", {.read = {"z"}}, nothing_new).find("has no column 'z'"),
            std::string::npos);
}

TEST(TableRewriter, AFullDiskIsAnError) {
  const Scratch scratch;
  auto rewriter = TableRewriter::open(scratch.file("t", "a\n1\n"), fates({}), {});
  const auto done = std::move(*rewriter).write("/dev/full", nothing_new, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "cannot be written: the disk is full");
}

TEST(TableRewriter, WhatAThreadThrowsIsThrown) {
  const Scratch scratch;
  const auto fails = [](std::size_t, const TextRows&, NewRows&) -> Status {
    throw std::bad_alloc();
  };
  for (const int threads : {1, 3}) {
    auto rewriter =
        TableRewriter::open(scratch.file("t", many_rows(100'000)), fates({}), {.threads = threads});
    EXPECT_THROW((void)std::move(*rewriter).write(scratch.path("out"), fails, {}), std::bad_alloc);
    EXPECT_EQ(scratch.files(), 1u);
  }
}

template <class Builder, class Value>
std::shared_ptr<arrow::Array> array_of(Builder builder, const std::vector<Value>& values) {
  for (const Value& value : values) EXPECT_TRUE(builder.Append(value).ok());
  EXPECT_TRUE(builder.AppendNull().ok());
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Table> typed_table() {
  arrow::StringDictionary32Builder coded;
  for (const char* word : {"red", "blue", "red"}) EXPECT_TRUE(coded.Append(word).ok());
  EXPECT_TRUE(coded.AppendNull().ok());
  const auto list = std::make_shared<arrow::Int64Builder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), list);
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(lists.Append().ok());
    EXPECT_TRUE(list->Append(i).ok());
  }
  const arrow::ArrayVector columns = {
      array_of(arrow::Int32Builder(), std::vector<std::int32_t>{7, -1, 100}),
      array_of(arrow::DoubleBuilder(), std::vector<double>{0.5, 3, 1e300}),
      coded.Finish().ValueOrDie(),
      lists.Finish().ValueOrDie(),
      array_of(arrow::Date32Builder(), std::vector<std::int32_t>{0, 19000, 1}),
  };
  const char* names[] = {"int", "real", "colour", "list", "day"};
  arrow::FieldVector fields;
  for (std::size_t i = 0; i < columns.size(); ++i)
    fields.push_back(arrow::field(names[i], columns[i]->type(),
                                  arrow::key_value_metadata({"secret"}, {"of the field"})));
  return arrow::Table::Make(
      arrow::schema(fields, arrow::key_value_metadata({"secret"}, {"of the file"})), columns);
}

std::string ipc_file(const Scratch& scratch, const std::shared_ptr<arrow::Table>& table) {
  const std::string path = scratch.path("t.arrow");
  const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
  const auto writer = arrow::ipc::MakeFileWriter(out, table->schema()).ValueOrDie();
  EXPECT_TRUE(writer->WriteTable(*table, 2).ok());
  EXPECT_TRUE(writer->Close().ok() && out->Close().ok());
  return path;
}

std::string parquet_file(const Scratch& scratch, const std::shared_ptr<arrow::Table>& table) {
  const std::string path = scratch.path("t.parquet");
  const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
  const auto kept = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  EXPECT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), out, 2,
                                         parquet::default_writer_properties(), kept)
                  .ok());
  EXPECT_TRUE(out->Close().ok());
  return path;
}

std::shared_ptr<arrow::Table> read_parquet(const std::string& path) {
  const auto in = arrow::io::ReadableFile::Open(path).ValueOrDie();
  const auto reader = parquet::arrow::OpenFile(in, arrow::default_memory_pool()).ValueOrDie();
  return reader->ReadTable().ValueOrDie();
}

TEST(TableRewriter, TypesPassThroughParquetAndArrowFiles) {
  const Scratch scratch;
  const auto table = typed_table();
  for (const std::string& file : {ipc_file(scratch, table), parquet_file(scratch, table)}) {
    auto rewriter = TableRewriter::open(
        file, fates({.read = {"int"}, .replaced = {"int"}, .dropped = {"real"}}), {.threads = 2});
    ASSERT_TRUE(rewriter) << rewriter.error().message;
    EXPECT_EQ(rewriter->format(), TableFormat::parquet);
    const auto done = std::move(*rewriter).write(scratch.path("out"), in_brackets, {});
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->rows_read, 4u);
    EXPECT_EQ(done->rows_written, 4u);
    const auto back = read_parquet(scratch.path("out"));
    EXPECT_EQ(back->schema()->ToString(),
              "int: string\ncolour: string\nlist: list<element: int64>\nday: date32[day]");
    EXPECT_TRUE(back->GetColumnByName("list")->Equals(table->GetColumnByName("list")));
    EXPECT_TRUE(back->GetColumnByName("day")->Equals(table->GetColumnByName("day")));
    EXPECT_EQ(back->GetColumnByName("int")->GetScalar(1).ValueOrDie()->ToString(), "<-1>");
    EXPECT_FALSE(back->GetColumnByName("int")->GetScalar(3).ValueOrDie()->is_valid);
    EXPECT_EQ(back->schema()->metadata(), nullptr);
    EXPECT_EQ(contents(scratch.path("out")).find("secret"), std::string::npos);
  }
}

TEST(TableRewriter, TypedColumnsAreCanonicalTextInCsv) {
  const Scratch scratch;
  const auto table = typed_table();
  const RewriteParams csv{.format = TableFormat::csv};
  for (const std::string& file : {ipc_file(scratch, table), parquet_file(scratch, table)}) {
    EXPECT_EQ(rewritten(file, {.read = {"colour"}, .replaced = {"colour"}, .dropped = {"list"}},
                        in_brackets, csv),
              "int,real,colour,day\n7,0.5,<red>,1970-01-01\n-1,3,<blue>,2022-01-08\n"
              "100,1e+300,<red>,1970-01-02\n,,,\n");
    EXPECT_NE(rewritten(file, {}, nothing_new, csv).find("column 'list'"), std::string::npos);
  }
}

TEST(TableRewriter, CsvBecomesParquetOfTexts) {
  const Scratch scratch;
  auto rewriter = TableRewriter::open(scratch.file("t", "a,b\n01,x\n,y\n"), fates({}),
                                      {.format = TableFormat::parquet});
  ASSERT_TRUE(std::move(*rewriter).write(scratch.path("out"), nothing_new, {}));
  const auto back = read_parquet(scratch.path("out"));
  EXPECT_EQ(back->schema()->ToString(), "a: string\nb: string");
  EXPECT_EQ(back->column(0)->GetScalar(0).ValueOrDie()->ToString(), "01");
  EXPECT_FALSE(back->column(0)->GetScalar(1).ValueOrDie()->is_valid);
}

TEST(TableRewriter, ADictionaryComesAsCodesOfOneNumber) {
  const Scratch scratch;
  std::vector<std::uint64_t> numbers;
  std::size_t most = 0;
  const auto look = [&](std::size_t, const TextRows& rows, NewRows&) {
    numbers.push_back(rows.columns[0].dictionary);
    most = std::max(most, rows.columns[0].entries.size());
    EXPECT_EQ(rows.columns[0].codes.size(), rows.rows);
    return ok();
  };
  (void)rewritten(ipc_file(scratch, typed_table()), {.read = {"colour"}}, look);
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{1, 1}));
  EXPECT_EQ(most, 3u);
}

TEST(TableRewriter, EntriesOfADictionaryThatNoRowHasDoNotPass) {
  arrow::StringBuilder words;
  for (const char* word : {"Ada", "Eve"}) ASSERT_TRUE(words.Append(word).ok());
  arrow::Int32Builder codes;
  ASSERT_TRUE(codes.Append(0).ok());
  const auto column =
      arrow::DictionaryArray::FromArrays(codes.Finish().ValueOrDie(), words.Finish().ValueOrDie())
          .ValueOrDie();
  const Scratch scratch;
  const std::string file = ipc_file(
      scratch, arrow::Table::Make(arrow::schema({arrow::field("name", column->type())}), {column}));
  const std::string bytes = rewritten(file, {}, nothing_new);
  EXPECT_NE(bytes.find("Ada"), std::string::npos);
  EXPECT_EQ(bytes.find("Eve"), std::string::npos);
}

TEST(TableRewriter, ADictionaryWithinAColumnDoesNotPass) {
  arrow::StringBuilder words;
  for (const char* word : {"Ada", "Eve"}) ASSERT_TRUE(words.Append(word).ok());
  arrow::Int32Builder codes;
  ASSERT_TRUE(codes.Append(0).ok());
  const auto names =
      arrow::DictionaryArray::FromArrays(codes.Finish().ValueOrDie(), words.Finish().ValueOrDie())
          .ValueOrDie();
  const std::shared_ptr<arrow::Array> within =
      arrow::StructArray::Make({names}, std::vector<std::string>{"name"}).ValueOrDie();
  const Scratch scratch;
  const std::string file = ipc_file(
      scratch, arrow::Table::Make(arrow::schema({arrow::field("who", within->type())}), {within}));
  EXPECT_NE(rewritten(file, {}, nothing_new).find("column 'who' has a dictionary within"),
            std::string::npos);
}

}  // namespace
}  // namespace sfumato
