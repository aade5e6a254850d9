#include "sfumato/deid/sampled_release.h"

#include <array>
#include <cmath>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "sfumato/deid/risk.h"
#include "sfumato/io/new_table.h"
#include "support/effort.h"
#include "support/fixed_bits.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

const std::string kSampled =
    "[release]\nmethod = \"safepub\"\nepsilon = 1\ndelta = 0.3\nunit = \"row\"\n";
const std::string kKept = "[columns.a]\nrole = \"quasi\"\ntransform = \"keep\"\n";

Result<Policy> sampled_policy(const std::string& columns, const std::string& release = kSampled,
                              const std::string& others = "default = \"drop\"\n") {
  return Policy::parse("version = 1\n" + others + release + columns, "p.toml");
}

std::string refusal(const std::string& columns, const std::string& release = kSampled,
                    const std::string& others = "default = \"drop\"\n",
                    const std::string& table = "a,b\n1,2\n") {
  const Scratch scratch;
  const auto policy = sampled_policy(columns, release, others);
  if (!policy) return policy.error().message;
  const auto release_of = SampledRelease::open(*policy, scratch.file("in.csv", table), {});
  return release_of ? "no error" : release_of.error().where + " " + release_of.error().message;
}

SampledTable drawn(const std::string& table, const std::string& columns, BitSource& bits,
                   int threads = 1) {
  const Scratch scratch;
  const auto policy = sampled_policy(columns);
  EXPECT_TRUE(policy) << policy.error().message;
  auto release = SampledRelease::open(*policy, scratch.file("in.csv", table), {.threads = threads});
  EXPECT_TRUE(release) << release.error().message;
  return std::move(*release).draw(Permit::unaccounted("a test"), bits, {}).value();
}

std::string lines(const std::string& line, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += line + "\n";
  return text;
}

/// The law of the definition: of five rows and of four, each drawn with probability 1 - 1/e, those of a class are told
/// if they are three at least, and two classes know nothing of one another.
TEST(SampledRelease, TellsEachNumberOfRowsAsOftenAsTheDefinitionSays) {
  const SafePub law =
      SafePub::make(Decimal::parse("1").value(), Decimal::parse("0.3").value()).value();
  ASSERT_EQ(law.k(), 3u);
  const double beta = -std::expm1(-1.0);
  const auto told = [&](std::size_t rows, std::size_t count) {
    double sum = 0;
    for (std::size_t j = 0; j <= rows; ++j) {
      const auto n = static_cast<double>(rows), drawn_rows = static_cast<double>(j);
      const double mass = std::exp(std::lgamma(n + 1) - std::lgamma(drawn_rows + 1) -
                                   std::lgamma(n - drawn_rows + 1)) *
                          std::pow(beta, drawn_rows) * std::pow(1 - beta, n - drawn_rows);
      if ((j < 3 ? 0 : j) == count) sum += mass;
    }
    return sum;
  };
  FixedBits bits(20270105);
  const int draws = static_cast<int>(times(4000, 100000));
  std::string table = "a,b\n";
  for (int i = 0; i < draws; ++i) {
    const std::string name = std::to_string(i);
    table +=
        lines("x" + name + ",1", 3) + lines("y" + name + ",2", 4) + lines("x" + name + ",3", 2);
  }
  std::map<std::string, std::uint64_t> rows;
  for (const SampledClass& one : drawn(table, kKept, bits).classes) rows[*one.cells[0]] = one.rows;
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> seen;
  for (int i = 0; i < draws; ++i)
    ++seen[{rows["x" + std::to_string(i)], rows["y" + std::to_string(i)]}];
  for (const std::uint64_t x : {0u, 3u, 4u, 5u})
    for (const std::uint64_t y : {0u, 3u, 4u}) {
      const double share = told(5, x) * told(4, y);
      const double spread = std::sqrt(draws * share * (1 - share));
      EXPECT_NEAR((seen[{x, y}]), draws * share, 4.5 * spread) << x << " " << y;
    }
  EXPECT_EQ(seen.size(), 12u);
}

/// Neither order nor threads play a part in what is told of a sample: cells are in order, and nothing else is there.
TEST(SampledRelease, IsInTheOrderOfItsCells) {
  FixedBits bits(3);
  const SampledTable table =
      drawn("b,a\n" + lines(",z", 40) + lines("1,", 40) + lines(",\"\"", 40) + lines("2,b", 1),
            kKept + "[columns.b]\nrole = \"quasi\"\ntransform = \"keep\"\n", bits, 2);
  EXPECT_EQ(table.columns, (std::vector<std::string>{"b", "a"}));
  ASSERT_EQ(table.classes.size(), 3u);
  using Texts = std::vector<std::optional<std::string>>;
  EXPECT_EQ(table.classes[0].cells, (Texts{std::nullopt, ""}));
  EXPECT_EQ(table.classes[1].cells, (Texts{std::nullopt, "z"}));
  EXPECT_EQ(table.classes[2].cells, (Texts{"1", std::nullopt}));
}

TEST(SampledRelease, RowsThatAPolicyLeavesOutAreInNoClass) {
  FixedBits bits(5);
  const SampledTable table =
      drawn("a\n" + lines("15", 50) + lines("none", 50) + lines("\"\"", 50),
            "[columns.a]\nrole = \"quasi\"\ntransform = \"bucket\"\nwidth = 10\nmissing = "
            "\"suppress\"\ninvalid = \"suppress\"\noverlong = \"suppress\"\n",
            bits);
  ASSERT_EQ(table.classes.size(), 1u);
  EXPECT_EQ(table.classes[0].cells[0], "[10,20)");
  EXPECT_LE(table.rows(), 50u);
}

/// By hand: two rows of x without a b, one of y.
TEST(SampledRelease, IsWrittenRowByRowAndReadBack) {
  const Scratch scratch;
  SampledTable table{{"a", "b"}, {{{"x", std::nullopt}, 2}, {{"y,", ""}, 3}}};
  for (const TableFormat format : {TableFormat::csv, TableFormat::parquet}) {
    ASSERT_TRUE(write_sampled_table(table, 2, format, scratch.path("out")));
    const auto risk = risk_of({.tables = {scratch.path("out")}, .quasi = {"a", "b"}});
    EXPECT_EQ(risk->rows, 5u);
    EXPECT_EQ(risk->smallest_class(), 2u);
    std::filesystem::remove(scratch.path("out"));
    // A class that is too small is never seen by anybody.
    EXPECT_FALSE(write_sampled_table(table, 3, format, scratch.path("out")));
    EXPECT_EQ(scratch.files(), 0u);
  }
  ASSERT_TRUE(write_sampled_table(table, 2, TableFormat::csv, scratch.path("out")));
  EXPECT_EQ(contents(scratch.path("out")), "a,b\nx,\nx,\n\"y,\",\"\"\n\"y,\",\"\"\n\"y,\",\"\"\n");
  const SampledTable one{{"a"}, {{{std::nullopt}, 2}}};
  ASSERT_TRUE(write_sampled_table(one, 2, TableFormat::csv, scratch.path("out")));
  EXPECT_EQ(contents(scratch.path("out")), "a\n\"\"\n\"\"\n");
  for (const TableFormat format : {TableFormat::csv, TableFormat::parquet})
    EXPECT_TRUE(write_sampled_table({{"a"}, {}}, 2, format, scratch.path("out")));
}

/// What no line can hold is seen before a file is made; it was paid for, and there is another format.
TEST(SampledRelease, OfANulIsWrittenAsParquetOnly) {
  const Scratch scratch;
  const std::string nul("x\0y", 3);
  const SampledTable table{{"a", "b"}, {{{"1", std::nullopt}, 3}, {{"2", nul}, 3}}};
  const std::string path = scratch.path("out");
  const Status refused = write_sampled_table(table, 3, TableFormat::csv, path);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, path + ": column 'b'");
  EXPECT_EQ(refused.error().message,
            "a released cell holds a NUL, which no CSV file can: write Parquet, or leave the "
            "column out");
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(write_sampled_table(table, 3, TableFormat::parquet, path));
}

TEST(SampledRelease, TakesNothingThatHangsOnOtherRowsOrStandsBesideTheClass) {
  EXPECT_EQ(refusal(kKept), "no error");
  EXPECT_NE(refusal(kKept, kSampled, "default = \"keep\"\n").find("would be kept by default"),
            std::string::npos);
  const auto column = [](const std::string& role, const std::string& transform) {
    return "[columns.b]\nrole = \"" + role + "\"\ntransform = " + transform + "\n";
  };
  for (const char* role : {"sensitive", "insensitive"})
    EXPECT_NE(refusal(kKept + column(role, "\"keep\"")).find("must be of role quasi"),
              std::string::npos);
  EXPECT_EQ(refusal(kKept + column("sensitive", "\"drop\"")), "no error");
  EXPECT_NE(refusal(kKept + column("quasi", "\"round\"\nto = 10")).find("null or suppress"),
            std::string::npos);
  // Each of the three by itself, of whatever looks at a cell; and of nothing else.
  constexpr std::array kActions = {"missing", "overlong", "invalid"};
  for (const char* error : kActions) {
    std::string actions;
    for (const char* action : kActions)
      actions +=
          "\n" + std::string(action) + (action == error ? " = \"error\"" : " = \"suppress\"");
    EXPECT_NE(
        refusal(kKept + column("quasi", "\"round\"\nto = 10" + actions)).find("null or suppress"),
        std::string::npos)
        << actions;
  }
  EXPECT_EQ(refusal(kKept + column("quasi",
                                   "\"round\"\nto = 10\nmissing = \"null\"\noverlong = "
                                   "\"null\"\ninvalid = \"suppress\"")),
            "no error");
  EXPECT_EQ(refusal(kKept + column("quasi", "\"redact\"")), "no error");
  EXPECT_EQ(refusal(kKept + column("quasi", "\"replace\"\nwith = \"x\"")), "no error");
  const std::string actions = "\nmissing = \"null\"\noverlong = \"null\"\ninvalid = \"null\"\n";
  const auto says = [](const std::string& refused, const char* words) {
    EXPECT_NE(refused.find(words), std::string::npos) << refused;
  };
  says(refusal(kKept + column("quasi", "\"noise\"\nepsilon = 1\nlower = 0\nupper = 1" + actions)),
       "has noise of its own");
  says(refusal(kKept + column("quasi", "\"range\"" + actions)), "hangs on other rows");
  says(refusal(kKept + column("quasi", "\"hierarchy\"\nfile = \"h.csv\"" + actions)),
       "needs a level where the method is safepub; or [release] a search-epsilon");
  says(refusal("[columns.a]\nrole = \"quasi\"\ntransform = \"drop\"\n"), "left without a column");
}

TEST(SampledRelease, NeedsAnEpsilonADeltaAndItsUnitAndNothingElse) {
  const std::string begin = "[release]\nmethod = \"safepub\"\n", row = "unit = \"row\"\n";
  EXPECT_EQ(refusal(kKept, begin + row + "epsilon = 1\ndelta = 0.1\n"), "no error");
  for (const char* rest :
       {"", "epsilon = 1\n", "delta = 0.1\n", "epsilon = 9\ndelta = 0.1\n",
        "epsilon = 1\ndelta = 0\n", "epsilon = 1\ndelta = 0.1\nsuppression = 0.1\n",
        "epsilon = 1\ndelta = 0.1\nmodels = [{model = \"k-anonymity\", k = 2}]\n"})
    EXPECT_NE(refusal(kKept, begin + row + rest), "no error") << rest;
  EXPECT_NE(refusal(kKept, begin + "epsilon = 1\ndelta = 0.1\n").find("needs unit = \"row\""),
            std::string::npos);
  EXPECT_NE(refusal(kKept, begin + "epsilon = 1\ndelta = 0.1\nunit = \"person\"\n")
                .find("'unit' is 'person' and must be row"),
            std::string::npos);
  EXPECT_NE(refusal(kKept, "[release]\nmodels = [{model = \"k-anonymity\", k = 2}]\nepsilon = 1\n"),
            "no error");
}

/// Forty values of two rows each, in two halves, and rows without one.
struct Halves {
  Scratch scratch;
  std::string table = "a,b\n" + lines(",z", 60);
  std::string hierarchy;

  Halves() {
    std::string text;
    for (int v = 0; v < 40; ++v) {
      const std::string value = "v" + std::to_string(v);
      text += value + (v < 20 ? ";low;*\n" : ";high;*\n");
      table += lines(value + ",z", 2);
    }
    hierarchy = scratch.file("h.csv", text);
  }

  std::string column(const std::string& rest = "") const {
    return "[columns.a]\nrole = \"quasi\"\ntransform = \"hierarchy\"\nfile = \"" + hierarchy +
           "\"\nmissing = \"null\"\noverlong = \"suppress\"\ninvalid = \"suppress\"\n" + rest;
  }
};

std::string searched(const std::string& epsilon, const std::string& part,
                     const std::string& more = "") {
  return "[release]\nmethod = \"safepub\"\nepsilon = " + epsilon +
         "\ndelta = 0.01\nunit = \"row\"\nsearch-epsilon = " + part + "\n" + more;
}

/// No class of the first level can be told, and at the last one nothing is kept but that a value is there.
TEST(SampledRelease, TellsClassesAtALevelThatWasDrawnAndWhatIsMissingStaysSo) {
  const Halves halves;
  const auto policy = sampled_policy(halves.column(), searched("3", "1.5"));
  ASSERT_TRUE(policy) << policy.error().message;
  for (int threads : {1, 2}) {
    FixedBits bits(20271204);
    auto release = SampledRelease::open(*policy, halves.scratch.file("in.csv", halves.table),
                                        {.threads = threads});
    ASSERT_TRUE(release) << release.error().message;
    EXPECT_EQ(release->law().epsilon(), Decimal::parse("1.5").value());
    EXPECT_GT(release->law().k(), 2u);
    const SampledTable told =
        std::move(*release).draw(Permit::unaccounted("a test"), bits, {}).value();
    EXPECT_EQ(told.levels, (std::vector<DrawnLevel>{{"a", 1, 2}}));
    ASSERT_EQ(told.classes.size(), 3u);
    EXPECT_EQ(told.classes[0].cells[0], std::nullopt);
    EXPECT_EQ(told.classes[1].cells[0], "high");
    EXPECT_EQ(told.classes[2].cells[0], "low");
    EXPECT_LE(told.classes[2].rows, 40u);
  }
}

/// Where little is paid for it, each level comes up, and classes are those of that level.
TEST(SampledRelease, IsOfOtherLevelsFromDrawToDraw) {
  const Halves halves;
  const auto policy = sampled_policy(halves.column(), searched("1", "0.000001"));
  ASSERT_TRUE(policy) << policy.error().message;
  FixedBits bits(20271205);
  constexpr std::array<std::size_t, 3> kHalves = {0, 2, 1};
  std::map<std::uint64_t, int> seen;
  for (int i = 0; i < 30; ++i) {
    auto release = SampledRelease::open(*policy, halves.scratch.file("in.csv", halves.table), {});
    ASSERT_TRUE(release) << release.error().message;
    const SampledTable told =
        std::move(*release).draw(Permit::unaccounted("a test"), bits, {}).value();
    ASSERT_EQ(told.levels.size(), 1u);
    ++seen[told.levels[0].level];
    // Beside the class of rows without a value: none of two rows, two halves, or all.
    EXPECT_EQ(told.classes.size(), 1 + kHalves[told.levels[0].level]);
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST(SampledRelease, DrawsLevelsOnlyForAPartOfItsEpsilonThatThePolicyStates) {
  const Halves halves;
  const auto says = [&](const std::string& release, const std::string& words,
                        const std::string& rest = "") {
    const std::string refused = refusal(halves.column(rest), release);
    EXPECT_NE(refused.find(words), std::string::npos) << refused;
  };
  says(searched("1", "0.2"), "no error");
  says(searched("1", "0.2", "search-candidates = 2\n"), "no error");
  says(kSampled, "needs a level");
  says(searched("1", "1"), "above 0 and below epsilon");
  says(searched("1", "0"), "above 0 and below epsilon");
  says(searched("1", "-0.1"), "above 0 and below epsilon");
  says(searched("1", "0.995"), "epsilon less search-epsilon must be from 0.01 to 5");
  says(searched("6", "0.5"), "epsilon less search-epsilon must be from 0.01 to 5");
  says(searched("1", "0.0000000000001"), "twelve decimal places");
  says(searched("1", "0.2"), "no meaning where each hierarchy has a level", "level = 1\n");
  says(searched("1", "0.2", "search-candidates = 0\n"), "must be a whole number from 1");
  says(kSampled + "search-candidates = 5\n", "no meaning without search-epsilon");
}

TEST(SampledRelease, IsNothingThatADeidentifierWritesWithoutAPermit) {
  const Scratch scratch;
  const auto work =
      Deidentifier::open(*sampled_policy(kKept), scratch.file("in.csv", "a\n1\n"), {});
  ASSERT_FALSE(work);
  EXPECT_NE(work.error().message.find("permit"), std::string::npos);
}

}  // namespace
}  // namespace sfumato
