#include "cli/curve.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sfumato {
namespace {

std::vector<CurvePoint> falling() {
  std::vector<CurvePoint> points;
  for (int i = 0; i <= 20; ++i) {
    const double delta = std::exp2(-i * i);
    points.push_back({0.5 * i, {i < 15 ? delta * 0.75 : 0, delta}});
  }
  return points;
}

TEST(Curve, TheEndOfTheNameSaysWhatIsWritten) {
  EXPECT_EQ(curve_format("a.b/curve.csv", "curve").value(), CurveFormat::csv);
  EXPECT_EQ(curve_format("curve.svg", "curve").value(), CurveFormat::svg);
  EXPECT_EQ(curve_format("curve.csv.png", "curve").value(), CurveFormat::png);
  for (const char* file : {"curve", "curve.pdf", "csv", "curve.svg.gz", "curve.SVG", ""}) {
    const auto format = curve_format(file, "trade-off");
    ASSERT_FALSE(format) << file;
    EXPECT_EQ(format.error().where, "trade-off");
  }
}

TEST(Curve, CsvHasALineForEachPointInShortestDigits) {
  EXPECT_EQ(
      render_curve(CurveKind::delta, {{0, {0.25, 0.5}}, {0.1, {0, 1e-300}}}, CurveFormat::csv),
      "epsilon,delta_lower,delta_upper\n0,0.25,0.5\n0.1,0,1e-300\n");
  EXPECT_EQ(render_curve(CurveKind::beta, {{0.1, {0.75, 0.875}}}, CurveFormat::csv),
            "alpha,beta_lower,beta_upper\n0.1,0.75,0.875\n");
}

TEST(Curve, SvgIsAPictureWithBothLines) {
  const std::string svg = render_curve(CurveKind::delta, falling(), CurveFormat::svg);
  EXPECT_EQ(svg.substr(0, 5), "<?xml");
  EXPECT_NE(svg.find("</svg>"), std::string::npos);
  EXPECT_NE(svg.find("stroke-dasharray"), std::string::npos) << "of the lower bound";
}

TEST(Curve, PngBeginsAndEndsAsOne) {
  const std::string png = render_curve(CurveKind::delta, falling(), CurveFormat::png);
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(png.substr(png.size() - 8, 4), "IEND");
}

TEST(Curve, APngIsTheSameEachTimeAndHangsOnBothBounds) {
  const std::string png = render_curve(CurveKind::delta, falling(), CurveFormat::png);
  EXPECT_TRUE(png == render_curve(CurveKind::delta, falling(), CurveFormat::png));
  std::vector<CurvePoint> other = falling();
  other[7].y.lower /= 100;
  EXPECT_FALSE(png == render_curve(CurveKind::delta, other, CurveFormat::png));
  other = falling();
  other[7].y.upper *= 100;
  EXPECT_FALSE(png == render_curve(CurveKind::delta, other, CurveFormat::png));
}

TEST(Curve, NothingPositiveStillGivesAPicture) {
  for (const CurveFormat format : {CurveFormat::png, CurveFormat::svg}) {
    EXPECT_GT(render_curve(CurveKind::delta, {{0, {0, 0}}, {1, {0, 0}}}, format).size(), 1000u);
    EXPECT_GT(render_curve(CurveKind::delta, {{0, {1, 1}}}, format).size(), 1000u);
  }
}

}  // namespace
}  // namespace sfumato
