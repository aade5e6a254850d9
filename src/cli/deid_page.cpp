#include "cli/deid_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/budget_page_style.h"
#include "cli/deid_report.h"
#include "cli/display.h"
#include "cli/html.h"

namespace sfumato {
namespace {

constexpr std::array<std::uint64_t, 5> kSizes = {2, 3, 5, 10, 20};
constexpr std::array<std::uint64_t, 9> kBins = {1, 2, 3, 5, 10, 20, 50, 100, 1000};  // begin

std::string percent(double share) {
  return rounded(100 * share, 2, Toward::above) + " %";
}

double share(std::uint64_t rows, const RiskReport& risk) {
  return static_cast<double>(rows) / static_cast<double>(risk.rows);
}

struct Column {
  const char* name;
  bool wide = false;
};

std::string table_of(std::string_view caption, std::initializer_list<Column> columns,
                     const std::vector<std::vector<std::string>>& rows) {
  std::string text = fmt::format(
      "<table class=\"list\" role=\"table\"><caption>{}</caption>\n<thead role=\"rowgroup\"><tr "
      "role=\"row\">",
      caption);
  for (const Column& column : columns)
    text += fmt::format("<th scope=\"col\" role=\"columnheader\">{}</th>", column.name);
  text += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  for (const std::vector<std::string>& row : rows) {
    text += "<tr role=\"row\">";
    for (std::size_t i = 0; i < row.size(); ++i)
      text += fmt::format("<td role=\"cell\"{}>{}</td>",
                          (columns.begin() + i)->wide ? " class=\"wide\"" : "", row[i]);
    text += "</tr>\n";
  }
  return text + "</tbody></table>\n";
}

// ---- risk

/// One figure of both tables; where one is not known it is a dash.
template <class Figure>
std::vector<std::string> compared(const DeidPage& page, const std::string& name, Figure figure,
                                  const std::string& note) {
  return {name + "<br><small>" + note + "</small>", page.before ? figure(*page.before) : "–",
          page.after ? figure(*page.after) : "–"};
}

void add_sensitive(const DeidPage& page, const std::string& column,
                   std::vector<std::vector<std::string>>& rows) {
  const auto add = [&](const std::string& name, auto figure, const char* note) {
    rows.push_back(compared(
        page, page.sensitive.size() > 1 ? html_text(column) + ": " + name : name,
        [&](const RiskReport& risk) {
          const auto found = std::ranges::find(risk.sensitive, column, &SensitiveRisk::column);
          return found != risk.sensitive.end() ? figure(*found) : std::string("–");
        },
        note));
  };
  add(
      "fewest sensitive values of a class",
      [](const SensitiveRisk& risk) {
        return fmt::format("{} of {}", risk.fewest_values, risk.values);
      },
      "distinct l-diversity");
  add(
      "least entropy of a class, as l",
      [](const SensitiveRisk& risk) { return rounded(risk.least_entropy_l, 3); },
      "entropy l-diversity");
  add(
      "greatest distance from the table",
      [](const SensitiveRisk& risk) { return rounded(risk.greatest_distance, 4, Toward::above); },
      "t-closeness, values equally far from one another, from the rows of the same table");
}

std::string risk_section(const DeidPage& page) {
  if (!page.before && !page.after)
    return "<section>\n<h2>Risk</h2>\n<p class=\"soft\">No column is a quasi-identifier: nothing "
           "is told of risk.</p>\n</section>\n";
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const std::string& name, auto figure, const char* note) {
    rows.push_back(compared(page, name, figure, note));
  };
  add(
      "rows", [](const RiskReport& risk) { return std::to_string(risk.rows); }, "");
  add(
      "classes", [](const RiskReport& risk) { return std::to_string(risk.classes()); },
      "rows alike in all quasi-identifiers");
  add(
      "smallest class",
      [](const RiskReport& risk) { return std::to_string(risk.smallest_class()); }, "k-anonymity");
  add(
      "highest risk of a row",
      [](const RiskReport& risk) { return percent(risk.prosecutor_risk()); },
      "prosecutor: who knows that the person is in the table");
  add(
      "risk of a row on average",
      [](const RiskReport& risk) { return percent(risk.average_risk()); },
      "the share of rows that the prosecutor finds");
  for (const std::uint64_t size : kSizes)
    add(
        size == 2 ? "rows alone in their class" : fmt::format("rows in classes below {}", size),
        [&](const RiskReport& risk) {
          return fmt::format("{} <small>{}</small>", risk.rows_below(size),
                             percent(share(risk.rows_below(size), risk)));
        },
        "");
  std::string caption = "before: the table as it came; after: as it was written";
  for (std::size_t s = 0; s < page.sensitive.size(); ++s) {
    add_sensitive(page, page.sensitive[s], rows);
    caption += (s == 0 ? "; sensitive: " : ", ") + html_text(page.sensitive[s]);
  }
  return "<section>\n<h2>Risk</h2>\n" +
         table_of(caption, {{"", true}, {"Before"}, {"After"}}, rows) + "</section>\n";
}

// ---- sizes of classes

/// Rows by the size of their class.
std::vector<std::uint64_t> binned(const RiskReport& risk) {
  std::vector<std::uint64_t> rows(kBins.size(), 0);
  for (const auto& [size, classes] : risk.classes_of) {
    const auto above = std::ranges::upper_bound(kBins, size);
    rows[static_cast<std::size_t>(above - kBins.begin()) - 1] += size * classes;
  }
  return rows;
}

std::string bin_name(std::size_t bin) {
  if (bin + 1 == kBins.size()) return fmt::format("{} and more", kBins[bin]);
  if (kBins[bin] + 1 == kBins[bin + 1]) return std::to_string(kBins[bin]);
  return fmt::format("{} to {}", kBins[bin], kBins[bin + 1] - 1);
}

std::string bar(std::uint64_t rows, const RiskReport& risk) {
  const double part = 100 * share(rows, risk);
  return fmt::format(
      "<div class=\"axis\"><svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-label=\"{0:.1f} % of rows\"><rect class=\"trough\" width=\"100\" height=\"1\"/><rect "
      "class=\"left\" width=\"{0:.2f}\" height=\"1\"/></svg><span>{1} <small>{0:.1f} "
      "%</small></span></div>",
      part, rows);
}

std::string histogram_section(const DeidPage& page) {
  if (!page.before && !page.after) return {};
  std::vector<std::uint64_t> before, after;
  if (page.before) before = binned(*page.before);
  if (page.after) after = binned(*page.after);
  std::vector<std::vector<std::string>> rows;
  for (std::size_t bin = 0; bin < kBins.size(); ++bin)
    rows.push_back({bin_name(bin), page.before ? bar(before[bin], *page.before) : "–",
                    page.after ? bar(after[bin], *page.after) : "–"});
  return "<section class=\"bars\">\n<h2>Sizes of classes</h2>\n" +
         table_of("how many rows are in classes of each size", {{"Size"}, {"Before"}, {"After"}},
                  rows) +
         "</section>\n";
}

// ---- columns

const ReleasedColumn* released(const DeidPage& page, const std::string& column) {
  if (!page.report.release) return nullptr;
  const auto& columns = page.report.release->columns;
  const auto found = std::ranges::find(columns, column, &ReleasedColumn::column);
  return found == columns.end() ? nullptr : &*found;
}

/// What a column lost, in words; of a release also as a share of all that it told.
std::string lost(const DeidPage& page, const ColumnReport& column) {
  const TransformParams& transform = column.policy.transform;
  if (std::holds_alternative<DropParams>(transform)) return "all: it is not there any more";
  if (std::holds_alternative<RedactParams>(transform) ||
      std::holds_alternative<ReplaceParams>(transform))
    return "all: its cells are the same";
  const ReleasedColumn* const found = released(page, column.policy.column);
  if (!found) return std::holds_alternative<KeepParams>(transform) ? "nothing" : "";
  std::string text = fmt::format("{} <small>{} of {} values told apart</small>",
                                 percent(found->loss), found->labels, found->values);
  if (found->suppressed_cells > 0)
    text += fmt::format("<br><small>{} suppressed</small>",
                        counted(static_cast<std::int64_t>(found->suppressed_cells), "cell"));
  return text;
}

std::string columns_section(const DeidPage& page) {
  std::vector<std::vector<std::string>> rows;
  for (const ColumnReport& column : page.report.columns) {
    std::string cells;
    const ColumnTally& tally = column.tally;
    for (const auto& [what, count] : {std::pair("missing", tally.missing),
                                      {"without findings", tally.untouched},
                                      {"too long", tally.overlong},
                                      {"invalid", tally.invalid}})
      if (count > 0) cells += fmt::format("{}{} {}", cells.empty() ? "" : ", ", count, what);
    rows.push_back({html_text(column.policy.column) + "<br><small>" +
                        (column.named ? std::string(word_of(column.policy.role)) : "not named") +
                        "</small>",
                    html_text(what_of(page.report, column)) +
                        (cells.empty() ? "" : "<br><small>" + cells + "</small>"),
                    lost(page, column)});
  }
  return "<section>\n<h2>Columns</h2>\n" +
         table_of("what was done to each, and what it lost", {{"Column"}, {"Transform"}, {"Lost"}},
                  rows) +
         "</section>\n";
}

// ---- the page

std::string release_section(const DeidPage& page) {
  if (!page.report.release) return {};
  const ReleaseReport& release = *page.report.release;
  std::string models;
  for (const ModelPolicy& model : release.policy.models)
    models += "<li><span></span><span>" + html_text(text_of(model)) + "</span></li>\n";
  const std::string exact = release.exact_loss.empty() ? ""
                                                       : fmt::format(", exactly <code>{}</code>",
                                                                     html_text(release.exact_loss));
  return fmt::format(
      "<section>\n<h2>Models</h2>\n<ul class=\"legend\">\n{}</ul>\n<p>Each holds in every class of "
      "the file, which was read back before it was published. {} of {} suppressed{}. {} "
      "{}: {}{}.</p>\n</section>\n",
      models, release.found.suppressed, counted(static_cast<std::int64_t>(release.rows), "row"),
      release.policy.suppressed == ReleasePolicy::Suppressed::all_cells
          ? ", which stay without quasi-identifiers"
          : "",
      release.policy.method == ReleasePolicy::Method::mondrian
          ? "Classes were cut by Mondrian; what they lose altogether,"
      : release.policy.suppressed == ReleasePolicy::Suppressed::cells
          ? "Rows of other classes lost cells rather than vanish; what is lost altogether,"
          : "Of all generalisations this one has the least",
      name_of(release.policy.measure), shortest(release.found.loss), exact);
}

std::string header(const DeidPage& page, const std::string& name) {
  const auto tile = [](std::string_view what, const std::string& figure) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", what, figure);
  };
  std::string tiles = tile("rows read", std::to_string(page.report.rows.rows_read)) +
                      tile("rows written", std::to_string(page.report.rows.rows_written));
  if (page.before)
    tiles += tile("smallest class before", std::to_string(page.before->smallest_class()));
  if (page.after)
    tiles += tile("smallest class after", std::to_string(page.after->smallest_class()));
  return fmt::format(
      "<header>\n<p class=\"kicker\">De-identification</p>\n<h1>{}</h1>\n<dl "
      "class=\"tiles\">\n{}</dl>\n</header>\n",
      name, tiles);
}

constexpr std::string_view kFooter =
    "<footer>\n<h2>What this does not say</h2>\n<p>k-anonymity and models like it are not "
    "differential privacy. They say how many rows are alike in the columns that somebody thought "
    "of: "
    "who knows more of a person, or has another table of the same people, may still learn of "
    "them.</p>\n<p><small>All figures are exact counts of the table, and as secret as it is. No "
    "cell "
    "of a row stands here.</small></p>\n</footer>\n";

constexpr std::string_view kStyle =
    ".bars td:first-child{white-space:nowrap}\n"
    "@media (min-width:44rem){.bars td:nth-child(n+2){width:40%}}\n"
    "@media (max-width:43.99rem){.bars td:nth-child(n+2){flex:1 0 100%}}\n"
    ".axis svg{grid-column:1/-1}.axis>span{grid-column:1/-1}\n";

}  // namespace

std::string html_of(const DeidPage& page) {
  const std::string name = html_text(page.table);
  return html_document("De-identification of " + name, std::string(kBudgetPageStyle).append(kStyle),
                       header(page, name) + "<main>\n" + release_section(page) +
                           risk_section(page) + histogram_section(page) + columns_section(page) +
                           "</main>\n" + std::string(kFooter));
}

}  // namespace sfumato
