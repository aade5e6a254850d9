#include "cli/budget_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/budget_page_style.h"
#include "cli/budget_view.h"
#include "cli/display.h"
#include "cli/html.h"
#include "cli/released_table.h"
#include "cli/spending_chart.h"

namespace sfumato {
namespace {

double number(LossAmount amount) {
  return static_cast<double>(amount.units()) * 1e-12;
}

std::string moment(std::int64_t second) {
  return fmt::format("<span class=\"nowrap\">{}</span>", minute_of(second));
}

std::string counted_entries(std::int64_t count) {
  return fmt::format("{} {}", count, count == 1 ? "entry" : "entries");
}

/// At most six digits of an amount, exact on a pointer's touch.
template <class AmountType>
std::string brief(AmountType amount, Toward toward) {
  return fmt::format("<span title=\"{}\">{}</span>", amount.to_string(),
                     brief_amount(amount, toward));
}

std::string nowrap(const std::string& text) {
  return "<span class=\"nowrap\">" + text + "</span>";
}

/// " at order 9" of divergences.
std::string at_order(const ShownLoss& loss) {
  return loss.order.empty() ? "" : " at order " + loss.order;
}

/// "ε = 0.1, δ = 1e-6", or "0.1 at order 9".
std::string brief(const ShownLoss& kind, LossAmount loss, DeltaAmount delta, Toward toward) {
  const std::string first = nowrap((kind.order.empty() ? kind.letter + " = " : "") +
                                   brief(loss, toward) + at_order(kind));
  return delta == DeltaAmount() ? first : first + ", " + nowrap("δ = " + brief(delta, toward));
}

/// The dataset's own budget.
const LedgerAccount* dataset_of(const BudgetPage& page, const std::string& dataset) {
  for (const ShownAccount& one : page.accounts)
    if (one.account.name == AccountName{.dataset = dataset}) return &one.account;
  return nullptr;
}

/// What a charge cost; of Rényi divergences that of the dataset's best order.
std::string cost_of(const BudgetPage& page, const ChargeStory& charge) {
  const LedgerAccount* const dataset = dataset_of(page, charge.dataset);
  if (dataset == nullptr) return {};
  return brief(shown_loss(*dataset), shown_loss(charge.cost, *dataset), charge.cost.amount.delta,
               Toward::above);
}

// ---- who spent

struct Spender {
  std::string name;
  LossAmount spent;
  std::int64_t releases = 0;
};

/// Those who spent of a dataset, the largest first; beyond the colours that there are, the rest together.
struct Spenders {
  std::vector<Spender> list;
  std::map<std::string, std::size_t> index;  ///< by name
};

Spenders spenders_of(const LedgerStory& story, const LedgerAccount& dataset) {
  std::map<std::string, Spender> all;
  for (const ChargeStory& charge : story.charges) {
    if (charge.dataset != dataset.name.dataset) continue;
    Spender& one = all.try_emplace(charge.actor, Spender{charge.actor, {}}).first->second;
    one.spent = one.spent + shown_loss(charge.cost, dataset);
    ++one.releases;
  }
  Spenders spenders;
  for (auto& [name, one] : all) spenders.list.push_back(std::move(one));
  std::ranges::stable_sort(spenders.list, std::ranges::greater(), &Spender::spent);
  const bool many = spenders.list.size() > kSpenderColours;
  for (std::size_t i = 0; i < spenders.list.size(); ++i)
    spenders.index[spenders.list[i].name] = many ? std::min(i, kSpenderColours - 1) : i;
  if (!many) return spenders;
  Spender rest{fmt::format("{} others", spenders.list.size() - kSpenderColours + 1), {}};
  for (std::size_t i = kSpenderColours - 1; i < spenders.list.size(); ++i) {
    rest.spent = rest.spent + spenders.list[i].spent;
    rest.releases += spenders.list[i].releases;
  }
  spenders.list.resize(kSpenderColours - 1);
  spenders.list.push_back(std::move(rest));
  return spenders;
}

std::string legend(const Spenders& spenders, const ShownLoss& loss) {
  std::string text = "<ul class=\"legend\">\n";
  for (std::size_t i = 0; i < spenders.list.size(); ++i) {
    const Spender& one = spenders.list[i];
    text += fmt::format(
        "<li><svg viewBox=\"0 0 1 1\" aria-hidden=\"true\"><rect class=\"s{}\" width=\"1\" "
        "height=\"1\" rx=\".2\"/></svg>"
        "<span>{} <small>{}</small></span>{}</li>\n",
        i, html_text(one.name), counted(one.releases, "release"),
        nowrap((loss.order.empty() ? loss.letter + " " : "") + brief(one.spent, Toward::above)));
  }
  return text + "</ul>\n";
}

std::string chart(const BudgetPage& page, const LedgerAccount& dataset) {
  const LedgerStory& story = page.story;
  const std::string& name = dataset.name.dataset;
  const Spenders spenders = spenders_of(story, dataset);
  if (spenders.list.empty()) return "<p class=\"soft\">Nothing was spent.</p>\n";
  const ShownLoss loss = shown_loss(dataset);
  const auto since = story.datasets.find(name);
  SpendingChart drawn{
      .letter = loss.order.empty() ? loss.letter : "Rényi divergence" + at_order(loss),
      .spenders = {},
      .steps = {},
      .cap = number(loss.cap),
      .begin = since == story.datasets.end() ? story.begin : since->second.since,
      .end = page.made};
  for (const Spender& one : spenders.list) drawn.spenders.push_back(one.name);
  for (const ChargeStory& charge : story.charges)
    if (charge.dataset == name)
      drawn.steps.push_back(
          {charge.time, spenders.index.at(charge.actor), number(shown_loss(charge.cost, dataset))});
  return spending_figure(drawn) + legend(spenders, loss);
}

// ---- what is left

template <class AmountType>
std::string axis(const std::string& letter, AmountType left, AmountType cap,
                 const std::string& where = "") {
  if (cap == AmountType()) return {};
  const double share = static_cast<double>(left.units()) / static_cast<double>(cap.units());
  const std::string words =
      fmt::format("{} of {} left{}", brief(left, Toward::below), brief(cap, Toward::below), where);
  return fmt::format(
      "<div class=\"axis{}\">{}<svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
      "role=\"img\" "
      "aria-label=\"{}: {:.0f} % left\"><rect class=\"trough\" width=\"100\" height=\"1\"/>"
      "<rect class=\"left\" width=\"{:.2f}\" height=\"1\"/></svg><span>{}</span></div>",
      share < 0.1 ? " low" : "", letter, letter, 100 * share, 100 * share, words);
}

std::string title_of(const LedgerAccount& account) {
  const std::string name = html_text(account.name.name);
  if (account.name.kind == AccountName::Kind::dataset) return "all of the dataset";
  return (account.name.kind == AccountName::Kind::project ? "project " : "analyst ") + name;
}

std::string remarks(const LedgerAccount& account) {
  std::string text = account.frozen ? "frozen" : "";
  if (account.until != kForever)
    text += (text.empty() ? "until " : ", until ") + date_of(account.until);
  return text.empty() ? text : "<br><small>" + text + "</small>";
}

std::string budget(const LedgerAccount& account, int depth) {
  const ShownLoss loss = shown_loss(account);
  return fmt::format("<li class=\"in{}\"><div>{}{}</div>{}{}</li>\n", depth, title_of(account),
                     remarks(account), axis(loss.letter, loss.left(), loss.cap, at_order(loss)),
                     axis("δ", account.left().amount.delta, account.delta_cap()));
}

/// The dataset's budget, its projects with their analysts, and the other analysts.
std::string budgets(const std::vector<ShownAccount>& accounts, const std::string& dataset) {
  using Kind = AccountName::Kind;
  std::string text = "<h3>What is left</h3>\n<ul class=\"budgets\">\n";
  const auto add = [&](Kind kind, const std::string& project, int depth, const auto& then) {
    for (const auto& [one, running, delta] : accounts)
      if (one.name.dataset == dataset && one.name.kind == kind && one.project == project) {
        text += budget(one, depth);
        then(one);
      }
  };
  const auto nothing = [](const LedgerAccount&) {};
  add(Kind::dataset, "", 0, nothing);
  add(Kind::project, "", 1,
      [&](const LedgerAccount& one) { add(Kind::analyst, one.name.name, 2, nothing); });
  add(Kind::analyst, "", 1, nothing);
  return text + "</ul>\n";
}

std::string dataset_section(const BudgetPage& page, const ShownAccount& shown) {
  const auto& [dataset, running, delta] = shown;
  const std::string together =
      running && anything_spent(dataset)
          ? fmt::format("<p class=\"soft\">so far that is {}</p>\n", told(*running, delta))
          : "";
  const Spending& cap = dataset.cap.amount;
  const ShownLoss loss = shown_loss(dataset);
  const ShownLoss stated{loss.order.empty() ? loss.letter : "ε", "", {}, {}};
  const std::string note =
      loss.order.empty() ? ""
                         : "<p class=\"soft\">D is the Rényi divergence at the order of which the "
                           "largest share is left: charges pass while one order has room.</p>\n";
  return fmt::format(
      "<section>\n<h2>{}</h2>\n<p class=\"soft\">may lose {} in all, and has spent "
      "{}</p>\n{}{}{}{}</section>\n",
      html_text(dataset.name.dataset), brief(stated, cap.loss, cap.delta, Toward::below),
      brief(loss, loss.spent, dataset.spent.delta, Toward::above), together, note,
      chart(page, dataset), budgets(page.accounts, dataset.name.dataset));
}

// ---- lists

std::string state(ChargeStory::Step step) {
  switch (step) {
    case ChargeStory::Step::reserved:
      return "<span class=\"state reserved\">charged</span>";
    case ChargeStory::Step::stored:
      return "<span class=\"state stored\">stored</span>";
    case ChargeStory::Step::published:
      return "<span class=\"state published\">published</span>";
  }
  return {};
}

std::string about(const BudgetPage& page, const ChargeStory& charge) {
  std::string text = fmt::format("charge {}", charge.number);
  if (page.story.datasets.size() > 1) text += " of " + html_text(charge.dataset);
  if (!charge.version.empty()) text += ", version " + html_text(charge.version);
  if (charge.attempt > 0) text += fmt::format(", drawn anew: {} before", charge.attempt);
  if (charge.account.empty()) text += ", out of the dataset's own budget";
  return text;
}

std::string release_row(const BudgetPage& page, const ChargeStory& charge) {
  std::string row = fmt::format(
      "<tr role=\"row\"><td role=\"cell\" class=\"soft\">{}</td><td role=\"cell\">{}</td>"
      "<td role=\"cell\" class=\"wide\">{}<br><small>{}</small></td>"
      "<td role=\"cell\">{}</td><td role=\"cell\">{}</td></tr>\n",
      moment(charge.time), html_text(charge.actor),
      charge.title.empty() ? "(no title)" : html_text(charge.title), about(page, charge),
      cost_of(page, charge), state(charge.step));
  const auto release = page.releases.find(charge.number);
  if (release != page.releases.end())
    row += fmt::format(
        "<tr role=\"row\" class=\"released\"><td role=\"cell\" class=\"wide\" "
        "colspan=\"5\">{}</td></tr>\n",
        released_table(release->second, charge.plan));
  return row;
}

std::string refusal_row(const BudgetPage& page, const RefusalStory& refusal) {
  std::string whose = refusal.account.empty() ? "" : html_text(refusal.account);
  if (!refusal.dataset.empty() && page.story.datasets.size() > 1)
    whose += (whose.empty() ? "of " : " of ") + html_text(refusal.dataset);
  return fmt::format(
      "<tr role=\"row\"><td role=\"cell\" class=\"soft\">{}</td><td role=\"cell\">{}</td>"
      "<td role=\"cell\" class=\"wide\">{}<br><small>entry {}{}</small></td></tr>\n",
      moment(refusal.time), html_text(refusal.actor), html_text(refusal.reason), refusal.number,
      whose.empty() ? "" : ", " + whose);
}

/// A table of the latest of `list`, newest first.
template <class Story, class RowOf>
std::string listed(const std::vector<Story>& list, std::string_view noun,
                   std::initializer_list<const char*> columns, RowOf row_of) {
  std::string caption = "newest first, in UTC";
  if (list.size() > kMostListed)
    caption = fmt::format(
        "the latest {} of {} {}s, newest first, in UTC; "
        "<code>sfumato budget export</code> writes all",
        kMostListed, list.size(), noun);
  std::string text = fmt::format(
      "<table class=\"list\" role=\"table\"><caption>{}</caption>\n<thead role=\"rowgroup\"><tr "
      "role=\"row\">",
      caption);
  for (const char* column : columns)
    text += fmt::format("<th scope=\"col\" role=\"columnheader\">{}</th>", column);
  text += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  const std::size_t count = std::min(list.size(), kMostListed);
  for (std::size_t i = 0; i < count; ++i) text += row_of(list[list.size() - 1 - i]);
  return text + "</tbody></table>\n";
}

std::string releases_section(const BudgetPage& page) {
  const auto& charges = page.story.charges;
  const std::string list =
      charges.empty() ? "<p class=\"soft\">Nothing was charged.</p>\n"
                      : listed(charges, "release", {"When", "Who", "What", "Cost", "State"},
                               [&](const ChargeStory& one) { return release_row(page, one); });
  return "<section>\n<h2>Releases</h2>\n" + list +
         "<p><small>charged: paid for, and nothing has left yet. stored: its bytes are fixed. "
         "published: they have left.</small></p>\n</section>\n";
}

std::string refusals_section(const BudgetPage& page) {
  const auto& refusals = page.story.refusals;
  const std::string list =
      refusals.empty() ? "<p class=\"soft\">Nobody was refused.</p>\n"
                       : listed(refusals, "refusal", {"When", "Who", "Why"},
                                [&](const RefusalStory& one) { return refusal_row(page, one); });
  return "<section>\n<h2>Refusals</h2>\n" + list +
         "<p><small>Who lacked a right. That a budget was too small is told to who asked, changes "
         "nothing, "
         "and is not on the log.</small></p>\n</section>\n";
}

std::string reidentification_row(const ReidentificationStory& one) {
  return fmt::format(
      "<tr role=\"row\"><td role=\"cell\" class=\"soft\">{}</td><td role=\"cell\">{}</td>"
      "<td role=\"cell\" class=\"wide\">{}<br><small>entry {}, by the keys of ring "
      "{}</small></td><td role=\"cell\">{}</td></tr>\n",
      moment(one.time), html_text(one.actor), html_text(one.columns), one.number,
      html_text(one.ring), one.rows == 0 ? "begun" : counted(one.rows, "row"));
}

/// Of a ledger in whose log there are some.
std::string reidentifications_section(const BudgetPage& page) {
  const auto& all = page.story.reidentifications;
  if (all.empty()) return {};
  return "<section>\n<h2>Opened tokens</h2>\n" +
         listed(all, "reidentification", {"When", "Who", "Columns", "How many"},
                reidentification_row) +
         "<p><small>Tables whose tokens were turned back into what they stand for, by "
         "<code>sfumato reidentify</code>.</small></p>\n</section>\n";
}

// ---- the page

std::string tiles(const BudgetPage& page) {
  std::vector<std::string> who;
  for (const ChargeStory& charge : page.story.charges) who.push_back(charge.actor);
  std::ranges::sort(who);
  const auto spenders = std::unique(who.begin(), who.end()) - who.begin();
  const auto tile = [](std::string_view name, std::size_t count) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, count);
  };
  return "<dl class=\"tiles\">\n" + tile("datasets", page.story.datasets.size()) +
         tile("releases", page.story.charges.size()) +
         tile("spenders", static_cast<std::size_t>(spenders)) +
         tile("refusals", page.story.refusals.size()) + "</dl>\n";
}

std::string header(const BudgetPage& page, const std::string& name) {
  return fmt::format(
      "<header>\n<p class=\"kicker\">Privacy budgets</p>\n<h1>{}</h1>\n"
      "<p class=\"soft\">as of {} UTC, after {}. {}</p>\n{}</header>\n",
      name, moment(page.made), counted_entries(page.head.number + 1),
      worth_of_names(page.holds_keys), tiles(page));
}

std::string footer(const BudgetPage& page, const std::string& name) {
  return fmt::format(
      "<footer>\n<h2>To check this page</h2>\n"
      "<p>The head of the log is<br><code>{0}</code></p>\n"
      "<p>A ledger that does not hold it is older than this page, or another one: "
      "<code>sfumato budget verify {1} --expect-head HEAD</code> tells, "
      "and computes every budget anew from the log.</p>\n"
      "<p><small>ε or ρ bounds what all releases together let anybody learn about one unit of the "
      "dataset, δ the "
      "odds that this bound fails. What is spent never comes back.</small></p>\n</footer>\n",
      page.head.to_string(), name);
}

}  // namespace

std::string html_of(const BudgetPage& page) {
  const std::string name = html_text(page.name);
  std::string body = header(page, name) + "<main>\n";
  for (const ShownAccount& one : page.accounts)
    if (one.account.name.kind == AccountName::Kind::dataset) body += dataset_section(page, one);
  body += releases_section(page) + reidentifications_section(page) + refusals_section(page) +
          "</main>\n" + footer(page, name);
  return html_document("Privacy budgets of " + name, kBudgetPageStyle, body);
}

}  // namespace sfumato
