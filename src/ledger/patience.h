#pragma once

#include <chrono>

namespace sfumato {

/// Waits for others, each time longer, for a minute in all.
class Patience {
 public:
  using Time = std::chrono::microseconds;

  /// The first wait takes about `first`, none much more than `longest`.
  Patience(Time first, Time longest) noexcept : next_(first), longest_(longest) {}

  /// False once patience has run out. Waits differ from process to process, so that those who wait do
  /// not meet again.
  bool wait();

 private:
  const std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  Time next_, longest_;
};

}  // namespace sfumato
