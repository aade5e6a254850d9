#include "base/file_descriptor.h"

#include <pthread.h>

#include <cerrno>
#include <ctime>

namespace sfumato {

QuietWrites::QuietWrites() {
  sigemptyset(&ours_);
  sigaddset(&ours_, SIGPIPE);
  sigaddset(&ours_, SIGXFSZ);
  sigset_t pending;
  sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1 || sigismember(&pending, SIGXFSZ) == 1;
  pthread_sigmask(SIG_BLOCK, &ours_, &before_);
}

QuietWrites::~QuietWrites() {
  const timespec at_once{};
  while (!was_pending_ && sigtimedwait(&ours_, nullptr, &at_once) > 0) {
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int write_all(int descriptor, std::string_view bytes) {
  const QuietWrites quiet;
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace sfumato
