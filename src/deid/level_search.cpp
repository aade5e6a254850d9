#include "deid/level_search.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "deid/lattice.h"
#include "sfumato/noise/exponential_race.h"

namespace sfumato {
namespace {

/// A decimal of twelve places at most, in units of 10^-12.
constexpr int kPlaces = 12;
constexpr std::uint64_t kUnits = 1'000'000'000'000;

std::optional<std::uint64_t> units_of(const Decimal& epsilon) {
  if (epsilon.sign() <= 0 || epsilon.exponent() < -kPlaces) return std::nullopt;
  if (Decimal::parse("5").value() < epsilon) return std::nullopt;
  auto units = static_cast<std::uint64_t>(epsilon.coefficient());
  for (int places = epsilon.exponent(); places > -kPlaces; --places) units *= 10;
  return units;
}

}  // namespace

/// What a descent through the lattice has at hand.
struct LevelSearch::Work {
  Cells cells;                        // of distinct rows
  std::vector<std::uint32_t> levels;  // of each column so far; the others' are 0
  DenseNumbers numbers;
  std::vector<std::int64_t> scores;
};

Result<LevelSearch> LevelSearch::make(Hierarchies columns, const Decimal& epsilon,
                                      std::uint64_t rows_to_be_told,
                                      std::optional<std::uint64_t> sampled) {
  LevelSearch made(std::move(columns), rows_to_be_told);
  const std::optional<std::uint64_t> units = units_of(epsilon);
  if (!units)
    return Error{Errc::invalid_parameter, "search-epsilon",
                 "must be above 0 and at most 5, of twelve decimal places at most"};
  const Result<Scale> scale = Scale::ratio(std::uint64_t{kWhole} * kUnits, *units);
  if (!scale) return scale.error();
  made.scale_ = *scale;
  made.strides_.resize(made.columns_.size());
  for (std::size_t c = made.columns_.size(); c-- > 0;) {
    made.strides_[c] = made.nodes_;
    if (made.columns_[c]) made.nodes_ *= made.columns_[c]->levels();
    if (made.nodes_ > kMostNodes)
      return Error{Errc::invalid_parameter, "hierarchies",
                   "must have 2^26 combinations of levels at most: leave levels out"};
  }
  if (sampled && *sampled < made.nodes_) made.sampled_ = sampled;
  if (!sampled && made.nodes_ > kMostCandidates)
    return Error{Errc::invalid_parameter, "hierarchies",
                 "have more than 2^16 combinations of levels: leave levels out, or say by "
                 "'search-candidates' among how many of them, drawn at random, one is chosen"};
  made.keep_shares();
  return made;
}

/// A row's share of kWhole is the same for each column. A value that is missing keeps all, as does a column without levels:
/// neither becomes anything else.
void LevelSearch::keep_shares() {
  if (columns_.empty()) return;
  const std::int64_t most = kWhole / static_cast<std::int64_t>(columns_.size());
  for (const auto& hierarchy : columns_) {
    auto& levels = kept_.emplace_back();
    for (std::size_t l = 0; hierarchy && l < hierarchy->levels(); ++l) {
      auto& shares = levels.emplace_back();
      const auto values = static_cast<std::int64_t>(hierarchy->values());
      for (std::uint32_t label = 0; label < hierarchy->labels(l); ++label)
        shares.push_back(
            values == 1 ? most : most * (values - hierarchy->leaves(l, label)) / (values - 1));
      shares.push_back(most);
    }
    if (!hierarchy) levels.push_back({most});
  }
}

std::uint32_t LevelSearch::label(std::size_t column, std::uint32_t level,
                                 std::uint32_t cell) const noexcept {
  const auto& hierarchy = columns_[column];
  if (!hierarchy) return cell;
  if (cell >= hierarchy->values()) return static_cast<std::uint32_t>(hierarchy->labels(level));
  return hierarchy->label(level, cell);
}

/// A number above all labels.
std::uint64_t LevelSearch::labels(std::size_t column, std::uint32_t level) const noexcept {
  return columns_[column] ? columns_[column]->labels(level) + 1 : std::uint64_t{1} << 32;
}

std::uint32_t LevelSearch::level_of(std::uint64_t node, std::size_t column) const noexcept {
  if (!columns_[column]) return 0;
  return static_cast<std::uint32_t>(node / strides_[column] % columns_[column]->levels());
}

std::vector<std::uint32_t> LevelSearch::levels_of(std::uint64_t node) const {
  std::vector<std::uint32_t> levels;
  for (std::size_t c = 0; c < columns_.size(); ++c) levels.push_back(level_of(node, c));
  return levels;
}

/// All nodes, or as many as are to be sampled, each set of them as likely as any other (Floyd; Bentley 1987).
std::vector<std::uint64_t> LevelSearch::candidates(BitSource& bits) const {
  std::vector<std::uint64_t> nodes;
  if (!sampled_) {
    nodes.resize(nodes_);
    std::iota(nodes.begin(), nodes.end(), 0);
    return nodes;
  }
  std::vector<bool> taken(nodes_, false);
  for (std::uint64_t last = nodes_ - *sampled_; last < nodes_; ++last) {
    const std::uint64_t node = bits.below(last + 1);
    taken[taken[node] ? last : node] = true;
  }
  for (std::uint64_t node = 0; node < nodes_; ++node)
    if (taken[node]) nodes.push_back(node);
  return nodes;
}

std::int64_t LevelSearch::score(const Work& work, const Groups& groups) const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < groups.first.size(); ++i) {
    if (groups.rows[i] < threshold_) continue;
    std::int64_t kept = 0;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const auto& shares = kept_[c][work.levels[c]];
      kept += columns_[c] ? shares[label(c, work.levels[c], work.cells[c][groups.first[i]])]
                          : shares.front();
    }
    sum += static_cast<std::int64_t>(groups.rows[i] - threshold_ + 1) * kept;
  }
  return sum;
}

/// Numbers groups by what all columns but one say of them; below what number they all are.
std::uint64_t LevelSearch::number_others(Work& work, std::size_t column, const Groups& groups,
                                         std::vector<std::uint64_t>& others) const {
  others.assign(groups.first.size(), 0);
  std::uint64_t space = 1;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (c == column) continue;
    const std::uint32_t level = work.levels[c];
    space = work.numbers.part(others, space, labels(c, level), [&](std::size_t i) {
      return label(c, level, work.cells[c][groups.first[i]]);
    });
  }
  return space;
}

/// Generalises one column after another: what a level makes of its groups is made of those of a lower level.
void LevelSearch::descend(Work& work, std::size_t column, Groups groups,
                          std::span<const std::uint64_t> nodes) const {
  if (column == columns_.size()) {
    work.scores.push_back(score(work, groups));
    return;
  }
  if (!columns_[column]) return descend(work, column + 1, std::move(groups), nodes);
  std::vector<std::uint64_t> others;
  const std::uint64_t space = number_others(work, column, groups, others);
  for (std::size_t at = 0; at < nodes.size();) {
    const std::uint32_t level = level_of(nodes[at], column);
    std::size_t end = at;
    while (end < nodes.size() && level_of(nodes[end], column) == level) ++end;
    work.levels[column] = level;
    std::vector<std::uint64_t> keys = others;
    work.numbers.part(keys, space, labels(column, level), [&](std::size_t i) {
      return label(column, level, work.cells[column][groups.first[i]]);
    });
    Groups made;
    std::vector<std::uint64_t> made_others;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i] == made.first.size()) {
        made.first.push_back(groups.first[i]);
        made.rows.push_back(0);
        made_others.push_back(others[i]);
      }
      made.rows[keys[i]] += groups.rows[i];
    }
    groups = std::move(made);
    others = std::move(made_others);
    descend(work, column + 1, groups, nodes.subspan(at, end - at));
    at = end;
  }
  work.levels[column] = 0;
}

std::vector<std::int64_t> LevelSearch::scores(const Cells& cells,
                                              std::span<const std::uint64_t> nodes) const {
  Work work;
  work.levels.assign(columns_.size(), 0);
  std::vector<std::uint64_t> keys(cells.front().size(), 0);
  std::uint64_t distinct = 1;
  for (std::size_t c = 0; c < cells.size(); ++c)
    distinct = work.numbers.part(keys, distinct, labels(c, 0),
                                 [&](std::size_t row) { return label(c, 0, cells[c][row]); });
  Groups groups;
  work.cells.resize(cells.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    if (keys[row] == groups.first.size()) {
      groups.first.push_back(static_cast<std::uint32_t>(keys[row]));
      groups.rows.push_back(0);
      for (std::size_t c = 0; c < cells.size(); ++c) work.cells[c].push_back(cells[c][row]);
    }
    ++groups.rows[keys[row]];
  }
  descend(work, 0, std::move(groups), nodes);
  return std::move(work.scores);
}

std::vector<std::uint32_t> LevelSearch::draw(const Cells& cells, BitSource& bits) const {
  const std::vector<std::uint64_t> nodes = candidates(bits);
  const std::vector<std::int64_t> scored = scores(cells, nodes);
  return levels_of(nodes[ExponentialRace(*scale_).winner(std::span(scored), bits)]);
}

}  // namespace sfumato
