#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sfumato {

/// The first 64 bits of a uniform real number, and the address under which the rest can be had.
struct LazyWord {
  std::uint64_t bits;
  std::uint64_t address;
};

/// Words on loan from a source: uniform, used once, wiped when given back.
///
/// A loan ends before the next word is taken: a page that would be refilled under a loan, and then
/// wiped by it, ends the process instead.
class Words {
 public:
  Words(std::uint64_t* words, std::size_t count, std::uint64_t first_address,
        std::uint32_t& loans) noexcept
      : words_(words, count), first_address_(first_address), loans_(loans) {
    ++loans_;
  }
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;
  ~Words();

  std::size_t size() const noexcept { return words_.size(); }
  std::uint64_t operator[](std::size_t i) const noexcept { return words_[i]; }
  const std::uint64_t* data() const noexcept { return words_.data(); }
  LazyWord lazy(std::size_t i) const noexcept { return {words_[i], first_address_ + i}; }

 private:
  std::span<std::uint64_t> words_;
  std::uint64_t first_address_;
  std::uint32_t& loans_;
};

/// Uniform random words, page by page, and for each word as many further bits as anyone asks.
///
/// **Law** words and extensions are independent and uniform on 64 bits. `extension(address, level)`
/// is a function of its arguments: asked twice it answers the same, so that values settled in any
/// order are the same values. An address may be extended until the next word is taken.
///
/// **Timing** one comparison a word; virtual once a page, or once an extension.
///
/// A source may be shared by threads only where its class says so (SystemBits does).
///
/// Proof   docs/proofs/random/bit_source.md
class BitSource {
 public:
  static constexpr std::size_t kMaxTake = 1024;  ///< the most that one `take` may ask for

  BitSource(const BitSource&) = delete;
  BitSource& operator=(const BitSource&) = delete;
  virtual ~BitSource() = default;

  std::uint64_t next() noexcept { return lazy().bits; }
  LazyWord lazy() noexcept;

  /// Two consecutive words of one page: both may be extended until the next word is taken.
  std::array<LazyWord, 2> lazy_pair() noexcept;

  /// `count` consecutive words of one page, 1 <= count <= kMaxTake.
  Words take(std::size_t count) noexcept;

  /// Bits 64·level … 64·level + 63 of the real number at `address`, for level >= 1.
  virtual std::uint64_t extension(std::uint64_t address, std::uint32_t level) noexcept = 0;

  /// Uniform on 0 … bound - 1, exactly, for bound >= 1 (Lemire 2019, with rejection).
  std::uint64_t below(std::uint64_t bound) noexcept;

 protected:
  static constexpr std::uint64_t kNobody = 0;  ///< what a wiped stamp says: no thread's token

  /// A page is valid while `*stamp` is the calling thread's token: another thread sees another
  /// token, and a forked child sees zero where the kernel wiped the page.
  struct Page {
    const std::uint64_t* stamp = &kNobody;
    std::uint64_t* next = nullptr;
    std::uint64_t* end = nullptr;
    std::uint64_t next_address = 0;
    std::uint32_t loans = 0;  ///< `Words` that are out

    std::size_t left() const noexcept { return static_cast<std::size_t>(end - next); }
  };

  BitSource() = default;

  /// Called where the page is spent, wiped, or another thread's. Returns a page that the calling
  /// thread owns, with at least `count` words left. Who refills a page calls `end_loans` first.
  virtual Page& turn_page(std::size_t count) noexcept = 0;

  /// Ends the process where words of `page` are still out: they would wipe what comes next.
  static void end_loans(const Page& page) noexcept;

  /// What tells this thread from all others that ever were in this process, and from itself before
  /// a fork(); never kNobody.
  static std::uint64_t thread_token() noexcept;

  Page page_;

 private:
  static constexpr std::uint64_t kNoToken = 1;  ///< until a thread first asks: no page's stamp
  static constinit thread_local std::uint64_t token_;
  static const int renews_in_child_;

  static void renew_token() noexcept;

  Page& page_with(std::size_t count) noexcept {
    if (*page_.stamp == token_ && page_.left() >= count) return page_;
    return turn_page(count);
  }
};

inline LazyWord BitSource::lazy() noexcept {
  Page& page = page_with(1);
  const LazyWord word{*page.next, page.next_address++};
  *page.next++ = 0;  // used once: a stolen page tells nothing of the past
  return word;
}

inline std::array<LazyWord, 2> BitSource::lazy_pair() noexcept {
  Page& page = page_with(2);
  const std::uint64_t at = page.next_address;
  const std::array<LazyWord, 2> words{LazyWord{page.next[0], at}, LazyWord{page.next[1], at + 1}};
  page.next[0] = page.next[1] = 0;
  page.next += 2;
  page.next_address += 2;
  return words;
}

}  // namespace sfumato
