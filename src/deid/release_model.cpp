#include "sfumato/deid/release_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "base/enclosure.h"

namespace sfumato {
namespace {

constexpr double kDoubt = 1e-9;  // far above the relative error of a million rounded terms

double ratio(std::uint64_t a, std::uint64_t b) {
  return static_cast<double>(a) / static_cast<double>(b);
}

uint128 distance(uint128 a, uint128 b) {
  return a < b ? b - a : a - b;
}

/// Calls `visit(value, rows of the class, rows of the table)` for each sensitive value of the table.
template <class Visit>
void each_value(const ClassCounts& counts, const TableCounts& whole, Visit visit) {
  auto next = counts.sensitive.begin();
  for (std::uint32_t value = 0; value < whole.sensitive.size(); ++value) {
    const bool here = next != counts.sensitive.end() && next->value == value;
    visit(value, here ? (next++)->rows : 0, whole.sensitive[value]);
  }
}

/// Whether numerator / (denominator · class rows · table rows) is at most t.
bool at_most(uint128 numerator, std::uint64_t denominator, const ClassCounts& counts,
             const TableCounts& whole, const Fraction& t) {
  return numerator * t.denominator() <=
         uint128{counts.rows} * whole.rows * t.numerator() * denominator;
}

/// Asks for the sign of a number that is not 0: by a double, whose error is far below `doubt`, or with
/// more and more bits.
template <class Make>
bool positive(double about, double doubt, Make make) {
  if (std::abs(about) > doubt) return about > 0;
  for (int bits = 128;; bits *= 2) {
    const Enclosure number = make(bits);
    if (number.lower() > 0) return true;
    if (number.upper() < 0) return false;
  }
}

Enclosure natural_log(std::uint64_t n, int bits) {
  return log(Enclosure::ratio(n, 1, bits));
}

/// Adds `times` to the exponents of the primes of n.
void add_primes(std::uint64_t n, int128 times, std::map<std::uint64_t, int128>& exponents) {
  for (std::uint64_t p = 2; p * p <= n; p += p == 2 ? 1 : 2)
    for (; n % p == 0; n /= p) exponents[p] += times;
  if (n > 1) exponents[n] += times;
}

/// n ln n - Σ nₛ ln nₛ >= n ln l, by doubles where their error can't matter.
///
/// Σ nₛ^nₛ · l^n = n^n, as a product of powers, holds just where each prime comes as often on both sides.
bool entropy_reaches(const ClassCounts& counts, const Fraction& l) {
  const auto n = static_cast<double>(counts.rows);
  double gap = n * (std::log(n) - std::log(static_cast<double>(l.numerator())) +
                    std::log(static_cast<double>(l.denominator())));
  for (const ValueCount& count : counts.sensitive)
    gap -= static_cast<double>(count.rows) * std::log(static_cast<double>(count.rows));
  const double doubt = kDoubt * n * (std::log(n) + 30);
  if (std::abs(gap) > doubt) return gap > 0;

  std::map<std::uint64_t, int128> exponents;
  const auto rows = static_cast<int128>(counts.rows);
  add_primes(counts.rows, rows, exponents);
  add_primes(l.numerator(), -rows, exponents);
  add_primes(l.denominator(), rows, exponents);
  for (const ValueCount& count : counts.sensitive)
    add_primes(count.rows, -static_cast<int128>(count.rows), exponents);
  if (std::ranges::all_of(exponents, [](const auto& prime) { return prime.second == 0; }))
    return true;
  return positive(gap, doubt, [&](int bits) {
    Enclosure sum(0.0, bits);
    for (const auto& [prime, times] : exponents)
      sum =
          sum + Enclosure::whole(static_cast<std::int64_t>(times), bits) * natural_log(prime, bits);
    return sum;
  });
}

struct Holds {
  const ClassCounts& counts;
  const TableCounts& whole;

  bool operator()(const KAnonymity& model) const { return counts.rows >= model.k; }

  bool operator()(const DistinctDiversity& model) const {
    return counts.sensitive.size() >= model.l;
  }

  bool operator()(const EntropyDiversity& model) const { return entropy_reaches(counts, model.l); }

  bool operator()(const RecursiveDiversity& model) const {
    std::vector<std::uint64_t> falling;
    for (const ValueCount& count : counts.sensitive) falling.push_back(count.rows);
    std::ranges::sort(falling, std::greater());
    uint128 rest = 0;
    for (std::size_t i = std::max<std::size_t>(model.l, 1) - 1; i < falling.size(); ++i)
      rest += falling[i];
    return uint128{falling.front()} * model.c.denominator() < rest * model.c.numerator();
  }

  bool operator()(const EqualCloseness& model) const {
    uint128 moved = 0;
    each_value(counts, whole, [&](std::uint32_t, std::uint64_t here, std::uint64_t there) {
      moved += distance(uint128{here} * whole.rows, uint128{there} * counts.rows);
    });
    return at_most(moved, 2, counts, whole, model.t);
  }

  bool operator()(const OrderedCloseness& model) const {
    uint128 moved = 0;
    uint128 here_so_far = 0;
    uint128 there_so_far = 0;
    each_value(counts, whole, [&](std::uint32_t, std::uint64_t here, std::uint64_t there) {
      here_so_far += here;
      there_so_far += there;
      moved += distance(here_so_far * whole.rows, there_so_far * counts.rows);
    });
    const std::size_t steps = std::max<std::size_t>(whole.sensitive.size(), 2) - 1;
    return at_most(moved, steps, counts, whole, model.t);
  }

  /// Level by level: what the children of a label have too much of is moved to those that have too
  /// little, as far as that goes, at the cost of the label's level; the rest is moved further above.
  bool operator()(const HierarchicalCloseness& model) const {
    const ValueHierarchy& hierarchy = *model.hierarchy;
    std::vector<int128> extra(hierarchy.values(), 0);
    each_value(counts, whole, [&](std::uint32_t value, std::uint64_t here, std::uint64_t there) {
      extra[value] = static_cast<int128>(uint128{here} * whole.rows) -
                     static_cast<int128>(uint128{there} * counts.rows);
    });
    std::vector<std::uint32_t> below(hierarchy.values());  // a value of each label
    for (std::uint32_t value = 0; value < below.size(); ++value) below[value] = value;
    uint128 cost = 0;
    // Where the last level has several labels, all meet one above it.
    const bool meet = hierarchy.labels(hierarchy.levels() - 1) == 1;
    const std::size_t height = hierarchy.levels() - (meet ? 1 : 0);
    for (std::size_t level = 1; level <= height; ++level) {
      const bool top = level == hierarchy.levels();
      const std::size_t labels = top ? 1 : hierarchy.labels(level);
      std::vector<uint128> over(labels, 0);
      std::vector<uint128> under(labels, 0);
      std::vector<std::uint32_t> values(labels, 0);
      for (std::size_t child = 0; child < extra.size(); ++child) {
        const std::uint32_t parent = top ? 0 : hierarchy.label(level, below[child]);
        const bool more = extra[child] > 0;
        (more ? over : under)[parent] += static_cast<uint128>(more ? extra[child] : -extra[child]);
        values[parent] = below[child];
      }
      extra.assign(labels, 0);
      for (std::size_t label = 0; label < labels; ++label) {
        cost += level * std::min(over[label], under[label]);
        extra[label] = static_cast<int128>(over[label]) - static_cast<int128>(under[label]);
      }
      below = std::move(values);
    }
    return at_most(cost, std::max<std::size_t>(height, 1), counts, whole, model.t);
  }

  bool operator()(const BetaLikeness& model) const {
    bool all = true;
    for (const ValueCount& count : counts.sensitive) {
      const std::uint64_t there = whole.sensitive[count.value];
      const uint128 scaled = uint128{count.rows} * whole.rows;  // p/q - 1 = (scaled - base) / base
      const uint128 base = uint128{there} * counts.rows;
      if (scaled <= base) continue;
      all = all && (scaled - base) * model.beta.denominator() <= base * model.beta.numerator() &&
            (!model.enhanced || within_surprise(count.rows, there));
    }
    return all;
  }

  /// p/q - 1 <= -ln q. No equality: the logarithm of a fraction other than 1 is no fraction, and p <= q = 1.
  bool within_surprise(std::uint64_t here, std::uint64_t there) const {
    const double table = ratio(whole.rows, there);
    const double gap = std::log(table) - ratio(here, counts.rows) * table + 1;
    return positive(gap, kDoubt * (table + 50), [&](int bits) {
      const Enclosure exact = Enclosure::ratio(whole.rows, there, bits);
      return log(exact) - Enclosure::ratio(here, counts.rows, bits) * exact + Enclosure(1.0, bits);
    });
  }

  bool operator()(const DeltaDisclosure& model) const {
    if (!model.present_only && counts.sensitive.size() < present_in_table()) return false;
    return std::ranges::all_of(counts.sensitive, [&](const ValueCount& count) {
      return within_bits(count.rows, whole.sensitive[count.value], model.delta);
    });
  }

  /// |log2 r| < δ for r = p / q. Where r is a power of two, its logarithm is whole; else it is no fraction.
  bool within_bits(std::uint64_t here, std::uint64_t there, const Fraction& delta) const {
    uint128 above = uint128{here} * whole.rows;
    uint128 below = uint128{there} * counts.rows;
    if (above < below) std::swap(above, below);
    std::uint64_t bits_of_ratio = 0;
    for (; below <= above / 2; ++bits_of_ratio) below *= 2;
    if (above == below) return bits_of_ratio * delta.denominator() < delta.numerator();

    const double gap = ratio(delta.numerator(), delta.denominator()) -
                       std::abs(std::log2(ratio(here, counts.rows) * ratio(whole.rows, there)));
    return positive(gap, kDoubt * (std::abs(gap) + 50), [&](int bits) {
      const Enclosure limit = Enclosure::ratio(delta.numerator(), delta.denominator(), bits) *
                              log(Enclosure(2.0, bits));
      const Enclosure loss = log(Enclosure::ratio(here, there, bits) *
                                 Enclosure::ratio(whole.rows, counts.rows, bits));
      return limit - max(loss, -loss);
    });
  }

  bool operator()(const KMap& model) const { return counts.population >= model.k; }

  bool operator()(const DeltaPresence& model) const {
    const auto times = [](std::uint64_t a, std::uint64_t b) { return uint128{a} * b; };
    return times(counts.rows, model.lower.denominator()) >=
               times(counts.population, model.lower.numerator()) &&
           times(counts.rows, model.upper.denominator()) <=
               times(counts.population, model.upper.numerator());
  }

  std::size_t present_in_table() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(whole.sensitive, [](std::uint64_t rows) { return rows > 0; }));
  }
};

}  // namespace

bool holds(const ReleaseModel& model, const ClassCounts& counts, const TableCounts& whole) {
  return std::visit(Holds{counts, whole}, model);
}

std::uint64_t least_rows(const ReleaseModel& model) {
  if (const auto* anonymity = std::get_if<KAnonymity>(&model)) return anonymity->k;
  if (const auto* distinct = std::get_if<DistinctDiversity>(&model)) return distinct->l;
  if (const auto* entropy = std::get_if<EntropyDiversity>(&model))
    return (entropy->l.numerator() + entropy->l.denominator() - 1) / entropy->l.denominator();
  if (const auto* recursive = std::get_if<RecursiveDiversity>(&model)) return recursive->l;
  return 1;
}

std::uint64_t least_population(const ReleaseModel& model) {
  const auto* map = std::get_if<KMap>(&model);
  return map ? map->k : 0;
}

bool needs_sensitive(const ReleaseModel& model) {
  return !std::holds_alternative<KAnonymity>(model) && !needs_population(model);
}

bool needs_population(const ReleaseModel& model) {
  return std::holds_alternative<KMap>(model) || std::holds_alternative<DeltaPresence>(model);
}

bool needs_all_of_population(const ReleaseModel& model) {
  const auto* presence = std::get_if<DeltaPresence>(&model);
  return presence && presence->lower.numerator() > 0;
}

}  // namespace sfumato
