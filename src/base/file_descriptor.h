#pragma once

#include <unistd.h>

#include <csignal>
#include <string_view>
#include <utility>

namespace sfumato {

/// A file that is open, until this goes.
class Descriptor {
 public:
  explicit Descriptor(int value) noexcept : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() { close(); }

  int value() const noexcept { return value_; }
  bool open() const noexcept { return value_ >= 0; }
  bool close() noexcept { return value_ < 0 || ::close(std::exchange(value_, -1)) == 0; }

 private:
  int value_;
};

/// Keeps SIGPIPE and SIGXFSZ, which a failing write may raise, from ending the program: the write
/// returns its error instead. Only this thread is touched, and a signal of ours is taken back.
class QuietWrites {
 public:
  QuietWrites();
  ~QuietWrites();
  QuietWrites(const QuietWrites&) = delete;
  QuietWrites& operator=(const QuietWrites&) = delete;

 private:
  sigset_t ours_, before_;
  bool was_pending_;
};

/// 0, or why not all could be written.
int write_all(int descriptor, std::string_view bytes);

}  // namespace sfumato
