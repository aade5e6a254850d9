#include "ledger/signed_log.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/in_parallel.h"
#include "ledger/gate.h"
#include "sfumato/ledger/request.h"

namespace sfumato {

bool SignedLog::is_signed(const LedgerEntry& entry, const std::vector<Wish>& wishes) {
  const bool right = is_signed_or_bare(entry, wishes);
  head_ = entry.hash;
  return right;
}

bool SignedLog::is_signed_or_bare(const LedgerEntry& entry, const std::vector<Wish>& wishes) {
  const bool bare = entry.request.empty() && entry.signature.empty();
  if (entry.number == 0 && !entry.key.empty()) {
    holds_keys_ = true;
    members_[entry.actor] = {entry.key, 0};
    const bool own = is_own_request(entry, wishes);
    identity_ = entry.hash;
    return own;
  }
  if (!holds_keys_) return bare;
  if (bare) return entry.kind == "refuse" && ++strangers_ <= kMostStrangers;
  strangers_ = 0;
  return is_own_request(entry, wishes);
}

// What `let_in` asks of a request, but for nonces: places that only go up leave none to a second one.
bool SignedLog::is_own_request(const LedgerEntry& entry, const std::vector<Wish>& wishes) {
  const auto member = members_.find(entry.actor);
  const auto request = LedgerRequest::parse(entry.request);
  if (member == members_.end() || !request) return false;
  if (!await(entry, member->second.key)) return false;
  const bool timely =
      entry.time < request->expires && request->expires - entry.time <= kLongestLife;
  const bool next = request->sequence > member->second.sequence;
  member->second.sequence = std::max(member->second.sequence, request->sequence);
  return request->actor == entry.actor && request->ledger == identity_ && request->head == head_ &&
         timely && next &&
         (entry.kind == "refuse" || std::ranges::any_of(wishes, [&](const Wish& wish) {
            return wish.statement() == request->statement;
          }));
}

/// False where the key is none.
bool SignedLog::await(const LedgerEntry& entry, const std::string& key) {
  auto check = checks_.find(key);
  if (check == checks_.end()) {
    const auto known = PublicKey::of(key);
    if (!known) return false;
    check = checks_.emplace(key, SignatureCheck(*known)).first;
  }
  waiting_.push_back({entry.number, check->second, entry.request, entry.signature});
  return true;
}

// Each takes the next that nobody has taken. What lies behind one that is none need not be looked at.
std::optional<std::int64_t> SignedLog::first_unsigned() {
  const std::size_t count = waiting_.size();
  std::atomic<std::size_t> next = 0, first = count;
  const auto look = [&](std::size_t) {
    for (std::size_t i; (i = next++) < first;) {
      if (waiting_[i].check(waiting_[i].request, waiting_[i].signature)) continue;
      for (std::size_t seen = first; i < seen && !first.compare_exchange_weak(seen, i);) continue;
    }
  };
  const std::size_t most = count / 8 + 1;  // fewer are looked at before a thread has begun
  in_parallel(std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most), look);
  const auto found = first < count ? std::optional(waiting_[first].number) : std::nullopt;
  waiting_.clear();
  return found;
}

bool SignedLog::take_keys(const LedgerEntry& entry) {
  if (entry.kind == "revoke") {
    const auto member = members_.find(entry.account);
    if (member == members_.end() || member->second.key.empty()) return false;
    member->second.key.clear();
  }
  if (entry.kind != "appoint" || entry.key.empty()) return true;
  const bool taken = std::ranges::any_of(members_, [&](const auto& other) {
    return other.first != entry.account && other.second.key == entry.key;
  });
  members_[entry.account].key = entry.key;
  return holds_keys_ && !taken && PublicKey::of(entry.key).has_value();
}

}  // namespace sfumato
