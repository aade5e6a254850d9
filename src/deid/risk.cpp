#include "sfumato/deid/risk.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/enclosure.h"
#include "sfumato/aggregate/interner.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/io/table_reader.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMostRows = std::uint64_t{1} << 32;

void append_number(std::uint32_t number, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// Numbers the cells of a column: what is missing, too, is a value.
class Cells {
 public:
  /// `empty_is_missing`: an empty text says no more than none.
  explicit Cells(std::uint64_t seed, bool empty_is_missing = false)
      : known_(seed), empty_is_missing_(empty_is_missing) {}

  std::uint32_t number(const KeyColumn& column, std::size_t row) {
    if (!column.codes.empty()) {
      if (std::exchange(dictionary_, column.dictionary) != column.dictionary) of_entries_.clear();
      while (of_entries_.size() < column.entries.size())
        of_entries_.push_back(number(column.entries[of_entries_.size()]));
      return of_entries_[column.codes[row]];
    }
    return number(column[row]);
  }

  std::size_t size() const noexcept { return known_.size(); }

 private:
  std::uint32_t number(const Key& key) {
    const bool empty = key.kind == Key::Kind::text && key.text.empty();
    const Key::Kind kind = empty && empty_is_missing_ ? Key::Kind::null : key.kind;
    bytes_.assign(1, static_cast<char>(kind));
    if (key.kind == Key::Kind::integer)
      bytes_.append(reinterpret_cast<const char*>(&key.integer), sizeof key.integer);
    else
      bytes_.append(key.text);
    return known_.intern(bytes_);
  }

  Interner known_;
  bool empty_is_missing_;
  std::uint64_t dictionary_ = 0;
  std::vector<std::uint32_t> of_entries_;
  std::string bytes_;
};

/// Rows by class and by the values of a sensitive column.
class SensitiveRows {
 public:
  explicit SensitiveRows(BitSource& bits) : cells_(bits.next(), true), pairs_(bits.next()) {}

  void add(std::uint32_t of_class, const KeyColumn& column, std::size_t row) {
    const std::uint32_t value = cells_.number(column, row);
    pair_.clear();
    append_number(of_class, pair_);
    append_number(value, pair_);
    const std::uint32_t of_pair = pairs_.intern(pair_);
    if (of_pair == counts_.size()) {
      counts_.push_back({value, 0});
      owners_.push_back(of_class);
    }
    ++counts_[of_pair].rows;
  }

  /// `rows` are those of each class.
  SensitiveRisk risk(const std::string& column, const std::vector<std::uint64_t>& rows,
                     std::uint64_t rows_in_all) const;

 private:
  Cells cells_;
  Interner pairs_;
  std::string pair_;
  std::vector<ValueCount> counts_;     // of each pair of a class and a sensitive value
  std::vector<std::uint32_t> owners_;  // of each pair
};

/// Rows by class, and, of each class, by sensitive values.
class Classes {
 public:
  Classes(const RiskQuestion& question, BitSource& bits)
      : names_(bits.next()), quasi_(question.quasi.size()) {
    for (std::size_t c = 0; c < quasi_; ++c) cells_.emplace_back(bits.next());
    for (std::size_t s = 0; s < question.sensitive.size(); ++s) sensitive_.emplace_back(bits);
  }

  void add(const Batch& batch, std::size_t row) {
    const std::uint32_t number = names_.intern(name_of(batch, row));
    if (number == rows_.size()) rows_.push_back(0);
    ++rows_[number];
    for (std::size_t s = 0; s < sensitive_.size(); ++s)
      sensitive_[s].add(number, batch.keys[quasi_ + s], row);
  }

  /// Notes a row of the population, where the table has rows like it.
  void note(const Batch& batch, std::size_t row) {
    population_.resize(rows_.size());
    if (const auto number = names_.find(name_of(batch, row))) ++population_[*number];
  }

  const std::vector<std::uint64_t>& rows() const noexcept { return rows_; }

  std::map<std::uint64_t, std::uint64_t> rows_of_population() const {
    std::map<std::uint64_t, std::uint64_t> made;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      made[i < population_.size() ? population_[i] : 0] += rows_[i];
    return made;
  }

  const std::vector<SensitiveRows>& sensitive() const noexcept { return sensitive_; }

 private:
  const std::string& name_of(const Batch& batch, std::size_t row) {
    name_.clear();
    for (std::size_t c = 0; c < quasi_; ++c)
      append_number(cells_[c].number(batch.keys[c], row), name_);
    return name_;
  }

  std::vector<Cells> cells_;
  std::vector<SensitiveRows> sensitive_;
  Interner names_;
  std::size_t quasi_;
  std::string name_;
  std::vector<std::uint64_t> rows_;        // of each class
  std::vector<std::uint64_t> population_;  // of each class
};

double ratio_up(std::uint64_t a, std::uint64_t b) {
  return Enclosure::ratio(a, b).upper();
}

/// The greatest of fractions so far; numerators below 2^67, denominators below 2^66 whose product with
/// them stays below 2^128.
struct Greatest {
  uint128 numerator = 0;
  uint128 denominator = 1;

  void take(uint128 a, uint128 b) {
    if (a * denominator > numerator * b) numerator = a, denominator = b;
  }

  /// No less than `times` of it, less `less`.
  double up(std::uint64_t times, std::uint64_t divided_by, double less) const {
    return (exact(numerator) * Enclosure::ratio(times, divided_by) / exact(denominator) -
            Enclosure(less))
        .upper();
  }

  static Enclosure exact(uint128 whole) {
    return Enclosure::ratio(static_cast<std::uint64_t>(whole >> 64), 1).scaled(64) +
           Enclosure::ratio(static_cast<std::uint64_t>(whole), 1);
  }
};

SensitiveRisk SensitiveRows::risk(const std::string& column, const std::vector<std::uint64_t>& rows,
                                  std::uint64_t rows_in_all) const {
  std::vector<std::uint64_t> whole(cells_.size(), 0);
  for (const ValueCount& count : counts_) whole[count.value] += count.rows;
  std::vector<std::vector<ValueCount>> of_class(rows.size());
  for (std::size_t i = 0; i < counts_.size(); ++i) of_class[owners_[i]].push_back(counts_[i]);

  SensitiveRisk risk{.column = column, .values = whole.size(), .fewest_values = whole.size()};
  double least_entropy = std::numeric_limits<double>::infinity();
  Greatest excess;
  Greatest gain;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    risk.fewest_values = std::min<std::uint64_t>(risk.fewest_values, of_class[i].size());
    double entropy = 0;
    // What values have too much of is what others lack: half of all that differs.
    uint128 too_much = 0;
    for (const ValueCount& count : of_class[i]) {
      const double p = static_cast<double>(count.rows) / static_cast<double>(rows[i]);
      const double q = static_cast<double>(whole[count.value]) / static_cast<double>(rows_in_all);
      entropy -= p * std::log(p);
      risk.greatest_bits = std::max(risk.greatest_bits, std::abs(std::log2(p / q)));
      const uint128 here = uint128{count.rows} * rows_in_all;
      const uint128 there = uint128{whole[count.value]} * rows[i];
      if (here <= there) continue;
      too_much += here - there;
      gain.take(count.rows, uint128{whole[count.value]} * rows[i]);
    }
    if (of_class[i].size() < whole.size())
      risk.greatest_bits = std::numeric_limits<double>::infinity();
    least_entropy = std::min(least_entropy, entropy);
    excess.take(too_much, rows[i]);
  }
  risk.least_entropy_l = std::exp(least_entropy);
  risk.greatest_distance = excess.up(1, rows_in_all, 0);
  risk.greatest_gain = gain.numerator == 0 ? 0 : gain.up(rows_in_all, 1, 1);
  return risk;
}

template <class Visit>
Status each_row(const std::vector<std::string>& files, std::vector<std::string> columns,
                int threads, Visit visit) {
  auto reader = TableReader::open(files, {.keys = std::move(columns)}, threads);
  if (!reader) return std::move(reader).error();
  std::uint64_t rows = 0;
  for (Batch batch;;) {
    const Result<bool> more = reader->next(batch);
    if (!more) return more.error();
    if (!*more) return ok();
    if ((rows += batch.rows) > kMostRows)
      return Error{Errc::unsupported, files.front(), "must have 2^32 rows at most"};
    for (std::size_t row = 0; row < batch.rows; ++row) visit(batch, row);
  }
}

}  // namespace

Result<RiskReport> risk_of(const RiskQuestion& question) {
  if (question.quasi.empty())
    return Error{Errc::invalid_parameter, "quasi", "must name a column at least"};
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  Classes classes(question, *bits);
  std::vector<std::string> columns = question.quasi;
  columns.insert(columns.end(), question.sensitive.begin(), question.sensitive.end());
  RiskReport report;
  Status read = each_row(question.tables, columns, question.threads,
                         [&](const Batch& batch, std::size_t row) {
                           ++report.rows;
                           classes.add(batch, row);
                         });
  if (!read) return std::move(read).error();
  if (report.rows == 0)
    return Error{Errc::malformed, question.tables.front(), "must have a row at least"};
  for (const std::uint64_t rows : classes.rows()) ++report.classes_of[rows];
  for (std::size_t s = 0; s < question.sensitive.size(); ++s)
    report.sensitive.push_back(
        classes.sensitive()[s].risk(question.sensitive[s], classes.rows(), report.rows));
  if (!question.population.empty()) {
    read = each_row(question.population, question.quasi, question.threads,
                    [&](const Batch& batch, std::size_t row) { classes.note(batch, row); });
    if (!read) return std::move(read).error();
    report.rows_of_population = classes.rows_of_population();
  }
  return report;
}

std::uint64_t RiskReport::classes() const noexcept {
  std::uint64_t all = 0;
  for (const auto& [size, count] : classes_of) all += count;
  return all;
}

std::uint64_t RiskReport::smallest_class() const noexcept {
  return classes_of.empty() ? 0 : classes_of.begin()->first;
}

std::uint64_t RiskReport::rows_below(std::uint64_t k) const noexcept {
  std::uint64_t below = 0;
  for (const auto& [size, count] : classes_of)
    if (size < k) below += size * count;
  return below;
}

double RiskReport::prosecutor_risk() const noexcept {
  return ratio_up(1, std::max<std::uint64_t>(smallest_class(), 1));
}

double RiskReport::average_risk() const noexcept {
  return ratio_up(classes(), std::max<std::uint64_t>(rows, 1));
}

std::uint64_t RiskReport::smallest_of_population() const noexcept {
  return rows_of_population && !rows_of_population->empty() ? rows_of_population->begin()->first
                                                            : 0;
}

double RiskReport::marketer_risk() const noexcept {
  Enclosure sum(0.0);
  if (rows_of_population)
    for (const auto& [size, count] : *rows_of_population)
      sum = sum + Enclosure::ratio(count, std::max<std::uint64_t>(size, 1));
  return (sum / Enclosure::ratio(std::max<std::uint64_t>(rows, 1), 1)).upper();
}

}  // namespace sfumato
