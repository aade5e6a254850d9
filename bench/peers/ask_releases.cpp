// Finds the best generalisation of a table whose columns and hierarchies lie in a folder as ARX hands them out:
// `ask_releases FOLDER TABLE K SUPPRESSION METRIC` prints one object of JSON.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "deid/hierarchy_file.h"
#include "sfumato/deid/generalisation.h"

using namespace sfumato;

namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ';');) cells.push_back(cell);
  return cells;
}

std::string next_line(std::ifstream& in) {
  std::string line;
  std::getline(in, line);
  std::erase(line, '\r');
  return line;
}

QuasiTable read(const std::string& folder, const std::string& name) {
  std::ifstream in(folder + "/" + name + ".csv");
  QuasiTable table;
  for (const std::string& column : cells_of(next_line(in))) {
    const std::string file = folder + "/" + name + "_hierarchy_" + column + ".csv";
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    const std::string text = bytes.str();
    table.quasi.push_back(read_hierarchy_file(file, &text).value());
  }
  table.cells.resize(table.quasi.size());
  for (std::string line = next_line(in); !line.empty(); line = next_line(in)) {
    const std::vector<std::string> cells = cells_of(line);
    for (std::size_t c = 0; c < cells.size(); ++c)
      table.cells[c].push_back(table.quasi[c].find(cells[c]).value());
  }
  return table;
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) return 2;
  const QuasiTable table = read(words[1], words[2]);
  const ReleaseLimits limits{{KAnonymity{std::stoull(words[3])}},
                             Fraction::parse(words[4]).value()};
  const LossMetric metric = loss_metric_named(words[5]).value();
  const std::clock_t begin = std::clock();
  const auto best = optimal_generalisation(table, limits, metric).value();
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  if (!best) return 1;
  fmt::print(
      "{{\"levels\": [{}], \"suppressed\": {}, \"loss\": {}, \"exactly\": \"{}\", \"seconds\": "
      "{}}}\n",
      fmt::join(best->levels, ", "), best->suppressed, best->loss,
      exact_loss(table, limits, metric, best->levels), seconds);
}
