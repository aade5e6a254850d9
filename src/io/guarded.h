#pragma once

#include <exception>
#include <new>
#include <string>

#include "sfumato/base/result.h"

namespace sfumato {

/// Arrow throws now and then where it should return: nothing but bad_alloc leaves this module.
template <class Work>
auto guarded(const std::string& path, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return Error{Errc::malformed, path, "is broken, and cannot be read"};
  }
}

}  // namespace sfumato
