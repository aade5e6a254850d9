#include "base/own_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "support/scratch.h"

namespace sfumato {
namespace {

bool has_nameless_files(const Scratch& scratch) {
#ifdef O_TMPFILE
  const Descriptor file(::open(scratch.path(".").c_str(), O_TMPFILE | O_WRONLY, 0600));
  return file.open();
#else
  return false;
#endif
}

std::string failure(const Status& status) {
  return status ? "" : status.error().message;
}

class NewOwnFile : public testing::TestWithParam<bool> {};

TEST_P(NewOwnFile, HasItsNameOnceItIsKeptAndNoTraceIsLeftOfOneThatIsNot) {
  const Scratch scratch;
  const std::string path = scratch.path("state");
  const mode_t before = umask(0);
  {
    OwnFile file = OwnFile::make(path, "a state", GetParam()).value();
    ASSERT_TRUE(file.write("half"));
    if (GetParam() && has_nameless_files(scratch))
      EXPECT_EQ(scratch.files(), 0U);
    else
      EXPECT_EQ(scratch.files(), 1U);
    EXPECT_NE(::access(path.c_str(), F_OK), 0);
    OwnFile moved(std::move(file));
    ASSERT_TRUE(moved.write(" and half"));
    ASSERT_TRUE(moved.keep());
  }
  umask(before);
  struct stat about {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600U);
  EXPECT_EQ(contents(path), "half and half");
  EXPECT_EQ(scratch.files(), 1U);
  { ASSERT_TRUE(OwnFile::make(scratch.path("other"), "a state", GetParam()).value().write("lost")); }
  EXPECT_EQ(scratch.files(), 1U);
}

TEST_P(NewOwnFile, IsNotWrittenOverByOneThatComesLate) {
  const Scratch scratch;
  OwnFile late = OwnFile::make(scratch.path("late"), "a state", GetParam()).value();
  ASSERT_TRUE(late.write("mine"));
  scratch.file("late", "another's");
  EXPECT_EQ(failure(late.keep()), "is there already: a state is never written over");
  EXPECT_EQ(contents(scratch.path("late")), "another's");
  EXPECT_EQ(scratch.files(), 1U);
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutAName, NewOwnFile, testing::Bool());

TEST(OwnFile, IsNeverWrittenOver) {
  const Scratch scratch;
  const std::string path = scratch.file("state", "there");
  EXPECT_EQ(failure(write_own_file(path, "a state", "other")),
            "is there already: a state is never written over");
  EXPECT_EQ(contents(path), "there");
  ASSERT_EQ(symlink("nowhere", scratch.path("link").c_str()), 0);
  EXPECT_FALSE(OwnFile::make(scratch.path("link"), "a state"));
  EXPECT_FALSE(OwnFile::make(scratch.path("no/state"), "a state"));
  EXPECT_FALSE(OwnFile::make("", "a state"));
  EXPECT_FALSE(OwnFile::make(scratch.path(""), "a state"));
}

TEST(OwnFile, ThatOthersMayTouchIsNotRead) {
  const Scratch scratch;
  const std::string path = scratch.file("state", "secret");
  for (const mode_t mode : {0640U, 0604U, 0620U, 0610U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(read_own_file(path, 100).error().message, "may be read by others: `chmod 600` it");
  }
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(read_own_file(path, 100).value(), "secret");
  EXPECT_EQ(read_own_file(path, 6).value(), "secret");
  EXPECT_EQ(read_own_file(path, 3).value(), "secr");
  EXPECT_EQ(read_own_file(scratch.path("none"), 100).error().message,
            "is not there, or its directory is not");
  const std::string large(200'000, 'x');
  const std::string other = scratch.file("large", large);
  ASSERT_EQ(chmod(other.c_str(), 0600), 0);
  EXPECT_EQ(read_own_file(other, 1 << 20).value(), large);
}

}  // namespace
}  // namespace sfumato
