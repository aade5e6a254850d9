#include "table/engine.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <utility>

#include "base/in_parallel.h"
#include "table/group_finder.h"
#include "table/value_units.h"

namespace sfumato {
namespace {

constexpr std::size_t kRowsAtOnce = 2048;  // an even number: what is made of them fits a cache

/// The groups of a set, by the first columns of the finest ones: sorted, those of one follow one another.
struct Runs {
  std::vector<std::string_view> names;
  std::vector<std::uint32_t> of_place;  // in which of them each of the finest lies
};

Runs runs_of(const std::vector<std::string_view>& sorted, std::size_t columns) {
  Runs runs;
  if (columns == 0) runs.names.emplace_back();
  for (const std::string_view name : sorted) {
    const std::string_view first = first_canonical(name, columns);
    if (runs.names.empty() || runs.names.back() != first) runs.names.push_back(first);
    runs.of_place.push_back(static_cast<std::uint32_t>(runs.names.size() - 1));
  }
  return runs;
}

/// `order` says which group stands at each place.
Coarsening coarsening_by(const Runs& set, const std::vector<std::size_t>& order) {
  Coarsening made{std::vector<std::uint32_t>(order.size()), set.names.size()};
  for (std::size_t place = 0; place < order.size(); ++place)
    made.within[order[place]] = set.of_place[place];
  return made;
}

/// In which group of `coarser` each one of `finer` lies.
std::vector<std::uint32_t> places_in(const Runs& coarser, const Runs& finer) {
  std::vector<std::uint32_t> places(finer.names.size());
  for (std::size_t i = 0; i < finer.of_place.size(); ++i)
    places[finer.of_place[i]] = coarser.of_place[i];
  return places;
}

}  // namespace

/// What one thread does with its batches.
class Engine::Worker {
 public:
  explicit Worker(Engine& engine)
      : layout_(engine.layout_),
        groups_(layout_.group_columns, layout_.listed, engine.groups_, engine.seed_),
        units_(layout_.integer_units, engine.seed_, engine.units_.copy(), engine.long_ids_),
        totals_(layout_.uses),
        row_values_(layout_.grids.size()),
        values_(layout_.grids.size()) {
    if (engine.partitions_) writer_.emplace(*engine.partitions_);
  }

  /// `first` is the number of the batch's first row: no other row has it.
  Status add(const Batch& batch, std::uint64_t first) {
    for (std::size_t begin = 0; begin < batch.rows; begin += kRowsAtOnce) {
      const std::size_t rows = std::min(kRowsAtOnce, batch.rows - begin);
      row_groups_.resize(rows);
      groups_.fill(batch, begin, row_groups_);
      for (std::size_t c = 0; c < values_.size(); ++c) {
        values_[c].resize(rows);
        value_units(batch.numbers[c], begin, layout_.grids[c], values_[c]);
      }
      if (!writer_) {
        add_up();
        continue;
      }
      row_units_.resize(rows);
      if (!units_.fill(batch.keys[*layout_.unit], begin, row_units_))
        return Error{Errc::malformed, "unit", "has a column whose type changed while it was read"};
      Status added = writer_->add({first + begin, row_units_, row_groups_, values_});
      if (!added) return added;
    }
    return ok();
  }

  void close() {
    if (writer_) writer_->close();
  }

  GroupTotals totals() && { return std::move(totals_); }

 private:
  void add_up() {
    for (std::size_t i = 0; i < row_groups_.size(); ++i) {
      const std::uint32_t group = row_groups_[i];
      if (group == NamedRows::kNoGroup) continue;
      if (group >= totals_.groups()) totals_.resize(group + 1);
      for (std::size_t c = 0; c < values_.size(); ++c) row_values_[c] = values_[c][i];
      totals_.add_unit(group);
      totals_.add_row(group, row_values_);
    }
  }

  const Layout& layout_;
  GroupFinder groups_;
  UnitBlocks units_;
  std::optional<Partitions::Writer> writer_;
  GroupTotals totals_;
  std::vector<Units> row_values_;

  std::vector<std::uint32_t> row_groups_;
  std::vector<Block> row_units_;
  std::vector<std::vector<Units>> values_;
};

Engine::Engine(Layout layout, Resources resources, KeyedHash hash, BlockCipher units,
               BitSource& bits)
    : layout_(std::move(layout)),
      resources_(resources),
      groups_(std::move(hash), bits.next()),
      long_ids_(bits.next()),
      units_(std::move(units)),
      seed_(bits.next()) {}

Result<std::unique_ptr<Engine>> Engine::make(Layout layout, ContributionBounds bounds,
                                             Resources resources, BitSource& bits) {
  Result<KeyedHash> hash = KeyedHash::make(bits);
  if (!hash) return std::move(hash).error();
  Result<BlockCipher> units = BlockCipher::make(bits);
  if (!units) return std::move(units).error();
  std::unique_ptr<Engine> engine(
      new Engine(std::move(layout), resources, *std::move(hash), *std::move(units), bits));
  if (!engine->layout_.unit) return engine;
  auto partitions = Partitions::make(
      bounds, RecordLayout(!engine->layout_.integer_units, engine->layout_.grids.size()),
      resources.memory, engine->groups_, bits);
  if (!partitions) return std::move(partitions).error();
  engine->partitions_ = *std::move(partitions);
  return engine;
}

Status Engine::read(TableReader& reader, const std::function<void(double share)>& progress) {
  std::mutex guard;  // of the reader
  std::uint64_t rows = 0;
  std::atomic<bool> failed = false;
  std::vector<Status> ends(resources_.threads, ok());
  row_totals_.assign(resources_.threads, GroupTotals(layout_.uses));

  const auto work = [&](std::size_t thread) -> Status {
    Worker worker(*this);
    for (Batch batch; !failed;) {
      std::uint64_t first = 0;
      {
        const std::lock_guard lock(guard);
        const Result<bool> more = reader.next(batch);
        if (!more) return more.error();
        if (!*more) break;
        first = std::exchange(rows, rows + batch.rows);
      }
      if (Status added = worker.add(batch, first); !added) return added;
      if (thread == 0 && progress) {
        const std::lock_guard lock(guard);
        progress(reader.share_read());
      }
    }
    worker.close();
    row_totals_[thread] = std::move(worker).totals();
    return ok();
  };
  in_parallel(resources_.threads, [&](std::size_t thread) {
    ends[thread] = work(thread);
    if (!ends[thread]) failed = true;
  });
  for (const Status& end : ends)
    if (!end) return end;
  return ok();
}

/// Where each row is a unit, it has one group in each set.
Result<GroupTotals> Engine::finest(CoarseUnits& units) {
  GroupTotals totals(layout_.uses);
  if (partitions_) return partitions_->totals(resources_.threads, totals, units);
  totals.resize(groups_.size());
  for (GroupTotals& of_thread : row_totals_) {
    of_thread.resize(groups_.size());
    totals.add(of_thread);
  }
  units.add_apart(totals);
  return totals;
}

// Numbers of groups are given by arrival, which threads decide: what is told is in the order of names.
Result<Engine::Answer> Engine::answer() {
  std::vector<std::size_t> order(groups_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto name = [&](std::size_t g) { return groups_.name(static_cast<std::uint32_t>(g)); };
  std::ranges::sort(order, {}, name);
  std::vector<std::string_view> names;
  for (const std::size_t group : order) names.push_back(name(group));

  std::vector<Runs> sets;
  for (std::size_t set = 0; set <= layout_.coarser; ++set)
    sets.push_back(runs_of(names, layout_.group_columns - set));
  std::vector<Coarsening> coarser;
  for (std::size_t set = 1; set < sets.size(); ++set)
    coarser.push_back(coarsening_by(sets[set], order));
  CoarseUnits units(coarser);
  const Result<GroupTotals> finest = this->finest(units);
  if (!finest) return finest.error();

  Answer answer;
  for (std::size_t set = 0; set < sets.size(); ++set) {
    auto& keys = answer.keys.emplace_back();
    for (const std::string_view key : sets[set].names) keys.push_back(read_canonical(key));
    answer.sets.push_back({set == 0
                               ? finest->in_order(order)
                               : finest->gathered(coarser[set - 1].within, units.units(set - 1))});
    if (set + 1 < sets.size()) answer.sets.back().within = places_in(sets[set + 1], sets[set]);
  }
  return answer;
}

}  // namespace sfumato
