#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/directed.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// δ at one ε.
struct CurvePoint {
  double epsilon;
  Bounds delta;
};

enum class CurveFormat { csv, svg, png };

/// By the end of the file's name: a picture cannot be asked for in another way.
Result<CurveFormat> curve_format(const std::string& file);

/// CSV with the columns epsilon, delta_lower and delta_upper in shortest digits, or a picture with δ on
/// a logarithmic axis.
std::string render_curve(const std::vector<CurvePoint>& points, CurveFormat format);

}  // namespace sfumato
