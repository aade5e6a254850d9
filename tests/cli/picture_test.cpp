#include "cli/picture.h"

#include <gtest/gtest.h>

#include <string>

namespace sfumato {
namespace {

Picture one_of_each(const std::string& text) {
  return {.width = 100,
          .height = 50,
          .title = text,
          .shapes = {Box{1, 2, 3.26, 4, {255, 0, 16}, text}, Stroke{0, 1, 2, 3, 1.5, {1, 2, 3}},
                     Label{9, 8, text, Anchor::middle, 12, true, {0, 0, 0}, text}}};
}

TEST(Picture, SvgHasAnElementForEachShapeInItsOrder) {
  const std::string svg = svg_of(one_of_each("a"));
  EXPECT_NE(svg.find("<rect x=\"1.0\" y=\"2.0\" width=\"3.3\" height=\"4.0\" fill=\"#ff0010\">"
                     "<title>a</title></rect>\n"
                     "<line x1=\"0.0\" y1=\"1.0\" x2=\"2.0\" y2=\"3.0\" stroke=\"#010203\" "
                     "stroke-width=\"1.5\"/>\n"
                     "<text x=\"9.0\" y=\"8.0\" text-anchor=\"middle\" font-size=\"12\" "
                     "font-weight=\"600\" fill=\"#000000\"><title>a</title>a</text>\n</svg>"),
            std::string::npos)
      << svg;
}

TEST(Picture, NoTextOpensATagAnEntityOrTheEndOfAnAttribute) {
  const std::string svg = svg_of(one_of_each("</text><script>&\"'\x1b[31m\xff\u202e"));
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_EQ(svg.find('\x1b'), std::string::npos);
  EXPECT_EQ(svg.find('\xff'), std::string::npos);
  EXPECT_EQ(svg.find("&\""), std::string::npos);
  EXPECT_NE(svg.find("&lt;/text&gt;&lt;script&gt;&amp;&quot;&#39;\\x1b[31m\\xff\\u202e</text>"),
            std::string::npos)
      << svg;
}

/// The four bytes of a PNG's header from `at` on, as a number.
std::size_t number_at(const std::string& png, std::size_t at) {
  std::size_t number = 0;
  for (std::size_t i = at; i < at + 4; ++i)
    number = number << 8 | static_cast<unsigned char>(png[i]);
  return number;
}

TEST(Picture, PngHasTwoPixelsAPointWhereItIsNotTooHigh) {
  Picture picture = one_of_each("\xff\xfe letters \u4e00");
  std::string png = png_of(picture);
  EXPECT_EQ(png.substr(1, 3), "PNG");
  EXPECT_EQ(number_at(png, 16), 200U);
  EXPECT_EQ(number_at(png, 20), 100U);
  picture.height = 27'000;
  png = png_of(picture);
  EXPECT_EQ(number_at(png, 16), 100U);
  EXPECT_EQ(number_at(png, 20), 27'000U);
}

TEST(Picture, PngHangsOnEachShape) {
  const std::string png = png_of(one_of_each("a"));
  EXPECT_TRUE(png == png_of(one_of_each("a")));
  for (std::size_t shape = 0; shape < 3; ++shape) {
    Picture without = one_of_each("a");
    without.shapes.erase(without.shapes.begin() + static_cast<std::ptrdiff_t>(shape));
    EXPECT_FALSE(png == png_of(without)) << shape;
  }
}

}  // namespace
}  // namespace sfumato
