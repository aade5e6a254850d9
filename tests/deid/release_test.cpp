// Tables that are generalised until they satisfy models, from policy and file to file.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "deid/release_check.h"
#include "sfumato/deid/deidentify.h"
#include "sfumato/deid/risk.h"
#include "sfumato/io/new_table.h"
#include "support/scratch.h"
#include "support/source_path.h"

namespace sfumato {
namespace {

struct ReleaseOutcome {
  std::string table, error;
  DeidReport report;
};

const std::string kHierarchies = R"(
[columns.age]
role = "quasi"
transform = "hierarchy"
file = "age.csv"
missing = "null"
[columns.place]
role = "quasi"
transform = "hierarchy"
file = "place.csv"
missing = "null"
)";

const std::string kIll = "[columns.ill]\nrole = \"sensitive\"\ntransform = \"keep\"\n";

/// By a policy whose release says this, and whose files lie in a directory of the test.
ReleaseOutcome released(const std::string& release, const std::string& columns,
                        const std::string& table, const Scratch& scratch = {},
                        RewriteParams params = {}) {
  scratch.file("age.csv", "31;3x;*\n35;3x;*\n42;4x;*\n47;4x;*\n");
  scratch.file("place.csv", "N1;N\nN2;N\nS1;S\nS2;S\n");
  const auto failed = [](const Error& error) {
    return ReleaseOutcome{"", error.where + ": " + error.message, {}};
  };
  const auto read =
      Policy::parse("version = 1\n[release]\n" + release + columns, scratch.path("p.toml"));
  if (!read) return failed(read.error());
  auto work = Deidentifier::open(*read, scratch.file("in.csv", table), params);
  if (!work) return failed(work.error());
  std::filesystem::remove(scratch.path("out"));
  const std::size_t files = scratch.files();
  const auto done = std::move(*work).write(scratch.path("out"), {});
  EXPECT_EQ(scratch.files(), files + (done ? 1 : 0));
  if (!done) return failed(done.error());
  return {contents(scratch.path("out")), "", *done};
}

std::string k_anonymity(const std::string& more) {
  return "models = [{model = \"k-anonymity\", k = 3}]\n" + more;
}

const std::string kPeople =
    "age,place,note\n31,N1,a\n35,N2,b\n31,N1,c\n42,S1,d\n47,S1,e\n47,S2,f\n35,S2,g\n";
const std::string kNote = "[columns.note]\nrole = \"insensitive\"\ntransform = \"keep\"\n";

/// By hand, with columns as they are: 47, S1 and 47, S2 are alike but for their place, 42, S1 joins them without either,
/// and 35, S2 with it. What was missing is like what was taken out.
TEST(Release, RowsLoseAsFewCellsAsItTakesWhereThePolicySaysSo) {
  const std::string keep =
      "[columns.age]\nrole = \"quasi\"\ntransform = \"keep\"\n"
      "[columns.place]\nrole = \"quasi\"\ntransform = \"keep\"\n" +
      kNote;
  const std::string cells =
      "models = [{model = \"k-anonymity\", k = 2}]\nsuppressed = \"cells\"\nsuppression = 1\n";
  const ReleaseOutcome outcome =
      released(cells, keep, "age,place,note\n31,N1,a\n31,N1,b\n47,S1,c\n47,S2,d\n35,,e\n35,S2,f\n");
  EXPECT_EQ(outcome.table, "age,place,note\n31,N1,a\n31,N1,b\n47,,c\n47,,d\n35,,e\n35,,f\n")
      << outcome.error;
  const ReleaseReport& report = outcome.report.release.value();
  EXPECT_EQ(report.found.suppressed, 0u);
  EXPECT_EQ(report.found.classes, 3u);
  EXPECT_EQ(report.rows_that_lost_cells, 3u);
  EXPECT_EQ(report.columns[0].suppressed_cells, 0u);
  EXPECT_EQ(report.columns[1].suppressed_cells, 3u);
  EXPECT_EQ(report.exact_loss, "");
  // More rows than may lose cells.
  EXPECT_NE(released("models = [{model = \"k-anonymity\", k = 2}]\nsuppressed = \"cells\"\n", keep,
                     "age,place,note\n31,N1,a\n31,N1,b\n47,S1,c\n")
                .error.find("asks for more than"),
            std::string::npos);
}

/// One row in 41 has nobody of its like, and two may lose cells; but a class of twenty would lose its own with it.
TEST(Release, NoMoreRowsLoseCellsThanAPolicyLets) {
  const std::string keep =
      "[columns.age]\nrole = \"quasi\"\ntransform = \"keep\"\n"
      "[columns.place]\nrole = \"quasi\"\ntransform = \"keep\"\n";
  std::string table = "age,place\n9,X\n";
  for (int i = 0; i < 20; ++i) table += "31,N\n47,S\n";
  const auto cells = [&](const char* share) {
    return released(std::string("models = [{model = \"k-anonymity\", k = 2}]\nsuppressed = "
                                "\"cells\"\nsuppression = ") +
                        share + "\n",
                    keep, table);
  };
  const ReleaseOutcome refused = cells("0.05");
  EXPECT_NE(refused.error.find("takes cells from more rows"), std::string::npos) << refused.error;
  EXPECT_EQ(refused.table, "");
  EXPECT_EQ(cells("\"21/41\"").report.release.value().rows_that_lost_cells, 21u);
}

/// After generalising: all stay, and none is alone.
TEST(Release, CellsAreTakenOutOfATableThatIsGeneralised) {
  const ReleaseOutcome outcome = released(
      "models = [{model = \"k-anonymity\", k = 2}]\nsuppressed = \"cells\"\nsuppression = "
      "\"4/7\"\n",
      kHierarchies + kNote, kPeople);
  const ReleaseReport& report = outcome.report.release.value();
  EXPECT_EQ(report.rows, 7u);
  EXPECT_GT(report.rows_that_lost_cells, 0u) << outcome.table;
  std::istringstream lines(outcome.table);
  std::map<std::string, std::size_t> classes;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) ++classes[line.substr(0, line.rfind(','))];
  std::size_t rows = 0;
  for (const auto& [text, count] : classes) {
    EXPECT_GE(count, 2u) << text;
    rows += count;
  }
  EXPECT_EQ(rows, 7u);
}

TEST(Release, TakesCellsOutOfParquetFilesToo) {
  using Texts = std::vector<std::optional<std::string>>;
  const auto bytes = columnar_bytes(
      {{{"age", std::vector<std::int64_t>{31, 31, 47, 48}}, {"place", Texts{"N", "N", "S", "S"}}}},
      ColumnarForm::parquet);
  const Scratch scratch;
  const auto policy = Policy::parse(
      "version = 1\n[release]\nmodels = [{model = \"k-anonymity\", k = 2}]\nsuppressed = "
      "\"cells\"\nsuppression = 1\n[columns.age]\nrole = \"quasi\"\ntransform = "
      "\"keep\"\n[columns.place]\nrole = \"quasi\"\ntransform = \"keep\"\n",
      scratch.path("p.toml"));
  ASSERT_TRUE(policy) << policy.error().message;
  auto work = Deidentifier::open(*policy, scratch.file("in.parquet", bytes.value()), {});
  ASSERT_TRUE(work) << work.error().message;
  const auto done = std::move(*work).write(scratch.path("out.parquet"), {});
  ASSERT_TRUE(done) << done.error().message;
  const auto risk = risk_of({.tables = {scratch.path("out.parquet")}, .quasi = {"age", "place"}});
  EXPECT_EQ(risk->smallest_class(), 2u);
  EXPECT_EQ(done->release->columns[0].suppressed_cells, 2u);
  EXPECT_EQ(done->release->columns[1].suppressed_cells, 0u);
}

/// By hand: each place has both diseases, the north alone both wages.
TEST(Release, SatisfiesEachModelOfTheColumnThatItIsAbout) {
  const std::string table =
      "pay,place,ill\n1,N1,flu\n2,N1,cold\n1,S1,flu\n1,S1,cold\n1,S2,flu\n2,S2,cold\n";
  const std::string place =
      "[columns.place]\nrole = \"quasi\"\ntransform = \"hierarchy\"\nfile = \"place.csv\"\n" + kIll;
  const auto column = [](const std::string& name) {
    return "{model = \"distinct-l-diversity\", l = 2, column = \"" + name + "\"}";
  };
  const std::string pay = "[columns.pay]\nrole = \"sensitive\"\ntransform = \"keep\"\n";
  const ReleaseOutcome one = released("models = [" + column("ill") + "]\n", place + pay, table);
  EXPECT_EQ(one.table, table) << one.error;
  const ReleaseOutcome both =
      released("models = [" + column("ill") + ", " + column("pay") + "]\n", place + pay, table);
  EXPECT_EQ(both.table, "pay,place,ill\n1,N,flu\n2,N,cold\n1,S,flu\n1,S,cold\n1,S,flu\n2,S,cold\n")
      << both.error;
}

// A text that CSV cannot hold: what would stand in the file is not what the release says.
/// Releases a Parquet file with a column of a name, and a cell, as CSV, which fails: why, and nothing is there.
std::string refused_as_csv(const std::string& name, const std::string& cell) {
  using Texts = std::vector<std::optional<std::string>>;
  const auto bytes = columnar_bytes({{{name, Texts(3, "31")}, {"ill", Texts{"flu", cell, "cold"}}}},
                                    ColumnarForm::parquet);
  const Scratch scratch;
  scratch.file("age.csv", "31;3x;*\n");
  const auto policy = Policy::parse(
      "version = 1\n[release]\nmodels = [{model = \"distinct-l-diversity\", l = "
      "2}]\n[columns.\"" +
          name +
          "\"]\nrole = \"quasi\"\n"
          "transform = \"hierarchy\"\nfile = \"age.csv\"\nmissing = \"null\"\n" +
          kIll,
      scratch.path("p.toml"));
  if (!policy) return policy.error().message;
  const std::string in = scratch.file("in.parquet", bytes.value());
  auto work = Deidentifier::open(*policy, in, {.format = TableFormat::csv});
  if (!work) return work.error().message;
  const std::size_t files = scratch.files();
  const auto written = std::move(*work).write(scratch.path("out.csv"), {});
  EXPECT_EQ(scratch.files(), files);
  if (written) return "no error";
  const std::string& where = written.error().where;
  return (where.starts_with(in) ? where.substr(in.size()) : where) + " " + written.error().message;
}

TEST(Release, IsNotPublishedWhereTheFileCannotBeReadBack) {
  // Who reads a CSV file takes a byte order mark for none of its first name.
  const std::string refused = refused_as_csv("\uFEFFage", "flu");
  EXPECT_TRUE(refused.starts_with("release was read back, and cannot be read (")) << refused;
}

TEST(Release, ANulIsInNoCsvFile) {
  EXPECT_EQ(refused_as_csv("age", std::string("a\0b", 3)),
            ": column 'ill' row 2 holds a NUL, which no CSV file can: write Parquet, or leave the "
            "column out");
}

// By hand, as tests/deid/generalisation_test.cpp does: tens and halves make three of N, three of S, and one.
TEST(Release, GeneralisesAsLittleAsTheModelsAllow) {
  const ReleaseOutcome outcome =
      released(k_anonymity("suppression = \"1/7\"\nmeasure = \"discernibility-of-all\"\n"),
               kHierarchies + kNote, kPeople);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.table, "age,place,note\n3x,N,a\n3x,N,b\n3x,N,c\n4x,S,d\n4x,S,e\n4x,S,f\n");
  const ReleaseReport& report = outcome.report.release.value();
  EXPECT_EQ(report.rows, 7u);
  EXPECT_EQ(report.found.suppressed, 1u);
  EXPECT_EQ(report.found.classes, 2u);
  EXPECT_EQ(report.exact_loss, "19");
  ASSERT_EQ(report.columns.size(), 2u);
  EXPECT_EQ(report.columns[0].level, 1u);
  EXPECT_EQ(report.columns[0].levels, 3u);
  // Six cells of two of four values, and one that is suppressed: (6 · 1 + 3) / (7 · 3).
  EXPECT_DOUBLE_EQ(report.columns[0].loss, 9.0 / 21);
}

TEST(Release, SuppressedRowsStayWhereThePolicySaysSoAndAreAClassThatSatisfiesTheModels) {
  const std::string stay = "suppressed = \"null\"\nmeasure = \"discernibility-of-all\"\n";
  // One row without quasi-identifiers would be alone: ages go instead.
  const ReleaseOutcome none =
      released(k_anonymity(stay + "suppression = \"1/7\"\n"), kHierarchies + kNote, kPeople);
  EXPECT_EQ(none.table, "age,place,note\n*,N,a\n*,N,b\n*,N,c\n*,S,d\n*,S,e\n*,S,f\n*,S,g\n");
  // Three of them are as many as are asked.
  const std::string more = kPeople + "35,S1,h\n42,N1,i\n";
  const ReleaseOutcome three =
      released(k_anonymity(stay + "suppression = \"1/3\"\n"), kHierarchies + kNote, more);
  EXPECT_EQ(three.table,
            "age,place,note\n3x,N,a\n3x,N,b\n3x,N,c\n4x,S,d\n4x,S,e\n4x,S,f\n,,g\n,,h\n,,i\n");
}

/// ARX has no value for them unless the hierarchy has.
TEST(Release, RowsWithAMissingQuasiIdentifierCountAndAreAClassOfTheirOwn) {
  const std::string table = "age,place\n31,N1\n31,N1\n,N1\n,N1\n35,\n35,\n";
  const ReleaseOutcome two =
      released("models = [{model = \"k-anonymity\", k = 2}]\n", kHierarchies, table);
  EXPECT_EQ(two.table, "age,place\n31,N1\n31,N1\n,N1\n,N1\n35,\n35,\n");
  // At the last level of age there is but one label, which what is missing joins; places have no such level.
  const ReleaseOutcome three =
      released(k_anonymity("suppression = \"1/3\"\n"), kHierarchies, table);
  EXPECT_EQ(three.table, "age,place\n*,N1\n*,N1\n*,N1\n*,N1\n");
  EXPECT_NE(released(k_anonymity(""), kHierarchies, table).error.find("asks for more than"),
            std::string::npos);
}

/// Whoever looks for 31, N1 finds the row without an age, too; whoever has an age that nobody else has finds but it.
TEST(Release, AMissingValueMayBeAnyWhereThePolicySaysSo) {
  const std::string wild =
      "missing = \"wildcard\"\nsuppression = \"1/2\"\nmeasure = \"discernibility-of-all\"\n";
  const std::string table = "age,place\n31,N1\n31,N1\n,N1\n,N1\n,N1\n";
  EXPECT_EQ(released(k_anonymity(wild), kHierarchies, table).table, table);
  EXPECT_EQ(released(k_anonymity("suppression = \"1/2\"\nmeasure = \"discernibility-of-all\"\n"),
                     kHierarchies, table)
                .table,
            "age,place\n,N1\n,N1\n,N1\n");
  // Two without an age are not three, however many have one: all become *.
  EXPECT_EQ(released(k_anonymity("missing = \"wildcard\"\n"), kHierarchies,
                     "age,place\n31,N1\n31,N1\n,N1\n,N1\n")
                .table,
            "age,place\n*,N1\n*,N1\n*,N1\n*,N1\n");
}

TEST(Release, ComparesWithThePopulationThatThePolicyNames) {
  const Scratch scratch;
  scratch.file(
      "all.csv",
      "name,age,place\nA,31,N1\nB,35,N2\nC,31,N2\nD,42,S1\nE,47,S1\nF,47,S2\nG,35,S2\nH,35,S1\n");
  const std::string table = "age,place\n31,N1\n42,S1\n";
  const std::string people = "population = \"all.csv\"\nmeasure = \"precision\"\n";
  // Three of N in their thirties, three of S in their forties.
  EXPECT_EQ(
      released("models = [{model = \"k-map\", k = 3}]\n" + people, kHierarchies, table, scratch)
          .table,
      "age,place\n3x,N\n4x,S\n");
  EXPECT_EQ(released("models = [{model = \"k-map\", k = 4}]\n" + people, kHierarchies,
                     "age,place\n42,S1\n", scratch)
                .table,
            "age,place\n*,S\n");
  EXPECT_NE(
      released("models = [{model = \"k-map\", k = 4}]\n" + people, kHierarchies, table, scratch)
          .error.find("asks for more"),
      std::string::npos);
  // At most 1/3 of those who are alike is in the table; at least 1/5 of all, wherever they are: S in their
  // thirties are not.
  EXPECT_EQ(released("models = [{model = \"delta-presence\", upper = \"1/3\"}]\n" + people,
                     kHierarchies, table, scratch)
                .table,
            "age,place\n3x,N\n4x,S\n");
  EXPECT_EQ(released("models = [{model = \"delta-presence\", lower = \"1/5\", upper = \"1/3\"}]\n" +
                         people,
                     kHierarchies, table, scratch)
                .table,
            "age,place\n*,N\n*,S\n");
  EXPECT_NE(released("models = [{model = \"k-map\", k = 3}]\npopulation = \"none.csv\"\n",
                     kHierarchies, table, scratch)
                .error.find("none.csv"),
            std::string::npos);
}

TEST(Release, AsksModelsOfTheSensitiveColumn) {
  const std::string table = "age,place,ill\n31,N1,x\n31,N1,x\n35,N1,y\n35,N1,y\n42,S1,x\n42,S1,y\n";
  const auto models = [](const std::string& model) { return "models = [{" + model + "}]\n"; };
  const std::string apart = "age,place,ill\n3x,N1,x\n3x,N1,x\n3x,N1,y\n3x,N1,y\n4x,S1,x\n4x,S1,y\n";
  EXPECT_EQ(
      released(models("model = \"distinct-l-diversity\", l = 2"), kHierarchies + kIll, table).table,
      apart);
  EXPECT_EQ(
      released(models("model = \"entropy-l-diversity\", l = 2"), kHierarchies + kIll, table).table,
      apart);
  EXPECT_EQ(released(models("model = \"t-closeness\", t = 0"), kHierarchies + kIll, table).table,
            apart);
  EXPECT_EQ(
      released(
          models("model = \"t-closeness\", t = 0, distance = \"ordered\", order = [\"y\", \"x\"]"),
          kHierarchies + kIll, table)
          .table,
      apart);
  EXPECT_NE(released(models("model = \"t-closeness\", t = 0, distance = \"ordered\""),
                     kHierarchies + kIll, table)
                .error.find("needs numbers in 'ill', or 'order'"),
            std::string::npos);
  EXPECT_NE(
      released(models("model = \"t-closeness\", t = 0, distance = \"ordered\", order = [\"x\"]"),
               kHierarchies + kIll, table)
          .error.find("needs all values of 'ill' in 'order'"),
      std::string::npos);
}

/// Li and others, section 4.2: salaries are numbers, and nine thousand lies beside eleven, not before three.
TEST(Release, OrdersNumbersByTheirSize) {
  const Scratch scratch;
  std::string table = "age,place,ill\n";
  for (const char* row : {"31,N1,3000", "31,N1,4000", "31,N1,5000", "35,N1,6000", "35,N1,11000",
                          "35,N1,8000", "42,N1,7000", "42,N1,9000", "42,N1,10000"})
    table.append(row).append("\n");
  const auto at = [&](const std::string& t) {
    return released("models = [{model = \"t-closeness\", distance = \"ordered\", t = " + t + "}]\n",
                    kHierarchies + kIll, table, scratch)
        .table.substr(14, 5);
  };
  EXPECT_EQ(at("0.375"), "31,N1");
  EXPECT_EQ(at("0.374"), "3x,N1");
}

std::string repeated(int times, const std::string& row) {
  std::string rows;
  for (int i = 0; i < times; ++i) rows += row;
  return rows;
}

/// By hand: half of the rows have 20 and half 10, so that a class of one number has to move half of its rows all the
/// way. Three numbers would make it 3/8.
TEST(Release, ANumberIsOneValueHoweverItIsWrittenWhereAModelOrdersNumbers) {
  const Scratch scratch;
  const std::string table = "age,place,ill\n" + repeated(10, "31,N1,20\n") +
                            repeated(5, "31,S1,10\n") + repeated(5, "31,S1,10.0\n");
  const auto at = [&](const std::string& t, const std::string& more = "") {
    return released(
        "models = [{model = \"t-closeness\", distance = \"ordered\", t = " + t + "}" + more + "]\n",
        kHierarchies + kIll, table, scratch);
  };
  EXPECT_EQ(at("0.5").table, table);
  EXPECT_NE(at("0.49").error.find("asks for more than"), std::string::npos);
  EXPECT_NE(
      at("0.5", ", {model = \"distinct-l-diversity\", l = 2}").error.find("asks for more than"),
      std::string::npos);
  const std::string by_file =
      ", {model = \"t-closeness\", distance = \"hierarchical\", file = \"ill.csv\", t = 1}";
  scratch.file("ill.csv", "10;low;*\n10.0;low;*\n20;high;*\n");
  EXPECT_EQ(at("0.5", by_file).table, table);
  scratch.file("ill.csv", "10;low;*\n10.0;high;*\n20;high;*\n");
  EXPECT_NE(at("0.5", by_file).error.find("one place in its hierarchy for each number of 'ill'"),
            std::string::npos);
}

/// A class in which every value is missing has one, and no two, whichever way the cells are empty.
TEST(Release, AnEmptyTextIsAMissingSensitiveValue) {
  const std::string two = "models = [{model = \"distinct-l-diversity\", l = 2}]\n";
  EXPECT_NE(released(two, kHierarchies + kIll, "age,place,ill\n31,N1,\n31,N1,\"\"\n")
                .error.find("asks for more than"),
            std::string::npos);
  const std::string table = "age,place,ill\n31,N1,x\n31,N1,\"\"\n31,N1,\n";
  EXPECT_EQ(released(two, kHierarchies + kIll, table).table, table);
}

TEST(Release, HoldsClosenessToTheHierarchyOfItsFile) {
  const Scratch scratch;
  scratch.file("ill.csv", "cold;lung;*\nflu;lung;*\nulcer;stomach;*\n");
  const std::string model =
      "models = [{model = \"t-closeness\", distance = \"hierarchical\", file = \"ill.csv\", t = ";
  const std::string table = "age,place,ill\n31,N1,cold\n31,N1,ulcer\n42,N1,flu\n42,N1,ulcer\n";
  // A quarter of each class is a cold or flu too much: at level 1 of 2 they meet.
  EXPECT_EQ(released(model + "0.125}]\n", kHierarchies + kIll, table, scratch).table, table);
  EXPECT_EQ(released(model + "0.124}]\n", kHierarchies + kIll, table, scratch).table.substr(14, 4),
            "*,N1");
  EXPECT_NE(released(model + "1}]\n", kHierarchies + kIll, table + "42,N1,gout\n", scratch)
                .error.find("needs all values of 'ill' in its hierarchy"),
            std::string::npos);
  EXPECT_NE(released(model + "1}]\n", kHierarchies + kIll, table + "42,N1,\n", scratch)
                .error.find("needs a value of 'ill' in each row"),
            std::string::npos);
}

TEST(Release, OtherColumnsMeetTheirTransformsAndRowsThatTheyLeaveOutDoNotCount) {
  const std::string columns =
      kHierarchies +
      "[columns.weight]\nrole = \"insensitive\"\ntransform = \"round\"\nto = 10\n"
      "missing = \"suppress\"\n";
  const std::string table = "age,place,weight\n31,N1,61\n31,N1,\n31,N1,72\n";
  EXPECT_EQ(released("models = [{model = \"k-anonymity\", k = 2}]\n", columns, table).table,
            "age,place,weight\n31,N1,60\n31,N1,70\n");
  EXPECT_NE(released(k_anonymity(""), columns, table).error.find("asks for more"),
            std::string::npos);
}

/// A quasi-identifier with another transform is one as it is released.
TEST(Release, QuasiIdentifiersThatAreNotGeneralisedCount) {
  const std::string columns =
      kHierarchies + "[columns.zip]\nrole = \"quasi\"\ntransform = \"mask\"\nlast = 2\n";
  const std::string table = "age,place,zip\n31,N1,0111\n31,N1,0122\n31,N1,9911\n31,N1,9922\n";
  EXPECT_EQ(released("models = [{model = \"k-anonymity\", k = 2}]\n", columns, table).table,
            "age,place,zip\n31,N1,01**\n31,N1,01**\n31,N1,99**\n31,N1,99**\n");
  EXPECT_NE(released(k_anonymity(""), columns, table).error.find("asks for more"),
            std::string::npos);
}

/// The patients of LeFevre and others, ICDE 2006, figures 1 and 3.
TEST(Release, MondrianGeneralisesEachClassByItself) {
  const Scratch scratch;
  scratch.file("sex.csv", "M;*\nF;*\n");
  const std::string columns = R"(
[columns.sex]
role = "quasi"
transform = "hierarchy"
file = "sex.csv"
[columns.age]
role = "quasi"
transform = "range"
missing = "null"
[columns.zip]
role = "quasi"
transform = "range"
)";
  const std::string mondrian =
      "method = \"mondrian\"\nmodels = [{model = \"k-anonymity\", k = 2}]\n";
  const std::string table =
      "sex,age,zip\nM,25,53711\nF,25,53712\nM,26.0,53711\nM,27,53710\n"
      "F,27,53712\nM,28,53711\n";
  const ReleaseOutcome outcome = released(mondrian, columns, table, scratch);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(
      outcome.table,
      "sex,age,zip\nM,\"[25,26]\",53711\nF,\"[25,27]\",53712\nM,\"[25,26]\",53711\n"
      "M,\"[27,28]\",\"[53710,53711]\"\nF,\"[25,27]\",53712\nM,\"[27,28]\",\"[53710,53711]\"\n");
  const ReleaseReport& report = outcome.report.release.value();
  EXPECT_EQ(report.found.classes, 3u);
  EXPECT_TRUE(report.columns[1].by_class);
  // Two thirds of the years that there are by two, and four times one third; sex is as it was.
  EXPECT_DOUBLE_EQ(report.columns[0].loss, 0);
  EXPECT_DOUBLE_EQ(report.columns[1].loss, (2 * 2.0 / 3 + 4 * 1.0 / 3) / 6);
  EXPECT_DOUBLE_EQ(report.columns[2].loss, (2 * 0.5) / 6);

  // Whoever has no age is in no class with those who have, and goes where nobody else lacks it.
  const std::string gap = "suppression = \"1/7\"\n";
  EXPECT_EQ(released(mondrian + gap, columns, table + "F,,53712\n", scratch).table, outcome.table);
  EXPECT_NE(released(mondrian, columns, table + "F,,53712\n", scratch).error.find("asks for more"),
            std::string::npos);
  // Two are a class.
  EXPECT_EQ(released(mondrian, columns, table + "F,,53712\nM,,53710\n", scratch).table,
            outcome.table + "*,,\"[53710,53712]\"\n*,,\"[53710,53712]\"\n");
  EXPECT_NE(
      released(mondrian, columns, "sex,age,zip\nM,young,53711\n", scratch).error.find("invalid"),
      std::string::npos);
}

/// Outliers whose distance no double holds, and numbers that are one as doubles, are cut like any others.
TEST(Release, MondrianCutsNumbersThatDoublesCannotTell) {
  const auto of = [](const std::string& rows) {
    return released("method = \"mondrian\"\nmodels = [{model = \"k-anonymity\", k = 2}]\n",
                    "[columns.n]\nrole = \"quasi\"\ntransform = \"range\"\n", "n\n" + rows);
  };
  const std::string close = repeated(2, "0.1\n") + repeated(2, "0.10000000000000000001\n");
  for (const std::string& rows : {close, close + repeated(2, "5\n")}) {
    const ReleaseOutcome outcome = of(rows);
    EXPECT_EQ(outcome.table, "n\n" + rows);
    EXPECT_EQ(outcome.report.release.value().found.loss, 0);
  }
  for (const std::string outlier : {"1e308", "1e400"}) {
    const ReleaseOutcome outcome = of("-" + outlier + "\n1\n2\n3\n4\n" + outlier + "\n");
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.report.release->found.classes, 2U);
    // Three rows and three, of which none can be cut; by ranks the ends of each are two of five steps apart.
    EXPECT_DOUBLE_EQ(outcome.report.release->found.loss, 0.4);
  }
  EXPECT_EQ(of("0.1\n0.10000000000000000001\n").report.release.value().found.loss, 1);
}

TEST(Release, TellsWhatCannotBeReleased) {
  EXPECT_NE(released(k_anonymity(""), kHierarchies, "age,place\n").error.find("1 to 2^31 rows"),
            std::string::npos);
  EXPECT_NE(released(k_anonymity(""), kHierarchies, "age,place\n99,N1\n")
                .error.find("row 1 holds a value"),
            std::string::npos);
  const auto policy = Policy::parse("version = 1\n[release]\n" + k_anonymity("") +
                                        "[columns.age]\nrole = \"quasi\"\ntransform = \"keep\"\n",
                                    "p.toml");
  ASSERT_TRUE(policy);
  const auto pipe = Deidentifier::open(*policy, "-", {});
  ASSERT_FALSE(pipe);
  EXPECT_EQ(pipe.error().message, "is read twice by a [release]: name a file");
  const Scratch scratch;
  auto work = Deidentifier::open(*policy, scratch.file("in.csv", "age\n1\n1\n1\n"), {});
  ASSERT_TRUE(work);
  EXPECT_FALSE(std::move(*work).write("/dev/null", {}));
}

TEST(Release, ThreadsDoNotChangeTheTableAndParquetIsReadBackAsWell) {
  const Scratch scratch;
  std::string table = "age,place,note\n";
  for (int i = 0; i < 100'000; ++i)
    table.append(i % 5 == 0   ? "31"
                 : i % 3 == 0 ? "35"
                 : i % 7 == 0 ? "42"
                              : "47")
        .append(i % 11 == 0  ? ",N1,"
                : i % 2 == 0 ? ",,"
                             : ",S2,")
        .append(std::to_string(i))
        .append("\n");
  const std::string release =
      "models = [{model = \"k-anonymity\", k = 1500}]\nsuppression = 0.02\n";
  const ReleaseOutcome one = released(release, kHierarchies + kNote, table, scratch);
  EXPECT_EQ(one.error, "");
  EXPECT_GT(one.report.release->found.suppressed, 0u);
  const ReleaseOutcome four =
      released(release, kHierarchies + kNote, table, Scratch(), {.threads = 4});
  EXPECT_EQ(one.table, four.table);
  const ReleaseOutcome parquet = released(release, kHierarchies + kNote, table, Scratch(),
                                          {.format = TableFormat::parquet, .threads = 4});
  EXPECT_EQ(parquet.error, "");
  EXPECT_EQ(parquet.report.release->found.levels, one.report.release->found.levels);
}

// ---- what is read back

ReleaseCheck check_of(std::vector<ReleaseModel> models) {
  ReleaseCheck check{.quasi = {"age", "place"}};
  check.limits.models = std::move(models);
  return check;
}

TEST(ReleaseCheck, FailsOnAFileThatDoesNotSatisfyTheModels) {
  const Scratch scratch;
  const std::string file = scratch.file("out.csv", "age,place\n3x,N\n3x,N\n4x,S\n4x,S\n,S\n,S\n");
  EXPECT_TRUE(check_of({KAnonymity{2}}).verify(file, 6));
  EXPECT_FALSE(check_of({KAnonymity{3}}).verify(file, 6));
  EXPECT_FALSE(check_of({KAnonymity{2}}).verify(file, 7));
  EXPECT_FALSE(check_of({KAnonymity{2}}).verify(scratch.path("none.csv"), 6));
  ReleaseCheck wild = check_of({KAnonymity{3}});
  wild.limits.wildcards = true;
  EXPECT_FALSE(wild.verify(file, 6));  // 3x, N is like no row that lacks a value
  EXPECT_TRUE(wild.verify(scratch.file("out.csv", "age,place\n4x,S\n4x,S\n,S\n,S\n,S\n"), 5));
  EXPECT_FALSE(wild.verify(scratch.file("out.csv", "age,place\n4x,S\n4x,S\n4x,S\n,S\n,S\n"), 5));
}

TEST(ReleaseCheck, CountsSensitiveValuesAndThePopulation) {
  const Scratch scratch;
  const std::string file =
      scratch.file("out.csv", "age,place,ill\n3x,N,x\n3x,N,\n4x,S,x\n4x,S,x\n");
  ReleaseCheck check = check_of({DistinctDiversity{2}});
  check.sensitive = {{"ill", {{"x", 0}, {std::nullopt, 1}}, {4, {3, 1}}}};
  EXPECT_FALSE(check.verify(file, 4));
  EXPECT_TRUE(check.verify(scratch.file("out.csv", "age,place,ill\n3x,N,x\n3x,N,\n"), 2));
  EXPECT_FALSE(check.verify(scratch.file("out.csv", "age,place,ill\n3x,N,x\n3x,N,other\n"), 2));

  ReleaseCheck two = check_of({DistinctDiversity{2}, DistinctDiversity{2}});
  two.sensitive = {{"ill", {{"x", 0}, {"y", 1}}, {4, {2, 2}}},
                   {"pay", {{"1", 0}, {"2", 1}}, {4, {2, 2}}}};
  two.limits.columns = {0, 1};
  const auto of_two = [&](const std::string& rows) {
    return bool(two.verify(scratch.file("two.csv", "pay,age,ill,place\n" + rows), 2));
  };
  EXPECT_TRUE(of_two("1,3x,x,N\n2,3x,y,N\n"));
  EXPECT_FALSE(of_two("1,3x,x,N\n1,3x,y,N\n"));
  EXPECT_FALSE(of_two("1,3x,x,N\n2,3x,x,N\n"));
  EXPECT_FALSE(of_two("1,3x,x,N\n3,3x,y,N\n"));

  ReleaseCheck presence =
      check_of({DeltaPresence{Fraction::make(1, 4).value(), Fraction::make(1, 2).value()}});
  presence.population = {{{"3x", "N"}, 4}};
  EXPECT_TRUE(presence.verify(scratch.file("one.csv", "age,place\n3x,N\n3x,N\n"), 2));
  EXPECT_FALSE(presence.verify(scratch.file("one.csv", "age,place\n3x,N\n3x,N\n3x,N\n"), 3));
  presence.population[{"4x", "N"}] = 1;
  EXPECT_FALSE(presence.verify(scratch.file("one.csv", "age,place\n3x,N\n3x,N\n"), 2));
}

/// A class as the second column is as a whole, and not as the first is; and the other way round.
TEST(ReleaseCheck, ComparesWithTheWholeOfTheColumnThatAModelIsAbout) {
  const Scratch scratch;
  ReleaseCheck check = check_of({EqualCloseness{Fraction::make(1, 8).value()}});
  check.sensitive = {{"ill", {{"x", 0}, {"y", 1}}, {4, {3, 1}}},
                     {"pay", {{"1", 0}, {"2", 1}}, {4, {2, 2}}}};
  check.limits.columns = {1};
  const auto holds_of = [&](const std::string& rows) {
    return bool(check.verify(scratch.file("two.csv", "age,place,ill,pay\n" + rows), 4));
  };
  EXPECT_TRUE(holds_of("3x,N,x,1\n3x,N,x,1\n3x,N,x,2\n3x,N,x,2\n"));
  EXPECT_FALSE(holds_of("3x,N,x,1\n3x,N,x,1\n3x,N,y,1\n3x,N,y,2\n"));
}

/// What was found no longer is of the table, though what is written satisfies the models.
TEST(Release, OfATableThatChangesWhileItIsReadIsNotPublished) {
  const Scratch scratch;
  const auto policy = Policy::parse(
      "version = 1\n[release]\nmodels = [{model = \"k-anonymity\", k = 2}]\n[columns.age]\n"
      "role = \"quasi\"\ntransform = \"keep\"\n",
      scratch.path("p.toml"));
  const std::string in = scratch.file("in.csv", "age\n31\n31\n");
  auto work = Deidentifier::open(policy.value(), in, {});
  ASSERT_TRUE(work) << work.error().message;
  const auto written = std::move(*work).write(scratch.path("out.csv"), [&](double share) {
    if (share >= 0.5) scratch.file("in.csv", "age\n31\n31\n31\n");
  });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().where, in);
  EXPECT_EQ(written.error().message, "was changed while it was read: try again");
  EXPECT_FALSE(std::filesystem::exists(scratch.path("out.csv")));
}

/// The census table, from policy to file: as many rows as are known to be suppressed.
TEST(Release, OfTheAdultTableIsTheOptimumThatIsKnown) {
  std::ifstream there(source_path("../shared/data/adult/adult.csv"));
  if (!there) GTEST_SKIP() << "the table is no part of the project, and is not there";
  const Scratch scratch;
  std::string table = contents(source_path("../shared/data/adult/adult.csv"));
  std::ranges::replace(table, ';', ',');
  std::string columns, names = table.substr(0, table.find_first_of("\r\n"));
  std::vector<std::string> quasi;
  std::istringstream split(names);
  for (std::string name; std::getline(split, name, ',');) {
    quasi.push_back(name);
    columns += "[columns." + name + "]\nrole = \"quasi\"\ntransform = \"hierarchy\"\nfile = \"" +
               source_path("../shared/data/adult/adult_hierarchy_" + name + ".csv") + "\"\n";
  }
  const ReleaseOutcome outcome = released(
      "models = [{model = \"k-anonymity\", k = 5}]\nsuppression = 1\n", columns, table, scratch);
  ASSERT_EQ(outcome.error, "");
  // Of ../shared/reference/deid-cases.json, where ARX agrees.
  const Generalisation& found = outcome.report.release->found;
  EXPECT_EQ(found.levels, (std::vector<std::uint32_t>{0, 3, 0, 0, 2, 1, 1, 1, 0}));
  EXPECT_EQ(found.suppressed, 2'553u);
  EXPECT_NEAR(found.loss, 0.227700323257, 1e-12);
  EXPECT_EQ(outcome.report.rows.rows_written, 30'162u - 2'553u);
  const auto risk = risk_of({.tables = {scratch.path("out")}, .quasi = quasi});
  ASSERT_TRUE(risk);
  EXPECT_GE(risk->smallest_class(), 5u);
  EXPECT_EQ(risk->classes(), outcome.report.release->found.classes);
}

}  // namespace
}  // namespace sfumato
