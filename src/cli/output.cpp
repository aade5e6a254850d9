#include "cli/output.h"

#include <poll.h>
#include <unistd.h>

#include <utility>

#include "cli/verbs.h"

namespace sfumato {
namespace {

bool reader_of_stdout_is_gone() {
  pollfd output{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

}  // namespace

Result<int> deliver(const std::optional<std::string>& file, const Chunks& chunks) {
  const Status done = file ? write_atomically(*file, chunks) : write_to_stdout(chunks);
  if (done) return kDone;
  if (!file && reader_of_stdout_is_gone()) return kFailed;
  return done.error();
}

Result<int> deliver(const std::optional<std::string>& file, std::string_view text) {
  return deliver(file, [text]() mutable { return std::exchange(text, {}); });
}

}  // namespace sfumato
