#include "cli/cairo_drawing.h"

#include <cairo/cairo-svg.h>

#include <cmath>
#include <memory>

namespace sfumato {
namespace {

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Context = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

cairo_status_t append(void* text, const unsigned char* bytes, unsigned count) {
  static_cast<std::string*>(text)->append(bytes, bytes + count);
  return CAIRO_STATUS_SUCCESS;
}

void draw(const Drawing& drawing, cairo_surface_t* surface) {
  const Context cairo(cairo_create(surface), &cairo_destroy);
  cairo_set_source_rgb(cairo.get(), 1, 1, 1);
  cairo_paint(cairo.get());
  drawing(cairo.get());
}

}  // namespace

std::string svg_drawn(double width, double height, const Drawing& drawing) {
  std::string text;
  const Surface surface(cairo_svg_surface_create_for_stream(append, &text, width, height),
                        &cairo_surface_destroy);
  draw(drawing, surface.get());
  cairo_surface_finish(surface.get());
  return text;
}

std::string png_drawn(double width, double height, int pixels_per_point, const Drawing& drawing) {
  const auto pixels = [&](double points) {
    return static_cast<int>(std::ceil(points)) * pixels_per_point;
  };
  const Surface surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels(width), pixels(height)),
      &cairo_surface_destroy);
  cairo_surface_set_device_scale(surface.get(), pixels_per_point, pixels_per_point);
  draw(drawing, surface.get());
  std::string bytes;
  cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
  return bytes;
}

}  // namespace sfumato
