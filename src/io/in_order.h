#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace sfumato {

/// Work on a stream of tasks by several threads, whose results come in the order of the tasks. Only so
/// many tasks are at work, or waiting to be taken, at a time.
///
/// `take()` gives the next task, or none at the end, and is called by one thread at a time, in order;
/// `work(thread, task)` makes its result. Threads number from 0, which is the caller's of `next`: where
/// the system gives no other, it does all.
template <class Task, class Output>
class InOrder {
 public:
  using Take = std::function<std::optional<Task>()>;
  using Work = std::function<Output(std::size_t, Task)>;

  InOrder(std::size_t threads, std::size_t window, Take take, Work work)
      : window_(window), take_(std::move(take)), work_(std::move(work)) {
    try {
      for (std::size_t i = 1; i < threads; ++i) others_.emplace_back([this, i] { run(i); });
    } catch (const std::system_error&) {
    }
  }

  ~InOrder() {
    {
      const std::lock_guard lock(guard_);
      stop_ = true;
    }
    changed_.notify_all();
  }
  InOrder(const InOrder&) = delete;
  InOrder& operator=(const InOrder&) = delete;

  /// The result of the next task; none where there are no more. Throws what a thread threw.
  std::optional<Output> next() {
    for (;;) {
      std::unique_lock lock(guard_);
      if (thrown_) std::rethrow_exception(thrown_);
      if (auto ready = ready_.extract(given_); !ready.empty()) {
        ++given_;
        changed_.notify_all();
        return std::move(ready.mapped());
      }
      if (ended_ && given_ == taken_) return std::nullopt;
      if (!ended_ && taken_ < given_ + window_) {
        lock.unlock();
        if (std::unique_lock taking(taking_, std::try_to_lock); taking) {
          step(0, std::move(taking));
          continue;
        }
        lock.lock();
      }
      // Whoever has the next task, or is about to take it, tells when it is done.
      changed_.wait(
          lock, [&] { return thrown_ || ready_.contains(given_) || (ended_ && given_ == taken_); });
    }
  }

 private:
  /// Takes a task and does it; false where there is none.
  bool step(std::size_t thread, std::unique_lock<std::mutex> taking) {
    std::optional<Task> task = take_();
    std::uint64_t number = 0;
    {
      const std::lock_guard lock(guard_);
      ended_ = !task;
      number = task ? taken_++ : taken_;
    }
    taking.unlock();
    if (task) {
      Output output = work_(thread, std::move(*task));
      const std::lock_guard lock(guard_);
      ready_.emplace(number, std::move(output));
    }
    changed_.notify_all();
    return task.has_value();
  }

  void run(std::size_t thread) noexcept {
    try {
      for (;;) {
        std::unique_lock taking(taking_);
        {
          std::unique_lock lock(guard_);
          changed_.wait(lock, [&] { return stop_ || ended_ || taken_ < given_ + window_; });
          if (stop_ || ended_ || thrown_) return;
        }
        if (!step(thread, std::move(taking))) return;
      }
    } catch (...) {
      const std::lock_guard lock(guard_);
      if (!thrown_) thrown_ = std::current_exception();
    }
    changed_.notify_all();
  }

  const std::uint64_t window_;
  Take take_;
  Work work_;
  std::mutex taking_;  // held by who takes a task
  std::mutex guard_;   // of all below
  std::condition_variable changed_;
  std::map<std::uint64_t, Output> ready_;
  std::uint64_t taken_ = 0, given_ = 0;
  bool ended_ = false, stop_ = false;
  std::exception_ptr thrown_;
  std::vector<std::jthread> others_;  // last, since they use the rest
};

}  // namespace sfumato
