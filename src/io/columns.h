#pragma once

#include <memory>
#include <vector>

#include "sfumato/io/batch.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace sfumato {

/// What keeps the text of keys alive.
using Backing = std::vector<std::shared_ptr<const void>>;

/// Why cells of this type can't be keys, or numbers, as the rest of the sentence "column 'x' …";
/// null where they can.
const char* why_no_key(const arrow::DataType& type);
const char* why_no_number(const arrow::DataType& type);

/// Whether cells of this type are integers that fit an int64, or NULL.
bool holds_integers(const arrow::DataType& type);

/// What a column of a batch points into: arrays of the file, and buffers that are used again.
struct ColumnStore {
  Backing kept;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::uint8_t> nulls;
  std::vector<std::uint32_t> codes;
  std::vector<Key> keys;
  std::vector<Number> numbers;
};

/// Reads a column of keys, batch after batch: a dictionary that comes again is looked at once.
class KeyReader {
 public:
  /// One cell for each of a column of a type that can be keys. False where its bytes are broken.
  [[nodiscard]] bool read(const std::shared_ptr<arrow::Array>& column, ColumnStore& store,
                          KeyColumn& keys);

 private:
  struct Entries {
    std::vector<Key> keys;
    Backing kept;
  };

  bool read_coded(const std::shared_ptr<arrow::Array>& column, ColumnStore& store, KeyColumn& keys);
  bool know(const std::shared_ptr<arrow::Array>& dictionary);

  std::shared_ptr<arrow::Array> dictionary_;
  std::shared_ptr<const Entries> entries_;
  std::uint64_t number_ = 0;
};

/// The same for numbers. Text read as a number (as the cells of a CSV file are) is NULL where it is
/// none.
[[nodiscard]] bool read_numbers(const std::shared_ptr<arrow::Array>& column, ColumnStore& store,
                                NumberColumn& numbers);

/// Whether a list of texts begins with all of another. May say no where comparing would take long.
bool begins_with(const arrow::Array& list, const arrow::Array& beginning);

}  // namespace sfumato
