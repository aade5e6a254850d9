#include "cli/answer_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "cli/display.h"
#include "cli/ticks.h"

namespace sfumato {
namespace {

constexpr std::size_t kMostBars = 100, kMostPanels = 12;
constexpr std::size_t kMostColumns = 26;
constexpr double kMargin = 20, kBars = 460, kNumbers = 92, kGap = 10;
constexpr double kHead = 38, kRow = 24, kBar = 14, kFoot = 38, kLine = 18;
constexpr double kDigit = 0.64, kLetter = 0.56;  // how wide these are, of the size of their letters
constexpr double kText = 12, kTitle = 14;
constexpr double kFarthest = 1e300;  // what lies beyond is drawn at the edge
constexpr int kMostTicks = 6;
constexpr Ink kInk = {38, 41, 46}, kQuiet = {98, 104, 114}, kGrid = {227, 230, 234},
              kZero = {138, 144, 153}, kSure = {92, 138, 196}, kUnsure = {196, 212, 234};

/// `text`, which is printable, in at most so many columns.
std::string within(const std::string& text, std::size_t columns) {
  if (columns_in(text) <= columns) return text;
  std::string head = shortened(text, 4 * columns);
  while (columns_in(head) >= columns) head = shortened(head, head.size() - 1);
  return head + "…";
}

/// How many letters of that size fit into that width, about.
std::size_t letters_in(double width, double size) {
  return static_cast<std::size_t>(width / (size * kLetter));
}

std::string whole_name(const AnswerRow& row, const Query& query) {
  if (query.by.empty()) return "all";
  return fmt::format("{}", fmt::join(keys_text(row, query), ", "));
}

/// Numbers from side to side of a panel: whole steps, with 0 among them.
struct Axis {
  double low, high, step;

  double share(double x) const { return (std::clamp(x, low, high) - low) / (high - low); }
};

struct Bar {
  std::string name;
  Estimate estimate;
};

/// One item of the select list in all groups, or one histogram in one of them.
struct Content {
  std::string title;
  std::vector<Bar> bars;
  int places;
};

Content item_of(const Report& report, std::size_t item) {
  Content content{report.aggregates[item].name, {}, places_of(report, item)};
  for (std::size_t i = 0; i < report.query.by.size(); ++i)
    content.title += (i == 0 ? " by " : ", ") + report.query.by[i];
  for (const AnswerRow& row : *report.rows)
    content.bars.push_back({whole_name(row, report.query), row.values[item]});
  return content;
}

std::string name_of_histogram(const Aggregate& bin) {
  return "histogram(" + bin.column + ")";
}

Content histogram_of(const Report& report, std::size_t item, const AnswerRow& row) {
  const Aggregate& first = report.query.select[item];
  Content content{name_of_histogram(first), {}, places_of(report, item)};
  if (!report.query.by.empty()) content.title += ", " + whole_name(row, report.query);
  for (std::size_t bin = 0; bin + 1 < first.edges.size(); ++bin)
    content.bars.push_back(
        {fmt::format("{:.12g} to {:.12g}", first.edges[bin], first.edges[bin + 1]),
         row.values[item + bin]});
  return content;
}

std::vector<Content> contents_of(const Report& report) {
  std::vector<Content> contents;
  for (std::size_t item = 0; item < report.aggregates.size();) {
    const Aggregate& aggregate = report.query.select[item];
    if (aggregate.kind != Aggregate::Kind::histogram) {
      contents.push_back(item_of(report, item));
      ++item;
      continue;
    }
    for (const AnswerRow& row : *report.rows)
      contents.push_back(histogram_of(report, item, row));
    if (report.rows->empty()) contents.push_back({name_of_histogram(aggregate), {}, 0});
    item += aggregate.edges.size() - 1;
  }
  return contents;
}

class Panel {
 public:
  Panel(const Content& content, double mark, double names, double top)
      : content_(content),
        mark_(mark),
        left_(kMargin + names + kGap),
        top_(top),
        shown_(std::min(content.bars.size(), kMostBars)),
        axis_(axis()) {}

  double height() const { return kHead + kRow * lines() + kFoot; }

  void draw(Picture& picture) const {
    picture.shapes.emplace_back(
        Label{kMargin, top_ + 20, title(), Anchor::start, kTitle, true, kInk});
    grid(picture);
    if (shown_ == 0)
      picture.shapes.emplace_back(Label{left_ + kGap, top_ + kHead + kRow / 2 + 4,
                                        "no group is shown", Anchor::start, kText, false, kQuiet});
    for (std::size_t i = 0; i < shown_; ++i) row(i, picture);
  }

 private:
  double lines() const { return static_cast<double>(std::max<std::size_t>(shown_, 1)); }
  double across(double x) const { return left_ + kBars * axis_.share(x); }

  const Estimate& estimate(std::size_t i) const { return content_.bars[i].estimate; }

  std::string title() const {
    return within(printable(content_.title),
                  letters_in(left_ - kMargin + kBars + kNumbers, kTitle));
  }

  Axis axis() const {
    double low = 0, high = 0;
    for (std::size_t i = 0; i < shown_; ++i)
      for (const double x : {estimate(i).value, estimate(i).low, estimate(i).high})
        if (std::isfinite(x)) {
          low = std::max(std::min(low, x), -kFarthest);
          high = std::min(std::max(high, x), kFarthest);
        }
    if (low == high) high = 1;
    const double step = tick_step(high - low, kMostTicks);
    return {std::floor(low / step) * step, std::ceil(high / step) * step, step};
  }

  void grid(Picture& picture) const {
    const double top = top_ + kHead - 6, bottom = top_ + kHead + kRow * lines();
    const auto last = static_cast<int>(std::round(axis_.high / axis_.step));
    for (auto i = static_cast<int>(std::round(axis_.low / axis_.step)); i <= last; ++i) {
      const double x = across(i * axis_.step);
      picture.shapes.emplace_back(Stroke{x, top, x, bottom + 4, 1, i == 0 ? kZero : kGrid});
      picture.shapes.emplace_back(Label{x, bottom + 18, fmt::format("{:.6g}", i * axis_.step),
                                        Anchor::middle, kText - 1, false, kQuiet});
    }
  }

  void row(std::size_t i, Picture& picture) const {
    const double middle = top_ + kHead + kRow * (static_cast<double>(i) + 0.5);
    const std::string& name = content_.bars[i].name;
    const bool noisy = is_noisy(estimate(i), mark_);
    const std::string number = rounded(estimate(i).value, content_.places);
    const double zero = across(0), end = across(estimate(i).value);
    picture.shapes.emplace_back(Label{left_ - kGap, middle + 4, within(name, kMostColumns),
                                      Anchor::end, kText, false, kInk, name});
    picture.shapes.emplace_back(Box{std::min(zero, end), middle - kBar / 2, std::fabs(end - zero),
                                    kBar, noisy ? kUnsure : kSure, told(name, number, i)});
    interval(estimate(i), middle, picture);
    picture.shapes.emplace_back(Label{left_ + kBars + kNumbers, middle + 4,
                                      (noisy ? "~" : "") + number, Anchor::end, kText, false,
                                      kInk});
  }

  std::string told(const std::string& name, const std::string& number, std::size_t i) const {
    if (!estimate(i).has_interval()) return fmt::format("{}: {}", name, number);
    return fmt::format("{}: {} [{}, {}]", name, number,
                       rounded(estimate(i).low, content_.places, Toward::below),
                       rounded(estimate(i).high, content_.places, Toward::above));
  }

  /// A line, with a mark at each end that lies within the picture.
  void interval(const Estimate& of, double middle, Picture& picture) const {
    if (!of.has_interval()) return;
    picture.shapes.emplace_back(Stroke{across(of.low), middle, across(of.high), middle, 1.4, kInk});
    for (const double end : {of.low, of.high})
      if (end >= axis_.low && end <= axis_.high)
        picture.shapes.emplace_back(
            Stroke{across(end), middle - 4, across(end), middle + 4, 1.4, kInk});
  }

  const Content& content_;
  double mark_;
  double left_, top_;
  std::size_t shown_;
  Axis axis_;
};

/// What the picture leaves out; empty where it is nothing.
std::string left_out(const Report& report, std::size_t panels) {
  std::size_t groups = 0, bins = 0;  // of a panel, at most
  for (const Aggregate& aggregate : report.query.select) {
    if (aggregate.kind == Aggregate::Kind::histogram)
      bins = std::max(bins, aggregate.edges.size() - 1);
    else
      groups = report.rows->size();
  }
  std::vector<std::string> parts;
  const auto part = [&](std::size_t most, std::size_t all, std::string_view of) {
    if (all > most) parts.push_back(fmt::format("the first {} of {} {}", most, all, of));
  };
  part(kMostBars, groups, "groups");
  part(kMostBars, bins, "bins");
  part(kMostPanels, panels, "answers");
  return parts.empty() ? "" : fmt::format("Drawn: {}.", fmt::join(parts, " and "));
}

std::vector<std::string> caption(const Report& report, std::size_t panels) {
  std::vector<std::string> lines = {
      privacy_text(report) + ".",
      fmt::format(
          "Lines: intervals of {:.12g} %, each by itself. Pale: what noise may move by more "
          "than {:.12g} % of it.",
          report.query.confidence * 100, report.mark * 100)};
  if (std::string out = left_out(report, panels); !out.empty()) lines.push_back(std::move(out));
  return lines;
}

/// How wide the names of bars stand.
double width_of_names(std::span<const Content> contents) {
  std::size_t most = 3;
  for (const Content& content : contents)
    for (std::size_t i = 0; i < std::min(content.bars.size(), kMostBars); ++i)
      most = std::max(most, std::min(columns_in(content.bars[i].name), kMostColumns));
  return kDigit * kText * static_cast<double>(most);
}

}  // namespace

Picture answer_chart(const Report& report) {
  const std::vector<Content> contents = contents_of(report);
  const auto drawn = std::span(contents).first(std::min(contents.size(), kMostPanels));
  const double names = width_of_names(drawn);
  Picture picture{.width = 2 * kMargin + names + kGap + kBars + kNumbers,
                  .height = 12,
                  .title = "Released numbers, as bars with intervals"};
  for (const Content& content : drawn) {
    const Panel panel(content, report.mark, names, picture.height);
    panel.draw(picture);
    picture.height += panel.height();
  }
  const std::size_t columns = letters_in(picture.width - 2 * kMargin, kText);
  for (const std::string& line : caption(report, contents.size())) {
    picture.height += kLine;
    picture.shapes.emplace_back(Label{kMargin, picture.height - 4, within(line, columns),
                                      Anchor::start, kText, false, kQuiet, line});
  }
  picture.height += 12;
  return picture;
}

}  // namespace sfumato
