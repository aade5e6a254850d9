#include "sfumato/federated/model_changes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "secagg/whole_steps.h"
#include "sfumato/federated/random_steps.h"
#include "sfumato/io/table_reader.h"
#include "sfumato/secagg/contribution.h"

namespace sfumato {
namespace {

constexpr std::size_t kPeopleAtOnce = 4096;

std::optional<double> real(const Number& cell) {
  if (cell.kind == Number::Kind::null) return std::nullopt;
  return cell.kind == Number::Kind::integer ? static_cast<double>(cell.integer) : cell.real;
}

/// Who a row is of; rows without are of one and the same person.
std::string unit_of(const Key& cell) {
  std::string unit(1, static_cast<char>(cell.kind));
  return unit += cell.kind == Key::Kind::integer ? std::to_string(cell.integer) : cell.text;
}

/// What all people's rows ask for, added up person by person.
class People {
 public:
  People(const Logistic& model, std::vector<double> weights)
      : model_(model),
        weights_(std::move(weights)),
        values_(weights_.size() - 1),
        x_(weights_.size()) {}

  /// The last number column is the target.
  void add(const Batch& batch) {
    for (std::size_t row = 0; row < batch.rows; ++row)
      if (const auto event = complete(batch, row)) add(unit_of(batch.keys[0][row]), *event);
  }

  std::size_t size() const noexcept { return rows_.size(); }

  /// The mean of what a person's rows ask for, in steps.
  void change(std::size_t person, double step, std::span<double> out) const {
    const double rows = static_cast<double>(rows_[person]);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = sums_[person * out.size() + i] / rows / step;
  }

 private:
  /// Takes a row's values; none where one is missing, or the target neither 0 nor 1.
  std::optional<bool> complete(const Batch& batch, std::size_t row) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const auto value = real(batch.numbers[i][row]);
      if (!value) return std::nullopt;
      values_[i] = *value;
    }
    const auto target = real(batch.numbers[values_.size()][row]);
    if (!target || (*target != 0 && *target != 1)) return std::nullopt;
    return *target == 1;
  }

  void add(std::string unit, bool event) {
    const auto [place, is_new] = places_.try_emplace(std::move(unit), rows_.size());
    if (is_new) {
      rows_.push_back(0);
      sums_.resize(sums_.size() + weights_.size());
    }
    ++rows_[place->second];
    model_.scale(values_, x_);
    Logistic::add_change(weights_, x_, event,
                         std::span(sums_).subspan(place->second * x_.size(), x_.size()));
  }

  const Logistic& model_;
  std::vector<double> weights_, values_, x_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<std::int64_t> rows_;  // of each person
  std::vector<double> sums_;        // of all people, one after the other
};

/// Some people's changes as a table: one row each, whose unit is a number.
class Changes {
 public:
  explicit Changes(std::size_t coordinates) : columns_(coordinates), row_(coordinates) {}

  void add(std::int64_t person, std::span<const double> change, const RandomSteps& steps,
           BitSource& bits) {
    steps.draw(change, row_, bits);
    units_.push_back(person);
    for (std::size_t i = 0; i < row_.size(); ++i) columns_[i].push_back(row_[i]);
  }

  void give(Contribution& contribution, BitSource& bits) {
    Batch batch;
    batch.rows = units_.size();
    batch.keys.push_back({.integers = units_});
    for (const auto& column : columns_) batch.numbers.push_back({.integers = column});
    contribution.add(batch, bits);
    units_.clear();
    for (auto& column : columns_) column.clear();
  }

  std::size_t size() const noexcept { return units_.size(); }

 private:
  std::vector<std::int64_t> units_;
  std::vector<std::vector<std::int64_t>> columns_;
  std::vector<std::int64_t> row_;
};

ColumnRequest request_of(const Training& training) {
  ColumnRequest request{.keys = {training.terms().plan.unit}};
  for (const ModelFeature& feature : training.model().features())
    request.numbers.push_back(feature.column);
  request.numbers.push_back(training.terms().target);
  return request;
}

}  // namespace

Result<std::vector<std::int64_t>> changes_of(const Training& training, const QueryPlan& plan,
                                             const ModelState& state,
                                             const std::vector<std::string>& files,
                                             BitSource& bits) {
  auto reader = TableReader::open(files, request_of(training));
  if (!reader) return std::move(reader).error();
  const auto steps = RandomSteps::make(training.length(), training.model().size());
  if (!steps) return steps.error();
  auto contribution = Contribution::make(plan, bits);
  if (!contribution) return std::move(contribution).error();
  People people(training.model(), weight_values(state.weights));
  for (Batch batch;;) {
    const auto more = reader->next(batch);
    if (!more) return more.error();
    if (!*more) break;
    people.add(batch);
  }
  const double step = nearest_double(training.terms().step);
  std::vector<double> change(training.model().size());
  Changes changes(change.size());
  for (std::size_t person = 0; person < people.size(); ++person) {
    people.change(person, step, change);
    changes.add(static_cast<std::int64_t>(person), change, *steps, bits);
    if (changes.size() == kPeopleAtOnce) changes.give(*contribution, bits);
  }
  changes.give(*contribution, bits);
  return contribution->vector();
}

}  // namespace sfumato
