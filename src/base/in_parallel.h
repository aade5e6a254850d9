#pragma once

#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace sfumato {

/// Runs `work(0)` … `work(threads - 1)`, each in a thread of its own but the first, which is the
/// caller's, and returns when all are done. What one of them throws is thrown here.
template <class Work>
void in_parallel(std::size_t threads, const Work& work) {
  std::exception_ptr thrown;
  std::mutex guard;
  const auto run = [&](std::size_t thread) noexcept {
    try {
      work(thread);
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!thrown) thrown = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    others.reserve(threads);
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run, i);
    run(0);
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace sfumato
