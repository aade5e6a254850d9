#pragma once

#include <memory>
#include <string_view>

#include "aggregate/partial_state.h"

namespace sfumato {

/// SHA-256 of what is added piece by piece.
class RunningDigest {
 public:
  RunningDigest();

  void add(std::string_view bytes);
  Digest256 finish();  ///< nothing is added after

 private:
  struct Free {
    void operator()(void* context) const noexcept;
  };
  std::unique_ptr<void, Free> context_;
};

}  // namespace sfumato
