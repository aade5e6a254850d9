#include "sfumato/random/bit_source.h"

#include <pthread.h>

#include <atomic>
#include <cstdlib>

#include "random/wipe.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {

constinit thread_local std::uint64_t BitSource::token_ = kNoToken;

namespace {

/// Counts up only, so that no thread is ever given the token of one that has died.
constinit std::atomic<std::uint64_t> last_token{1};  // kNoToken

}  // namespace

/// The thread that called fork() goes on in the child as somebody else: no page that was the
/// parent's is taken for its own, even where the kernel did not wipe it.
const int BitSource::renews_in_child_ = pthread_atfork(nullptr, nullptr, &BitSource::renew_token);

void BitSource::renew_token() noexcept {
  token_ = last_token.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::uint64_t BitSource::thread_token() noexcept {
  if (token_ == kNoToken) renew_token();
  return token_;
}

Words::~Words() {
  wipe(words_.data(), words_.size_bytes());
  --loans_;
}

void BitSource::end_loans(const Page& page) noexcept {
  if (page.loans != 0) std::abort();
}

Words BitSource::take(std::size_t count) noexcept {
  Page& page = page_with(count);
  std::uint64_t* const words = page.next;
  const std::uint64_t address = page.next_address;
  page.next += count;
  page.next_address += count;
  return Words(words, count, address, page.loans);
}

std::uint64_t BitSource::below(std::uint64_t bound) noexcept {
  uint128 product = static_cast<uint128>(next()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    // Of the 2^64 words, the first 2^64 mod bound by low half are left over: odds bound / 2^64.
    const std::uint64_t excess = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < excess)
      product = static_cast<uint128>(next()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace sfumato
