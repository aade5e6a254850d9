#include "cli/curve.h"

#include <utility>

#include "cli/display.h"
#include "cli/plot.h"

namespace sfumato {
namespace {

struct Names {
  std::string x, y;
};

Names names_of(CurveKind kind) {
  return kind == CurveKind::delta ? Names{"epsilon", "delta"} : Names{"alpha", "beta"};
}

std::string csv_of(CurveKind kind, const std::vector<CurvePoint>& points) {
  const auto [x, y] = names_of(kind);
  std::string text = x + ',' + y + "_lower," + y + "_upper\n";
  for (const CurvePoint& point : points)
    text +=
        shortest(point.x) + ',' + shortest(point.y.lower) + ',' + shortest(point.y.upper) + '\n';
  return text;
}

Plot plot_of(CurveKind kind, const std::vector<CurvePoint>& points) {
  PlotLine upper{"upper bound", {}}, lower{"lower bound", {}};
  for (const CurvePoint& point : points) {
    upper.points.push_back({point.x, point.y.upper});
    lower.points.push_back({point.x, point.y.lower});
  }
  auto [x, y] = names_of(kind);
  return {
      std::move(x), std::move(y), kind == CurveKind::delta, {std::move(upper), std::move(lower)}};
}

}  // namespace

Result<CurveFormat> curve_format(const std::string& file, const char* flag) {
  if (file.ends_with(".csv")) return CurveFormat::csv;
  if (file.ends_with(".svg")) return CurveFormat::svg;
  if (file.ends_with(".png")) return CurveFormat::png;
  return Error{Errc::invalid_parameter, flag,
               "must be a file that ends in .csv, .svg or .png, is '" + file + "'"};
}

std::string render_curve(CurveKind kind, const std::vector<CurvePoint>& points,
                         CurveFormat format) {
  if (format == CurveFormat::csv) return csv_of(kind, points);
  const Plot plot = plot_of(kind, points);
  return format == CurveFormat::svg ? svg_of(plot) : png_of(plot);
}

}  // namespace sfumato
