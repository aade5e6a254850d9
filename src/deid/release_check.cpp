#include "deid/release_check.h"

#include <algorithm>
#include <numeric>

#include "sfumato/io/table_reader.h"

namespace sfumato {
namespace {

using Labels = std::vector<ReleasedCell>;

/// The rows of a class, and how many have each value of each sensitive column.
struct Class {
  std::uint64_t rows = 0;
  std::vector<std::map<std::uint32_t, std::uint64_t>> values;

  void add(const Class& other) {
    rows += other.rows;
    values.resize(other.values.size());
    for (std::size_t c = 0; c < values.size(); ++c)
      for (const auto& [value, count] : other.values[c]) values[c][value] += count;
  }
};

using Classes = std::map<Labels, Class>;

ReleasedCell cell_of(const Key& key) {
  if (key.kind == Key::Kind::null) return std::nullopt;
  if (key.kind == Key::Kind::integer) return std::to_string(key.integer);
  return std::string(key.text);
}

/// Whether a class satisfies all models, each by the column that it is about.
bool satisfies(const ReleaseCheck& check, const Class& one, std::uint64_t people) {
  for (std::size_t m = 0; m < check.limits.models.size(); ++m) {
    const ReleaseModel& model = check.limits.models[m];
    std::vector<ValueCount> counts;
    static const TableCounts kNone;
    const TableCounts* whole = &kNone;
    if (needs_sensitive(model)) {
      const std::size_t column = check.limits.column_of(m);
      for (const auto& [value, count] : one.values[column]) counts.push_back({value, count});
      whole = &check.sensitive[column].whole;
    }
    if (!holds(model, {one.rows, counts, people}, *whole)) return false;
  }
  return true;
}

Error fails(const std::string& what) {
  return {Errc::refused, "release",
          "was read back, and " + what + ": nothing is published, and the fault is the program's"};
}

/// The class of each, with those that are like it wherever they have a value.
class Covered {
 public:
  explicit Covered(const Classes& classes) {
    for (const auto& [labels, one] : classes) by_missing_[missing(labels)].emplace(labels, &one);
  }

  Class of(const Labels& labels) const {
    Class all;
    const std::vector<bool> own = missing(labels);
    for (const auto& [columns, classes] : by_missing_) {
      if (!std::ranges::equal(own, columns, [](bool a, bool b) { return !a || b; })) continue;
      Labels there = labels;
      for (std::size_t c = 0; c < there.size(); ++c)
        if (columns[c]) there[c] = std::nullopt;
      if (const auto found = classes.find(there); found != classes.end()) all.add(*found->second);
    }
    return all;
  }

 private:
  static std::vector<bool> missing(const Labels& labels) {
    std::vector<bool> columns;
    for (const ReleasedCell& cell : labels) columns.push_back(!cell);
    return columns;
  }

  std::map<std::vector<bool>, std::map<Labels, const Class*>> by_missing_;
};

/// Adds up the rows of a file; nothing where it holds a sensitive value that the table did not.
Result<std::optional<Classes>> classes_of(const ReleaseCheck& check, const std::string& file) {
  std::vector<std::string> columns = check.quasi;
  for (const ReleaseCheck::Sensitive& one : check.sensitive) columns.push_back(one.column);
  auto reader = TableReader::open({file}, {.keys = columns});
  if (!reader) return std::move(reader).error();
  Classes classes;
  Labels labels(check.quasi.size());
  for (Batch batch;;) {
    const Result<bool> more = reader->next(batch);
    if (!more) return more.error();
    if (!*more) return std::optional(std::move(classes));
    for (std::size_t row = 0; row < batch.rows; ++row) {
      for (std::size_t c = 0; c < labels.size(); ++c) labels[c] = cell_of(batch.keys[c][row]);
      Class& here = classes[labels];
      ++here.rows;
      here.values.resize(check.sensitive.size());
      for (std::size_t s = 0; s < check.sensitive.size(); ++s) {
        const auto& values = check.sensitive[s].values;
        const auto value = values.find(cell_of(batch.keys[labels.size() + s][row]));
        if (value == values.end()) return std::optional<Classes>();
        ++here.values[s][value->second];
      }
    }
  }
}

}  // namespace

Status ReleaseCheck::verify(const std::string& file, std::uint64_t rows) const {
  Result<std::optional<Classes>> read = classes_of(*this, file);
  if (!read) return fails("cannot be read (" + read.error().message + ")");
  if (!*read) return fails("has a value that the table did not have");
  const Classes& classes = **read;
  std::uint64_t there = 0;
  for (const auto& [labels, one] : classes) there += one.rows;
  if (there != rows) return fails("has not the rows that were to be released");
  const std::uint64_t all =
      std::accumulate(population.begin(), population.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const auto& one) { return sum + one.second; });
  const Covered covered(classes);
  for (const auto& [labels, one] : classes) {
    const Class candidates = limits.wildcards ? covered.of(labels) : one;
    const auto alike = population.find(labels);
    const bool any =
        limits.suppressed_stay &&
        std::ranges::none_of(labels, [](const ReleasedCell& cell) { return cell.has_value(); });
    const std::uint64_t people = any ? all : alike == population.end() ? 0 : alike->second;
    if (!satisfies(*this, candidates, people))
      return fails("has a class that does not satisfy a model");
  }
  if (std::ranges::any_of(limits.models, needs_all_of_population))
    for (const auto& [labels, people] : population)
      if (!classes.contains(labels)) return fails("lacks a class of the population");
  return ok();
}

}  // namespace sfumato
