#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sfumato/io/table_reader.h"

namespace sfumato {

/// A group's key as it is shown: one text for each column, none where it is NULL.
using GroupKey = std::vector<std::optional<std::string>>;

/// Appends bytes that tell `key` from each other key, whatever follows.
void append_canonical(const Key& key, std::string& bytes);

/// What `append_canonical` made of several keys, read back.
GroupKey read_canonical(std::string_view bytes);

/// Whether `append_canonical` would make these bytes of so many keys.
bool is_canonical(std::string_view bytes, std::size_t keys);

/// The bytes of the first `count` keys of those that `bytes` hold.
std::string_view first_canonical(std::string_view bytes, std::size_t count);

/// The order of output: column by column, NULL first, then numbers by value, then words by bytes; a key that ends
/// where another goes on is that of a coarser group, and comes first.
bool key_before(const GroupKey& a, const GroupKey& b);

}  // namespace sfumato
