#include "sfumato/random/system_bits.h"

#include <gtest/gtest.h>
#include <openssl/rand.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/goodness_of_fit.h"

// What the generator asks of the system, counted and led astray: the program's own definitions come
// before those of the shared libraries.
namespace {

std::atomic<int> entropy_draws{0};
std::atomic<bool> openssl_fails{false};
std::atomic<bool> kernel_fails{false};
std::atomic<bool> wipe_refused{false};
std::atomic<long> seconds_ahead{0};

}  // namespace

extern "C" int RAND_priv_bytes(unsigned char* bytes, int count) {
  ++entropy_draws;
  return openssl_fails ? 0 : RAND_bytes(bytes, count);
}

extern "C" int getentropy(void* bytes, std::size_t count) {
  if (kernel_fails) return -1;
  return syscall(SYS_getrandom, bytes, count, 0) == static_cast<long>(count) ? 0 : -1;
}

extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const long failed = syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_MONOTONIC_COARSE) now->tv_sec += seconds_ahead;
  return static_cast<int>(failed);
}

extern "C" int madvise(void* memory, std::size_t bytes, int advice) noexcept {
  if (wipe_refused && advice == MADV_WIPEONFORK) return -1;
  return static_cast<int>(syscall(SYS_madvise, memory, bytes, advice));
}

namespace sfumato {
namespace {

using List = std::vector<std::uint64_t>;

constexpr std::size_t kPage = 2048;

/// Sets a switch for as long as it lives.
template <class T>
class Switched {
 public:
  Switched(std::atomic<T>& which, T value) : which_(which), before_(which.exchange(value)) {}
  ~Switched() { which_ = before_; }

 private:
  std::atomic<T>& which_;
  T before_;
};

SystemBits opened() {
  return SystemBits::open().value();
}

List drawn(BitSource& bits, std::size_t count) {
  List words(count);
  for (auto& word : words) word = bits.next();
  return words;
}

void skip(BitSource& bits, std::size_t count) {
  while (count-- > 0) bits.next();
}

/// No word twice, and none that is zero: odds of either below 1e-9 for 10^5 words.
void expect_distinct(const std::vector<List>& lists) {
  std::set<std::uint64_t> all;
  std::size_t count = 0;
  for (const List& list : lists) {
    all.insert(list.begin(), list.end());
    count += list.size();
  }
  EXPECT_EQ(all.size(), count);
  EXPECT_EQ(all.count(0), 0U);
}

pid_t plain_fork() {
  return fork();
}
pid_t raw_clone() {
  return static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

/// What `draw` gives in a child process.
List in_child(pid_t (*split)(), const std::function<List()>& draw) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = split();
  if (child == 0) {
    const List words = draw();
    const auto bytes = static_cast<ssize_t>(words.size() * sizeof words[0]);
    _exit(write(ends[1], words.data(), static_cast<std::size_t>(bytes)) == bytes ? 0 : 1);
  }
  close(ends[1]);
  List words;
  for (std::uint64_t word; read(ends[0], &word, sizeof word) == sizeof word;) words.push_back(word);
  close(ends[0]);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  return words;
}

/// Splits in the middle of a page; both sides go on.
void expect_children_draw_afresh(SystemBits& bits, pid_t (*split)()) {
  const auto draw = [&] { return drawn(bits, 3 * kPage); };
  const List before = drawn(bits, 100);
  const List child = in_child(split, draw);
  const List sibling = in_child(split, draw);
  EXPECT_EQ(child.size(), 3 * kPage);
  EXPECT_EQ(sibling.size(), 3 * kPage);
  expect_distinct({before, child, sibling, draw()});
}

TEST(SystemBitsFork, ParentAndChildrenDrawDifferentWords) {
  SystemBits bits = opened();
  expect_children_draw_afresh(bits, plain_fork);
}

TEST(SystemBitsFork, ARawCloneIsNoticed) {
  SystemBits bits = opened();
  expect_children_draw_afresh(bits, raw_clone);
}

TEST(SystemBitsFork, IsNoticedWhereTheKernelWipesNothing) {
  const Switched refused(wipe_refused, true);
  SystemBits bits = opened();
  expect_children_draw_afresh(bits, plain_fork);
}

TEST(SystemBitsFork, IsNoticedByTheGeneratorOfAThreadThatIsAGuest) {
  SystemBits bits = opened();
  for (const bool refused : {false, true}) {
    std::thread([&] {
      const Switched without(wipe_refused, refused);
      expect_children_draw_afresh(bits, plain_fork);
    }).join();
  }
  std::thread([&] { expect_children_draw_afresh(bits, raw_clone); }).join();
}

TEST(SystemBitsFork, GrandchildrenDrawAfreshToo) {
  SystemBits bits = opened();
  const List child = in_child(plain_fork, [&] {
    List words = drawn(bits, 50);
    const List grandchild = in_child(raw_clone, [&] { return drawn(bits, 50); });
    words.insert(words.end(), grandchild.begin(), grandchild.end());
    const List more = drawn(bits, 50);
    words.insert(words.end(), more.begin(), more.end());
    return words;
  });
  EXPECT_EQ(child.size(), 150U);
  expect_distinct({child, drawn(bits, 50)});
}

// The extension key is wiped with the page: a child must not extend under a key of zeros, nor under
// the key that its copy of the cipher still holds.
void expect_children_extend_afresh(SystemBits& bits, bool parent_extends_first) {
  const LazyWord word = bits.lazy();
  const auto extend = [&] { return List{bits.extension(word.address, 1)}; };
  const List before = parent_extends_first ? extend() : List{};
  const List first = in_child(plain_fork, extend), second = in_child(raw_clone, extend);
  const List third = in_child(raw_clone, extend), mine = extend();
  expect_distinct({first, second, third, mine});
  EXPECT_TRUE(before.empty() || before == mine);
}

TEST(SystemBitsFork, ChildrenExtendUnderKeysOfTheirOwn) {
  SystemBits bits = opened();
  for (const bool first : {false, true}) {
    expect_children_extend_afresh(bits, first);
    std::thread([&] { expect_children_extend_afresh(bits, first); }).join();
  }
}

TEST(SystemBitsThreads, ThatShareASourceGetDisjointWords) {
  SystemBits bits = opened();
  std::vector<List> lists(5);
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < lists.size(); ++i)
    threads.emplace_back([&bits, &list = lists[i]] {
      list = drawn(bits, 10'000);
      const Words loan = bits.take(1000);
      list.insert(list.end(), loan.data(), loan.data() + loan.size());
      for (std::size_t k = 0; k < 10; ++k) list.push_back(bits.extension(loan.lazy(k).address, 1));
    });
  lists[0] = drawn(bits, 10'000);
  for (std::thread& thread : threads) thread.join();
  expect_distinct(lists);
}

TEST(SystemBitsThreads, ASourceMayOutliveTheThreadThatOpenedIt) {
  std::optional<SystemBits> bits;
  List first, second;
  std::thread([&] { bits = opened(), first = drawn(*bits, 100); }).join();
  std::thread([&] { second = drawn(*bits, 100); }).join();
  expect_distinct({first, second, drawn(*bits, 100)});
}

TEST(SystemBitsThreads, AThreadMayStillDrawWhileItEnds) {
  static SystemBits bits = opened();
  static List late;
  struct DrawsLate {
    ~DrawsLate() { late = drawn(bits, 10); }
  };
  std::thread([] {
    thread_local DrawsLate ends_after_the_generator;
    static_cast<void>(&ends_after_the_generator);
    bits.next();
  }).join();
  EXPECT_EQ(late.size(), 10U);
  expect_distinct({late, drawn(bits, 10)});
}

TEST(SystemBits, ExtensionsAreAFunctionOfAddressAndLevel) {
  SystemBits bits = opened();
  const LazyWord word = bits.lazy();
  List first, again;
  for (std::uint64_t address : {word.address, word.address + 1})
    for (std::uint32_t level : {1U, 2U, 3U, 1U << 31})
      first.push_back(bits.extension(address, level));
  { const Words words = bits.take(100); }  // of the same page
  for (std::uint64_t address : {word.address, word.address + 1})
    for (std::uint32_t level : {1U, 2U, 3U, 1U << 31})
      again.push_back(bits.extension(address, level));
  EXPECT_EQ(first, again);
  expect_distinct({first});
}

TEST(SystemBits, NoTwoWordsHaveOneAddress) {
  SystemBits bits = opened();
  std::uint64_t last = bits.lazy().address;
  for (const std::size_t count : {1000U, 1000U, 1000U, 1U, 1024U, 5U, 1024U}) {
    const Words words = bits.take(count);
    ASSERT_EQ(words.size(), count);
    EXPECT_GT(words.lazy(0).address, last);
    last = words.lazy(count - 1).address;
  }
}

TEST(SystemBits, APageThatIsTooShortForALoanIsLeftBehind) {
  SystemBits bits = opened();
  std::vector<List> lists;
  for (int i = 0; i < 20; ++i) {
    const Words words = bits.take(700);
    lists.emplace_back(words.data(), words.data() + words.size());
  }
  expect_distinct(lists);
}

TEST(SystemBits, AreUniformBitByBitAndByteByByte) {
  SystemBits bits = opened();
  std::vector<double> ones(64), bytes(256);
  constexpr int kCount = 200'000;
  for (int i = 0; i < kCount; ++i) {
    std::uint64_t word = bits.next();
    for (std::size_t bit = 0; bit < 64; ++bit) ones[bit] += static_cast<double>(word >> bit & 1);
    for (int byte = 0; byte < 8; ++byte, word >>= 8) ++bytes[word & 255];
  }
  for (const double count : ones) {
    const double observed[] = {count, kCount - count}, expected[] = {kCount / 2.0, kCount / 2.0};
    EXPECT_GE(g_test(observed, expected).p_value, 1e-11);
  }
  EXPECT_GE(g_test(bytes, std::vector<double>(256, kCount * 8 / 256.0)).p_value, kLeastPValue);
}

TEST(SystemBits, FreshEntropyComesAfterAMebibyte) {
  entropy_draws = 0;
  SystemBits bits = opened();
  EXPECT_EQ(entropy_draws, 1);
  for (int page = 0; page < 64; ++page) skip(bits, kPage);
  EXPECT_EQ(entropy_draws, 1);
  bits.next();
  EXPECT_EQ(entropy_draws, 2);
  skip(bits, 64 * kPage - 1);
  EXPECT_EQ(entropy_draws, 2);
  bits.next();
  EXPECT_EQ(entropy_draws, 3);
}

TEST(SystemBits, FreshEntropyComesAfterAMinute) {
  SystemBits bits = opened();
  entropy_draws = 0;
  {
    const Switched early(seconds_ahead, 55L);
    skip(bits, kPage + 1);
    EXPECT_EQ(entropy_draws, 0);
  }
  const Switched late(seconds_ahead, 61L);
  skip(bits, kPage);
  EXPECT_EQ(entropy_draws, 1);
  skip(bits, kPage);
  EXPECT_EQ(entropy_draws, 1);
}

TEST(SystemBits, ReseedIsDoneBeforeTheNextWord) {
  SystemBits bits = opened();
  const LazyWord word = bits.lazy();
  const std::uint64_t extended = bits.extension(word.address, 1);
  entropy_draws = 0;
  bits.reseed();
  EXPECT_EQ(bits.extension(word.address, 1), extended);  // the word is still the last one
  bits.next();
  EXPECT_EQ(entropy_draws, 1);
  EXPECT_NE(bits.extension(word.address, 1), extended);
  skip(bits, kPage);
  EXPECT_EQ(entropy_draws, 1);
}

TEST(SystemBits, ReseedByAGuestIsForTheGuest) {
  SystemBits bits = opened();
  std::thread([&] {
    bits.next();
    entropy_draws = 0;
    bits.reseed();
    bits.next();
    EXPECT_EQ(entropy_draws, 1);
  }).join();
  bits.next();
  EXPECT_EQ(entropy_draws, 1);
}

TEST(SystemBits, AChildDrawsFreshEntropyOnce) {
  SystemBits bits = opened();
  const List draws = in_child(plain_fork, [&] {
    entropy_draws = 0;
    skip(bits, kPage);
    return List{static_cast<std::uint64_t>(entropy_draws)};
  });
  EXPECT_EQ(draws, List{1});
}

TEST(SystemBits, DoNotOpenWithoutEntropy) {
  for (std::atomic<bool>* fails : {&openssl_fails, &kernel_fails}) {
    const Switched failing(*fails, true);
    const auto bits = SystemBits::open();
    ASSERT_FALSE(bits);
    EXPECT_EQ(bits.error().code, Errc::unavailable);
    EXPECT_EQ(bits.error().where, "entropy");
  }
  EXPECT_TRUE(SystemBits::open());
}

TEST(SystemBitsDeathTest, EndTheProcessWhereEntropyFailsLater) {
  SystemBits bits = opened();
  bits.reseed();
  for (std::atomic<bool>* fails : {&openssl_fails, &kernel_fails}) {
    const Switched failing(*fails, true);
    EXPECT_DEATH(bits.next(), "");
    std::thread([&] { EXPECT_DEATH(bits.next(), ""); }).join();
  }
}

TEST(SystemBitsDeathTest, APageIsNotRefilledUnderALoan) {
  const auto misuse = [] {
    SystemBits bits = opened();  // by the process that is to end: in a child, the page is another
    const Words words = bits.take(10);
    skip(bits, kPage);
  };
  EXPECT_DEATH(misuse(), "");
}

TEST(SystemBits, GoOnWhereTheyAreMovedTo) {
  entropy_draws = 0;
  SystemBits first = opened();
  const List before = drawn(first, 10);
  SystemBits second = std::move(first);
  const List after = drawn(second, 10);
  SystemBits third = opened();
  third = std::move(second);
  const List last = drawn(third, 10);
  EXPECT_EQ(entropy_draws, 2);
  expect_distinct({before, after, last});
}

TEST(SystemBits, ThatWereMovedFromStillGiveGoodWords) {
  SystemBits first = opened();
  SystemBits second = std::move(first);
  const List mine = drawn(first, 10);  // NOLINT(bugprone-use-after-move): what is being shown
  EXPECT_EQ(first.extension(1, 1), first.extension(1, 1));
  expect_distinct({mine, drawn(second, 10)});
}

TEST(SystemBits, WordsAreWipedAsTheyAreUsed) {
  SystemBits bits = opened();
  const std::uint64_t* place = nullptr;
  {
    const Words words = bits.take(500);
    place = words.data();
    EXPECT_EQ(std::count(place, place + 500, 0U), 0);
  }
  EXPECT_EQ(std::count(place, place + 500, 0U), 500);
  EXPECT_NE(place[500], 0U);
  bits.next();
  EXPECT_EQ(place[500], 0U);
  EXPECT_NE(place[501], 0U);
}

TEST(SystemBits, WordsLeftBehindAreWiped) {
  SystemBits bits = opened();
  const std::uint64_t* place = nullptr;
  { place = bits.take(1000).data(); }
  bits.reseed();
  EXPECT_EQ(std::count(place, place + kPage, 0U), static_cast<std::ptrdiff_t>(kPage));
}

/// One-to-one, so that a test may keep words without their being found.
std::uint64_t masked(std::uint64_t word) {
  return ~word * 0x9E3779B97F4A7C15;
}

/// How many of the words whose masks are given lie in the writable memory of this process, but for
/// the stack, on which the test itself handles words.
std::size_t found_in_memory(const std::set<std::uint64_t>& masks) {
  std::set<std::uint64_t> found;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0, end = 0;
    char mode[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, mode) != 3) continue;
    if (std::string(mode) != "rw-p" || line.find("[stack") != line.npos) continue;
    if (line.find("[v") != line.npos) continue;
    for (std::uintptr_t at = begin; at < end; at += 8) {
      const std::uint64_t mask = masked(*reinterpret_cast<const volatile std::uint64_t*>(at));
      if (masks.count(mask) != 0) found.insert(mask);
    }
  }
  return found.size();
}

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitised = true;
#else
constexpr bool kSanitised = false;
#endif

TEST(SystemBits, NoEarlierWordIsLeftInMemory) {
  if (kSanitised) GTEST_SKIP() << "the memory of a sanitiser is too large to be read";
  SystemBits bits = opened();
  std::set<std::uint64_t> earlier, on_loan;
  for (int i = 0; i < 7; ++i) {
    const Words words = bits.take(700);
    for (std::size_t k = 0; k < words.size(); ++k) earlier.insert(masked(words[k]));
  }
  for (int i = 0; i < 100; ++i) earlier.insert(masked(bits.next()));
  const Words words = bits.take(50);
  for (std::size_t k = 0; k < words.size(); ++k) on_loan.insert(masked(words[k]));
  EXPECT_EQ(found_in_memory(on_loan), 50U);  // or the search would show nothing
  EXPECT_EQ(found_in_memory(earlier), 0U);
}

}  // namespace
}  // namespace sfumato
