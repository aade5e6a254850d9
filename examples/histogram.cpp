// A histogram: how old the people of the experiment were in its first year, by decades.
//
// A person stands in one bin at most, so that all bins together have L1 sensitivity 1: the whole
// histogram costs the ε of one count.
#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "sfumato/sfumato.h"

namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream rest(line);
  for (std::string cell; std::getline(rest, cell, ',');) cells.push_back(cell);
  return cells;
}

}  // namespace

int main() {
  using namespace sfumato;
  std::array<std::int64_t, 7> decades{};
  std::set<std::string> seen;  // a person counts once, however many rows the file has
  std::ifstream table("data/randhie.csv");
  std::string line;
  std::getline(table, line);  // person,site,plan,coinsurance,year,age,...
  while (std::getline(table, line)) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells[4] != "1" || !seen.insert(cells[0]).second) continue;
    const double decade = std::clamp(std::stod(cells[5]) / 10, 0.0, 6.0);
    ++decades[static_cast<std::size_t>(decade)];
  }

  const auto mechanism =
      DiscreteLaplaceMechanism::make({.epsilon = 0.5_eps, .sensitivity = 1_l1}).value();
  auto bits = SystemBits::open().value();
  for (std::size_t decade = 0; decade < decades.size(); ++decade) {
    const std::int64_t people = mechanism.release(decades[decade], bits);
    const auto bar = static_cast<std::size_t>(std::max<std::int64_t>(people, 0) / 40);
    std::cout << 10 * decade << "s  " << people << "  " << std::string(bar, '#') << '\n';
  }
}
