#pragma once

#include <algorithm>

#include "keys/draw.h"
#include "secagg/messages.h"

namespace sfumato {

/// Seals secrets of so many bytes under a key that serves for this box alone.
template <std::size_t size>
Result<Box<size>> sealed_box(const Secret& key, Place to, const Secret& plain) {
  Box<size> box{.party = to, .nonce = {}, .bytes = {}};
  const Result<Secret> nonce = draw_secret(box.nonce.size());
  if (!nonce) return nonce.error();
  std::ranges::copy(nonce->bytes(), box.nonce.begin());
  const auto bytes = gcm_sealed(key, box.nonce, plain, "");
  if (!bytes) return bytes.error();
  std::ranges::copy(*bytes, box.bytes.begin());
  return box;
}

}  // namespace sfumato
