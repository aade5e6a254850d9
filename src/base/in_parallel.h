#pragma once

#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace sfumato {

/// Runs `work(0)`, `work(1)` … in as many threads, of which the first is the caller's, and returns when
/// all are done. Where the system gives fewer threads, there are fewer calls: work is to be shared by
/// who comes. What one of them throws is thrown here.
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
    try {
      for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run, i);
    } catch (const std::system_error&) {
    }
    run(0);
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace sfumato
