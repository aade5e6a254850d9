#include "sfumato/io/table_files.h"

#include <gtest/gtest.h>

#include "support/scratch.h"

namespace sfumato::table_files_test {
namespace {

using Words = std::vector<std::string>;

Words files_of(const Words& words) {
  return table_files(words).value();
}

TEST(TableFiles, APatternStandsForThePathsThatMatchItSorted) {
  const Scratch scratch;
  for (const char* name : {"b.csv", "a.csv", "c.txt", "a10.csv", "a9.csv"}) scratch.file(name, "");
  const auto path = [&](const char* name) { return scratch.path(name); };
  EXPECT_EQ(files_of({path("*.csv")}),
            (Words{path("a.csv"), path("a10.csv"), path("a9.csv"), path("b.csv")}));
  EXPECT_EQ(files_of({path("?.csv"), path("c.txt")}),
            (Words{path("a.csv"), path("b.csv"), path("c.txt")}));
  EXPECT_EQ(files_of({path("[bc].*")}), (Words{path("b.csv"), path("c.txt")}));
}

TEST(TableFiles, WordsWithoutAPatternStayAsTheyAre) {
  EXPECT_EQ(files_of({"missing.csv", "-", "a b.csv"}), (Words{"missing.csv", "-", "a b.csv"}));
}

TEST(TableFiles, AFileWhoseNameLooksLikeAPatternIsThatFile) {
  const Scratch scratch;
  scratch.file("data[1].csv", "");
  scratch.file("data1.csv", "");
  EXPECT_EQ(files_of({scratch.path("data[1].csv")}), (Words{scratch.path("data[1].csv")}));
}

TEST(TableFiles, APatternThatMatchesNothingIsRefused) {
  const Scratch scratch;
  const auto none = table_files({scratch.path("*.csv")});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().where, scratch.path("*.csv"));
  EXPECT_EQ(none.error().message, "matches no file: a pattern has to match at least one");
}

}  // namespace
}  // namespace sfumato::table_files_test
