#pragma once

#include <openssl/crypto.h>

#include "aggregate/partial_state.h"
#include "table/unit_blocks.h"

namespace sfumato {

/// What the shards of a run share and nobody else knows: under which pseudonyms units go, and in which
/// order their groups are kept.
struct RunKeys {
  std::array<unsigned char, 32> units{};
  LongIds::Key long_ids{};
  GroupOrderKey order;

  RunKeys() = default;
  RunKeys(const RunKeys&) = default;
  RunKeys& operator=(const RunKeys&) = default;
  ~RunKeys() { OPENSSL_cleanse(this, sizeof *this); }
};

}  // namespace sfumato
