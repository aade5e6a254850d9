#include "ledger/patience.h"

#include <unistd.h>

#include <algorithm>
#include <thread>

namespace sfumato {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);

}  // namespace

bool Patience::wait() {
  const auto now = std::chrono::steady_clock::now();
  if (now - since_ > kPatience) return false;
  const auto spread = (now.time_since_epoch().count() ^ getpid()) & 0xffff;
  std::this_thread::sleep_for(next_ / 2 + spread * next_ / 0x20000);
  next_ = std::min(2 * next_, longest_);
  return true;
}

}  // namespace sfumato
