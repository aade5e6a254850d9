#include "sfumato/deid/release_policy.h"

#include <gtest/gtest.h>

#include "sfumato/deid/policy.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

const std::string kReleaseColumns = R"([columns.zip]
role = "quasi"
transform = "keep"
[columns.ill]
role = "sensitive"
transform = "keep"
)";

/// Of a policy whose [release] begins in line 2.
Result<Policy> with_release(const std::string& lines, const std::string& columns = kReleaseColumns,
                            const std::string& path = "p.toml") {
  return Policy::parse("version = 1\n[release]\n" + lines + "\n" + columns, path);
}

std::string release_error(const std::string& lines, const std::string& columns = kReleaseColumns) {
  const auto policy = with_release(lines, columns);
  return policy ? "no error" : policy.error().where + ": " + policy.error().message;
}

std::string model_error(const std::string& model) {
  return release_error("models = [{" + model + "}]");
}

TEST(ReleasePolicy, IsReadWhole) {
  const Scratch scratch;
  scratch.file("ill.csv", "a;*\nb;*\n");
  const auto policy = with_release(R"(
models = [
  {model = "k-anonymity", k = 5},
  {model = "distinct-l-diversity", l = 2},
  {model = "entropy-l-diversity", l = 1.5},
  {model = "recursive-l-diversity", c = 4, l = 3},
  {model = "t-closeness", t = 0.2},
  {model = "t-closeness", t = "1/3", distance = "ordered", order = ["a", "b"]},
  {model = "t-closeness", t = 1, distance = "hierarchical", file = "ill.csv"},
  {model = "beta-likeness", beta = 1, enhanced = true},
  {model = "delta-disclosure", delta = 1, present-only = true, column = "ill"},
  {model = "k-map", k = 7},
  {model = "delta-presence", lower = 0.1, upper = 0.5},
]
suppression = 0.05
measure = "discernibility"
suppressed = "null"
population = "all.csv"
)",
                                   kReleaseColumns, scratch.path("p.toml"));
  ASSERT_TRUE(policy) << policy.error().where << policy.error().message;
  const ReleasePolicy& release = policy->release.value();
  std::vector<std::string> texts;
  for (const ModelPolicy& model : release.models) texts.push_back(text_of(model));
  EXPECT_EQ(
      texts,
      (std::vector<std::string>{
          "k-anonymity, k = 5", "distinct l-diversity, l = 2, of ill",
          "entropy l-diversity, l = 3/2, of ill", "recursive l-diversity, c = 4, l = 3, of ill",
          "t-closeness, t = 1/5, of ill", "t-closeness by order, t = 1/3, of ill",
          "t-closeness by hierarchy, t = 1, of ill", "enhanced β-likeness, β = 1, of ill",
          "δ-disclosure, δ = 1, of values present, of ill", "k-map, k = 7",
          "δ-presence, 1/10 to 1/2"}));
  EXPECT_EQ(release.models[5].order, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(release.suppression, Fraction::make(1, 20).value());
  EXPECT_EQ(release.measure, LossMetric::discernibility);
  EXPECT_EQ(release.suppressed, ReleasePolicy::Suppressed::all_cells);
  EXPECT_FALSE(release.wildcards);
  EXPECT_EQ(release.population, scratch.path("all.csv"));
  EXPECT_EQ(release.sensitive(), std::vector<std::string>{"ill"});
  EXPECT_EQ(release.where, scratch.path("p.toml") + ":2:2");
}

TEST(ReleasePolicy, DefaultsAreTheStrictOnes) {
  const auto policy = with_release("models = [{model = \"k-anonymity\", k = 2}]");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->release->suppression, Fraction::make(0).value());
  EXPECT_EQ(policy->release->suppressed, ReleasePolicy::Suppressed::rows);
  EXPECT_FALSE(policy->release->wildcards);
  EXPECT_EQ(policy->release->measure, LossMetric::loss);
}

TEST(ReleasePolicy, AnErrorTellsLineAndColumn) {
  EXPECT_EQ(release_error(""),
            "p.toml:2:2: needs 'models', as in models = [{model = \"k-anonymity\", k = 5}]");
  EXPECT_EQ(release_error("models = 3"), "p.toml:3:1: 'models' must be a list of tables");
  EXPECT_EQ(model_error(""), "p.toml:3:11: needs 'model', as in {model = \"k-anonymity\", k = 5}");
  EXPECT_EQ(model_error("model = \"k-anonymity\""), "p.toml:3:11: needs 'k', a whole number");
  EXPECT_EQ(model_error("model = \"k-anonymity\", k = 0"),
            "p.toml:3:35: 'k' must be a whole number from 1 to 2147483648");
  EXPECT_EQ(model_error("model = \"k-anonymity\", k = 2, l = 2"),
            "p.toml:3:42: 'l' has no meaning here; did you mean k?");
  EXPECT_NE(model_error("model = \"k-anonimity\", k = 2").find("did you mean k-anonymity?"),
            std::string::npos);
  EXPECT_EQ(model_error("model = \"t-closeness\", t = 2"),
            "p.toml:3:35: 't' must be a share: at most 1");
  EXPECT_NE(
      model_error("model = \"t-closeness\", t = \"a third\"").find("3:35: 't' must be a number"),
      std::string::npos);
  EXPECT_EQ(model_error("model = \"entropy-l-diversity\", l = 0.5"),
            "p.toml:3:43: 'l' must be at least 1");
  EXPECT_NE(
      model_error("model = \"t-closeness\", t = 1, distance = \"hierarchical\", file = \"none\"")
          .find("none cannot be read: it is the hierarchy"),
      std::string::npos);
  EXPECT_EQ(release_error("models = [{model = \"k-anonymity\", k = 2}]\nsuppression = 1.5"),
            "p.toml:4:1: 'suppression' must be a share: at most 1");
  EXPECT_EQ(
      release_error("models = [{model = \"k-anonymity\", k = 2}]\nmeasure = \"los\"").substr(0, 11),
      "p.toml:4:1:");
}

TEST(ReleasePolicy, WhatDoesNotGoTogetherIsRefused) {
  EXPECT_EQ(model_error("model = \"k-map\", k = 2").substr(0, 37),
            "p.toml:3:1: needs 'population', a tab");
  const std::string k = "models = [{model = \"k-anonymity\", k = 2}]\n";
  EXPECT_NE(release_error(k + "population = \"all.csv\"").find("has no meaning without"),
            std::string::npos);
  EXPECT_NE(release_error(k + "missing = \"wildcard\"\nsuppressed = \"null\"").find("5:1"),
            std::string::npos);
  const std::string map = "models = [{model = \"k-map\", k = 2}]\npopulation = \"all.csv\"\n";
  EXPECT_NE(release_error(map + "missing = \"wildcard\"").find("must be value"), std::string::npos);
}

std::string column_section(const std::string& name, const std::string& role,
                           const std::string& transform) {
  return "[columns." + name + "]\nrole = \"" + role + "\"\ntransform = " + transform + "\n";
}

TEST(ReleasePolicy, ColumnsMustBeReleasedAndStayTheSame) {
  const std::string quasi = column_section("zip", "quasi", "\"keep\"");
  const std::string l = "models = [{model = \"distinct-l-diversity\", l = 2}]";
  const std::string k = "models = [{model = \"k-anonymity\", k = 2}]";
  EXPECT_NE(release_error(l, quasi).find("needs 'column', the sensitive column"),
            std::string::npos);
  EXPECT_NE(release_error(l, quasi + column_section("ill", "sensitive", "\"drop\""))
                .find("needs 'column'"),
            std::string::npos);
  const std::string two = quasi + column_section("ill", "sensitive", "\"keep\"") +
                          column_section("pay", "sensitive", "\"keep\"");
  EXPECT_NE(release_error(l, two).find("needs 'column'"), std::string::npos);
  EXPECT_EQ(
      release_error("models = [{model = \"distinct-l-diversity\", l = 2, column = \"pay\"}]", two),
      "no error");
  EXPECT_NE(
      release_error("models = [{model = \"distinct-l-diversity\", l = 2, column = \"zip\"}]", two)
          .find("must be a column of role sensitive"),
      std::string::npos);
  EXPECT_EQ(release_error("models = [{model = \"distinct-l-diversity\", l = 2, column = \"pay\"},"
                          "{model = \"t-closeness\", t = 1, column = \"ill\"}]",
                          two),
            "no error");
  EXPECT_NE(
      release_error("models = [{model = \"t-closeness\", t = 1, column = \"ill\", distance = "
                    "\"ordered\", order = [\"a\", \"b\"]}, {model = \"t-closeness\", t = 1, "
                    "column = \"ill\", distance = \"ordered\", order = [\"b\", \"a\"]}]",
                    two)
          .find("one order of its values"),
      std::string::npos);
  EXPECT_EQ(release_error(k + "\nsuppressed = \"cells\"\n", quasi), "no error");
  for (const char* other : {"method = \"mondrian\"", "measure = \"precision\"",
                            "missing = \"wildcard\""})
    EXPECT_NE(release_error(k + "\nsuppressed = \"cells\"\n" + other + "\n", quasi), "no error");
  EXPECT_NE(release_error(k, column_section("ill", "sensitive", "\"keep\""))
                .find("needs a column of role quasi"),
            std::string::npos);
  EXPECT_NE(release_error(
                k, column_section("age", "quasi", "\"noise\"\nepsilon = 1\nlower = 0\nupper = 9"))
                .find("4:10: has noise"),
            std::string::npos);
}

TEST(ReleasePolicy, MondrianTakesWhatItCanAnswerFor) {
  const std::string mondrian =
      "method = \"mondrian\"\nmodels = [{model = \"k-anonymity\", k = 2}]\n";
  const std::string range = column_section("age", "quasi", "\"range\"");
  EXPECT_EQ(release_error(mondrian, range), "no error");
  EXPECT_NE(release_error("models = [{model = \"k-anonymity\", k = 2}]", range)
                .find("4:10: needs a [release] by method"),
            std::string::npos);
  EXPECT_NE(release_error(mondrian, range + column_section("pay", "sensitive", "\"range\""))
                .find("role quasi"),
            std::string::npos);
  EXPECT_NE(
      release_error(mondrian + "measure = \"precision\"", range).find("5:1: 'measure' is loss"),
      std::string::npos);
  EXPECT_NE(release_error(mondrian + "missing = \"wildcard\"", range).find("must be value"),
            std::string::npos);
  EXPECT_NE(
      release_error(
          "method = \"mondrian\"\npopulation = \"a.csv\"\nmodels = [{model = \"k-map\", k = 2}]",
          range)
          .find("need method = \"full-domain\""),
      std::string::npos);
}

TEST(ReleasePolicy, AHierarchyWithoutALevelNeedsOne) {
  const std::string open = "\"hierarchy\"\nfile = \"h.csv\"";
  const auto error = [](const std::string& columns) {
    const auto policy = Policy::parse("version = 1\n" + columns, "p.toml");
    return policy ? "no error" : policy.error().where + ": " + policy.error().message;
  };
  EXPECT_EQ(
      error(column_section("zip", "quasi", open)),
      "p.toml:2:10: needs 'level', a whole number; a [release] finds it for columns of role quasi");
  EXPECT_NE(release_error("models = [{model = \"k-anonymity\", k = 2}]",
                          column_section("zip", "quasi", "\"keep\"") +
                              column_section("ill", "sensitive", open))
                .find("needs 'level'"),
            std::string::npos);
}

}  // namespace
}  // namespace sfumato
