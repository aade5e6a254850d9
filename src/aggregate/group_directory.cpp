#include "aggregate/group_directory.h"

namespace sfumato {

std::uint32_t GroupDirectory::number(std::string_view canonical) {
  const std::lock_guard lock(guard_);
  const std::uint32_t number = names_.intern(canonical);
  if (number == hashes_.size()) hashes_.push_back(hash_(canonical));
  return number;
}

std::optional<std::uint32_t> GroupDirectory::find(std::string_view canonical) const {
  const std::lock_guard lock(guard_);
  return names_.find(canonical);
}

std::string_view GroupDirectory::name(std::uint32_t number) const {
  const std::lock_guard lock(guard_);
  return names_[number];
}

Hash128 GroupDirectory::hash(std::string_view bytes) const {
  const std::lock_guard lock(guard_);
  return hash_(bytes);
}

std::size_t GroupDirectory::size() const {
  const std::lock_guard lock(guard_);
  return names_.size();
}

void GroupDirectory::catch_up(std::vector<Block>& hashes) const {
  const std::lock_guard lock(guard_);
  const auto known = static_cast<std::ptrdiff_t>(hashes.size());
  hashes.insert(hashes.end(), hashes_.begin() + known, hashes_.end());
}

}  // namespace sfumato
