#pragma once

#include <string>
#include <vector>

namespace sfumato {

struct PlotPoint {
  double x, y;
};

/// What is drawn of a function: neighbouring points are joined.
struct PlotLine {
  std::string name;
  std::vector<PlotPoint> points;
};

/// A picture of lines over x >= 0. Names are in ASCII, which is what cairo's own letters hold: a picture
/// is the same on each machine, whatever letters are installed there.
struct Plot {
  std::string x_name, y_name;
  bool log_y;  ///< in powers of ten; points with y = 0 lie below the picture
  std::vector<PlotLine> lines;
};

std::string svg_of(const Plot& plot);
std::string png_of(const Plot& plot);

}  // namespace sfumato
