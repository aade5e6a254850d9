#include "sfumato/deid/policy.h"

#include <gtest/gtest.h>

#include "support/scratch.h"

namespace sfumato {
namespace {

std::string error_of(const std::string& toml) {
  const auto policy = Policy::parse(toml, "p.toml");
  return policy ? "no error" : policy.error().where + ": " + policy.error().message;
}

/// Of one column, whose section begins in line 2.
std::string column_error(const std::string& lines) {
  return error_of(std::string("version = 1\n[columns.a]\n").append(lines));
}

TEST(Policy, IsReadWhole) {
  const auto policy = Policy::parse(R"(
version = 1
default = "drop"
missing = "null"

[columns.name]
role = "identifier"
transform = "redact"

[columns."birth date"]
role = "quasi"
transform = "date-part"
part = "year"
invalid = "suppress"
normalise = ["trim-1", "ascii-lower-1"]
longest = 30
)",
                                    "p.toml");
  ASSERT_TRUE(policy) << policy.error().where << policy.error().message;
  EXPECT_EQ(policy->keep_others, false);
  ASSERT_EQ(policy->columns.size(), 2u);
  EXPECT_EQ(policy->columns[0].column, "name");
  EXPECT_EQ(policy->columns[0].role, ColumnRole::identifier);
  const ColumnPolicy& date = policy->columns[1];
  EXPECT_EQ(date.column, "birth date");
  EXPECT_EQ(word_of(date.transform), "date-part");
  EXPECT_EQ(date.missing, Action::null);
  EXPECT_EQ(date.overlong, Action::error);
  EXPECT_EQ(date.invalid, Action::suppress);
  EXPECT_EQ(date.normalise, (std::vector{Normaliser::trim, Normaliser::lower}));
  EXPECT_EQ(date.longest, 30u);
  EXPECT_EQ(date.where, "p.toml:10:10");
}

TEST(Policy, AnErrorTellsLineAndColumn) {
  EXPECT_EQ(error_of("version = 1\n[columns.a\n").substr(0, 11), "p.toml:2:11");
  EXPECT_EQ(error_of("columns = 3"), "p.toml:1:1: needs 'version', a whole number");
  EXPECT_EQ(error_of("version = 2"), "p.toml:1:1: 'version' must be a whole number from 1 to 1");
  EXPECT_EQ(error_of("version = 1"),
            "p.toml:1:1: needs a section for each column, as in [columns.name]");
  EXPECT_EQ(error_of("version = 1\ncolums = 3\n[columns.a]\n").substr(0, 46),
            "p.toml:2:1: 'colums' has no meaning here; did ");
  EXPECT_EQ(error_of("version = 1\ndefault = \"kep\"\n"),
            "p.toml:2:1: 'default' is 'kep' and must be keep or drop; did you mean keep?");
  EXPECT_EQ(error_of("version = 1\nmissing = 2024-01-01\n").substr(0, 12), "p.toml:2:11:");
}

TEST(Policy, AnErrorIsOneLineWhateverItQuotes) {
  const std::string error = column_error("role = \"quasi\\nx\\u001b[0m\"\n");
  EXPECT_TRUE(error.starts_with("p.toml:3:1: 'role' is 'quasi\\x0ax\\x1b[0m' and must be "))
      << error;
  EXPECT_EQ(error.find('\n'), std::string::npos);
  EXPECT_EQ(error_of("version = 1\n\"a\\nb\" = 1\n").find('\n'), std::string::npos);
}

/// TOML 1.0 has letters beyond ASCII there and nowhere else. U+00E9, U+2C5E, U+3001 and U+FB26 are of the ranges that
/// toml++ takes for neither white space nor other letters.
TEST(Policy, LettersBeyondAsciiStandInTextsAndComments) {
  const std::string letters = "\u00e9\u2c5e\u3001\ufb26";
  for (const std::string& text :
       {"'" + letters + "'", "\"" + letters + "\"", "'''\n" + letters + "'''",
        "\"\"\"" + letters + "\\\n  " + letters + "\\ \t\n\n\u3001\"\"\""}) {
    const auto policy = Policy::parse(
        "\ufeffversion = 1 # " + letters + "\n[columns.'" + letters + "'] # " + letters +
            "\nrole = \"quasi\"\ntransform = " + "\"replace\"\nwith = " + text + "#" + letters,
        "p.toml");
    ASSERT_TRUE(policy) << policy.error().where << policy.error().message << text;
    EXPECT_EQ(policy->columns[0].column, letters);
    const bool goes_on = text.find('\\') != std::string::npos;
    EXPECT_EQ(std::get<ReplaceParams>(policy->columns[0].transform).with,
              goes_on ? letters + letters + "\u3001" : letters);
  }
}

TEST(Policy, LettersBeyondAsciiAreRefusedElsewhere) {
  for (const std::string letter : {"\u00e9", "\u2c5e", "\u3001", "\ufb26"}) {
    const auto refused = [&](const std::string& toml, const std::string& place) {
      const std::string error = error_of(toml);
      EXPECT_TRUE(error.starts_with("p.toml:" + place + ": is no TOML: ")) << error << toml;
    };
    refused(letter + " = 1", "1:1");
    refused("version = 1\n  " + letter + "a = 1", "2:3");
    refused("a" + letter + " = 1", "1:2");
    refused("a." + letter + " = 1", "1:3");
    refused("[" + letter + "]", "1:2");
    refused("version = 1" + letter, "1:12");
    refused("version = 1" + letter + "'a'", "1:12");
    refused("version = 1'" + letter + "'", "1:12");
    refused("version = true" + letter, "1:15");
    refused("version = " + letter, "1:11");
    refused("a = [1, " + letter + "]", "1:9");
    refused("a = 'a'" + letter, "1:8");
    refused("a = \"\"\"\\" + letter + "\"\"\"", "1:9");
    refused("a = \"\"\"\\ " + letter + "\n\"\"\"", "1:10");
    refused("a = \"\\" + letter + "\"", "1:7");
  }
}

TEST(Policy, AColumnNeedsARoleAndATransformThatHasAllItTakes) {
  EXPECT_EQ(column_error(""),
            "p.toml:2:10: needs 'role': identifier, quasi, sensitive or insensitive");
  EXPECT_EQ(column_error("role = \"quasi\"\n"),
            "p.toml:2:10: needs 'transform', as in transform = \"drop\"");
  const auto says = [](const std::string& lines, const std::string& words) {
    const std::string error =
        column_error(std::string("role = \"quasi\"\ntransform = ").append(lines));
    EXPECT_NE(error.find(words), std::string::npos) << lines << "\n" << error;
  };
  says("\"sha256\"", "4:1: 'transform' is 'sha256' and must be keep, drop, ");
  says("\"replace\"", "2:10: needs 'with', the text that each cell becomes");
  says("\"mask\"", "4:1: needs 'first' or 'last'");
  says("\"mask\"\nfirst = 1\nkeep-last = 2", "and not both kinds");
  says("\"mask\"\nfirst = 0", "5:1: 'first' must be a whole number from 1 ");
  says("\"mask\"\nfirst = 1\nwith = \"**\"", "6:1: 'with' must be one character");
  says("\"bucket\"", "needs 'width', or 'edges'");
  says("\"bucket\"\nwidth = 0", "5:1: 'width' must be above 0");
  says("\"bucket\"\nwidth = 1e40", "5:1: 'width' must lie within 10^15");
  says("\"bucket\"\nwidth = nan", "must be a text, a finite number");
  says("\"bucket\"\nedges = [3, 2]", "5:1: 'edges' must go up");
  says("\"bucket\"\nedges = [1, 2]\nlabels = [\"a\", \"b\"]", "one more than 'edges'");
  says("\"bucket\"\nedges = [1, \"x\"]", "must be a list of numbers");
  says("\"limit\"", "needs 'lower' or 'upper'");
  says("\"limit\"\nlower = 2\nupper = 2", "'lower' must be below 'upper'");
  says("\"round\"", "needs 'to', a number");
  says("\"round\"\nto = -1", "'to' must be above 0");
  says("\"date-part\"", "needs 'part'");
  says("\"hierarchy\"\nlevel = 1", "needs 'file'");
  says("\"hierarchy\"\nfile = \"f\"\nlevel = 0", "'level' must be a whole number from 1");
  says("\"noise\"\nlower = 0\nupper = 1", "needs 'epsilon'");
  says("\"noise\"\nepsilon = 1\nlower = 0.5\nupper = 2\nlaw = \"discrete-laplace\"",
       "must be whole where the noise is");
  says("\"keep\"\nmissing = \"null\"", "5:1: 'missing' has no meaning here");
  says("\"round\"\nto = 1\nmissing = \"skip\"", "must be error, null or suppress");
  says("\"round\"\nto = 1\nnormalise = [\"nfc\"]", "'normalise' takes trim-1");
  says("\"round\"\nto = 1\nlongest = 0", "'longest' must be a whole number from 1");
}

TEST(Policy, AnIdentifierIsNotKept) {
  EXPECT_EQ(column_error("role = \"identifier\"\ntransform = \"keep\""),
            "p.toml:4:1: an identifier cannot be kept: transform or drop it");
}

/// Whoever writes down what a policy does needs all of it, and not what stands there later.
TEST(Policy, HoldsTheBytesOfItselfAndOfTheFilesThatItNames) {
  const Scratch scratch;
  scratch.file("levels.csv", "a;x\n");
  scratch.file("words", "Smith\n");
  scratch.file("others", "Ada\nBen\n");
  const std::string toml = R"(version = 1
[columns.a]
role = "quasi"
transform = "hierarchy"
file = "levels.csv"
level = 1
[columns.b]
role = "quasi"
transform = "text"
dictionaries.names.file = "words"
dictionaries.again.file = "words"
[columns.b.found.names]
transform = "choice"
domain = "name"
file = "others"
)";
  const auto policy = Policy::load(scratch.file("p.toml", toml));
  ASSERT_TRUE(policy) << policy.error().where << policy.error().message;
  scratch.file("levels.csv", "a;y\n");
  EXPECT_EQ(policy->text, toml);
  ASSERT_EQ(policy->files.size(), 3u);
  EXPECT_EQ(policy->files[0].path, scratch.path("levels.csv"));
  EXPECT_EQ(*policy->files[0].bytes, "a;x\n");
  EXPECT_EQ(*policy->files[1].bytes, "Smith\n");
  EXPECT_EQ(*policy->files[2].bytes, "Ada\nBen\n");
  EXPECT_EQ(std::get<HierarchyParams>(policy->columns[0].transform).bytes, policy->files[0].bytes);
}

TEST(Policy, AFileThatIsNotThereIsAnError) {
  const Scratch scratch;
  const auto policy = Policy::load(scratch.path("none.toml"));
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().message, "cannot be read: name a policy, a TOML file");
}

}  // namespace
}  // namespace sfumato
