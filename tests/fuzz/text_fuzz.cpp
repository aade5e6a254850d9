#include <algorithm>

#include "deid/detectors.h"
#include "deid/reading.h"
#include "fuzz/target.h"
#include "sfumato/deid/text_finder.h"

namespace sfumato {
namespace {

TextFinder finder() {
  std::vector<Detector> detectors;
  for (const DetectorLaw& law : detector_laws()) detectors.push_back(law.detector);
  const Dictionary dictionary{.name = "d", .words = {"Anna", "Anna Lena", "n", "王"}};
  const Pattern pattern{.name = "p", .regex = "MRN[ :]*\\d{6,8}|\\b[a-c.]+x$", .context = {"Anna"}};
  return TextFinder::make(detectors, std::span(&dictionary, 1), std::span(&pattern, 1)).value();
}

}  // namespace

void take(std::string_view bytes) {
  static TextFinder made = finder();
  std::vector<Finding> found;
  if (!made.find(bytes, found)) return require(found.empty());
  std::size_t at = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Finding& finding = found[i];
    require(at <= finding.begin && finding.begin < finding.end && finding.end <= bytes.size());
    at = finding.end;
    if (finding.by >= detector_laws().size() || finding.joined) continue;
    const DetectorLaw& law = detector_laws()[finding.by];
    require(law.accepts(made.as_read(i)));
    // By itself it is found, too, whole.
    std::vector<Finding> again;
    require(made.find(std::string(made.as_read(i)), again));
    require(again.size() == 1 && again[0].begin == 0);
    found.clear();
    require(made.find(bytes, found));
  }
}

std::vector<std::string> seeds() {
  return {"Anna MRN: 1234567 abc.x",
          "card 4111 1111 1111 1111, 4111-1111-1111-1111 ４１１１１１１１１１１１１１１１",
          "to DE89 3704 0044 0532 0130 00; 123-45-6789 021000021 a@b.cd müller@exämple.de",
          "11010519491231002X 138 0013 8000 +86 13800138000 192.0.2.1 2001:db8::1 ::1",
          "ac:de:48:00:00:80 acde.4800.0080 +49 (0)30 123456 (415) 555-2671 Anna Lena 王小明",
          "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
          "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};
}

}  // namespace sfumato
