#include "io/keep_where.h"

#include <arrow/api.h>
#include <arrow/compute/cast.h>
#include <arrow/compute/initialize.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <cmath>
#include <random>

#include "io/scratch.h"

namespace sfumato::keep_where_test {
namespace {

using Rng = std::mt19937_64;
using ArrayPointer = std::shared_ptr<arrow::Array>;
using Kind = Condition::Kind;

constexpr int kRows = 150;

// ---- random columns, whose cells lie near one another

const Lines kTexts = {"7",
                      "07",
                      " 7 ",
                      "7.0",
                      "0.1",
                      "1e-1",
                      "nan",
                      "inf",
                      "",
                      "north",
                      "é",
                      "10",
                      "2024-06-01",
                      "-7",
                      "1e400",
                      "true",
                      "2024-06-01T02:00+02:00",
                      "2024-06-01 00:00:00.000",
                      "9007199254740993",
                      "0.1000000000000000055511151231257827"};

template <class Builder, class Next>
ArrayPointer column(Builder builder, Rng& rng, Next next) {
  for (int i = 0; i < kRows; ++i)
    EXPECT_TRUE((rng() % 8 == 0 ? builder.AppendNull() : builder.Append(next())).ok());
  return builder.Finish().ValueOrDie();
}

template <class Builder>
Builder of_type(const std::shared_ptr<arrow::DataType>& type) {
  return Builder(type, arrow::default_memory_pool());
}

template <class Builder, class Value>
ArrayPointer integers(Rng& rng) {
  constexpr Value most = std::numeric_limits<Value>::max(),
                  least = std::numeric_limits<Value>::min();
  return column(Builder(), rng, [&]() -> Value {
    const auto small = static_cast<Value>(rng() % 12);
    return rng() % 4 ? small : rng() % 2 ? static_cast<Value>(most - small) : least;
  });
}

template <class Builder, class Value>
ArrayPointer reals(Rng& rng) {
  constexpr double kNear[] = {
      0.1, 0.3,   1 / 3.0, 7,    -7,  9007199254740992.0, 9223372036854775808.0,
      0,   1e300, 5e-324,  -0.0, 1e22};
  return column(Builder(), rng, [&]() -> Value {
    const auto value = static_cast<Value>(kNear[rng() % std::size(kNear)]);
    if (rng() % 20 == 0) return rng() % 2 ? static_cast<Value>(NAN) : static_cast<Value>(-INFINITY);
    return rng() % 3 ? value : std::nextafter(value, static_cast<Value>(rng() % 2));
  });
}

ArrayPointer texts(Rng& rng) {
  return column(arrow::StringBuilder(), rng, [&] { return kTexts[rng() % kTexts.size()]; });
}

ArrayPointer times(Rng& rng, arrow::TimeUnit::type unit, const char* zone) {
  const std::int64_t ticks[] = {1, 1'000, 1'000'000, 1'000'000'000};
  const std::int64_t second = ticks[unit];
  return column(of_type<arrow::TimestampBuilder>(arrow::timestamp(unit, zone)), rng, [&] {
    const std::int64_t day = (rng() % 2 ? 19'875 : -3) * 86'400 * second;
    const auto rest = static_cast<std::int64_t>(rng() % 3) - 1;
    if (unit != arrow::TimeUnit::NANO && rng() % 9 == 0)
      return std::int64_t{900'000'000'000} * second;
    return day + (rng() % 2 ? rest : 43'200 * second + rest * second);
  });
}

ArrayPointer dictionary(Rng& rng, const ArrayPointer& entries) {
  const ArrayPointer indices = column(arrow::Int16Builder(), rng, [&] {
    return static_cast<std::int16_t>(rng() % static_cast<std::uint64_t>(entries->length()));
  });
  return arrow::DictionaryArray::FromArrays(arrow::dictionary(arrow::int16(), entries->type()),
                                            indices, entries)
      .ValueOrDie();
}

ArrayPointer as(const ArrayPointer& column, const std::shared_ptr<arrow::DataType>& type) {
  EXPECT_TRUE(arrow::compute::Initialize().ok());
  return arrow::compute::Cast(*column, type, arrow::compute::CastOptions::Unsafe()).ValueOrDie();
}

std::vector<ArrayPointer> numbers(Rng& rng) {
  const auto cents = column(of_type<arrow::Decimal128Builder>(arrow::decimal128(10, 2)), rng, [&] {
    return arrow::Decimal128(static_cast<std::int64_t>(rng() % 1000) - 100);
  });
  return {integers<arrow::Int8Builder, std::int8_t>(rng),
          integers<arrow::Int16Builder, std::int16_t>(rng),
          integers<arrow::Int32Builder, std::int32_t>(rng),
          integers<arrow::Int64Builder, std::int64_t>(rng),
          integers<arrow::UInt8Builder, std::uint8_t>(rng),
          integers<arrow::UInt16Builder, std::uint16_t>(rng),
          integers<arrow::UInt32Builder, std::uint32_t>(rng),
          integers<arrow::UInt64Builder, std::uint64_t>(rng),
          reals<arrow::FloatBuilder, float>(rng),
          reals<arrow::DoubleBuilder, double>(rng),
          as(reals<arrow::FloatBuilder, float>(rng), arrow::float16()),
          cents,
          as(cents, arrow::decimal256(20, 2)),
          dictionary(rng, integers<arrow::Int64Builder, std::int64_t>(rng))};
}

std::vector<ArrayPointer> others(Rng& rng) {
  const auto days = column(arrow::Date32Builder(), rng, [&] {
    return rng() % 9 ? 19'874 + static_cast<int>(rng() % 3) : 4'000'000;
  });
  const auto long_days = column(arrow::Date64Builder(), rng, [&] {
    return (static_cast<std::int64_t>(rng() % 4) - 2) * 86'400'000;
  });
  const auto clock = column(of_type<arrow::Time32Builder>(arrow::time32(arrow::TimeUnit::SECOND)),
                            rng, [&] { return static_cast<std::int32_t>(rng() % 3) * 3600; });
  return {texts(rng),
          as(texts(rng), arrow::large_utf8()),
          dictionary(rng, texts(rng)),
          column(arrow::BooleanBuilder(), rng, [&] { return rng() % 2 == 0; }),
          std::make_shared<arrow::NullArray>(kRows),
          days,
          long_days,
          clock,
          times(rng, arrow::TimeUnit::SECOND, ""),
          times(rng, arrow::TimeUnit::MILLI, "UTC"),
          times(rng, arrow::TimeUnit::MICRO, "America/New_York"),
          times(rng, arrow::TimeUnit::NANO, "")};
}

// ---- the file with and without the condition

/// The canonical text that `shown` showed a key as.
std::optional<std::string> text_of(const std::string& shown) {
  if (shown == "null") return std::nullopt;
  return shown[0] == 'i' ? shown.substr(1) : shown.substr(2, shown.size() - 3);
}

/// A constant that is, or lies near, a cell.
Constant constant(const Lines& cells, Rng& rng) {
  const auto cell = text_of(cells[rng() % cells.size()]).value_or("7");
  const std::string text = rng() % 6 ? cell : kTexts[rng() % kTexts.size()];
  if (const auto number = Decimal::parse(text); number && rng() % 8) return *number;
  if (const auto instant = Instant::parse(text); instant && rng() % 8) return *instant;
  return text;
}

Condition random_condition(const Lines& cells, Rng& rng) {
  Condition condition{.column = "x", .kind = static_cast<Kind>(rng() % 10)};
  const bool list = condition.kind == Kind::in || condition.kind == Kind::not_in;
  const bool none = condition.kind == Kind::null || condition.kind == Kind::not_null;
  for (std::size_t i = none ? 0 : list ? 1 + rng() % 4 : 1; i > 0; --i)
    condition.values.push_back(constant(cells, rng));
  return condition;
}

/// Reads `file` under conditions at random, and compares with the definition; gives how many were
/// served, and how many of these kept some rows and not all.
struct Tally {
  int served = 0, telling = 0;
};
Tally compare(const std::string& file, Rng& rng, int conditions) {
  Tally tally;
  const Everything all = read_all({file}, {.keys = {"x"}});
  EXPECT_EQ(all.error, "");
  if (all.rows.empty()) return tally;
  for (int i = 0; i < conditions; ++i) {
    const Condition condition = random_condition(all.rows, rng);
    const Everything kept = read_all({file}, {.keys = {"x"}, .where = {condition}});
    if (!kept.error.empty() && kept.code == Errc::invalid_parameter)
      continue;  // nothing that the type could say
    EXPECT_EQ(kept.error, "");
    Lines expected;
    for (const std::string& row : all.rows)
      if (condition.holds(text_of(row))) expected.push_back(row);
    EXPECT_EQ(kept.rows, expected) << condition.to_string();
    ++tally.served;
    tally.telling += !expected.empty() && expected.size() < all.rows.size();
  }
  return tally;
}

std::shared_ptr<arrow::Table> table_of(const ArrayPointer& cells) {
  return arrow::Table::Make(arrow::schema({arrow::field("x", cells->type())}), {cells});
}

std::string as_ipc(const Scratch& scratch, const ArrayPointer& cells) {
  const std::string path = scratch.path("t.arrow");
  const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
  const auto table = table_of(cells);
  const auto writer = arrow::ipc::MakeFileWriter(out, table->schema()).ValueOrDie();
  EXPECT_TRUE(writer->WriteTable(*table, 64).ok() && writer->Close().ok() && out->Close().ok());
  return path;
}

std::string as_parquet(const Scratch& scratch, const ArrayPointer& cells) {
  const std::string path = scratch.path("t.parquet");
  const auto out = arrow::io::FileOutputStream::Open(path).ValueOrDie();
  EXPECT_TRUE(
      parquet::arrow::WriteTable(*table_of(cells), arrow::default_memory_pool(), out, 64).ok());
  EXPECT_TRUE(out->Close().ok());
  return path;
}

TEST(KeepWhere, NumbersOfEachTypeAreKeptAsTheirTextsWouldBe) {
  Rng rng(11);
  const Scratch scratch;
  for (int round = 0; round < 2; ++round)
    for (const ArrayPointer& cells : numbers(rng)) {
      SCOPED_TRACE(cells->type()->ToString());
      const Tally ipc = compare(as_ipc(scratch, cells), rng, 40);
      EXPECT_GT(ipc.served, 20);
      EXPECT_GT(ipc.telling, 8);
      if (cells->type_id() == arrow::Type::DICTIONARY)
        continue;  // with entries that Parquet refuses
      EXPECT_GT(compare(as_parquet(scratch, cells), rng, 10).served, 2);
    }
}

TEST(KeepWhere, TextsTruthAndTimesAreKeptAsTheirTextsWouldBe) {
  Rng rng(12);
  const Scratch scratch;
  for (int round = 0; round < 2; ++round)
    for (const ArrayPointer& cells : others(rng)) {
      SCOPED_TRACE(cells->type()->ToString());
      const Tally ipc = compare(as_ipc(scratch, cells), rng, 60);
      EXPECT_GT(ipc.served, 10);
      EXPECT_GT(ipc.telling, cells->type_id() == arrow::Type::NA ? -1 : 3);
      if (cells->type_id() == arrow::Type::DICTIONARY) continue;
      EXPECT_GT(compare(as_parquet(scratch, cells), rng, 20).served, 2);
    }
}

TEST(KeepWhere, CellsOfACsvFileAreKeptAsTheyAreWritten) {
  Rng rng(13);
  const Scratch scratch;
  for (int round = 0; round < 5; ++round) {
    std::string csv = "x,y\n";
    for (int i = 0; i < kRows; ++i)
      csv += (rng() % 8 ? "\"" + kTexts[rng() % kTexts.size()] + "\"" : "") + ",1\n";
    const Tally tally = compare(scratch.file("t.csv", csv), rng, 60);
    EXPECT_EQ(tally.served, 60);
    EXPECT_GT(tally.telling, 25);
  }
}

std::string refused(const ArrayPointer& cells, const char* words) {
  const Scratch scratch;
  const Everything all =
      read_all({as_ipc(scratch, cells)}, {.where = {parse_condition(words).value()}});
  const std::size_t start = all.error.find("column 'x'");
  return start == std::string::npos ? all.error : all.error.substr(start);
}

TEST(KeepWhere, WhatNoCellOfATypeCouldSayIsRefusedBeforeARowIsRead) {
  Rng rng(14);
  const auto whole = integers<arrow::Int32Builder, std::int32_t>(rng);
  EXPECT_EQ(refused(whole, "x > 2024-06-01"),
            "column 'x' holds numbers; compare it with numbers, which stand without quotes");
  EXPECT_NE(refused(whole, "x > '7'"), "");
  EXPECT_EQ(refused(whole, "x = '7'"), "");
  EXPECT_EQ(
      refused(times(rng, arrow::TimeUnit::SECOND, ""), "x > '2024-06-01'"),
      "column 'x' holds dates or times; compare it with one such as 2024-06-01, without quotes");
  EXPECT_EQ(refused(column(arrow::BooleanBuilder(), rng, [] { return true; }), "x = 1"),
            "column 'x' holds truth values; compare it with true or false");
  arrow::Int32Builder offsets, items;
  ASSERT_TRUE(offsets.AppendValues({0, 1}).ok() && items.Append(5).ok());
  const auto list =
      arrow::ListArray::FromArrays(*offsets.Finish().ValueOrDie(), *items.Finish().ValueOrDie())
          .ValueOrDie();
  EXPECT_EQ(refused(list, "x = 1"),
            "column 'x' holds lists or records; a filter needs single values");
}

TEST(KeepWhere, AllConditionsHaveToBeTrueAndTheirColumnsNeedNotBeAskedFor) {
  const Scratch scratch;
  const std::string csv = scratch.file("t.csv", "a,b,c\n1,x,5\n2,x,6\n3,y,7\n4,,8\n");
  const auto where = [](const char* one, const char* two) {
    return std::vector<Condition>{parse_condition(one).value(), parse_condition(two).value()};
  };
  EXPECT_EQ(read_all({csv}, {.keys = {"c"}, .where = where("a > 1", "b = x")}).rows, (Lines{"i6"}));
  EXPECT_EQ(
      read_all({csv}, {.keys = {"b"}, .numbers = {"a"}, .where = where("a >= 3", "c > 0")}).rows,
      (Lines{"t'y'|i3", "null|i4"}));
  EXPECT_EQ(read_all({csv}, {.where = where("b is not null", "c < 7")}).batches,
            (std::vector<std::size_t>{2}));
  EXPECT_TRUE(read_all({csv}, {.keys = {"a"}, .where = where("a > 1", "a < 1")}).rows.empty());
  EXPECT_EQ(read_all({csv}, {.keys = {"a"}, .where = where("a > 1", "z = 1")}).error,
            csv + ": has no column 'z'; its columns are 'a', 'b', 'c'");
}

}  // namespace
}  // namespace sfumato::keep_where_test
