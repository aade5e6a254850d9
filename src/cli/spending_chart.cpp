#include "cli/spending_chart.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/budget_view.h"
#include "cli/display.h"
#include "cli/html.h"
#include "cli/ticks.h"

namespace sfumato {
namespace {

constexpr int kColumns = 240;                  // moments that the picture tells apart
constexpr double kWidth = 960, kHeight = 400;  // of its coordinates, which are stretched to fit
constexpr int kMostTimes = 4, kMostAmounts = 4;

/// What each spender had spent by the end of each column.
using Totals = std::vector<std::vector<double>>;

/// Seconds from side to side; a little more than there were, so that the last step is seen.
double width_of(const SpendingChart& chart) {
  return 1.04 * static_cast<double>(std::max<std::int64_t>(chart.end - chart.begin, 1));
}

Totals totals_of(const SpendingChart& chart) {
  Totals totals(chart.spenders.size(), std::vector<double>(kColumns + 1, 0));
  const double seconds = width_of(chart);
  for (const SpendingStep& step : chart.steps) {
    const double share = static_cast<double>(step.second - chart.begin) / seconds;
    const int column = std::clamp(static_cast<int>(share * kColumns), 0, kColumns);
    totals[step.spender][static_cast<std::size_t>(column)] += step.amount;
  }
  for (std::vector<double>& row : totals)
    for (std::size_t i = 1; i < row.size(); ++i) row[i] += row[i - 1];
  return totals;
}

/// The corners of steps at these heights, from left to right or back, without those that lie on a line.
std::string steps_along(const std::vector<double>& tops, bool back) {
  std::string path;
  const std::size_t last = tops.size() - 1;
  for (std::size_t i = 1; i < tops.size(); ++i) {
    const std::size_t at = back ? last + 1 - i : i;
    if (tops[at] == tops[at - 1]) continue;
    path += fmt::format("H{:.0f}V{:.1f}", kWidth * static_cast<double>(at) / kColumns,
                        back ? tops[at - 1] : tops[at]);
  }
  return path;
}

class Figure {
 public:
  explicit Figure(const SpendingChart& chart) : chart_(chart), totals_(totals_of(chart)) {
    for (const auto& row : totals_) spent_ += row.back();
    const bool cap_is_near = spent_ >= chart.cap / 5;
    top_ = cap_is_near ? std::max(chart.cap, spent_) * 1.1 : spent_ * 1.25;
    if (!(top_ > 0)) top_ = 1;
    shows_cap_ = chart.cap <= top_;
  }

  std::string text() const {
    return fmt::format(
        "<figure class=\"chart\"><div class=\"plot\">\n<div class=\"ys\" "
        "aria-hidden=\"true\">{}</div>\n"
        "<div class=\"drawn\"><svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"{}\">\n{}{}{}</svg>{}</div>\n"
        "<div class=\"xs\" aria-hidden=\"true\">{}</div></div>\n"
        "<figcaption>{}</figcaption></figure>\n",
        amounts(), kWidth, kHeight, label(), grid(), areas(), cap(), cap_name(), times(),
        caption());
  }

 private:
  double down(double amount) const { return kHeight * (1 - amount / top_); }

  std::string period() const {
    return fmt::format("{} to {} UTC", minute_of(chart_.begin), minute_of(chart_.end));
  }

  std::string label() const {
    return fmt::format("{} spent over time, stacked by who spent it, {}: in all {:.4g} of {:.4g}.",
                       chart_.letter, period(), spent_, chart_.cap);
  }

  std::string caption() const {
    return fmt::format(
        "{} spent, {}.{}", chart_.letter, period(),
        shows_cap_ ? "" : fmt::format(" The cap, {:.6g}, lies above the picture.", chart_.cap));
  }

  /// Amounts that get a line, from 0 on.
  std::vector<double> lines() const {
    const double step = tick_step(top_, kMostAmounts);
    std::vector<double> at;
    for (int i = 0; i * step <= top_; ++i) at.push_back(i * step);
    return at;
  }

  std::string amounts() const {
    std::string text;
    for (const double amount : lines())
      text +=
          fmt::format("<span style=\"bottom:{:.2f}%\">{:.6g}</span>", 100 * amount / top_, amount);
    return text;
  }

  std::string times() const {
    const double seconds = width_of(chart_);
    std::string text;
    for (const TimeTick& tick : time_ticks(chart_.begin, chart_.end, kMostTimes)) {
      const double share = static_cast<double>(tick.second - chart_.begin) / seconds;
      const char* const side = share < 0.12   ? " class=\"first\""
                               : share > 0.88 ? " class=\"last\""
                                              : "";
      text += fmt::format("<span{} style=\"left:{:.2f}%\">{}</span>", side, 100 * share, tick.name);
    }
    return text;
  }

  std::string grid() const {
    std::string path;
    for (const double amount : lines())
      path += fmt::format("M0 {:.1f}H{:.0f}", down(amount), kWidth);
    return fmt::format("<path class=\"grid\" d=\"{}\"/>\n", path);
  }

  std::string areas() const {
    std::string text;
    std::vector<double> below(kColumns + 1, kHeight), sum(kColumns + 1, 0);
    for (std::size_t who = 0; who < totals_.size(); ++who) {
      std::vector<double> above(kColumns + 1);
      for (std::size_t i = 0; i < above.size(); ++i) above[i] = down(sum[i] += totals_[who][i]);
      text += fmt::format(
          "<path class=\"s{}\" d=\"M0 {:.1f}{}H{:.0f}V{:.1f}{}H0Z\"><title>{}: {} "
          "{:.6g}</title></path>\n",
          std::min(who, kSpenderColours - 1), above.front(), steps_along(above, false), kWidth,
          below.back(), steps_along(below, true), html_text(chart_.spenders[who]), chart_.letter,
          totals_[who].back());
      below = std::move(above);
    }
    return text;
  }

  std::string cap() const {
    if (!shows_cap_) return {};
    return fmt::format(
        "<path class=\"cap\" d=\"M0 {:.1f}H{:.0f}\"><title>the cap: {:.6g}</title></path>\n",
        down(chart_.cap), kWidth, chart_.cap);
  }

  std::string cap_name() const {
    if (!shows_cap_) return {};
    return fmt::format(
        "<span class=\"capname\" aria-hidden=\"true\" style=\"bottom:{:.2f}%\">cap {:.6g}</span>",
        100 * chart_.cap / top_, chart_.cap);
  }

  const SpendingChart& chart_;
  Totals totals_;
  double spent_ = 0, top_ = 1;
  bool shows_cap_ = false;
};

}  // namespace

std::string spending_figure(const SpendingChart& chart) {
  return Figure(chart).text();
}

}  // namespace sfumato
