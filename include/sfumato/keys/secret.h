#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace sfumato {

class WipedMemory;

/// Bytes that are for nobody else: a passphrase, a private key.
///
/// They lie in a mapping of their own that no core dump holds and that is not swapped out, where the
/// system allows that; they are moved, never copied by accident, and wiped when they end.
class Secret {
 public:
  explicit Secret(std::size_t size);        ///< so many zeros
  explicit Secret(std::string_view bytes);  ///< a copy, whose original is for the caller to wipe
  Secret(Secret&&) noexcept;
  Secret& operator=(Secret&&) noexcept;
  ~Secret();

  std::span<unsigned char> bytes() noexcept { return {data_, size_}; }
  std::span<const unsigned char> bytes() const noexcept { return {data_, size_}; }
  std::string_view view() const noexcept { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  std::unique_ptr<WipedMemory> memory_;
  unsigned char* data_;
  std::size_t size_;
};

}  // namespace sfumato
