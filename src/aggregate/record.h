#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "aggregate/block_cipher.h"
#include "sfumato/aggregate/group_totals.h"

namespace sfumato {

/// How a row lies in memory on its way through the engine: whose it is, its group, its number, and
/// its values, packed into words, since what moves through memory is what bounding costs.
///
///     unit    55 bits of the unit, of which the partition says the other 9 · 1 more bit of a narrow
///             unit · the upper 8 bits of the row's number
///     unit 2  the other 64 bits of a wide unit; a narrow one has none
///     group   32 bits of the group's number · the lower 32 bits of the row's number
///     values  a word for each column
///
/// A narrow unit is a block of 65 bits (`low` is 0 or 1), a wide one has all 128.
struct RecordLayout {
  static constexpr unsigned kPartitionBits = 9;
  static constexpr unsigned kRowBits = 40;
  static constexpr std::uint64_t kRowInUnit = 0xff;

  RecordLayout(bool wide_units, std::size_t value_columns) noexcept
      : wide(wide_units), columns(value_columns), group(wide ? 2 : 1), words(group + 1 + columns) {}

  static std::size_t partition(const Block& unit) noexcept {
    return unit.high >> (64 - kPartitionBits);
  }

  void write(std::uint64_t* record, const Block& unit, std::uint32_t group_number,
             std::uint64_t row) const noexcept {
    record[0] = unit.high << kPartitionBits | (wide ? 0 : unit.low << 8) | (row >> 32 & kRowInUnit);
    if (wide) record[1] = unit.low;
    record[group] = std::uint64_t{group_number} << 32 | (row & UINT32_MAX);
  }

  /// What tells units of one partition apart.
  Block unit_key(const std::uint64_t* record) const noexcept {
    return {record[0] & ~kRowInUnit, wide ? record[1] : 0};
  }

  /// The unit that a key belongs to.
  Block unit(const Block& key, std::size_t partition) const noexcept {
    return {std::uint64_t{partition} << (64 - kPartitionBits) | key.high >> kPartitionBits,
            wide ? key.low : key.high >> 8 & 1};
  }

  std::uint32_t group_of(const std::uint64_t* record) const noexcept {
    return static_cast<std::uint32_t>(record[group] >> 32);
  }
  std::uint64_t row_of(const std::uint64_t* record) const noexcept {
    return (record[0] & kRowInUnit) << 32 | (record[group] & UINT32_MAX);
  }
  std::span<const Units> values(const std::uint64_t* record) const noexcept {
    return {reinterpret_cast<const Units*>(record + group + 1), columns};
  }

  bool wide;
  std::size_t columns;
  std::size_t group;  ///< where that word stands
  std::size_t words;
};

/// Some records, one after another.
struct Chunk {
  std::uint64_t* words = nullptr;
  std::size_t records = 0;
};

}  // namespace sfumato
