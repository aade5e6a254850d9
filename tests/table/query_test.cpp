#include "sfumato/table/query.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

using Kind = Aggregate::Kind;

TEST(ParseSelect, ReadsAggregatesInOrderWithOrWithoutBlanks) {
  const auto list = parse_select("units, count,mean( visits ) ,sum(spending)").value();
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0], (Aggregate{Kind::units, ""}));
  EXPECT_EQ(list[1], (Aggregate{Kind::count, ""}));
  EXPECT_EQ(list[2], (Aggregate{Kind::mean, "visits"}));
  EXPECT_EQ(list[3], (Aggregate{Kind::sum, "spending"}));
}

TEST(ParseSelect, ReadsAVarianceAndAStandardDeviation) {
  const auto list = parse_select("variance( x ), stddev(x)").value();
  EXPECT_EQ(list[0], (Aggregate{Kind::variance, "x"}));
  EXPECT_EQ(list[1], (Aggregate{Kind::stddev, "x"}));
  EXPECT_EQ(list[1].name(), "stddev(x)");
  EXPECT_FALSE(parse_select("variance"));
  EXPECT_FALSE(parse_select("stddev()"));
}

TEST(ParseSelect, AQuantileIsOneForEachLevelWhichComeLast) {
  const auto list =
      parse_select("quantile( x , 0.25, 0.50 ), median(x), quantile(net, EUR,3e-1)").value();
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0], (Aggregate{Kind::quantile, "x", 0.25}));
  EXPECT_EQ(list[1].name(), "quantile(x,0.5)");
  EXPECT_EQ(list[2], (Aggregate{Kind::median, "x", 0.5}));
  EXPECT_EQ(list[2].name(), "median(x)");
  EXPECT_EQ(list[3].name(), "quantile(net, EUR,0.3)");
  EXPECT_EQ(parse_select("quantile(\"a,0.5\",0.1)").value()[0].column, "a,0.5");
  for (const char* text :
       {"quantile(x)", "quantile(x,0)", "quantile(x,1)", "quantile(x,0.5,2)", "quantile(x,a)",
        "quantile", "quantile()", "quantile(,0.5)", "quantile(0.5)", "median()", "median"})
    EXPECT_EQ(parse_select(text).error().where, "select") << text;
  EXPECT_FALSE(parse_select("quantile(x,0.5,0.5)"));
}

TEST(ParseSelect, APairIsOfTwoColumnsInEitherOrder) {
  const auto list = parse_select("covariance( x , net EUR), correlation(\"a,b\",x)").value();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0], (Aggregate{Kind::covariance, "x", 0, "net EUR"}));
  EXPECT_EQ(list[1], (Aggregate{Kind::correlation, "a,b", 0, "x"}));
  EXPECT_EQ(list[0].name(), "covariance(x,net EUR)");
  EXPECT_EQ(list[1].name(), "correlation(\"a,b\",x)");
  for (const char* text :
       {"covariance", "covariance(x)", "covariance(x,x)", "covariance(x,)", "covariance(,x)",
        "covariance(a,b,c)", "correlation(x, \"x\")", "covariance(\"a,b\")",
        "covariance(x,y), covariance(y,x)", "correlation(x,y"})
    EXPECT_EQ(parse_select(text).error().where, "select") << text;
  EXPECT_TRUE(parse_select("covariance(x,y), correlation(y,x), covariance(x,z)"));
}

TEST(ParseSelect, AHistogramIsAllItsBinsWhoseEdgesComeLast) {
  const auto list = parse_select("histogram( net, EUR , -inf, 0,0.10,1e1),count(x)").value();
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0].column, "net, EUR");
  EXPECT_EQ(list[0].name(), "histogram(net, EUR,-inf,0)");
  EXPECT_EQ(list[2].name(), "histogram(net, EUR,0.1,10)");
  EXPECT_EQ(list[2].bin, 2U);
  EXPECT_EQ(list[2].edges.size(), 4U);
  EXPECT_EQ(list[1].histogram(), "histogram(net, EUR,-inf,0,0.1,10)");
  for (const char* text :
       {"histogram", "histogram(x)", "histogram(x,1)", "histogram(x,1,1)", "histogram(x,2,1)",
        "histogram(,0,1)", "histogram(0,1)", "histogram(x,0,nan)", "histogram(x,0,1",
        "histogram(x,0,1),histogram(x,1,2)", "histogram(x,0,1),histogram(x,0,1)"})
    EXPECT_EQ(parse_select(text).error().where, "select") << text;
  EXPECT_TRUE(parse_select("histogram(x,0,1),histogram(y,0,1)"));
}

TEST(ParseSelect, TheLeastAndTheGreatestAreQuantilesAtTheEnds) {
  const auto list = parse_select("min(x), max( y )").value();
  EXPECT_EQ(list[0], (Aggregate{Kind::min, "x", 0}));
  EXPECT_EQ(list[1], (Aggregate{Kind::max, "y", 1}));
  EXPECT_TRUE(list[0].is_quantile());
  EXPECT_EQ(list[1].name(), "max(y)");
  EXPECT_FALSE(parse_select("min"));
  EXPECT_FALSE(parse_select("max()"));
}

TEST(ParseSelect, DistinctValuesAreThoseOfAColumn) {
  EXPECT_EQ(parse_select("distinct( a b )").value().front(), (Aggregate{Kind::distinct, "a b"}));
  EXPECT_EQ(parse_select("distinct(x)").value().front().name(), "distinct(x)");
  for (const char* text : {"distinct", "distinct()", "distinct(x), distinct(x)"})
    EXPECT_FALSE(parse_select(text)) << text;
}

TEST(ParseSelect, ACountMayBeThatOfAColumn) {
  const auto list = parse_select("count, count( visits )").value();
  EXPECT_EQ(list[0], (Aggregate{Kind::count, ""}));
  EXPECT_EQ(list[1], (Aggregate{Kind::count, "visits"}));
  EXPECT_EQ(list[1].name(), "count(visits)");
  EXPECT_FALSE(parse_select("count()"));
  EXPECT_FALSE(parse_select("count(x), count(x)"));
}

TEST(ParseSelect, AColumnMayHoldBlanksCommasAndParentheses) {
  EXPECT_EQ(parse_select("sum(cost, net (EUR))").value().front().column, "cost, net (EUR)");
  EXPECT_EQ(parse_select("count").value().front().name(), "count");
  EXPECT_EQ(parse_select(" mean(a b) ").value().front().name(), "mean(a b)");
}

TEST(ParseSelect, RefusesWhatIsNoAggregateAndNamesIt) {
  for (const char* text : {"", " ", "mode(x)", "mean", "sum()", "mean(", "mean(x", "units(x)",
                           "units()", "count,", ",count", "count count", "mean(x)y"}) {
    const auto list = parse_select(text);
    ASSERT_FALSE(list) << text;
    EXPECT_EQ(list.error().where, "select") << text;
  }
  EXPECT_NE(parse_select("mode(x)").error().message.find("mode(x)"), std::string::npos);
}

TEST(ParseSelect, RefusesTheSameAggregateTwice) {
  EXPECT_FALSE(parse_select("count, count"));
  EXPECT_FALSE(parse_select("mean(x), mean( x )"));
  EXPECT_TRUE(parse_select("mean(x), mean(y), sum(x)"));
}

TEST(ParseSelect, AColumnMayStandInDoubleQuotes) {
  const auto list =
      parse_select("sum(\"net, cost\"), mean( \"a)b\" ),count(\"say \"\"hi\"\"\"), mean(a\"b)")
          .value();
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0].column, "net, cost");
  EXPECT_EQ(list[1].column, "a)b");
  EXPECT_EQ(list[2].column, "say \"hi\"");
  EXPECT_EQ(list[3].column, "a\"b");
  for (const char* text : {"sum(\"a)", "sum(\"a\"b)", "sum(\"\")"})
    EXPECT_FALSE(parse_select(text)) << text;
}

TEST(ParseColumns, ReadsNamesWithCommasBetweenAndCommasInQuotes) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(parse_columns("site").value(), (Names{"site"}));
  EXPECT_EQ(parse_columns("site, \"city, country\" ,year").value(),
            (Names{"site", "city, country", "year"}));
  EXPECT_EQ(parse_columns("\"\"\"a\"\"\"").value(), (Names{"\"a\""}));
  EXPECT_EQ(parse_columns("\" a\",b(c,d\"e").value(), (Names{" a", "b(c", "d\"e"}));
}

TEST(ParseColumns, RefusesWhatNamesNoColumn) {
  for (const char* text : {"", " ", "a,", ",a", "a,,b", "\"a", "\"a\"b", "\"a\" \"b\""})
    EXPECT_FALSE(parse_columns(text)) << text;
}

TEST(ParseClamp, AColumnMayStandInDoubleQuotes) {
  EXPECT_EQ(parse_clamp("\"a=0:1\"=2:3").value().column, "a=0:1");
  EXPECT_EQ(parse_clamp(" \" x \" = 2:3").value().column, " x ");
  EXPECT_FALSE(parse_clamp("\"a=2:3"));
  EXPECT_FALSE(parse_clamp("\"a\"b=2:3"));
}

TEST(ParseClamp, ReadsAColumnAndTwoDecimals) {
  const Clamp clamp = parse_clamp("visits=-2.5:1e3").value();
  EXPECT_EQ(clamp.column, "visits");
  EXPECT_EQ(clamp.lower, -2.5);
  EXPECT_EQ(clamp.upper, 1000);
}

TEST(ParseClamp, AColumnMayHoldEqualsSignsAndColons) {
  EXPECT_EQ(parse_clamp("a=b:c=0:1").value().column, "a=b:c");
}

TEST(ParseClamp, BoundsAreReadOutward) {
  const Clamp clamp = parse_clamp("x=0.1:0.3").value();
  EXPECT_LT(clamp.lower, 0.1);                     // the double nearest to 0.1 lies above it
  EXPECT_EQ(clamp.upper, std::nextafter(0.3, 1));  // the double nearest to 0.3 lies below it
}

TEST(ParseClamp, RefusesWhatIsNotTwoFiniteDecimals) {
  for (const char* text :
       {"", "visits", "visits=", "visits=1", "=0:1", "visits=0:", "visits=:1", "visits=a:b",
        "visits=nan:1", "visits=0:inf", "visits=0:1:2", "visits=0..1"})
    EXPECT_FALSE(parse_clamp(text)) << text;
}

}  // namespace
}  // namespace sfumato
