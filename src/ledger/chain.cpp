#include "ledger/chain.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

constexpr std::int64_t kPerHigh = 1'000'000'000'000'000;

/// Zeros, which no entry's hash is, where it is no digest.
Digest digest_from(std::string_view bytes) {
  Digest digest{};
  if (bytes.size() == digest.size()) std::memcpy(digest.data(), bytes.data(), bytes.size());
  return digest;
}

struct End {
  LedgerHead head = kBeforeAll;
  std::int64_t time = 0;
};

Result<End> end_of(Store& store) {
  End end;
  const Status read = store.each(
      "SELECT number, hash, time FROM chain ORDER BY number DESC LIMIT 1", {}, [&](const Row& row) {
        end = {{row.integer(0), digest_from(row.bytes(1))}, row.integer(2)};
      });
  if (!read) return read.error();
  return end;
}

template <class AmountType>
AmountType amount_from(bool sound, uint128 units) {
  const auto amount = AmountType::of_units(units);
  return sound && amount ? *amount : AmountType::most();
}

LedgerEntry entry_from(const Row& row) {
  return {.number = row.integer(0),
          .time = row.integer(1),
          .kind = row.text(2),
          .actor = row.text(3),
          .dataset = row.text(4),
          .account = row.text(5),
          .amount = spending_of(row, 6),
          .until = row.integer(9),
          .about = row.integer(10),
          .words = row.text(11),
          .version = row.text(12),
          .plan = row.text(13),
          .digest = row.text(14),
          .key = row.text(15),
          .request = row.text(16),
          .signature = row.text(17),
          .curve = curve_from(row.bytes(18)),
          .hash = digest_from(row.bytes(19))};
}

}  // namespace

DeltaColumns columns_of(DeltaAmount delta) {
  return {static_cast<std::int64_t>(delta.units() / static_cast<uint128>(kPerHigh)),
          static_cast<std::int64_t>(delta.units() % static_cast<uint128>(kPerHigh))};
}

Spending spending_of(const Row& row, int first) {
  const std::int64_t loss = row.integer(first), high = row.integer(first + 1),
                     rest = row.integer(first + 2);
  return {amount_from<LossAmount>(loss >= 0, static_cast<uint128>(loss)),
          amount_from<DeltaAmount>(high >= 0 && rest >= 0 && rest < kPerHigh,
                                   static_cast<uint128>(high) * static_cast<uint128>(kPerHigh) +
                                       static_cast<uint128>(rest))};
}

std::string bytes_of(const std::vector<LossAmount>& curve) {
  std::string bytes;
  for (const LossAmount& divergence : curve)
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<char>(static_cast<unsigned char>(divergence.units() >> shift)));
  return bytes;
}

std::vector<LossAmount> curve_from(std::string_view bytes) {
  if (bytes.size() % 8 != 0) return {LossAmount::most()};
  std::vector<LossAmount> curve;
  for (std::size_t begin = 0; begin < bytes.size(); begin += 8) {
    uint128 units = 0;
    for (const char byte : bytes.substr(begin, 8))
      units = units << 8 | static_cast<unsigned char>(byte);
    curve.push_back(amount_from<LossAmount>(true, units));
  }
  return curve;
}

Result<Chain> Chain::end(Store& store, std::int64_t clock) {
  const Result<End> end = end_of(store);
  if (!end) return end.error();
  return Chain(store, std::max(clock, end->time), end->time, end->head);
}

Result<LedgerHead> Chain::append(LedgerEntry entry) {
  entry.number = head_.number + 1;
  entry.time = now_;
  entry.hash = entry.hash_after(head_.hash);
  const DeltaColumns delta = columns_of(entry.amount.delta);
  const std::string curve = bytes_of(entry.curve);
  const auto put = store_->run(
      "INSERT INTO chain VALUES"
      " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
      "$20)",
      {entry.number,
       entry.time,
       entry.kind,
       entry.actor,
       entry.dataset,
       entry.account,
       static_cast<std::int64_t>(entry.amount.loss.units()),
       delta.high,
       delta.rest,
       entry.until,
       entry.about,
       entry.words,
       entry.version,
       Blob{entry.plan},
       Blob{entry.digest},
       Blob{entry.key},
       Blob{entry.request},
       Blob{entry.signature},
       Blob{curve},
       Blob{view_of(entry.hash)}});
  if (!put) return put.error();
  head_ = {entry.number, entry.hash};
  return head_;
}

Result<LedgerHead> head_of(Store& store) {
  const Result<End> end = end_of(store);
  if (!end) return end.error();
  return end->head;
}

Status each_entry(Store& store, const std::function<void(const LedgerEntry&)>& see) {
  return store.each("SELECT * FROM chain ORDER BY number", {},
                    [&](const Row& row) { see(entry_from(row)); });
}

}  // namespace sfumato
