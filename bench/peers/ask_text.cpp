// ask_text FILE SECONDS: how many bytes of its lines we search a second of the processor, and how many findings there
// are. See bench/peers/free_text.py.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "rate.h"
#include "sfumato/deid/text_finder.h"

int main(int argc, char** argv) {
  using namespace sfumato;
  if (argc != 3) return 2;
  std::ifstream in(argv[1]);
  std::vector<std::string> lines;
  double bytes = 0;
  for (std::string line; std::getline(in, line); lines.push_back(line))
    bytes += static_cast<double>(line.size());
  const Detector detectors[] = {Detector::payment_card, Detector::iban, Detector::us_ssn,
                                Detector::email,        Detector::ipv4, Detector::phone};
  TextFinder finder = TextFinder::make(detectors).value();
  std::vector<Finding> found;
  const double searched = rate(std::atof(argv[2]), bytes, [&] {
    found.clear();
    for (const std::string& line : lines) finder.find(line, found);
  });
  std::printf("{\"rate\": %.0f, \"findings\": %zu}\n", searched, found.size());
}
