#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sfumato {

struct Ink {
  std::uint8_t red, green, blue;
};

struct Box {
  double x, y, width, height;
  Ink ink;
  std::string tip = {};  ///< shown by a browser where the mouse rests
};

struct Stroke {
  double x0, y0, x1, y1;
  double width;
  Ink ink;
};

enum class Anchor { start, middle, end };

/// Text of one line whose start, middle or end is at (x, y). It may be any bytes: it is shown as `printable`.
struct Label {
  double x, y;
  std::string text;
  Anchor anchor;
  double size;
  bool bold;
  Ink ink;
  std::string tip = {};
};

/// Shapes on white, each above those before it; lengths are in points, from the upper left.
struct Picture {
  double width, height;
  std::string title;  ///< for who cannot see it
  std::vector<std::variant<Box, Stroke, Label>> shapes = {};
};

/// It loads nothing and runs nothing, whatever the texts are.
std::string svg_of(const Picture& picture);

/// In the letters of the machine's sans-serif.
std::string png_of(const Picture& picture);

}  // namespace sfumato
