#pragma once

#include <cairo/cairo.h>

#include <functional>
#include <string>

namespace sfumato {

/// Draws by a context whose coordinates are points.
using Drawing = std::function<void(cairo_t*)>;

/// What was drawn on white, as the bytes of a file.
std::string svg_drawn(double width, double height, const Drawing& drawing);
std::string png_drawn(double width, double height, int pixels_per_point, const Drawing& drawing);

}  // namespace sfumato
