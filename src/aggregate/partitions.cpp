#include "aggregate/partitions.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/in_parallel.h"

namespace sfumato {
namespace {

constexpr std::size_t kChunkWords = 2048;
constexpr std::size_t kWordsAhead = 8;  // as a cache line has
constexpr std::size_t kFewestRecordsOfAChunk = 16;

std::size_t records_of(std::span<const Chunk> chunks) {
  std::size_t records = 0;
  for (const Chunk& chunk : chunks) records += chunk.records;
  return records;
}

}  // namespace

Partitions::Partitions(ContributionBounds bounds, RecordLayout layout, std::size_t memory,
                       const GroupDirectory& groups, Orders orders, BitSource& bits)
    : bounds_(bounds),
      layout_(layout),
      groups_(groups),
      orders_(std::move(orders)),
      pool_(std::max(kChunkWords, kFewestRecordsOfAChunk * layout_.words), memory),
      file_(bits) {}

Result<std::unique_ptr<Partitions>> Partitions::make(ContributionBounds bounds, RecordLayout layout,
                                                     std::size_t memory,
                                                     const GroupDirectory& groups,
                                                     BitSource& bits) {
  Result<BlockCipher> of_groups = BlockCipher::make(bits);
  if (!of_groups) return std::move(of_groups).error();
  Result<BlockCipher> of_rows = BlockCipher::make(bits);
  if (!of_rows) return std::move(of_rows).error();
  return make(bounds, layout, memory, groups, {*std::move(of_groups), *std::move(of_rows)}, bits);
}

Result<std::unique_ptr<Partitions>> Partitions::make(ContributionBounds bounds, RecordLayout layout,
                                                     std::size_t memory,
                                                     const GroupDirectory& groups, Orders orders,
                                                     BitSource& bits) {
  if (Status checked = check(bounds); !checked) return std::move(checked).error();
  return std::unique_ptr<Partitions>(
      new Partitions(bounds, layout, memory, groups, std::move(orders), bits));
}

PairTable Partitions::new_table() const {
  return PairTable(bounds_, layout_, orders_.copy(), groups_);
}

Partitions::Writer::Writer(Partitions& partitions) : partitions_(partitions), heads_(kPartitions) {}

Status Partitions::Writer::add(const NamedRows& rows) {
  const RecordLayout layout = partitions_.layout_;
  for (std::size_t i = 0; i < rows.units.size(); ++i) {
    if (rows.groups[i] == NamedRows::kNoGroup) continue;
    const std::size_t partition = RecordLayout::partition(rows.units[i]);
    Head& head = heads_[partition];
    if (head.next == head.end)
      if (Status room = next_chunk(partition); !room) return room;
    std::uint64_t* const record = head.next;
    layout.write(record, rows.units[i], rows.groups[i], rows.first + i);
    for (std::size_t c = 0; c < layout.columns; ++c)
      record[layout.group + 1 + c] = std::bit_cast<std::uint64_t>(rows.values[c][i]);
    head.next = record + layout.words;
    __builtin_prefetch(head.next + kWordsAhead, 1);
  }
  return ok();
}

/// Gives the partition the chunk that is being written, if there is one.
std::size_t Partitions::Writer::hand_over(std::size_t partition) {
  Head& head = heads_[partition];
  if (head.end == nullptr) return 0;
  const std::size_t words = partitions_.records_a_chunk() * partitions_.layout_.words;
  std::uint64_t* const begin = head.end - words;
  const auto records = static_cast<std::size_t>(head.next - begin) / partitions_.layout_.words;
  head = {};
  Partition& whole = partitions_.partitions_[partition];
  const std::lock_guard lock(whole.guard);
  whole.chunks.push_back({begin, records});
  return records;
}

Status Partitions::Writer::next_chunk(std::size_t partition) {
  hand_over(partition);
  if (partitions_.pool_.full()) {
    if (!table_) table_.emplace(partitions_.new_table());
    if (Status relieved = partitions_.relieve(*table_); !relieved) return relieved;
  }
  Head& head = heads_[partition];
  head.next = partitions_.pool_.take();
  head.end = head.next + partitions_.records_a_chunk() * partitions_.layout_.words;
  return ok();
}

void Partitions::Writer::close() {
  for (std::size_t partition = 0; partition < kPartitions; ++partition) hand_over(partition);
}

/// Makes room, partition after partition. Chunks that are being written are no partition's yet:
/// where they are all that is left, the limit gives way.
Status Partitions::relieve(PairTable& table) {
  for (std::size_t tries = 0; tries < 2 * kPartitions && pool_.full(); ++tries) {
    Partition& partition = partitions_[turn_++ % kPartitions];
    const std::lock_guard lock(partition.guard);
    const std::size_t before = records_of(partition.chunks);
    if (before == 0) continue;
    bound(partition, table);
    if (records_of(partition.chunks) * 2 > before && !pool_.widen())
      if (Status spilled = spill(partition); !spilled) return spilled;
  }
  return ok();
}

/// Puts what is kept of a partition's records in their place.
void Partitions::bound(Partition& partition, PairTable& table) {
  std::vector<std::uint64_t> kept;
  table.add(partition.chunks, records_of(partition.chunks), number(partition));
  table.take([&](const Block&, std::uint32_t, std::span<std::uint64_t* const> records) {
    for (const std::uint64_t* record : records)
      kept.insert(kept.end(), record, record + layout_.words);
  });

  const std::size_t most = records_a_chunk() * layout_.words;
  std::size_t used = 0;
  for (std::size_t at = 0; at < kept.size(); ++used) {
    const std::size_t words = std::min(most, kept.size() - at);
    if (used == partition.chunks.size()) partition.chunks.push_back({pool_.take(), 0});
    Chunk& chunk = partition.chunks[used];
    std::copy_n(kept.begin() + static_cast<std::ptrdiff_t>(at), words, chunk.words);
    chunk.records = words / layout_.words;
    at += words;
  }
  for (std::size_t i = used; i < partition.chunks.size(); ++i)
    pool_.give_back(partition.chunks[i].words);
  partition.chunks.resize(used);
}

Status Partitions::spill(Partition& partition) {
  for (; !partition.chunks.empty(); partition.chunks.pop_back()) {
    const Chunk& chunk = partition.chunks.back();
    const auto place = file_.write({chunk.words, chunk.records * layout_.words});
    if (!place) return place.error();
    partition.spilled.push_back({*place, chunk.records});
    pool_.give_back(chunk.words);
  }
  return ok();
}

/// Reads the records of the temporary file whose unit's next bits are `part`.
Status Partitions::load(const Partition& partition, std::uint64_t part, unsigned part_bits,
                        std::vector<Chunk>& chunks) {
  std::uint64_t* open = pool_.take();
  std::size_t filled = 0;
  std::uint64_t* const page = pool_.take();
  const auto read = [&]() -> Status {
    for (const Spilled& spilled : partition.spilled) {
      if (Status got = file_.read(spilled.place, {page, spilled.records * layout_.words}); !got)
        return got;
      for (std::size_t i = 0; i < spilled.records; ++i) {
        const std::uint64_t* const record = page + i * layout_.words;
        if (part_bits != 0 && record[0] >> (64 - part_bits) != part) continue;
        if (filled == records_a_chunk()) {
          chunks.push_back({std::exchange(open, pool_.take()), std::exchange(filled, 0)});
        }
        std::copy_n(record, layout_.words, open + filled++ * layout_.words);
      }
    }
    return ok();
  };
  Status done = read();
  chunks.push_back({open, filled});
  pool_.give_back(page);
  return done;
}

Status Partitions::finish_part(Partition& partition, std::uint64_t part, unsigned part_bits,
                               PairTable& table, const Use& use) {
  std::vector<Chunk> chunks = std::exchange(partition.chunks, {});
  if (!partition.spilled.empty())
    if (Status loaded = load(partition, part, part_bits, chunks); !loaded) return loaded;
  table.add(chunks, records_of(chunks), number(partition));
  use(table);
  for (const Chunk& chunk : chunks) pool_.give_back(chunk.words);
  return ok();
}

/// Where a partition has more than `most_records`, it goes through in parts, by further bits of the
/// units.
Status Partitions::finish(Partition& partition, std::size_t most_records, PairTable& table,
                          const Use& use) {
  std::size_t records = records_of(partition.chunks);
  for (const Spilled& spilled : partition.spilled) records += spilled.records;
  unsigned part_bits = 0;
  if (!partition.spilled.empty())
    while (records >> part_bits > most_records && part_bits < 16) ++part_bits;
  if (part_bits != 0)
    if (Status spilled = spill(partition); !spilled) return spilled;
  for (std::uint64_t part = 0; part >> part_bits == 0; ++part)
    if (Status done = finish_part(partition, part, part_bits, table, use); !done) return done;
  return ok();
}

Status Partitions::take(std::size_t threads, const Taker& taker) {
  const std::size_t most_records =
      std::max<std::size_t>(pool_.limit_bytes() / threads / 4 / (8 * layout_.words), 1000);
  std::vector<Status> ends(threads, ok());
  std::atomic<std::size_t> next{0};
  in_parallel(threads, [&](std::size_t thread) {
    PairTable table = new_table();
    for (std::size_t i; ends[thread] && (i = next++) < kPartitions;) {
      ends[thread] = finish(partitions_[i], most_records, table,
                            [&](PairTable& held) { taker.pairs(thread, i, held); });
      // Who waits for the end of a partition waits for no failure of another thread.
      Status end = taker.end(thread, i);
      if (ends[thread]) ends[thread] = std::move(end);
    }
    if (!ends[thread]) next = kPartitions;
  });
  for (const Status& end : ends)
    if (!end) return end;
  return ok();
}

Result<GroupTotals> Partitions::totals(std::size_t threads) {
  CoarseUnits none({});
  return totals(threads, GroupTotals(layout_.columns), none);
}

// All of a unit's records are there at once, so that its coarser groups can be counted after them.
Result<GroupTotals> Partitions::totals(std::size_t threads, const GroupTotals& empty,
                                       CoarseUnits& coarser) {
  struct Sums {
    GroupTotals totals;
    CoarseUnits coarser;
  };
  std::vector<Sums> parts(threads, Sums{empty, coarser});
  for (Sums& part : parts) part.totals.resize(groups_.size());
  const auto add_up = [&](std::size_t thread, std::size_t, PairTable& table) {
    auto& [totals, units] = parts[thread];
    table.take([&](const Block& unit, std::uint32_t group, std::span<std::uint64_t* const> records) {
      totals.add_unit(group);
      units.add(unit, group);
      for (const std::uint64_t* record : records) totals.add_row(group, layout_.values(record));
    });
    units.count_pairs();
  };
  Status all = take(threads, {add_up, [](std::size_t, std::size_t) { return ok(); }});
  if (!all) return std::move(all).error();
  for (std::size_t i = 1; i < threads; ++i) parts.front().totals.add(parts[i].totals);
  for (const Sums& part : parts) coarser.add(part.coarser);
  return std::move(parts.front().totals);
}

}  // namespace sfumato
