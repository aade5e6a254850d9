#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>

#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/dyadic.h"

namespace sfumato {

// OpenSSL's functions for numbers and points fail where memory is short alone: that is thrown, as by `new`.

struct Freed {
  void operator()(BN_CTX* context) const noexcept { BN_CTX_free(context); }
  void operator()(BIGNUM* number) const noexcept { BN_clear_free(number); }
  void operator()(BN_MONT_CTX* modulus) const noexcept { BN_MONT_CTX_free(modulus); }
  void operator()(EC_POINT* point) const noexcept { EC_POINT_clear_free(point); }
  void operator()(EC_GROUP* group) const noexcept { EC_GROUP_free(group); }
};
template <class T>
using Owned = std::unique_ptr<T, Freed>;

inline void must(bool done) {
  if (!done) throw std::bad_alloc();
}

/// Throws where there is none.
template <class T>
Owned<T> owned(T* made) {
  must(made != nullptr);
  return Owned<T>(made);
}

inline Owned<BN_CTX> new_context() {
  return owned(BN_CTX_new());
}
inline Owned<BIGNUM> new_number() {
  return owned(BN_new());
}

Owned<BIGNUM> number_of(std::string_view bytes);  ///< most significant byte first
Owned<BIGNUM> number_of(uint128 value);
std::string bytes_of(const BIGNUM* number, std::size_t size);

/// Words of 64 bits, the least significant first; cleared on the way.
void read_words(std::span<const std::uint64_t> words, BIGNUM* into);
std::vector<std::uint64_t> words_of(const BIGNUM* number, std::size_t count);

Owned<BN_MONT_CTX> montgomery(const BIGNUM* modulus, BN_CTX* context);

}  // namespace sfumato
