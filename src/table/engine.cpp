#include "table/engine.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/in_parallel.h"
#include "table/group_finder.h"
#include "table/kept_units.h"
#include "table/key_values.h"
#include "table/value_units.h"

namespace sfumato {
namespace {

constexpr std::size_t kRowsAtOnce = 2048;  // an even number: what is made of them fits a cache

}  // namespace

/// What one thread does with its batches.
class Engine::Worker {
 public:
  explicit Worker(Engine& engine)
      : engine_(engine),
        layout_(engine.layout_),
        groups_(layout_.group_columns, layout_.listed, engine.groups_, engine.seed_),
        units_(layout_.integer_units, engine.seed_, engine.units_.copy(), engine.long_ids_),
        totals_(layout_.nothing()),
        row_values_(layout_.uses.size()),
        values_(layout_.uses.size()) {
    if (engine.partitions_) writer_.emplace(*engine.partitions_);
    for (const std::size_t key : layout_.keyed)
      keyed_.emplace_back(key, KeyValues(engine.groups_, engine.seed_));
    if (layout_.bins) bins_ = LogHistogram::make(*layout_.bins).value();
  }

  /// `first` is the number of the batch's first row: no other row has it.
  Status add(const Batch& batch, std::uint64_t first) {
    for (std::size_t begin = 0; begin < batch.rows; begin += kRowsAtOnce) {
      const std::size_t rows = std::min(kRowsAtOnce, batch.rows - begin);
      row_groups_.resize(rows);
      groups_.fill(batch, begin, row_groups_);
      fill_values(batch, begin, rows);
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
    if (engine_.partitions_) engine_.partitions_->share_memory(engine_.long_ids_.bytes());
    return ok();
  }

  void close() {
    if (writer_) writer_->close();
  }

  GroupTotals totals() && { return std::move(totals_); }

 private:
  void fill_values(const Batch& batch, std::size_t begin, std::size_t rows) {
    for (std::vector<Units>& values : values_) values.resize(rows);
    for (std::size_t c = 0; c < layout_.grids.size(); ++c)
      if (bins_)
        value_bins(batch.numbers[c], begin, *bins_, values_[c]);
      else
        value_units(batch.numbers[c], begin, layout_.grids[c], values_[c]);
    for (std::size_t i = 0; i < layout_.binned.size(); ++i) {
      const auto& [number, edges] = layout_.binned[i];
      value_bins(batch.numbers[number], begin, edges, values_[layout_.grids.size() + i]);
    }
    auto values = values_.end() - static_cast<std::ptrdiff_t>(keyed_.size());
    for (auto& [key, numbers] : keyed_) numbers.fill(batch.keys[key], begin, *values++);
  }

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

  Engine& engine_;
  const Layout& layout_;
  GroupFinder groups_;
  UnitBlocks units_;
  std::optional<Partitions::Writer> writer_;
  GroupTotals totals_;
  std::vector<Units> row_values_;
  std::vector<std::pair<std::size_t, KeyValues>> keyed_;
  std::optional<LogHistogram> bins_;  // which bins there are: nothing is counted in it

  std::vector<std::uint32_t> row_groups_;
  std::vector<Block> row_units_;
  std::vector<std::vector<Units>> values_;
};

Engine::Engine(Layout layout, Resources resources, KeyedHash hash, BlockCipher units,
               std::optional<LongIds::Key> long_ids, BitSource& bits)
    : layout_(std::move(layout)),
      resources_(resources),
      groups_(std::move(hash), bits.next()),
      long_ids_(bits.next(), long_ids),
      units_(std::move(units)),
      seed_(bits.next()) {}

Result<std::unique_ptr<Engine>> Engine::make(Layout layout, ContributionBounds bounds,
                                             Resources resources, BitSource& bits) {
  Result<KeyedHash> hash = KeyedHash::make(bits);
  if (!hash) return std::move(hash).error();
  Result<BlockCipher> units = BlockCipher::make(bits);
  if (!units) return std::move(units).error();
  std::unique_ptr<Engine> engine(
      new Engine(std::move(layout), resources, *std::move(hash), *std::move(units), {}, bits));
  if (!engine->layout_.unit) return engine;
  auto partitions =
      Partitions::make(bounds, engine->record_layout(), resources.memory, engine->groups_, bits);
  if (!partitions) return std::move(partitions).error();
  engine->partitions_ = *std::move(partitions);
  return engine;
}

// Whether a column holds integers alone may differ from shard to shard: so units are wide.
Result<std::unique_ptr<Engine>> Engine::make_shard(Layout layout, ContributionBounds bounds,
                                                   Resources resources, const RunKeys& keys,
                                                   BitSource& bits) {
  layout.integer_units = false;
  Result<KeyedHash> hash = KeyedHash::of_key(keys.order.hash);
  if (!hash) return std::move(hash).error();
  Result<BlockCipher> units = BlockCipher::of(keys.units);
  if (!units) return std::move(units).error();
  Result<BlockCipher> groups = BlockCipher::of(keys.order.cipher);
  if (!groups) return std::move(groups).error();
  Result<BlockCipher> rows = BlockCipher::make(bits);
  if (!rows) return std::move(rows).error();
  std::unique_ptr<Engine> engine(new Engine(std::move(layout), resources, *std::move(hash),
                                            *std::move(units), keys.long_ids, bits));
  auto partitions = Partitions::make(bounds, engine->record_layout(), resources.memory,
                                     engine->groups_, {*std::move(groups), rows->copy()}, bits);
  if (!partitions) return std::move(partitions).error();
  engine->rows_ = *std::move(rows);
  engine->partitions_ = *std::move(partitions);
  return engine;
}

Status Engine::read(TableReader& reader, const std::function<void(double share)>& progress) {
  std::mutex guard;  // of the reader
  std::uint64_t rows = 0;
  std::atomic<bool> failed = false;
  std::vector<Status> ends(resources_.threads, ok());
  row_totals_.assign(resources_.threads, layout_.nothing());

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

std::vector<std::string_view> Engine::names() const {
  std::vector<std::string_view> names;
  for (std::uint32_t group = 0; group < groups_.size(); ++group)
    names.push_back(groups_.name(group));
  return names;
}

/// Where each row is a unit, it has one group in each set.
Result<GroupTotals> Engine::finest(CoarseUnits& units) {
  GroupTotals totals = layout_.nothing();
  if (partitions_) return partitions_->totals(resources_.threads, totals, units);
  totals.resize(groups_.size());
  for (GroupTotals& of_thread : row_totals_) {
    of_thread.resize(groups_.size());
    totals.add(of_thread);
  }
  units.add_apart(totals);
  return totals;
}

Result<ExactSets> Engine::answer() {
  const GroupSets sets(names(), layout_.group_columns, layout_.coarser);
  CoarseUnits units(sets.coarser());
  const Result<GroupTotals> finest = this->finest(units);
  if (!finest) return finest.error();
  return sets.exact(*finest, units);
}

// Each thread has a partition at a time, and waits for its turn to write it.
Status Engine::write(PartialHeader header, PartialWriter& writer) {
  auto long_ids = long_ids_.digests();
  if (!long_ids)
    return Error{
        Errc::unavailable, "run",
        "must be begun anew: by odds of one in 2^50 and less, its key cannot tell two long "
        "ids apart"};
  for (auto& [block, digest] : *long_ids) units_.encrypt({&block, 1});
  std::ranges::sort(*long_ids);
  KeptUnits::Naming naming{std::vector<std::uint32_t>(groups_.size()), *std::move(long_ids)};
  const GroupSets sets(names(), layout_.group_columns, 0);
  for (const std::size_t group : sets.order()) {
    naming.ranks[group] = static_cast<std::uint32_t>(header.groups.size());
    header.groups.emplace_back(groups_.name(static_cast<std::uint32_t>(group)));
  }
  if (Status begun = writer.begin(header); !begun) return begun;

  struct Thread {
    KeptUnits units;
    std::string bytes;
  };
  std::vector<Thread> threads;
  for (std::size_t i = 0; i < resources_.threads; ++i)
    threads.push_back({KeptUnits(record_layout(), naming, rows_->copy()), {}});
  std::mutex guard;
  std::condition_variable turns;
  std::size_t turn = 0;
  const auto pairs = [&](std::size_t thread, std::size_t partition, PairTable& table) {
    threads[thread].units.take(partition, table, threads[thread].bytes);
  };
  const auto end = [&](std::size_t thread, std::size_t partition) {
    std::unique_lock lock(guard);
    turns.wait(lock, [&] { return turn == partition; });
    Status written = writer.add_encoded(threads[thread].bytes);
    threads[thread].bytes.clear();
    ++turn;
    turns.notify_all();
    return written;
  };
  if (Status all = partitions_->take(resources_.threads, {pairs, end}); !all) return all;
  return writer.finish();
}

}  // namespace sfumato
