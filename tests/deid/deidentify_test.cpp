#include "sfumato/deid/deidentify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

#include "deid/column_work.h"
#include "support/scratch.h"
#include "support/small_disk.h"

namespace sfumato {
namespace {

/// "x7" from "x" and 7. (A literal plus a string makes gcc 12 warn of an overlap that can't be.)
std::string numbered(std::string prefix, int number) {
  return prefix.append(std::to_string(number));
}

struct Outcome {
  std::string table, error;
  DeidReport report;
};

Outcome deidentified(const std::string& policy, const std::string& table, RewriteParams params = {},
                     const Scratch& scratch = {}) {
  const auto failed = [](const Error& error) {
    return Outcome{"", error.where + ": " + error.message, {}};
  };
  const auto read = Policy::parse(policy, scratch.path("p.toml"));
  if (!read) return failed(read.error());
  auto work = Deidentifier::open(*read, scratch.file("in.csv", table), params);
  if (!work) return failed(work.error());
  const auto done = std::move(*work).write(scratch.path("out"), {});
  if (!done) {
    EXPECT_EQ(contents(scratch.path("out")), "");
    return failed(done.error());
  }
  return {contents(scratch.path("out")), "", *done};
}

/// Of the one column `v` of a table, with a sentinel beside it that passes.
std::string policy_of(const std::string& transform) {
  return std::string(
             "version = 1\ndefault = \"keep\"\ninvalid = \"null\"\n[columns.v]\n"
             "role = \"quasi\"\ntransform = ")
      .append(transform)
      .append("\n");
}

/// What a transform makes of values, one after another; "NULL" of what it does not take.
std::vector<std::string> each(const std::string& transform, const std::vector<std::string>& values,
                              const Scratch& scratch = {}) {
  std::string table = "v,sentinel\n";
  for (const std::string& value : values) table.append("\"").append(value).append("\",.\n");
  const Outcome outcome = deidentified(policy_of(transform), table, {}, scratch);
  EXPECT_EQ(outcome.error, "");
  std::vector<std::string> out;
  std::istringstream lines(outcome.table);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "v,sentinel");
  while (std::getline(lines, line)) {
    EXPECT_TRUE(line.ends_with(",.")) << line;
    line.resize(line.size() - 2);
    if (line.starts_with('"') && line.size() > 2) line = line.substr(1, line.size() - 2);
    out.push_back(line.empty() ? "NULL" : line);
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(Deidentifier, EachColumnMeetsItsFate) {
  const Outcome outcome = deidentified(R"-(version = 1
[columns.name]
role = "identifier"
transform = "drop"
[columns.mail]
role = "identifier"
transform = "redact"
[columns.ward]
role = "insensitive"
transform = "keep"
[columns.note]
role = "sensitive"
transform = "replace"
with = "(a note, or none)"
)-",
                                       "name,mail,ward,note\nAda,a@x.org,007,good\nEve,,8,\n");
  EXPECT_EQ(outcome.table,
            "mail,ward,note\n,007,\"(a note, or none)\"\n,8,\"(a note, or none)\"\n");
  EXPECT_EQ(outcome.report.rows.rows_read, 2u);
  EXPECT_EQ(outcome.report.columns[3].tally.replaced, 2u);
}

TEST(Deidentifier, ColumnsAndPolicyMustFit) {
  const std::string column = "[columns.a]\nrole = \"quasi\"\ntransform = \"redact\"\n";
  EXPECT_EQ(deidentified("version = 1\n" + column, "a,b\n1,2\n").error,
            "column 'b': is in the table and not in the policy: name it, or set default = \"drop\" "
            "or \"keep\"");
  const std::string error = deidentified("version = 1\n" + column, "b\n1\n").error;
  EXPECT_NE(error.find("p.toml:2:10: names a column 'a' that the table does not have"),
            std::string::npos)
      << error;
  EXPECT_EQ(deidentified("version = 1\ndefault = \"drop\"\n" + column, "a,b\nx,2\n").table,
            "a\n\"\"\n");
}

TEST(Mask, CoversCharactersFromEitherEnd) {
  EXPECT_EQ(each("\"mask\"\nfirst = 2", {"12345", "1"}), (Texts{"**345", "*"}));
  EXPECT_EQ(each("\"mask\"\nlast = 3", {"12345"}), (Texts{"12***"}));
  EXPECT_EQ(each("\"mask\"\nkeep-first = 1\nkeep-last = 2\nwith = \"x\"", {"123456"}),
            (Texts{"1xxx56"}));
  EXPECT_EQ(each("\"mask\"\nfirst = 1\nlast = 1", {"123", "1"}), (Texts{"*2*", "*"}));
}

TEST(Mask, LeavesCharactersThatAreSkipped) {
  EXPECT_EQ(each("\"mask\"\nkeep-last = 4\nskip = \" -\"", {"1234-5678 9012"}),
            (Texts{"****-**** 9012"}));
}

TEST(Mask, CountsCharactersRatherThanBytes) {
  EXPECT_EQ(each("\"mask\"\nkeep-first = 1\nwith = \"○\"", {"张三丰"}), (Texts{"张○○"}));
}

TEST(Mask, TakesNoValueOfWhichNothingWouldBeCovered) {
  EXPECT_EQ(each("\"mask\"\nkeep-last = 4", {"123", "1234", "12345"}),
            (Texts{"NULL", "NULL", "*2345"}));
}

TEST(Bucket, GivesTheIntervalOfAWidth) {
  EXPECT_EQ(
      each("\"bucket\"\nwidth = 10", {"0", "9", "10", "37.5", "-1", "-10", "-10.5", "x"}),
      (Texts{"[0,10)", "[0,10)", "[10,20)", "[30,40)", "[-10,0)", "[-10,0)", "[-20,-10)", "NULL"}));
  EXPECT_EQ(each("\"bucket\"\nwidth = 10\norigin = 5\nshow = \"low\"", {"4", "5", "14.999"}),
            (Texts{"-5", "5", "5"}));
}

/// In floating point 0.3 / 0.1 is below 3.
TEST(Bucket, IsExactWhereFloatingPointIsNot) {
  EXPECT_EQ(each("\"bucket\"\nwidth = 0.1", {"0.3", "0.7", "0.29999999999999999999"}),
            (Texts{"[0.3,0.4)", "[0.7,0.8)", "[0.2,0.3)"}));
  EXPECT_EQ(each("\"bucket\"\nwidth = 1", {"1e40"}), (Texts{"NULL"}));
}

TEST(Bucket, HasEdgesAndLabels) {
  EXPECT_EQ(each("\"bucket\"\nedges = [18, 65]", {"17.9", "18", "64", "65"}),
            (Texts{"<18", "[18,65)", "[18,65)", ">=65"}));
  EXPECT_EQ(each("\"bucket\"\nedges = [-2000, 0.5, 1e4]", {"1"}), (Texts{"[0.5,10000)"}));
  EXPECT_EQ(each("\"bucket\"\nedges = [0]\nlabels = [\"loss\", \"gain\"]", {"-1", "0"}),
            (Texts{"loss", "gain"}));
}

TEST(Limit, CodesWhatLiesBeyond) {
  EXPECT_EQ(each("\"limit\"\nlower = 18\nupper = 90", {"17", "18", "90.0", "90.1", "007"}),
            (Texts{"<18", "18", "90.0", ">90", "<18"}));
  EXPECT_EQ(each("\"limit\"\nupper = 90\nabove = \"90+\"", {"-5", "91"}), (Texts{"-5", "90+"}));
}

TEST(Round, GoesToTheNearestMultipleAndHalvesAwayFromZero) {
  EXPECT_EQ(each("\"round\"\nto = 5", {"7", "7.5", "-7.5", "-7.4", "7.49999", "0", "-2", "-+1"}),
            (Texts{"5", "10", "-10", "-5", "5", "0", "0", "NULL"}));
  EXPECT_EQ(each("\"round\"\nto = 0.01", {"1.005", "1.0049", "2", "-0.004"}),
            (Texts{"1.01", "1.00", "2.00", "0.00"}));
  EXPECT_EQ(each("\"round\"\nto = 1000", {"12345.6"}), (Texts{"12000"}));
}

TEST(DatePart, TakesAPartOfADate) {
  const auto part = [](const char* word, const std::string& value) {
    return each(std::string("\"date-part\"\npart = \"").append(word).append("\""), {value})[0];
  };
  EXPECT_EQ(part("year", "2024-05-17"), "2024");
  EXPECT_EQ(part("quarter", "2024-05-17"), "2024-Q2");
  EXPECT_EQ(part("quarter", "2024-12-17"), "2024-Q4");
  EXPECT_EQ(part("month", "2024-05-17T10:30:00Z"), "2024-05");
  EXPECT_EQ(part("day", "2024-05-17 10:30"), "2024-05-17");
  EXPECT_EQ(part("month-of-year", "2024-05-17"), "05");
  EXPECT_EQ(part("day-of-week", "2024-05-17"), "5");
  EXPECT_EQ(part("hour", "2024-05-17T23:30:00+02:00"), "23");
  EXPECT_EQ(part("hour", "2024-05-17"), "NULL");
  EXPECT_EQ(part("year", "2024-02-30"), "NULL");
  EXPECT_EQ(part("year", "17.05.2024"), "NULL");
}

TEST(DatePart, YearsBeforeTheEarliestAreOne) {
  EXPECT_EQ(each("\"date-part\"\npart = \"year\"\nearliest = 1935",
                 {"1934-12-31", "1935-01-01", "0001-01-01", "2024-05-17T10:30:00Z", "x"}),
            (Texts{"<1935", "1935", "<1935", "2024", "NULL"}));
}

/// The guidance of the Office for Civil Rights (26 November 2012) lists these 17 areas of Census 2000.
TEST(UsZip3, LeavesThreeDigitsAndNoneOfSmallAreas) {
  Texts small, none;
  for (const char* area : {"036", "059", "063", "102", "203", "556", "692", "790", "821", "823",
                           "830", "831", "878", "879", "884", "890", "893"}) {
    small.push_back(std::string(area).append("12"));
    none.push_back("000");
  }
  EXPECT_EQ(each("\"us-zip3\"", small), none);
  EXPECT_EQ(each("\"us-zip3\"", {"10001", "00501", "94105-1234", "941051234", "03512", "83212"}),
            (Texts{"100", "005", "941", "941", "035", "832"}));
  EXPECT_EQ(each("\"us-zip3\"",
                 {"1000", "100011", "1000A", "94105-123", "9410-51234", "94105 1234", "K1A 0B1"}),
            (Texts{"NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL"}));
}

TEST(UsZip3, AListOfSmallAreasStandsInPlaceOfThatOf2000) {
  EXPECT_EQ(each("\"us-zip3\"\nsmall = [\"941\", \"100\"]", {"94105", "10001", "03612"}),
            (Texts{"000", "000", "036"}));
  for (const char* wrong : {"36", "0366", "03a", ""}) {
    const std::string text = std::string(
                                 "version = 1\n[columns.z]\nrole = \"quasi\"\n"
                                 "transform = \"us-zip3\"\nsmall = [\"")
                                 .append(wrong)
                                 .append("\"]\n");
    const auto policy = Policy::parse(text, "p");
    ASSERT_FALSE(policy);
    EXPECT_EQ(policy.error().message,
              "'small' must hold areas of three digits, as in small = [\"036\"]");
  }
}

/// The first and last days of ISO years, from the table in Wikipedia's "ISO week date".
TEST(DatePart, WeeksAreThoseOfIso8601) {
  EXPECT_EQ(each("\"date-part\"\npart = \"week\"",
                 {"1977-01-01", "1977-01-02", "1978-01-01", "1978-01-02", "1979-12-31",
                  "1981-12-31", "1982-01-03", "2024-12-30"}),
            (Texts{"1976-W53", "1976-W53", "1977-W52", "1978-W01", "1980-W01", "1981-W53",
                   "1981-W53", "2025-W01"}));
}

TEST(Hierarchy, GivesTheLevelThatAFileSays) {
  const Scratch scratch;
  scratch.file("h.csv", "12345;1234*;123**;*\r\n\"98765\";9876*;987**;*\n");
  EXPECT_EQ(
      each("\"hierarchy\"\nfile = \"h.csv\"\nlevel = 2", {"98765", "12345", "00000"}, scratch),
      (Texts{"987**", "123**", "NULL"}));
}

/// RFC 4180, which other programs write by: a mark within a cell is doubled.
TEST(Hierarchy, IsReadByTheRulesOfCsvFiles) {
  const Scratch scratch;
  scratch.file("h.csv",
               "\xEF\xBB\xBF\"a;b\";x\r\n\r\n\"say \"\"7\"\"\";\"y;z\"\r\n\"two\nlines\";-\r\n");
  EXPECT_EQ(each("\"hierarchy\"\nfile = \"h.csv\"\nlevel = 1", {"a;b", "say \"\"7\"\"", "two", "a"},
                 scratch),
            (Texts{"x", "y;z", "NULL", "NULL"}));
}

TEST(Hierarchy, ABrokenFileIsToldBeforeTheFirstRow) {
  const Scratch scratch;
  const auto error = [&](const char* bytes) {
    scratch.file("h.csv", bytes);
    return deidentified(policy_of("\"hierarchy\"\nfile = \"h.csv\"\nlevel = 2"), "v,b\nx,y\n", {},
                        scratch)
        .error;
  };
  EXPECT_NE(error("a;b;c\nd;e\n").find("h.csv:2 must have as many levels"), std::string::npos);
  EXPECT_NE(error("a;b\nd;e\n").find("has no level 2 of its values, but 1"), std::string::npos);
  EXPECT_NE(error("a;b;c\n\nd;b;e\n").find("h.csv:3 parts at level 2"), std::string::npos);
  EXPECT_EQ(error("x;b;c\nx;b;c\n"), "");
  EXPECT_NE(error("a;b;c\na;b;d\n").find("h.csv:2 says something else"), std::string::npos);
  EXPECT_NE(error("").find("holds no value"), std::string::npos);
  EXPECT_NE(error("a;b;c\n\n\"d;e;f\n").find("h.csv:3 has a quotation mark that is never closed"),
            std::string::npos);
}

double number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Fresh bits: the mean of 20,000 draws of scale 1 errs by more than 0.1 once in 10^20.
TEST(Noise, IsDrawnForEachRecordAfterClamping) {
  const Texts draws = each("\"noise\"\nepsilon = 10\nlower = 0\nupper = 10", Texts(20'000, "3.5"));
  const Texts beyond = each("\"noise\"\nepsilon = 10\nlower = 0\nupper = 10", Texts(20'000, "99"));
  double sum = 0, sum_beyond = 0, away = 0;
  for (const std::string& draw : draws) {
    sum += number(draw);
    away += std::fabs(number(draw) - 3.5);
  }
  for (const std::string& draw : beyond) sum_beyond += number(draw);
  EXPECT_NEAR(sum / 20'000, 3.5, 0.1);
  EXPECT_NEAR(sum_beyond / 20'000, 10, 0.1);
  EXPECT_NEAR(away / 20'000, 1, 0.08);  // the scale: what the bounds are apart, over epsilon
  EXPECT_GT(std::set(draws.begin(), draws.end()).size(), 19'000u);
}

/// A dictionary holds a value once, however many records have it, and comes again with the next rows. Another
/// thread draws anew, too.
TEST(Noise, IsDrawnForEachRecordOfADictionary) {
  const ColumnPolicy policy{
      .column = "x",
      .role = ColumnRole::sensitive,
      .transform = NoiseParams{Decimal::parse("1").value(), Decimal::parse("0").value(),
                               Decimal::parse("10").value()}};
  ColumnWork work(policy, noise_transform(std::get<NoiseParams>(policy.transform)).value());
  const std::vector<std::string_view> entries = {"3.5", "7"};
  const std::vector<std::uint32_t> codes = {0, 1, 0, 0, 1, 0};
  std::set<std::string> draws;
  ColumnWork of_another_thread = work.copy();
  for (ColumnWork* const one : {&work, &work, &of_another_thread}) {
    NewRows rows;
    NewColumn column;
    std::optional<Refusal> refusal;
    one->apply({.entries = entries, .codes = codes, .dictionary = 1}, nullptr, codes.size(), rows,
               column, refusal);
    EXPECT_TRUE(column.codes.empty());
    ASSERT_EQ(column.entries.size(), codes.size());
    for (const std::string_view draw : column.entries) draws.emplace(draw);
  }
  EXPECT_EQ(draws.size(), 3 * codes.size());
}

/// Counts the values that it is shown.
class Counting : public Transform {
 public:
  explicit Counting(std::size_t& seen) : seen_(&seen) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    *seen_ += values.size();
    std::ranges::copy(values, out.texts.begin());
  }
  TransformPointer copy() const override { return std::make_unique<Counting>(*seen_); }

 private:
  std::size_t* seen_;
};

TEST(ColumnWork, ShowsEachEntryOfADictionaryOnceHoweverManyRowsHaveIt) {
  const ColumnPolicy policy{.column = "x", .role = ColumnRole::quasi, .transform = RoundParams{}};
  std::size_t seen = 0;
  ColumnWork work(policy, std::make_unique<Counting>(seen));
  const std::vector<std::string_view> entries = {"a", "b", "c"};
  const std::vector<std::uint32_t> codes = {2, 0, 0, 2, 0, 2, 0};
  for (const std::uint64_t dictionary : {1u, 1u, 1u, 2u}) {
    NewRows rows;
    NewColumn column;
    std::optional<Refusal> refusal;
    work.apply({.entries = entries, .codes = codes, .dictionary = dictionary}, nullptr,
               codes.size(), rows, column, refusal);
    EXPECT_EQ(column.entries.size(), entries.size());
    EXPECT_EQ(column.entries[column.codes[0]], "c");
  }
  EXPECT_EQ(seen, 2 * entries.size()) << "of two dictionaries";
  EXPECT_EQ(work.tally().replaced, 4 * codes.size());
}

TEST(Noise, IsWholeOnWholeNumbers) {
  const Texts draws =
      each("\"noise\"\nepsilon = 1\nlower = 0\nupper = 1\nlaw = \"discrete-laplace\"",
           Texts(20'000, "1"));
  double sum = 0, moved = 0;
  for (const std::string& draw : draws) {
    EXPECT_EQ(draw.find('.'), std::string::npos);
    sum += number(draw);
    moved += number(draw) != 1;
  }
  EXPECT_NEAR(sum / 20'000, 1, 0.1);
  // P(0) = tanh(1 / 2) at scale 1.
  EXPECT_NEAR(moved / 20'000, 1 - 0.46211715726, 0.04);
}

TEST(Normaliser, BringsValuesToOneForm) {
  EXPECT_EQ(each("\"limit\"\nupper = 90\nnormalise = [\"trim-1\"]", {" 7\t", "8"}),
            (Texts{"7", "8"}));
  EXPECT_EQ(each("\"mask\"\nlast = 1\nnormalise = [\"ascii-lower-1\"]", {"ABÄ"}), (Texts{"ab*"}));
  EXPECT_EQ(each("\"mask\"\nlast = 1\nnormalise = [\"digits-only-1\"]", {"+49 (30) 12"}),
            (Texts{"49301*"}));
}

const char* const kActions = R"(version = 1
[columns.id]
role = "insensitive"
transform = "keep"
[columns.age]
role = "quasi"
transform = "round"
to = 10
longest = 4
)";

TEST(Actions, AnErrorNamesColumnAndRowAndNothingOfTheRow) {
  const auto error = [](const char* row) {
    const std::string said =
        deidentified(kActions, std::string("id,age\n1,33\n").append(row)).error;
    EXPECT_EQ(said.find("secret"), std::string::npos);
    return said.substr(said.find("column"));
  };
  const std::string rest = ", and the policy says error: mend it, or declare null or suppress";
  EXPECT_EQ(error("2,\n"), "column 'age': row 2 has no value (missing)" + rest);
  EXPECT_EQ(error("2,secret\n"),
            "column 'age': row 2 holds a value that is too long (overlong)" + rest);
  EXPECT_EQ(error("2,sec\n"),
            "column 'age': row 2 holds a value that this transform does not take (invalid)" + rest);
}

TEST(Actions, NullAndSuppressAreCounted) {
  const std::string policy =
      std::string("missing = \"null\"\ninvalid = \"suppress\"\noverlong = \"suppress\"\n")
          .append(kActions);
  const Outcome outcome = deidentified(policy, "id,age\n1,33\n2,\n3,x\n4,123456\n5,\n6,77\n");
  EXPECT_EQ(outcome.table, "id,age\n1,30\n2,\n5,\n6,80\n");
  const ColumnTally& tally = outcome.report.columns[1].tally;
  EXPECT_EQ(tally.replaced, 2u);
  EXPECT_EQ(tally.missing, 2u);
  EXPECT_EQ(tally.invalid, 1u);
  EXPECT_EQ(tally.overlong, 1u);
  EXPECT_EQ(outcome.report.rows.rows_written, 4u);
}

TEST(Actions, TheFirstRowThatFailsIsToldWhateverTheThreads) {
  std::string table = "id,age\n";
  for (int i = 1; i <= 100'000; ++i)
    table.append(numbered("", i)).append(i == 40'001 || i == 90'000 ? ",x\n" : ",1\n");
  for (const int threads : {1, 4})
    EXPECT_NE(deidentified(kActions, table, {.threads = threads}).error.find("row 40001 "),
              std::string::npos);
}

TEST(Deidentifier, ThreadsDoNotChangeTheTable) {
  std::string table = "id,age\n";
  for (int i = 0; i < 100'000; ++i)
    table.append(numbered("", i)).append(numbered(",", i % 97)).append("\n");
  const Outcome one = deidentified(kActions, table),
                four = deidentified(kActions, table, {.threads = 4});
  EXPECT_EQ(one.error, "");
  EXPECT_EQ(one.table, four.table);
  EXPECT_EQ(four.report.columns[1].tally.replaced, 100'000u);
}

/// A disk that is really full: of two files of 40 kB it holds one.
TEST(Deidentifier, ADiskThatFillsUpKeepsTheOldFileAndHoldsNothingOfTheNewOne) {
  const SmallDisk disk;
  if (!disk.is_there()) GTEST_SKIP() << "to mount a small disk needs rights (root)";
  std::string table = "id,age\n";
  for (int i = 10'000; table.size() < 40'000; ++i) table.append(numbered("", i)).append(",7\n");
  const Scratch scratch;
  const auto policy = Policy::parse(kActions, "p.toml");
  const std::string in = scratch.file("in.csv", table), out = disk.path("out.csv");
  const auto said = [&](const std::string& path) {
    auto work = Deidentifier::open(*policy, in, {.threads = 2});
    const auto done = std::move(*work).write(path, {});
    return done ? std::string() : done.error().where + " " + done.error().message;
  };
  EXPECT_EQ(said(out), "");
  const std::string old = contents(out);
  EXPECT_GT(old.size(), 40'000u);
  EXPECT_EQ(said(out), out + " cannot be written: the disk is full") << "beside the old one";
  EXPECT_EQ(contents(out), old);
  EXPECT_EQ(said(disk.path("more.csv")),
            disk.path("more.csv") + " cannot be written: the disk is full");
  EXPECT_EQ(disk.files(), 1u) << "no temporary file is left";
  std::filesystem::remove(out);
  EXPECT_EQ(said(out), "") << "all of the place was given back";
}

TEST(Deidentifier, AFullDiskIsOneSentence) {
  const Scratch scratch;
  const auto policy = Policy::parse(kActions, "p.toml");
  auto work = Deidentifier::open(*policy, scratch.file("in.csv", "id,age\n1,2\n"), {});
  const auto done = std::move(*work).write("/dev/full", {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "cannot be written: the disk is full");
}

}  // namespace
}  // namespace sfumato
