#include "deid/table_work.h"

#include <algorithm>

namespace sfumato {
namespace {

std::string shown(const std::string& name) {
  return std::string("'").append(name).append("'");
}

/// The columns of a file as the policy names them; those that it does not name by its default.
Result<std::vector<ColumnReport>> columns_of(const Policy& policy,
                                             const std::vector<std::string>& names) {
  for (const ColumnPolicy& column : policy.columns)
    if (std::ranges::find(names, column.column) == names.end())
      return Error{Errc::unavailable, column.where,
                   "names a column " + shown(column.column) + " that the table does not have"};
  std::vector<ColumnReport> columns;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(policy.columns, name, &ColumnPolicy::column);
    if (found != policy.columns.end()) {
      columns.push_back({.policy = *found});
      continue;
    }
    if (!policy.keep_others)
      return Error{Errc::invalid_parameter, "column " + shown(name),
                   "is in the table and not in the policy: name it, or set default = \"drop\" or "
                   "\"keep\""};
    const TransformParams fate =
        *policy.keep_others ? TransformParams(KeepParams{}) : TransformParams(DropParams{});
    columns.push_back(
        {.policy = {.column = name, .role = ColumnRole::insensitive, .transform = fate},
         .named = false});
  }
  return columns;
}

bool turns_back(const TransformParams& transform) {
  const auto* token = std::get_if<TokenParams>(&transform);
  return std::holds_alternative<Ff1ColumnParams>(transform) ||
         (token && token->kind == TokenParams::Kind::siv);
}

/// What is undone in the columns of a file; the others stay.
Result<std::vector<ColumnReport>> columns_back(const Policy& policy,
                                               const std::vector<std::string>& names) {
  std::vector<ColumnReport> columns;
  bool any = false;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(policy.columns, name, &ColumnPolicy::column);
    if (found == policy.columns.end() || !turns_back(found->transform)) {
      columns.push_back(
          {.policy = {.column = name, .role = ColumnRole::insensitive, .transform = KeepParams{}},
           .named = false});
      continue;
    }
    any = true;
    // NULL has nothing to be opened.
    columns.push_back({.policy = *found});
    columns.back().policy.missing = Action::null;
    columns.back().policy.longest = SIZE_MAX;
  }
  if (!any)
    return Error{Errc::invalid_parameter, "policy",
                 "has no column of this table that can be opened: tokens and ff1 can"};
  return columns;
}

/// Where a column stands among those that are read; it is read from now on.
std::size_t reading(ColumnFates& fates, const std::string& name) {
  const auto found = std::ranges::find(fates.read, name);
  if (found != fates.read.end()) return static_cast<std::size_t>(found - fates.read.begin());
  fates.read.push_back(name);
  return fates.read.size() - 1;
}

/// One text in each row.
void fill(NewColumn& column, std::string_view text, std::size_t rows) {
  const auto codes = std::make_shared<std::vector<std::uint32_t>>(rows, 0);
  column.entries = {text};
  column.codes = *codes;
  column.kept.push_back(codes);
}

}  // namespace

/// A release looks at columns that are kept, and takes the values of suppressed rows out.
void TableWork::add_kept(const Policy& policy, std::size_t report, ColumnFates& fates) {
  const ColumnPolicy& column = report_.columns[report].policy;
  const bool quasi = column.role == ColumnRole::quasi;
  const std::vector<std::string> sensitive = policy.release->sensitive();
  if (!quasi && std::ranges::find(sensitive, column.column) == sensitive.end()) return;
  const std::size_t at = reading(fates, column.column);
  if (!quasi || policy.release->suppressed == ReleasePolicy::Suppressed::rows) return;
  fates.replaced.push_back(column.column);
  replaced_.push_back({.at = at, .report = report, .as_read = true});
  works_.front().emplace_back();
}

Status TableWork::add(const Policy& policy, std::size_t report, ColumnFates& fates) {
  ColumnPolicy& column = report_.columns[report].policy;
  if (std::holds_alternative<KeepParams>(column.transform)) {
    if (policy.release && !back_) add_kept(policy, report, fates);
    return ok();
  }
  if (std::holds_alternative<DropParams>(column.transform))
    return fates.dropped.push_back(column.column), ok();
  fates.replaced.push_back(column.column);
  Replaced replaced{.report = report};
  ColumnKeys keys(ring_, column, policy.recipient);
  Result<TransformPointer> transform =
      back_ ? make_inverse(column, keys) : make_transform(column, keys);
  if (!transform) return std::move(transform).error();
  // Each token tells the version that opens it.
  if (!back_ || !std::holds_alternative<TokenParams>(column.transform))
    report_.columns[report].key_version = keys.version();
  // What was normalised and became a token is neither any longer.
  if (back_) column.normalise.clear();
  works_.front().emplace_back();
  if (*transform) {
    replaced.at = reading(fates, column.column);
    if (const auto* shift = std::get_if<DateShiftParams>(&column.transform))
      replaced.persons = reading(fates, shift->by);
    works_.front().back().emplace(column, *std::move(transform));
  }
  replaced_.push_back(replaced);
  return ok();
}

Result<ColumnFates> TableWork::choose(const Policy& policy, const std::vector<std::string>& names) {
  Result<std::vector<ColumnReport>> columns =
      back_ ? columns_back(policy, names) : columns_of(policy, names);
  if (!columns) return std::move(columns).error();
  report_.columns = *std::move(columns);
  works_.emplace_back();
  ColumnFates fates;
  for (std::size_t i = 0; i < report_.columns.size(); ++i)
    if (Status added = add(policy, i, fates); !added) return std::move(added).error();
  read_ = fates.read;
  return fates;
}

void TableWork::share_among(int threads) {
  for (int i = 1; i < threads; ++i) {
    std::vector<std::optional<ColumnWork>> works;
    for (const auto& work : works_.front())
      works.push_back(work ? std::optional(work->copy()) : std::nullopt);
    works_.push_back(std::move(works));
  }
}

std::optional<TableWork::Place> TableWork::place_of(const std::string& column) const {
  for (std::size_t i = 0; i < replaced_.size(); ++i)
    if (report_.columns[replaced_[i].report].policy.column == column) return Place{true, i};
  const auto found = std::ranges::find(read_, column);
  if (found == read_.end()) return std::nullopt;
  return Place{false, static_cast<std::size_t>(found - read_.begin())};
}

Status TableWork::rewrite(std::size_t thread, const TextRows& rows, NewRows& out,
                          const std::string& file) {
  std::optional<Refusal> refusal;
  for (std::size_t i = 0; i < replaced_.size(); ++i) {
    const Replaced& replaced = replaced_[i];
    if (std::optional<ColumnWork>& work = works_[thread][i]) {
      const TextColumn* persons = replaced.persons ? &rows.columns[*replaced.persons] : nullptr;
      work->apply(rows.columns[replaced.at], persons, rows.rows, out, out.columns[i], refusal);
      continue;
    }
    if (replaced.as_read) {
      const TextColumn& cells = rows.columns[replaced.at];
      out.columns[i].entries.assign(cells.entries.begin(), cells.entries.end());
      out.columns[i].codes = cells.codes;
      continue;
    }
    const TransformParams& params = report_.columns[replaced.report].policy.transform;
    const auto* replace = std::get_if<ReplaceParams>(&params);
    fill(out.columns[i], replace ? std::string_view(replace->with) : std::string_view(), rows.rows);
  }
  if (!refusal) return ok();
  return Error{Errc::refused, file + ": column " + shown(refusal->column->column),
               "row " + std::to_string(rows.first + refusal->row + 1) + " " + refusal->what +
                   ", and the policy says error: mend it, or declare null or suppress"};
}

void TableWork::add_up(const RewriteTally& rows) {
  report_.rows = rows;
  for (std::size_t i = 0; i < replaced_.size(); ++i) {
    ColumnTally& tally = report_.columns[replaced_[i].report].tally;
    if (replaced_[i].as_read) continue;
    if (!works_.front()[i]) tally.replaced = rows.rows_read;
    for (const auto& works : works_) {
      if (!works[i]) continue;
      const ColumnTally& part = works[i]->tally();
      tally.replaced += part.replaced;
      tally.missing += part.missing;
      tally.overlong += part.overlong;
      tally.invalid += part.invalid;
      tally.untouched += part.untouched;
      tally.findings.resize(std::max(tally.findings.size(), part.findings.size()));
      for (std::size_t kind = 0; kind < part.findings.size(); ++kind)
        tally.findings[kind] += part.findings[kind];
    }
  }
}

}  // namespace sfumato
