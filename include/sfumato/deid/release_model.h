#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "sfumato/deid/fraction.h"
#include "sfumato/deid/value_hierarchy.h"

namespace sfumato {

/// How many rows have a sensitive value.
struct ValueCount {
  std::uint32_t value;
  std::uint64_t rows;
};

/// The rows that no quasi-identifier tells apart: a class.
struct ClassCounts {
  std::uint64_t rows = 0;
  std::span<const ValueCount> sensitive;  ///< rising values, each with a row at least
  std::uint64_t population =
      0;  ///< rows like them among all who might be in the table, where that is known
};

/// All rows, and how many have each sensitive value.
struct TableCounts {
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> sensitive;
};

/// A class has k rows at least.
/// Origin  Samarati, Sweeney: Protecting privacy when disclosing information, 1998
struct KAnonymity {
  std::uint64_t k;
};

/// A class has l different sensitive values at least.
/// Origin  Machanavajjhala and others: l-Diversity, TKDD 2007, definition 3.1 and below
struct DistinctDiversity {
  std::uint64_t l;
};

/// The entropy of a class's sensitive values is at least log l. The same paper, definition 4.1.
struct EntropyDiversity {
  Fraction l;
};

/// With r₁ >= r₂ >= … the counts of a class's sensitive values: r₁ < c · (r_l + r_(l+1) + …). The same
/// paper, definition 4.2.
struct RecursiveDiversity {
  Fraction c;
  std::uint64_t l;
};

/// The distance from how sensitive values are spread in a class to how they are in the whole table is
/// at most t, as much as has to be moved between values: equally far from one another; by their order;
/// by the level of a hierarchy at which they meet.
/// Origin  Li, Li, Venkatasubramanian: t-Closeness, ICDE 2007, section 4
struct EqualCloseness {
  Fraction t;
};
struct OrderedCloseness {
  Fraction t;
};
struct HierarchicalCloseness {
  Fraction t;
  std::shared_ptr<const ValueHierarchy> hierarchy;  ///< of the sensitive values
};

/// No sensitive value's share p of a class exceeds its share q of the table by more than β · q;
/// `enhanced`: by no more than min(β, -ln q) · q.
/// Origin  Cao, Karras: Publishing microdata with a robust privacy guarantee, PVLDB 2012, definitions 3 and 4
struct BetaLikeness {
  Fraction beta;
  bool enhanced;
};

/// |log2(p / q)| < δ for each sensitive value of the table, or, where `present_only`, of the class; the
/// paper's logarithm has no base, ARX's is 2.
/// Origin  Brickell, Shmatikov: The cost of privacy, KDD 2008
struct DeltaDisclosure {
  Fraction delta;
  bool present_only;
};

/// A class has k rows like it at least among all who might be in the table.
/// Origin  Sweeney: k-Anonymity: a model for protecting privacy, 2002, definition of k-map; El Emam, Dankar, 2008
struct KMap {
  std::uint64_t k;
};

/// Of those in the population that are like a class, a share from `lower` to `upper` is in the table. Where `lower`
/// is above 0 this is asked of all of the population: of those like no row of the table, too.
/// Origin  Nergiz, Atzori, Clifton: Hiding the presence of individuals from shared databases, SIGMOD 2007, definition 2
struct DeltaPresence {
  Fraction lower;
  Fraction upper;
};

using ReleaseModel =
    std::variant<KAnonymity, DistinctDiversity, EntropyDiversity, RecursiveDiversity,
                 EqualCloseness, OrderedCloseness, HierarchicalCloseness, BetaLikeness,
                 DeltaDisclosure, KMap, DeltaPresence>;

/// Whether a class satisfies a model: decided in whole numbers, and, where logarithms take part, by
/// intervals that are made narrower until they tell, or by the prime factors of what is equal.
///
/// Of at most 2^33 rows and 2^20 sensitive values; the table holds the class.
bool holds(const ReleaseModel& model, const ClassCounts& counts, const TableCounts& whole);

/// How many rows a class must have for the model to hold at all: a table that is generalised further
/// never has more rows in classes with less.
std::uint64_t least_rows(const ReleaseModel& model);

/// How many rows of the population must be like a class for the model to hold at all.
std::uint64_t least_population(const ReleaseModel& model);

/// Whether a model asks for sensitive values, or for a population.
bool needs_sensitive(const ReleaseModel& model);
bool needs_population(const ReleaseModel& model);

/// Whether a model can't hold unless each class of the population is released.
bool needs_all_of_population(const ReleaseModel& model);

}  // namespace sfumato
