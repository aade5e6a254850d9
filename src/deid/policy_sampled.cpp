#include <algorithm>

#include "deid/policy_words.h"
#include "sfumato/deid/release_policy.h"

namespace sfumato {
namespace {

bool is_searched(const ColumnPolicy& column) {
  const auto* hierarchy = std::get_if<HierarchyParams>(&column.transform);
  return hierarchy && !hierarchy->level;
}

/// What a column would need to be told by sampled rows: the same for all rows that are alike, and nothing that ends
/// the release because of a cell.
Status check_sampled(const std::vector<ColumnPolicy>& columns, bool searched) {
  for (const ColumnPolicy& column : columns) {
    const TransformParams& transform = column.transform;
    if (std::holds_alternative<DropParams>(transform)) continue;
    const auto wrong = [&](const char* what) {
      return Error{Errc::invalid_parameter, column.where, what};
    };
    if (std::holds_alternative<NoiseParams>(transform))
      return wrong(
          "has noise of its own, and method safepub needs what is the same for all rows that are "
          "alike: take another transform");
    if (std::holds_alternative<RangeParams>(transform))
      return wrong(
          "hangs on other rows, and method safepub needs what does not: take bucket, or a "
          "hierarchy");
    if (is_searched(column) && !searched)
      return wrong(
          "needs a level where the method is safepub; or [release] a search-epsilon, the "
          "part of epsilon by which levels are drawn");
    if (column.role != ColumnRole::quasi)
      return wrong(
          "must be of role quasi, or dropped, where the method is safepub: whatever is "
          "told of a row is part of its class");
    const bool looks = !std::holds_alternative<KeepParams>(transform) &&
                       !std::holds_alternative<RedactParams>(transform) &&
                       !std::holds_alternative<ReplaceParams>(transform);
    if (looks && (column.missing == Action::error || column.overlong == Action::error ||
                  column.invalid == Action::error))
      return wrong(
          "needs null or suppress for missing, overlong and invalid where the method is "
          "safepub: an error would tell of a row, and comes after it was paid for");
  }
  return ok();
}

/// How levels are drawn, where any is.
std::optional<SampledPolicy::Search> read_search(Fields& fields, const Decimal& epsilon,
                                                 const std::vector<ColumnPolicy>& columns) {
  const std::optional<Decimal> part = fields.number("search-epsilon");
  const auto candidates = fields.whole("search-candidates", 1, SampledPolicy::kMostCandidates);
  if (!part) {
    if (candidates)
      fields.refuse("search-candidates",
                    "'search-candidates' has no meaning without search-epsilon");
    return std::nullopt;
  }
  if (part->sign() <= 0 || !(*part < epsilon))
    fields.refuse("search-epsilon",
                  "'search-epsilon' must be above 0 and below epsilon, of which it is a part");
  if (std::ranges::none_of(columns, is_searched))
    fields.refuse("search-epsilon",
                  "'search-epsilon' has no meaning where each hierarchy has a level");
  SampledPolicy::Search search{.epsilon = *part};
  if (candidates) search.candidates = static_cast<std::uint64_t>(*candidates);
  return search;
}

}  // namespace

Result<Decimal> SampledPolicy::sampling() const {
  if (!search) return epsilon;
  const Result<Decimal> less = Decimal::parse("-" + search->epsilon.to_string());
  return less ? Decimal::add(epsilon, *less) : less;
}

Result<ReleasePolicy> read_sampled(Fields& fields, ReleasePolicy release,
                                   const std::vector<ColumnPolicy>& columns) {
  SampledPolicy& sampled = release.sampled.emplace();
  sampled.epsilon = fields.needed_number("epsilon");
  sampled.delta = fields.needed_number("delta");
  sampled.search = read_search(fields, sampled.epsilon, columns);
  constexpr Words<bool> kUnits[] = {{"row", true}};
  if (!fields.word<bool>("unit", kUnits))
    fields.refuse("unit",
                  "needs unit = \"row\": what is protected is one row, and who has several is "
                  "protected by as many times epsilon");
  if (Status done = fields.finish(); !done) return std::move(done).error();
  const bool searched = sampled.search.has_value();
  if (Status checked = check_sampled(columns, searched); !checked)
    return std::move(checked).error();
  return release;
}

}  // namespace sfumato
