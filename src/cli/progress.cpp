#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace sfumato {
namespace {

constexpr int kWidth = 40;
constexpr std::chrono::milliseconds kPatience{1000};
constexpr std::chrono::milliseconds kInterval{100};

}  // namespace

ProgressBar::ProgressBar()
    : terminal_(isatty(STDERR_FILENO) == 1), next_(Clock::now() + kPatience) {}

ProgressBar::~ProgressBar() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(double share) {
  if (!terminal_ || Clock::now() < next_) return;
  next_ = Clock::now() + kInterval;
  shown_ = true;
  const int done = std::clamp(static_cast<int>(share * kWidth), 0, kWidth);
  const std::string bar(static_cast<std::size_t>(done), '#');
  std::fprintf(stderr, "\rreading [%-*s] %3d %%", kWidth, bar.c_str(),
               static_cast<int>(share * 100));
}

}  // namespace sfumato
