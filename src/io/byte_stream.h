#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace sfumato {

/// The bytes of a descriptor from where it stands, once and in order: of a file as of a pipe. A read
/// gives as many as were asked for, and fewer only at the end.
class ByteStream : public arrow::io::InputStream {
 public:
  /// Takes the descriptor over where it is `owned`.
  ByteStream(int descriptor, bool owned) noexcept : descriptor_(descriptor), owned_(owned) {}
  ~ByteStream() override;

  /// The next bytes, at least `wanted` of them unless the end comes first; they stay to be read.
  std::string_view look_ahead(std::size_t wanted);

  std::int64_t taken() const noexcept { return taken_; }  ///< bytes from the descriptor
  bool ended() const noexcept { return ended_; }          ///< a read has met the end
  bool failed() const noexcept { return failed_; }        ///< the system could not read on

  arrow::Status Close() override { return arrow::Status::OK(); }
  bool closed() const override { return false; }
  arrow::Result<std::int64_t> Tell() const override {
    return taken_ - static_cast<std::int64_t>(ahead_.size());
  }
  arrow::Result<std::int64_t> Read(std::int64_t wanted, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t wanted) override;

 private:
  std::size_t read_on(char* out, std::size_t wanted);

  int descriptor_;
  bool owned_;
  std::string ahead_;
  // Arrow reads ahead on a thread of its own, while another asks how far it is.
  std::atomic<std::int64_t> taken_ = 0;
  std::atomic<bool> ended_ = false, failed_ = false;
};

}  // namespace sfumato
