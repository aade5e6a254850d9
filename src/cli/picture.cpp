#include "cli/picture.h"

#include <fmt/format.h>

#include <string_view>

#include "cli/cairo_drawing.h"
#include "cli/display.h"
#include "cli/html.h"

namespace sfumato {
namespace {

constexpr double kMostPixels = 32000;  // a side, as cairo counts them

std::string hexadecimal(Ink ink) {
  return fmt::format("#{:02x}{:02x}{:02x}", ink.red, ink.green, ink.blue);
}

std::string tip_element(const std::string& tip) {
  return tip.empty() ? "" : fmt::format("<title>{}</title>", html_text(tip));
}

std::string_view name_of(Anchor anchor) {
  return anchor == Anchor::start ? "start" : anchor == Anchor::middle ? "middle" : "end";
}

std::string element(const Box& box) {
  const std::string rect =
      fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"",
                  box.x, box.y, box.width, box.height, hexadecimal(box.ink));
  return box.tip.empty() ? rect + "/>\n" : rect + ">" + tip_element(box.tip) + "</rect>\n";
}

std::string element(const Stroke& stroke) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
      "stroke-width=\"{:g}\"/>\n",
      stroke.x0, stroke.y0, stroke.x1, stroke.y1, hexadecimal(stroke.ink), stroke.width);
}

std::string element(const Label& label) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{:g}\"{} fill=\"{}\">{}{}"
      "</text>\n",
      label.x, label.y, name_of(label.anchor), label.size, label.bold ? " font-weight=\"600\"" : "",
      hexadecimal(label.ink), tip_element(label.tip), html_text(label.text));
}

void take(cairo_t* cairo, Ink ink) {
  cairo_set_source_rgb(cairo, ink.red / 255.0, ink.green / 255.0, ink.blue / 255.0);
}

void draw(cairo_t* cairo, const Box& box) {
  take(cairo, box.ink);
  cairo_rectangle(cairo, box.x, box.y, box.width, box.height);
  cairo_fill(cairo);
}

void draw(cairo_t* cairo, const Stroke& stroke) {
  take(cairo, stroke.ink);
  cairo_set_line_width(cairo, stroke.width);
  cairo_move_to(cairo, stroke.x0, stroke.y0);
  cairo_line_to(cairo, stroke.x1, stroke.y1);
  cairo_stroke(cairo);
}

void draw(cairo_t* cairo, const Label& label) {
  const std::string text = printable(label.text);
  take(cairo, label.ink);
  cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         label.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo, label.size);
  cairo_text_extents_t size;
  cairo_text_extents(cairo, text.c_str(), &size);
  const double before = label.anchor == Anchor::start    ? 0
                        : label.anchor == Anchor::middle ? size.x_advance / 2
                                                         : size.x_advance;
  cairo_move_to(cairo, label.x - before, label.y);
  cairo_show_text(cairo, text.c_str());
}

}  // namespace

std::string svg_of(const Picture& picture) {
  std::string shapes;
  for (const auto& shape : picture.shapes)
    shapes += std::visit([](const auto& drawn) { return element(drawn); }, shape);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" "
      "viewBox=\"0 0 {0:g} {1:g}\" role=\"img\" "
      "font-family=\"system-ui, Helvetica, Arial, sans-serif\">\n"
      "<title>{2}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{3}</svg>\n",
      picture.width, picture.height, html_text(picture.title), shapes);
}

std::string png_of(const Picture& picture) {
  const int pixels_per_point = 2 * picture.height <= kMostPixels ? 2 : 1;
  return png_drawn(picture.width, picture.height, pixels_per_point, [&picture](cairo_t* cairo) {
    for (const auto& shape : picture.shapes)
      std::visit([cairo](const auto& drawn) { draw(cairo, drawn); }, shape);
  });
}

}  // namespace sfumato
