#include "table/key_values.h"

namespace sfumato {

KeyValues::KeyValues(const GroupDirectory& directory, std::uint64_t seed)
    : directory_(directory), keys_(seed), null_(keys_.number(Key{})) {}

Units KeyValues::value_of(std::uint32_t number) const {
  if (number == null_) return kNullUnits;
  return static_cast<Units>(directory_.hash(keys_.canonical(number)).high >> 1);
}

// Numbers are given one after another: those that are new in this batch come last.
void KeyValues::fill(const KeyColumn& column, std::size_t begin, std::span<Units> values) {
  numbers_.resize(values.size());
  keys_.fill(column, begin, numbers_);
  for (std::size_t i = 0; i < values.size(); ++i) {
    while (values_.size() <= numbers_[i])
      values_.push_back(value_of(static_cast<std::uint32_t>(values_.size())));
    values[i] = values_[numbers_[i]];
  }
}

}  // namespace sfumato
