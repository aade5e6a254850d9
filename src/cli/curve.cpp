#include "cli/curve.h"

#include <utility>

#include "cli/display.h"
#include "cli/plot.h"

namespace sfumato {
namespace {

std::string csv_of(const std::vector<CurvePoint>& points) {
  std::string text = "epsilon,delta_lower,delta_upper\n";
  for (const CurvePoint& point : points)
    text += shortest(point.epsilon) + ',' + shortest(point.delta.lower) + ',' +
            shortest(point.delta.upper) + '\n';
  return text;
}

Plot plot_of(const std::vector<CurvePoint>& points) {
  PlotLine upper{"upper bound", {}}, lower{"lower bound", {}};
  for (const CurvePoint& point : points) {
    upper.points.push_back({point.epsilon, point.delta.upper});
    lower.points.push_back({point.epsilon, point.delta.lower});
  }
  return {"epsilon", "delta", true, {std::move(upper), std::move(lower)}};
}

}  // namespace

Result<CurveFormat> curve_format(const std::string& file) {
  if (file.ends_with(".csv")) return CurveFormat::csv;
  if (file.ends_with(".svg")) return CurveFormat::svg;
  if (file.ends_with(".png")) return CurveFormat::png;
  return Error{Errc::invalid_parameter, "curve",
               "must be a file that ends in .csv, .svg or .png, is '" + file + "'"};
}

std::string render_curve(const std::vector<CurvePoint>& points, CurveFormat format) {
  if (format == CurveFormat::csv) return csv_of(points);
  const Plot plot = plot_of(points);
  return format == CurveFormat::svg ? svg_of(plot) : png_of(plot);
}

}  // namespace sfumato
