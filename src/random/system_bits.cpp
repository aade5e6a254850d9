#include "sfumato/random/system_bits.h"

#include <pthread.h>
#include <time.h>

#include <cstdlib>
#include <new>
#include <utility>

#include "random/erasing_keystream.h"
#include "random/wipe.h"
#include "random/wiped_memory.h"

namespace sfumato {
namespace {

constexpr std::size_t kPagesOfOneSeed = (1 << 20) / (8 * KeyedPage::kWords);  // 1 MiB
constexpr std::int64_t kSecondsOfOneSeed = 60;

/// What lies in the wiped mapping. The stamp is zero until a thread fills the page, and in a child.
struct Sheet {
  std::uint64_t stamp;
  std::uint64_t unused[7];  // so that the words begin a cache line
  KeyedPage page;
};
static_assert(offsetof(Sheet, page) + offsetof(KeyedPage, words) == 128);

/// Seconds by a clock that is read in a few cycles, and stands still while the machine sleeps.
std::int64_t seconds_now() noexcept {
#ifdef CLOCK_MONOTONIC_COARSE
  constexpr clockid_t kClock = CLOCK_MONOTONIC_COARSE;
#else
  constexpr clockid_t kClock = CLOCK_MONOTONIC;
#endif
  timespec now{};
  if (clock_gettime(kClock, &now) != 0) std::abort();
  return now.tv_sec;
}

}  // namespace

/// One thread's keystream. Its page is never empty: `open` fills the first, so that extensions have
/// a key whenever they are asked for.
struct SystemBits::Generator {
  static std::unique_ptr<Generator> open() noexcept;
  static Generator& of_this_thread() noexcept;

  /// Gives `at` at least `count` words of this generator, which is the calling thread's.
  Page& turn(Page& at, std::size_t count) noexcept;

  std::uint64_t extension(std::uint64_t address, std::uint32_t level) noexcept {
    return keystream.extension(sheet().page, address, level);
  }

  /// The rest of the page is wiped, so that the next word needs another.
  void expire(Page& at) noexcept;

  Sheet& sheet() const noexcept { return *static_cast<Sheet*>(memory.get()); }

  WipedMemory memory{sizeof(Sheet)};
  ErasingKeystream keystream;
  std::size_t pages_left = 0;
  std::int64_t best_before = 0;  ///< in the seconds of seconds_now
  Page own_page;                 ///< where a thread draws that has come to another's SystemBits

 private:
  bool reseed() noexcept;
  bool refill(Page& at) noexcept;
  static void close(void* generator) noexcept;

  /// Ends each thread's generator with the thread, where the process has a key left for it.
  struct Closing {
    Closing() noexcept : has_key(pthread_key_create(&key, &Generator::close) == 0) {}
    pthread_key_t key{};
    bool has_key;
  };
  static const Closing closing_;
  static constinit thread_local Generator* mine_;
};

const SystemBits::Generator::Closing SystemBits::Generator::closing_;
constinit thread_local SystemBits::Generator* SystemBits::Generator::mine_ = nullptr;

bool SystemBits::Generator::reseed() noexcept {
  Seed fresh{};
  if (!draw_entropy(fresh)) return false;
  keystream.mix(fresh);
  pages_left = kPagesOfOneSeed;
  best_before = seconds_now() + kSecondsOfOneSeed;
  return true;
}

bool SystemBits::Generator::refill(Page& at) noexcept {
  end_loans(at);
  wipe(at.next, at.left() * sizeof *at.next);
  const bool mine = sheet().stamp == thread_token();  // not so in a child, nor at first
  if (!mine || pages_left == 0 || seconds_now() >= best_before)
    if (!reseed()) return false;

  keystream.fill(sheet().page);
  --pages_left;
  if (!mine) sheet().stamp = thread_token();  // written once, so that other threads may read it
  at.next = sheet().page.words;
  at.end = at.next + KeyedPage::kWords;
  return true;
}

SystemBits::Page& SystemBits::Generator::turn(Page& at, std::size_t count) noexcept {
  if (sheet().stamp == thread_token() && at.left() >= count) return at;
  if (!refill(at)) std::abort();
  return at;
}

void SystemBits::Generator::expire(Page& at) noexcept {
  wipe(at.next, at.left() * sizeof *at.next);
  at.next = at.end;
  pages_left = 0;
}

std::unique_ptr<SystemBits::Generator> SystemBits::Generator::open() noexcept {
  std::unique_ptr<Generator> generator(new (std::nothrow) Generator);
  if (!generator || generator->memory.get() == nullptr || !generator->keystream) return nullptr;
  generator->own_page.stamp = &generator->sheet().stamp;
  return generator->refill(generator->own_page) ? std::move(generator) : nullptr;
}

/// Opened when a thread first needs it. A key's destructor runs after those of all thread_local
/// objects, which may therefore still draw.
SystemBits::Generator& SystemBits::Generator::of_this_thread() noexcept {
  if (mine_ == nullptr) {
    mine_ = open().release();
    if (mine_ == nullptr) std::abort();
    if (closing_.has_key) pthread_setspecific(closing_.key, mine_);
  }
  mine_->turn(mine_->own_page, 0);  // in a child, the page is the parent's no more
  return *mine_;
}

void SystemBits::Generator::close(void* generator) noexcept {
  delete static_cast<Generator*>(generator);
  mine_ = nullptr;
}

SystemBits::SystemBits(std::unique_ptr<Generator> generator) noexcept
    : generator_(std::move(generator)) {
  page_ = generator_->own_page;
}

/// What is moved from owns no page: it goes on with the generator of whichever thread asks.
SystemBits::SystemBits(SystemBits&& other) noexcept : generator_(std::move(other.generator_)) {
  page_ = std::exchange(other.page_, Page());
}

SystemBits& SystemBits::operator=(SystemBits&& other) noexcept {
  page_ = std::exchange(other.page_, Page());
  generator_ = std::move(other.generator_);
  return *this;
}

SystemBits::~SystemBits() = default;

Result<SystemBits> SystemBits::open() {
  std::unique_ptr<Generator> generator = Generator::open();
  if (!generator)
    return Error{
        Errc::unavailable, "entropy",
        "the system must give random bytes, memory and AES-256, and one of them is missing"};
  return SystemBits(std::move(generator));
}

SystemBits::Page& SystemBits::turn_page(std::size_t count) noexcept {
  if (is_mine()) return generator_->turn(page_, count);
  Generator& own = Generator::of_this_thread();
  return own.turn(own.own_page, count);
}

std::uint64_t SystemBits::extension(std::uint64_t address, std::uint32_t level) noexcept {
  Generator& generator = is_mine() ? *generator_ : Generator::of_this_thread();
  return generator.extension(address, level);
}

void SystemBits::reseed() noexcept {
  if (is_mine()) return generator_->expire(page_);
  Generator& own = Generator::of_this_thread();
  own.expire(own.own_page);
}

}  // namespace sfumato
