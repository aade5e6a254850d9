#pragma once

#include "ledger/wish.h"
#include "sfumato/ledger/cost.h"
#include "sfumato/ledger/request.h"

namespace sfumato {

inline Wish example_wish() {
  LedgerEntry entry;
  entry.kind = "charge";
  entry.dataset = "visits";
  entry.amount = LedgerCost::charged(
                     ApproximateCost{Exact::parse("0.5").value(), Exact::parse("1e-6").value()})
                     .value()
                     .amount;
  entry.words = "count";
  entry.version = "v1";
  entry.plan = "plan";
  entry.curve = {*LossAmount::at_least(0.25), *LossAmount::at_least(3.0)};
  return {.entry = entry, .measure = "epsilon", .again = true};
}

inline LedgerRequest example_request() {
  LedgerRequest request{.ledger = {},
                        .head = {},
                        .actor = "ada",
                        .sequence = 7,
                        .nonce = {},
                        .expires = 1'700'000'300,
                        .statement = example_wish().statement()};
  for (unsigned char i = 0; unsigned char& byte : request.ledger) byte = i++;
  request.head = request.ledger;
  request.head[0] = 99;
  for (unsigned char i = 0; unsigned char& byte : request.nonce) byte = i++;
  return request;
}

}  // namespace sfumato
