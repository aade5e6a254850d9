#include "sfumato/io/table_reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "io/scratch.h"

namespace sfumato {
namespace {

Everything read_csv(std::string_view text, const ColumnRequest& request) {
  const Scratch scratch;
  return read_all({scratch.file("t.csv", text)}, request);
}

/// The message alone, without the path of the file that it names.
std::string complaint(std::string_view text, const ColumnRequest& request) {
  const Everything all = read_csv(text, request);
  const std::size_t end = all.error.find("t.csv: ");
  return end == std::string::npos ? all.error : all.error.substr(end + 7);
}

constexpr const char* kNoText =
    "is neither Parquet nor Arrow IPC nor CSV, which would be UTF-8 text without NUL bytes";

TEST(TableReader, GivesTheAskedColumnsInTheOrderOfTheRequest) {
  const auto all = read_csv("a,b,c\n1,x,0.5\n2,y,7\n", {.keys = {"b", "a"}, .numbers = {"c"}});
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows, (Lines{"t'x'|i1|r0.5", "t'y'|i2|i7"}));
}

TEST(TableReader, AColumnMayBeAskedForAsKeyAndAsNumber) {
  const auto all = read_csv("a,b\n01,2\n", {.keys = {"a"}, .numbers = {"b", "a"}});
  EXPECT_EQ(all.rows, (Lines{"t'01'|i2|i1"}));
}

TEST(TableReader, WithoutColumnsTheRowsAreCounted) {
  const auto all = read_csv("a,b\n1,2\n3,4\n5,6\n", {});
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.batches, (std::vector<std::size_t>{3}));
}

TEST(TableReader, AnEmptyCellIsNullAndQuotesWithNothingInThemAreAnEmptyText) {
  const auto all = read_csv("a,b\n,\n\"\",\"\"\n\" \",\"5\"\n", {.keys = {"a"}, .numbers = {"b"}});
  EXPECT_EQ(all.rows, (Lines{"null|null", "t''|null", "t' '|i5"}));
}

TEST(TableReader, WordsThatOthersReadAsNullAreText) {
  const auto all = read_csv("a\nNA\nNULL\nNaN\nnull\n", {.keys = {"a"}});
  EXPECT_EQ(all.rows, (Lines{"t'NA'", "t'NULL'", "t'NaN'", "t'null'"}));
}

TEST(TableReader, ACellThatIsNoNumberIsNullAndNoError) {
  const auto all = read_csv("a\n1\nten\nnan\n-inf\n1e999\n", {.numbers = {"a"}});
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows, (Lines{"i1", "null", "null", "r-inf", "rinf"}));
}

TEST(TableReader, QuotedCellsMayHoldCommasNewlinesAndQuotes) {
  const auto all = read_csv("a,b\n\"x,1\",1\n\"x\ny\",2\n\"say \"\"hi\"\"\",3\n",
                            {.keys = {"a"}, .numbers = {"b"}});
  EXPECT_EQ(all.rows, (Lines{"t'x,1'|i1", "t'x\ny'|i2", "t'say \"hi\"'|i3"}));
}

TEST(TableReader, ANewlineWithinQuotesEndsNoRowWhereverAFileIsCut) {
  const std::string lines = "x" + std::string(500, '\n') + "y";
  std::string text = "a,b\n";
  std::size_t rows = 0;
  for (; text.size() < (std::size_t{9} << 20); ++rows) text += "\"" + lines + "\",1\n";
  const auto all = read_csv(text, {.keys = {"a"}});
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows, Lines(rows, "t'" + lines + "'"));
}

TEST(TableReader, NewlinesOfEachKindEndARowAndEmptyLinesAreNone) {
  for (const char* text : {"a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4", "\n\na,b\n\n1,2\n\n3,4\n\n"})
    EXPECT_EQ(read_csv(text, {.keys = {"a"}, .numbers = {"b"}}).rows, (Lines{"i1|i2", "i3|i4"}));
}

TEST(TableReader, AByteOrderMarkIsNoPartOfTheFirstName) {
  EXPECT_EQ(read_csv("\xEF\xBB\xBF"
                     "a\n5\n",
                     {.keys = {"a"}})
                .rows,
            (Lines{"i5"}));
}

TEST(TableReader, TheTypeOfACellDoesNotHangOnThoseBeforeIt) {
  std::string text = "a\n";
  for (int i = 0; i < 70'000; ++i) text += "1\n";
  const auto all = read_csv(text + "x\n", {.keys = {"a"}});
  ASSERT_EQ(all.rows.size(), 70'001U);
  EXPECT_EQ(all.rows[0], "i1");
  EXPECT_EQ(all.rows.back(), "t'x'");
}

TEST(TableReader, ManyRowsComeInSeveralBatchesAndInOrder) {
  std::string text = "a,b\n";
  for (int i = 0; i < 150'000; ++i) text += numbered(numbered("", i) + ",k\xC3\xA9y", i) + "\n";
  const auto all = read_csv(text, {.keys = {"b"}, .numbers = {"a"}});
  ASSERT_EQ(all.rows.size(), 150'000U);
  EXPECT_GT(all.batches.size(), 2U);
  EXPECT_LE(*std::max_element(all.batches.begin(), all.batches.end()), 65'536U);
  for (std::size_t i = 0; i < all.rows.size(); ++i)
    ASSERT_EQ(all.rows[i], numbered(numbered("t'k\xC3\xA9y", i) + "'|i", i));
}

TEST(TableReader, FilesFollowOneAnotherEachWithItsOwnOrderOfColumns) {
  const Scratch scratch;
  const auto all = read_all({scratch.file("1.csv", "a,b\n1,2\n"), scratch.file("2.csv", "a,b\n"),
                             scratch.file("3.csv", "x,b,a\n9,4,3\n")},
                            {.keys = {"a"}, .numbers = {"b"}});
  EXPECT_EQ(all.rows, (Lines{"i1|i2", "i3|i4"}));
}

TEST(TableReader, AfterTheEndThereIsNoMore) {
  const Scratch scratch;
  auto reader = TableReader::open({scratch.file("t.csv", "a\n1\n")}, {.keys = {"a"}}).value();
  Batch batch;
  EXPECT_TRUE(reader.next(batch).value());
  EXPECT_FALSE(reader.next(batch).value());
  EXPECT_FALSE(reader.next(batch).value());
}

TEST(TableReader, TextOfKeysOutlivesTheReaderAndTheNextBatch) {
  const Scratch scratch;
  const std::string first = scratch.file("1.csv", "a\nfirst words\n");
  Batch batch, other;
  {
    auto reader =
        TableReader::open({first, scratch.file("2.csv", "a\nsecond words\n")}, {.keys = {"a"}})
            .value();
    EXPECT_TRUE(reader.next(batch).value());
    EXPECT_TRUE(reader.next(other).value());
  }
  EXPECT_EQ(batch.keys[0][0].text, "first words");
  EXPECT_EQ(other.keys[0][0].text, "second words");
}

TEST(TableReader, AHeaderAloneIsATableWithoutRows) {
  for (const char* text : {"a,b", "a,b\n", "a,b\r\n\r\n"}) {
    const auto all = read_csv(text, {.keys = {"a"}});
    EXPECT_EQ(all.error, "");
    EXPECT_TRUE(all.rows.empty());
  }
}

TEST(TableReader, AnEmptyFileIsRefused) {
  for (const char* text : {"", "\n\n", "\xEF\xBB\xBF"})
    EXPECT_EQ(complaint(text, {.keys = {"a"}}), "is empty: a CSV file needs a header line");
}

TEST(TableReader, AMissingColumnIsNamedAmongThoseThatAreThere) {
  EXPECT_EQ(complaint("person,site\nann,1\n", {.keys = {"unit"}}),
            "has no column 'unit'; its columns are 'person', 'site'");
  EXPECT_EQ(complaint("a\x01"
                      "b\n1\n",
                      {.keys = {"unit"}}),
            "has no column 'unit'; its columns are 'a?b'");
}

TEST(TableReader, AtMostTwentyColumnsAreListed) {
  std::string header = "c0";
  for (int i = 1; i < 23; ++i) header += numbered(",c", i);
  const std::string words = complaint(header + "\n", {.keys = {"x"}});
  EXPECT_NE(words.find("'c19' and 3 more"), std::string::npos) << words;
  EXPECT_EQ(words.find("'c20'"), std::string::npos);
}

TEST(TableReader, ALongNameIsCutBetweenCharacters) {
  const std::string name = std::string(63, 'n') + "\xC3\xA9" + std::string(9, 'm');
  EXPECT_EQ(complaint(name + "\n", {.keys = {"x"}}),
            "has no column 'x'; its columns are '" + std::string(63, 'n') + "…'");
}

TEST(TableReader, AFirstLineThatMayBeAPersonsIsNotShown) {
  EXPECT_EQ(complaint("Ann Smith,42\nBob Jones,43\n", {.keys = {"person"}}),
            "has no column 'person'; its first line has numbers in it, so it may lack a line that "
            "names the columns");
}

TEST(TableReader, AColumnThatTheFileHasTwiceIsRefusedOnlyWhereItIsAskedFor) {
  EXPECT_EQ(complaint("a,b,a\n1,2,3\n", {.keys = {"a"}}),
            "has the column 'a' more than once: rename all but one");
  EXPECT_EQ(read_csv("a,b,a\n1,2,3\n", {.keys = {"b"}}).rows, (Lines{"i2"}));
}

TEST(TableReader, AColumnAskedForTwiceIsRefused) {
  EXPECT_EQ(complaint("a,b\n1,2\n", {.keys = {"a", "b", "a"}}),
            "column 'a': is asked for twice as a key: name it once");
  EXPECT_EQ(complaint("a,b\n1,2\n", {.numbers = {"b", "b"}}),
            "column 'b': is asked for twice as a number: name it once");
}

TEST(TableReader, ARowWithTooManyOrTooFewCellsIsRefusedAndNotShown) {
  for (const char* row : {"secret", "secret,2,3", "x,1\nsecret,2,3,4"})
    EXPECT_EQ(complaint("a,b\n" + std::string(row) + "\n", {.keys = {"a"}}),
              "has a row with too many or too few cells: its header asks for 2");
}

TEST(TableReader, BrokenUtf8IsRefusedWhereverItStands) {
  for (const char* text :
       {"a,b\n1,\xFF\n", "a,b\n\xC3\x28,1\n", "a\xFF,b\n1,2\n", "a,b\n1,2\n3,\xE2\x82"})
    EXPECT_EQ(complaint(text, {.keys = {"a"}}), kNoText);
}

TEST(TableReader, BrokenUtf8FarFromTheBeginningIsRefused) {
  std::string text = "a,b\n";
  while (text.size() < (std::size_t{20} << 20)) text += "1,some text that is right\n";
  EXPECT_EQ(complaint(text + "2,\xC0\xAF\n", {.keys = {"a"}}), kNoText);
  EXPECT_EQ(complaint(text + "2,\xC3", {.keys = {"a"}}), kNoText);
  EXPECT_EQ(complaint(text + "2,\xC3\xA9\n", {.keys = {"a"}}), "");
}

TEST(TableReader, RandomBytesAreRefused) {
  EXPECT_EQ(complaint(std::string("a,b\n1,\0\n", 8), {.keys = {"a"}}), kNoText);
  EXPECT_EQ(complaint("\x7F"
                      "ELF\x02\x01\x01" +
                          std::string(9, '\0'),
                      {.keys = {"a"}}),
            kNoText);
}

TEST(TableReader, AQuotationMarkThatIsNeverClosedIsRefused) {
  EXPECT_EQ(complaint("a,\"b\n1,2\n", {.keys = {"a"}}),
            "has a quotation mark in its header line that is never closed");
  EXPECT_EQ(complaint("a,b\n1,\"2\n3,4\n", {.keys = {"a"}}),
            "has a quotation mark that is never closed");
}

TEST(TableReader, ARowOfMoreThanEightMebibytesIsRefused) {
  const std::string cell(std::size_t{20} << 20, 'x');
  for (const std::string& row : {"1,\"" + cell + "\"\n", "1," + cell + "\n"})
    EXPECT_EQ(complaint("a,b\n" + row, {.keys = {"a"}}),
              "has a row of more than 8 MiB: is there a quotation mark that is never closed?");
  EXPECT_EQ(complaint("a,b\n1," + cell.substr(0, 7 << 20) + "\n", {.keys = {"a"}}), "");
}

TEST(TableReader, AHeaderWithoutEndIsRefused) {
  EXPECT_EQ(complaint(std::string(std::size_t{3} << 20, 'x'), {.keys = {"a"}}),
            "has no end of its header line within 1 MiB: is it a CSV file?");
}

TEST(TableReader, WhatIsNoFileIsRefused) {
  const Scratch scratch;
  const auto why = [](const std::string& path) { return read_all({path}, {.keys = {"a"}}).error; };
  EXPECT_EQ(why(scratch.path("no.csv")),
            scratch.path("no.csv") + ": is not there: name a CSV, Parquet or Arrow IPC file");
  const std::string no_file =
      ": is no regular file: copy its bytes into one, or pipe them in and name the table -";
  EXPECT_EQ(why(scratch.path(".")),
            scratch.path(".") + ": is a directory: name the files in it, as in 'DIRECTORY/*.csv'");
  EXPECT_EQ(why("/dev/null"), "/dev/null" + no_file);
  ASSERT_EQ(::mkfifo(scratch.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(why(scratch.path("pipe")), scratch.path("pipe") + no_file);
}

TEST(TableReader, AFileThatMayNotBeReadIsRefused) {
  const Scratch scratch;
  const std::string path = scratch.file("t.csv", "a\n1\n");
  ASSERT_EQ(::chmod(path.c_str(), 0000), 0);
  ASSERT_EQ(::chmod(scratch.path(".").c_str(), 0755), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // Root may read everything: the child becomes nobody.
    if (::getuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
    const auto reader = TableReader::open({path}, {.keys = {"a"}});
    const bool refused =
        !reader && reader.error().code == Errc::unavailable &&
        reader.error().message == "may not be read: its permissions would have to allow it";
    ::_exit(refused ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(TableReader, EachFileIsLookedAtBeforeARowIsRead) {
  const Scratch scratch;
  const auto reader = TableReader::open(
      {scratch.file("1.csv", "a\n1\n"), scratch.file("2.csv", "b\n1\n")}, {.keys = {"a"}});
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().where, scratch.path("2.csv"));
  EXPECT_EQ(reader.error().code, Errc::unavailable);
}

TEST(TableReader, AFileThatGoesAwayWhileOthersAreReadIsAnError) {
  const Scratch scratch;
  const std::string second = scratch.file("2.csv", "a\n1\n");
  auto reader =
      TableReader::open({scratch.file("1.csv", "a\n1\n"), second}, {.keys = {"a"}}).value();
  std::filesystem::remove(second);
  Batch batch;
  EXPECT_TRUE(reader.next(batch).value());
  EXPECT_EQ(reader.next(batch).error().where, second);
}

TEST(TableReader, NeedsAFileAndAThread) {
  EXPECT_EQ(read_all({}, {}).error, "files: must name at least one file");
  EXPECT_EQ(read_all({"x"}, {}, 0).error, "threads: must be at least 1");
}

}  // namespace
}  // namespace sfumato
