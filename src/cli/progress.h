#pragma once

#include <chrono>

namespace sfumato {

/// A bar on standard error, where that is a terminal and the work lasts over a second.
///
/// It shows how much of the files has been read: what whoever runs the program knows of them anyway.
class ProgressBar {
 public:
  ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();  ///< takes the bar away

  void show(double share);

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool shown_ = false;
  Clock::time_point next_;
};

}  // namespace sfumato
