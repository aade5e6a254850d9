#include "cli/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cli/cairo_drawing.h"
#include "cli/ticks.h"

namespace sfumato {
namespace {

constexpr double kWidth = 720, kHeight = 440;
constexpr double kLeft = 84, kRight = 24, kTop = 24, kBottom = 60;
constexpr int kPixelsPerPoint = 2;  // of a png, so that it stands enlarging
constexpr int kMostTicks = 9;

struct Colour {
  double red, green, blue;
};
constexpr Colour kInk = {0.15, 0.17, 0.20}, kGrid = {0.87, 0.88, 0.90};
constexpr std::array<Colour, 3> kLines = {
    {{0.10, 0.35, 0.70}, {0.90, 0.45, 0.05}, {0.2, 0.6, 0.3}}};

// ---- where numbers stand

/// Numbers from `low` to `high`, with those that get a line of the grid.
struct Axis {
  double low, high, step;

  double share(double value) const { return (value - low) / (high - low); }
};

Axis x_axis(const Plot& plot) {
  double high = 0;
  for (const PlotLine& line : plot.lines)
    for (const PlotPoint& point : line.points) high = std::max(high, point.x);
  if (!(high > 0)) high = 1;
  return {0, high, tick_step(high, kMostTicks)};
}

Axis linear_y_axis(const Plot& plot) {
  double high = 0;
  for (const PlotLine& line : plot.lines)
    for (const PlotPoint& point : line.points) high = std::max(high, point.y);
  if (!(high > 0)) high = 1;
  return {0, high, tick_step(high, kMostTicks)};
}

/// Exponents of ten; whole at both ends, and at least one apart.
Axis log_y_axis(const Plot& plot) {
  double low = 0, high = -std::numeric_limits<double>::infinity();
  for (const PlotLine& line : plot.lines)
    for (const PlotPoint& point : line.points)
      if (point.y > 0) {
        low = std::min(low, std::floor(std::log10(point.y)));
        high = std::max(high, std::ceil(std::log10(point.y)));
      }
  high = std::max(high, low + 1);
  return {low, high, std::max(1.0, tick_step(high - low, kMostTicks))};
}

// ---- what is drawn

/// One picture being drawn.
class Canvas {
 public:
  Canvas(cairo_t* cairo, const Plot& plot)
      : cairo_(cairo),
        plot_(plot),
        x_(x_axis(plot)),
        y_(plot.log_y ? log_y_axis(plot) : linear_y_axis(plot)) {}

  void draw() {
    cairo_select_font_face(cairo_, "@cairo:", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo_, 15);
    grid();
    for (std::size_t i = 0; i < plot_.lines.size(); ++i) line(i);
    names();
  }

 private:
  double across(double x) const { return kLeft + x_.share(x) * (kWidth - kLeft - kRight); }
  double down(double y) const { return kTop + (1 - y_.share(y)) * (kHeight - kTop - kBottom); }

  void ink(Colour colour) { cairo_set_source_rgb(cairo_, colour.red, colour.green, colour.blue); }

  void stroke(double x0, double y0, double x1, double y1) {
    cairo_move_to(cairo_, x0, y0);
    cairo_line_to(cairo_, x1, y1);
    cairo_stroke(cairo_);
  }

  /// `text` whose share `align` of its width lies left of x.
  void write(const std::string& text, double x, double y, double align) {
    cairo_text_extents_t size;
    cairo_text_extents(cairo_, text.c_str(), &size);
    cairo_move_to(cairo_, x - align * size.x_advance, y);
    cairo_show_text(cairo_, text.c_str());
  }

  void grid() {
    cairo_set_line_width(cairo_, 1);
    for (int i = 0; x_.low + i * x_.step <= x_.high * (1 + 1e-9); ++i) {
      const double value = x_.low + i * x_.step, x = across(value);
      ink(kGrid);
      stroke(x, kTop, x, kHeight - kBottom);
      ink(kInk);
      write(fmt::format("{:.6g}", value), x, kHeight - kBottom + 20, 0.5);
    }
    for (int i = 0; y_.high - i * y_.step >= y_.low - 1e-9; ++i) {
      const double value = y_.high - i * y_.step, y = down(value);
      ink(kGrid);
      stroke(kLeft, y, kWidth - kRight, y);
      ink(kInk);
      write(plot_.log_y ? power_of_ten(value) : fmt::format("{:.6g}", value), kLeft - 8, y + 5, 1);
    }
  }

  static std::string power_of_ten(double exponent) {
    return exponent == 0 ? "1" : fmt::format("1e{:.0f}", exponent);
  }

  void line(std::size_t index) {
    cairo_save(cairo_);
    cairo_rectangle(cairo_, kLeft, kTop - 2, kWidth - kLeft - kRight, kHeight - kTop - kBottom + 4);
    cairo_clip(cairo_);
    pen(index);
    for (const PlotPoint& point : plot_.lines[index].points)
      cairo_line_to(cairo_, across(point.x), down(height_of(point)));
    cairo_stroke(cairo_);
    cairo_restore(cairo_);
  }

  /// Later lines are thinner and dashed: where two coincide both are seen.
  void pen(std::size_t index) {
    constexpr std::array<double, 2> kDashes = {9, 7};
    ink(kLines[index % kLines.size()]);
    cairo_set_line_width(cairo_, index == 0 ? 3.5 : 2);
    cairo_set_dash(cairo_, kDashes.data(), index == 0 ? 0 : 2, 0);
  }

  double height_of(const PlotPoint& point) const {
    if (!plot_.log_y) return point.y;
    return point.y > 0 ? std::log10(point.y) : 2 * y_.low - y_.high;
  }

  void names() {
    for (std::size_t i = 0; i < plot_.lines.size(); ++i) {
      const double y = kTop + 22 + 22 * static_cast<double>(i), end = kWidth - kRight - 12;
      pen(i);
      stroke(end - 36, y - 5, end, y - 5);
      ink(kInk);
      write(plot_.lines[i].name, end - 46, y, 1);
    }
    cairo_set_dash(cairo_, nullptr, 0, 0);
    write(plot_.x_name, (kLeft + kWidth - kRight) / 2, kHeight - 14, 0.5);
    cairo_save(cairo_);
    cairo_translate(cairo_, 20, (kTop + kHeight - kBottom) / 2);
    cairo_rotate(cairo_, -std::acos(0.0));
    write(plot_.y_name, 0, 0, 0.5);
    cairo_restore(cairo_);
  }

  cairo_t* cairo_;
  const Plot& plot_;
  Axis x_, y_;
};

Drawing drawing_of(const Plot& plot) {
  return [&plot](cairo_t* cairo) { Canvas(cairo, plot).draw(); };
}

}  // namespace

std::string svg_of(const Plot& plot) {
  return svg_drawn(kWidth, kHeight, drawing_of(plot));
}

std::string png_of(const Plot& plot) {
  return png_drawn(kWidth, kHeight, kPixelsPerPoint, drawing_of(plot));
}

}  // namespace sfumato
