#include "cli/payment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

namespace sfumato {
namespace {

Question question() {
  return {.query = {.tables = {"visits.csv"},
                    .unit = "person",
                    .by = {"site"},
                    .select = {{Aggregate::Kind::count, ""}, {Aggregate::Kind::mean, "age"}},
                    .clamps = {{"age", 0, 100}},
                    .bounds = {.max_groups = 2, .max_rows = 3},
                    .total = ApproximateTotal{1.0_eps, 0.0_delta},
                    .groups = "sites.csv"},
          .written = {.concentrated = false,
                      .loss = Decimal::parse("1").value(),
                      .delta = Decimal::parse("1e-6").value(),
                      .confidence = Decimal::parse("0.95").value()}};
}

TEST(PlanBytes, AreAllThatDecides) {
  EXPECT_EQ(plan_bytes(question(), "site\nnorth\n").value(),
            R"({"form":"sfumato query 1","tables":["visits.csv"],"unit":"person","by":["site"],)"
            R"x("select":["count","mean(age)"],"clamps":[["age","0","100"]],"max_groups":2,)x"
            R"("max_rows":3,"epsilon":"1","delta":"1e-6","groups":"sites.csv",)"
            R"("list":"site\nnorth\n","noise":0,"confidence":"0.95"})");
}

TEST(PlanBytes, DifferWhereverTheReleaseMay) {
  std::set<std::string> plans = {plan_bytes(question(), "").value()};
  const auto differs = [&](auto change) {
    Question changed = question();
    change(changed);
    return plans.insert(plan_bytes(changed, "").value()).second;
  };
  EXPECT_TRUE(plans.insert(plan_bytes(question(), "site\n").value()).second);
  EXPECT_TRUE(differs([](Question& q) { q.query.tables.push_back("more.csv"); }));
  EXPECT_TRUE(differs([](Question& q) { q.query.unit.reset(); }));
  EXPECT_TRUE(differs([](Question& q) { q.query.unit = "null"; }));
  EXPECT_TRUE(differs([](Question& q) { q.query.by = {"site", "age"}; }));
  EXPECT_TRUE(differs([](Question& q) { q.query.select.pop_back(); }));
  EXPECT_TRUE(differs([](Question& q) { q.query.clamps[0].upper = 100.5; }));
  EXPECT_TRUE(differs([](Question& q) { q.query.clamps[0].lower = -1; }));
  EXPECT_TRUE(differs([](Question& q) { q.query.bounds.max_groups = 3; }));
  EXPECT_TRUE(differs([](Question& q) { q.query.bounds.max_rows = 4; }));
  EXPECT_TRUE(differs([](Question& q) { q.query.groups.reset(); }));
  EXPECT_TRUE(differs([](Question& q) { q.query.noise = NoiseLaw::laplace; }));
  EXPECT_TRUE(differs([](Question& q) { q.query.quantile_intervals = true; }));
  EXPECT_TRUE(differs([](Question& q) { q.written.concentrated = true; }));
  EXPECT_TRUE(differs([](Question& q) { q.written.loss = Decimal::parse("2").value(); }));
  EXPECT_TRUE(differs([](Question& q) { q.written.delta = Decimal(); }));
  EXPECT_TRUE(differs([](Question& q) { q.written.confidence = Decimal(); }));
  EXPECT_FALSE(differs([](Question& q) { q.query.threads = 7; }));
  EXPECT_FALSE(differs([](Question& q) { q.query.automatic_share = 0.5; }));  // nothing is found
  EXPECT_TRUE(differs([](Question& q) { q.query.clamps[0].source = Clamp::Source::automatic; }));
  EXPECT_TRUE(differs([](Question& q) {
    q.query.clamps[0].source = Clamp::Source::automatic;
    q.query.automatic_share = 0.5;
  }));
}

TEST(PlanBytes, HoldTheConditionsHoweverTheyAreArranged) {
  const Condition north{"site", Condition::Kind::equal, {"north"}};
  const Condition older{"age", Condition::Kind::greater, {Decimal::parse("40").value()}};
  const auto bytes = [&](std::vector<Condition> where) {
    Question asked = question();
    asked.query.where = std::move(where);
    return plan_bytes(asked, "").value();
  };
  EXPECT_EQ(bytes({north, older}), bytes({older, north}));
  EXPECT_NE(bytes({north, older}).find(R"("where":["age > 40","site = 'north'"])"),
            std::string::npos);
  EXPECT_EQ(std::set({bytes({}), bytes({north}), bytes({older}), bytes({north, older})}).size(),
            4u);
}

TEST(PlanBytes, RefuseWhatJsonCouldNotTellApart) {
  Question foreign = question();
  foreign.query.by = {"\xff"};
  EXPECT_FALSE(plan_bytes(foreign, ""));
}

TEST(Rows, ComeBackToTheLastBit) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const std::vector<AnswerRow> rows = {
      {{std::nullopt, "", "a\"b\xff", std::string("\0x", 2)}, {{0.1, -inf, inf}}},
      {{}, {{-0.0, 5e-324, 1.7976931348623157e308}, {3, 2, 4}}}};
  const auto back = released_of(bytes_of({rows})).value().rows;
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].group, rows[0].group);
  EXPECT_TRUE(back[1].group.empty());
  EXPECT_EQ(back[0].values[0].value, 0.1);
  EXPECT_EQ(back[0].values[0].low, -inf);
  EXPECT_EQ(back[0].values[0].high, inf);
  EXPECT_TRUE(std::signbit(back[1].values[0].value));
  EXPECT_EQ(back[1].values[0].low, 5e-324);
  EXPECT_EQ(back[1].values[0].high, 1.7976931348623157e308);
  EXPECT_EQ(back[1].values[1].value, 3);
  EXPECT_EQ(bytes_of({back}), bytes_of({rows}));
  EXPECT_TRUE(released_of(bytes_of({})).value().rows.empty());
}

TEST(Rows, ComeBackWithTheClampsThatWereFound) {
  const Released released = {
      {{{"north"}, {{1, 0, 2}}}},
      {{"age", 0, 128, Clamp::Source::found}, {"cost", 0, 1, Clamp::Source::missed}}};
  const Released back = released_of(bytes_of(released)).value();
  ASSERT_EQ(back.clamps.size(), 2u);
  EXPECT_EQ(back.clamps[0].column, "age");
  EXPECT_EQ(back.clamps[0].upper, 128);
  EXPECT_EQ(back.clamps[0].source, Clamp::Source::found);
  EXPECT_EQ(back.clamps[1].source, Clamp::Source::missed);
  EXPECT_EQ(bytes_of(back), bytes_of(released));
  Released foreign = released;
  foreign.clamps[0].source = static_cast<Clamp::Source>(4);
  EXPECT_FALSE(released_of(bytes_of(foreign)));
}

TEST(Rows, OfAnotherFormAreRefused) {
  EXPECT_FALSE(released_of(""));
  EXPECT_FALSE(released_of("text"));
  EXPECT_FALSE(released_of(bytes_of({{{{}, {{1, 2, 3}}}}}).substr(0, 5)));
  EXPECT_FALSE(released_of(std::string("\x81\x05", 2)));  // [5]
}

}  // namespace
}  // namespace sfumato
