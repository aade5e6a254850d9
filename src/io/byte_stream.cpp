#include "io/byte_stream.h"

#include <arrow/buffer.h>
#include <arrow/result.h>
#include <arrow/status.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sfumato {

ByteStream::~ByteStream() {
  if (owned_) ::close(descriptor_);
}

std::size_t ByteStream::read_on(char* out, std::size_t wanted) {
  std::size_t have = 0;
  while (have < wanted && !ended_ && !failed_) {
    const ssize_t got = ::read(descriptor_, out + have, wanted - have);
    if (got > 0) have += static_cast<std::size_t>(got);
    if (got == 0) ended_ = true;
    if (got >= 0 || errno == EINTR) continue;
    if (errno != EAGAIN) failed_ = true;
    pollfd waiting{descriptor_, POLLIN, 0};  // somebody made the pipe one that does not wait
    if (!failed_) ::poll(&waiting, 1, -1);
  }
  taken_ += static_cast<std::int64_t>(have);
  return have;
}

std::string_view ByteStream::look_ahead(std::size_t wanted) {
  const std::size_t have = ahead_.size();
  if (have < wanted) {
    ahead_.resize(wanted);
    ahead_.resize(have + read_on(ahead_.data() + have, wanted - have));
  }
  return ahead_;
}

arrow::Result<std::int64_t> ByteStream::Read(std::int64_t wanted, void* out) {
  auto* bytes = static_cast<char*>(out);
  const std::size_t size = static_cast<std::size_t>(wanted);
  const std::size_t kept = std::min(size, ahead_.size());
  if (kept > 0) std::memcpy(bytes, ahead_.data(), kept);
  ahead_.erase(0, kept);
  const std::size_t read = read_on(bytes + kept, size - kept);
  if (failed_) return arrow::Status::IOError("the system cannot read on");
  return static_cast<std::int64_t>(kept + read);
}

arrow::Result<std::shared_ptr<arrow::Buffer>> ByteStream::Read(std::int64_t wanted) {
  ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(wanted));
  ARROW_ASSIGN_OR_RAISE(const std::int64_t length, Read(wanted, buffer->mutable_data()));
  ARROW_RETURN_NOT_OK(buffer->Resize(length));
  return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

}  // namespace sfumato
