#include "base/file_descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <string>

#include "support/scratch.h"

namespace sfumato {
namespace {

TEST(Descriptor, IsClosedOnceAndByTheLastThatHasIt) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const Descriptor other(ends[1]);
  {
    Descriptor first(ends[0]);
    const Descriptor second(std::move(first));
    EXPECT_FALSE(first.open());
    EXPECT_EQ(second.value(), ends[0]);
    EXPECT_EQ(::fcntl(ends[0], F_GETFD), 0);
  }
  EXPECT_EQ(::fcntl(ends[0], F_GETFD), -1);
  EXPECT_FALSE(Descriptor(-1).open());
  EXPECT_TRUE(Descriptor(-1).close());
}

TEST(WriteAll, SaysThatNobodyReadsAndLeavesTheSignalAsItWas) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  const Descriptor writing(ends[1]);
  sigset_t before, after, pending;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  EXPECT_EQ(write_all(writing.value(), "nobody reads this"), EPIPE);
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  sigpending(&pending);
  EXPECT_EQ(sigismember(&after, SIGPIPE), sigismember(&before, SIGPIPE));
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST(WriteAll, SaysThatNoFileMayBeSoLarge) {
  const Scratch scratch;
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{4096, 4096};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    const Descriptor file(::open(scratch.path("f").c_str(), O_WRONLY | O_CREAT, 0600));
    ::_exit(write_all(file.value(), std::string(8192, 'x')) == EFBIG ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace sfumato
