#include "deid/release_sensitive.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "sfumato/base/decimal.h"

namespace sfumato {
namespace {

std::string shown(const std::string& name) {
  return std::string("'").append(name).append("'");
}

/// How values are written: each by one text or, where they are numbers in an order, by all of one number.
using Spellings = std::vector<std::vector<std::string>>;

Spellings each_alone(const std::vector<std::string>& texts) {
  Spellings values;
  for (const std::string& text : texts) values.push_back({text});
  return values;
}

/// How the sensitive values of a column are numbered: where a model asks for an order, by it.
Result<Spellings> in_order(const ReleasePolicy& policy, const std::string& column,
                           std::vector<std::string> texts) {
  std::ranges::sort(texts);
  for (const ModelPolicy& model : policy.models) {
    if (model.column != column || !std::holds_alternative<OrderedCloseness>(model.model)) continue;
    if (!model.order.empty()) {
      for (const std::string& text : texts)
        if (std::ranges::find(model.order, text) == model.order.end())
          return Error{
              Errc::refused, model.where,
              "needs all values of " + shown(model.column) + " in 'order', and one is not"};
      return each_alone(model.order);
    }
    std::map<Decimal, std::vector<std::string>> numbers;
    for (std::string& text : texts) {
      const Result<Decimal> number = Decimal::parse(text);
      if (!number)
        return Error{
            Errc::refused, model.where,
            "needs numbers in " + shown(model.column) + ", or 'order', a list of its values"};
      numbers[*number].push_back(std::move(text));
    }
    Spellings values;
    for (auto& [number, spellings] : numbers) values.push_back(std::move(spellings));
    return values;
  }
  return each_alone(texts);
}

/// What a hierarchy says of some values, in their order.
Result<std::shared_ptr<const ValueHierarchy>> restricted(const ValueHierarchy& all,
                                                         const Spellings& values,
                                                         const ModelPolicy& model) {
  std::vector<std::vector<std::string>> lines;
  for (const std::vector<std::string>& texts : values) {
    std::vector<std::string> first;
    for (const std::string& text : texts) {
      const auto value = all.find(text);
      if (!value)
        return Error{
            Errc::refused, model.where,
            "needs all values of " + shown(model.column) + " in its hierarchy, and one is not"};
      std::vector<std::string> line = {texts.front()};
      for (std::size_t level = 1; level < all.levels(); ++level)
        line.push_back(all.text(level, all.label(level, *value)));
      if (first.empty()) first = line;
      if (line != first)
        return Error{Errc::refused, model.where,
                     "needs one place in its hierarchy for each number of " + shown(model.column) +
                         ", however it is written, and one has two"};
    }
    lines.push_back(std::move(first));
  }
  Result<ValueHierarchy> made = ValueHierarchy::make(lines);
  if (!made) return std::move(made).error();
  return std::make_shared<const ValueHierarchy>(*std::move(made));
}

/// The texts of a column, and whether any cell has none.
struct Texts {
  std::vector<std::string> all;
  bool missing = false;

  Texts(const GatheredColumns& table, std::size_t column) {
    std::vector<bool> seen(table.numbers(column), false);
    for (std::uint64_t row = 0; row < table.rows(); ++row)
      if (!table.is_left_out(row)) seen[table.cell(column, row)] = true;
    missing = seen[GatheredColumns::kMissing];
    for (std::uint32_t number = 1; number < seen.size(); ++number) {
      if (!seen[number]) continue;
      const std::string_view text = table.text(column, number);
      if (text.empty())
        missing = true;  // an empty text says no more than none
      else
        all.emplace_back(text);
    }
  }
};

/// The hierarchies of models that ask for one, of the values of their column.
Status restrict(const ReleasePolicy& policy, const SensitiveValues& values,
                std::vector<ReleaseModel>& models) {
  for (std::size_t i = 0; i < policy.models.size(); ++i) {
    const ModelPolicy& model = policy.models[i];
    if (model.column != values.name) continue;
    auto* const closeness = std::get_if<HierarchicalCloseness>(&models[i]);
    const bool ranks = closeness || std::holds_alternative<OrderedCloseness>(model.model);
    if (ranks && values.missing)
      return Error{Errc::refused, model.where,
                   "needs a value of " + shown(model.column) + " in each row: let missing rows go"};
    if (!closeness) continue;
    auto hierarchy = restricted(*closeness->hierarchy, values.texts, model);
    if (!hierarchy) return std::move(hierarchy).error();
    closeness->hierarchy = *std::move(hierarchy);
  }
  return ok();
}

/// The number of each cell's value, but for rows that are left out.
SensitiveColumn numbered(const SensitiveValues& values, const GatheredColumns& table,
                         std::size_t column) {
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  for (std::uint32_t value = 0; value < values.texts.size(); ++value)
    for (const std::string& text : values.texts[value]) numbers.emplace(text, value);
  std::vector<std::uint32_t> of_texts(table.numbers(column), values.missing.value_or(0));
  for (std::uint32_t number = 1; number < of_texts.size(); ++number)
    if (const auto found = numbers.find(table.text(column, number)); found != numbers.end())
      of_texts[number] = found->second;
  SensitiveColumn made;
  made.values = static_cast<std::uint32_t>(values.texts.size() + (values.missing ? 1 : 0));
  for (std::uint64_t row = 0; row < table.rows(); ++row)
    if (!table.is_left_out(row)) made.cells.push_back(of_texts[table.cell(column, row)]);
  return made;
}

}  // namespace

Result<SensitiveValues> sensitive_values(const ReleasePolicy& policy, const std::string& name,
                                         const GatheredColumns& table, std::size_t column,
                                         std::vector<ReleaseModel>& models) {
  Texts texts(table, column);
  Result<Spellings> ordered = in_order(policy, name, std::move(texts.all));
  if (!ordered) return std::move(ordered).error();
  SensitiveValues made{.name = name, .texts = *std::move(ordered), .missing = {}, .column = {}};
  if (texts.missing) made.missing = static_cast<std::uint32_t>(made.texts.size());
  if (Status done = restrict(policy, made, models); !done) return std::move(done).error();
  made.column = numbered(made, table, column);
  return made;
}

ReleaseCheck::Sensitive SensitiveValues::check() const {
  ReleaseCheck::Sensitive made{.column = name};
  for (std::uint32_t value = 0; value < texts.size(); ++value)
    for (const std::string& text : texts[value]) made.values.emplace(text, value);
  if (missing)
    for (const ReleasedCell& none : {ReleasedCell(), ReleasedCell("")})
      made.values.insert_or_assign(none, *missing);
  made.whole = {column.cells.size(), std::vector<std::uint64_t>(column.values)};
  for (const std::uint32_t value : column.cells) ++made.whole.sensitive[value];
  return made;
}

}  // namespace sfumato
