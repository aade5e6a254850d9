#include "cli/tuning_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/display.h"
#include "cli/json.h"
#include "cli/layout.h"

namespace sfumato {
namespace {

constexpr double kMargin = 20, kNames = 170, kBars = 400, kNumbers = 80, kRow = 22, kBar = 13;
constexpr double kHead = 34, kFoot = 18;
constexpr Ink kInk = {38, 41, 46}, kQuiet = {98, 104, 114}, kBest = {92, 138, 196},
              kOther = {196, 212, 234};

std::string percent(double share) {
  return fmt::format("{} %", rounded(100 * share, std::min(places_for(10 * share), 6)));
}

std::string flags_text(const Tuning& tuning) {
  std::vector<std::string> flags;
  for (const TunedParameter& parameter : tuning.parameters)
    flags.push_back(parameter.flag + " " + printable(parameter.tried[parameter.best].text));
  if (flags.empty()) return "nothing: all is given";
  return fmt::format("{}", fmt::join(flags, " "));
}

std::string parameter_table(const TunedParameter& parameter) {
  std::vector<std::vector<std::string>> rows = {{parameter.flag, "error", ""}};
  for (std::size_t i = 0; i < parameter.tried.size(); ++i)
    rows.push_back({printable(parameter.tried[i].text), percent(parameter.tried[i].error),
                    i == parameter.best ? "recommended" : ""});
  return aligned(rows, {Align::right, Align::right, Align::left});
}

void draw(const TunedParameter& parameter, Picture& picture) {
  double most = 0;
  for (const Tried& tried : parameter.tried) most = std::max(most, tried.error);
  picture.shapes.emplace_back(
      Label{kMargin, picture.height + 20, parameter.flag, Anchor::start, 14, true, kInk});
  picture.height += kHead;
  for (std::size_t i = 0; i < parameter.tried.size(); ++i) {
    const Tried& tried = parameter.tried[i];
    const double middle = picture.height + kRow / 2;
    const bool best = i == parameter.best;
    const double width = most > 0 ? kBars * tried.error / most : 0;
    picture.shapes.emplace_back(Label{kMargin + kNames - 8, middle + 4,
                                      shortened(printable(tried.text), 60), Anchor::end, 12, best,
                                      kInk, tried.text});
    picture.shapes.emplace_back(
        Box{kMargin + kNames, middle - kBar / 2, width, kBar, best ? kBest : kOther});
    picture.shapes.emplace_back(Label{kMargin + kNames + kBars + kNumbers, middle + 4,
                                      percent(tried.error), Anchor::end, 12, best, kInk});
    picture.height += kRow;
  }
  picture.height += kFoot;
}

}  // namespace

std::string tuning_table(const Tuning& tuning, const std::string& asked) {
  std::string text =
      fmt::format("Recommended: {}\nExpected error: {} of the exact answers, at {}.\n",
                  flags_text(tuning), percent(tuning.error), asked);
  for (const TunedParameter& parameter : tuning.parameters)
    text += "\n" + parameter_table(parameter);
  return text +
         "\nErrors are root mean squares over groups, of bounds, clamps and noise together, all "
         "else as recommended.\n"
         "The sample was taken as public: nothing of it is protected, and nothing was charged.\n";
}

std::string tuning_json(const Tuning& tuning) {
  std::vector<std::string> parameters;
  for (const TunedParameter& parameter : tuning.parameters) {
    std::vector<std::string> tried;
    for (const Tried& one : parameter.tried)
      tried.push_back(
          json_object({{"value", json_text(one.text)}, {"error", json_number(one.error)}}));
    parameters.push_back(
        json_object({{"flag", json_text(parameter.flag)},
                     {"recommended", json_text(parameter.tried[parameter.best].text)},
                     {"tried", fmt::format("[{}]", fmt::join(tried, ", "))}}));
  }
  return json_document(
      {{"error", json_number(tuning.error)},
       {"parameters", parameters.empty()
                          ? "[]"
                          : fmt::format("[\n    {}\n  ]", fmt::join(parameters, ",\n    "))}});
}

Picture tuning_chart(const Tuning& tuning, const std::string& asked) {
  Picture picture{.width = 2 * kMargin + kNames + kBars + kNumbers,
                  .height = 12,
                  .title = "Expected error of what was tried"};
  for (const TunedParameter& parameter : tuning.parameters) draw(parameter, picture);
  picture.height += 20;
  picture.shapes.emplace_back(Label{kMargin, picture.height - 4,
                                    shortened("Expected error at " + asked + ".", 100),
                                    Anchor::start, 12, false, kQuiet});
  picture.height += 12;
  return picture;
}

}  // namespace sfumato
