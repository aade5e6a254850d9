#pragma once

#include "ledger/canonical.h"
#include "secagg/wire.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

// The head of a ledger in all that has one: docs/protocol/plans.md, "Heads of ledgers".

inline void write_head(WireWriter& writer, const LedgerHead& head) {
  writer.i64(head.number).fixed(view_of(head.hash));
}

inline LedgerHead read_head(WireReader& reader) {
  const std::int64_t number = reader.i64();
  if (number < 0) reader.fail();
  return {.number = number, .hash = reader.array<std::tuple_size_v<Digest>>()};
}

}  // namespace sfumato
