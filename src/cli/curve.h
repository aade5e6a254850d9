#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/directed.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// Bounds of a function at one place.
struct CurvePoint {
  double x;
  Bounds y;
};

enum class CurveFormat { csv, svg, png };

/// δ over ε, on a logarithmic axis, or β over α.
enum class CurveKind { delta, beta };

/// By the end of the file's name: a picture cannot be asked for in another way. `flag` is whose file.
Result<CurveFormat> curve_format(const std::string& file, const char* flag);

/// CSV with the columns epsilon, delta_lower and delta_upper (or alpha, beta_lower and beta_upper) in
/// shortest digits, or a picture.
std::string render_curve(CurveKind kind, const std::vector<CurvePoint>& points, CurveFormat format);

}  // namespace sfumato
