#include "aggregate/spill_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <set>
#include <vector>

#include "aggregate/partitions.h"
#include "support/fixed_bits.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

/// TMPDIR for the length of a test.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& folder) { ::setenv("TMPDIR", folder.c_str(), 1); }
  ~TemporaryFolder() { ::unsetenv("TMPDIR"); }
};

std::vector<std::uint64_t> counted(std::size_t size, std::uint64_t first) {
  std::vector<std::uint64_t> words(size);
  std::iota(words.begin(), words.end(), first);
  return words;
}

TEST(SpillFile, GivesBackWhatWasWrittenInAnyOrder) {
  const Scratch scratch;
  const TemporaryFolder here(scratch.path("."));
  FixedBits bits(1);
  SpillFile file(bits);
  std::vector<std::uint64_t> places;
  for (std::size_t i = 0; i < 50; ++i) {
    std::vector<std::uint64_t> words = counted(i * 7 + 1, i * 1000);
    places.push_back(file.write(words).value());
  }
  for (std::size_t i = 50; i-- > 0;) {
    std::vector<std::uint64_t> words(i * 7 + 1);
    ASSERT_TRUE(file.read(places[i], words));
    EXPECT_EQ(words, counted(i * 7 + 1, i * 1000));
  }
}

/// What the kernel holds for a process's descriptors of files in `folder`, found by their deleted names.
std::string bytes_of_nameless_files(const std::string& process = "self",
                                    const std::string& folder = "") {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + process + "/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    if (target.find("(deleted)") == std::string::npos || !target.starts_with(folder)) continue;
    std::ifstream bytes(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(bytes), {});
  }
  return all;
}

TEST(SpillFile, TheFileHasNoNameAndHoldsNothingThatCanBeRead) {
  const Scratch scratch;
  const TemporaryFolder here(scratch.path("."));
  FixedBits bits(2);
  SpillFile file(bits);
  std::vector<std::uint64_t> secret(4096, 0x5345435245543131);
  const std::string plain(reinterpret_cast<const char*>(secret.data()), 16);
  ASSERT_TRUE(file.write(secret));
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path(".")));
  const std::string held = bytes_of_nameless_files();
  EXPECT_GE(held.size(), 4096U * 8);
  EXPECT_EQ(held.find(plain), std::string::npos);
  EXPECT_NE(held.substr(0, 16), held.substr(16, 16));  // equal blocks look different
}

/// Under one counter twice, two ciphertexts would tell by what their plain words differ.
TEST(SpillFile, TheSameWordsLookDifferentEachTimeTheyAreWritten) {
  const Scratch scratch;
  const TemporaryFolder here(scratch.path("."));
  FixedBits bits(5);
  SpillFile file(bits);
  constexpr std::size_t kBytes = 512;
  for (int i = 0; i < 3; ++i) {
    std::vector<std::uint64_t> words = counted(kBytes / 8, 1);
    ASSERT_TRUE(file.write(words));
  }
  const std::string held = bytes_of_nameless_files();
  ASSERT_EQ(held.size(), 3 * kBytes);
  std::set<std::string> blocks;
  for (std::size_t at = 0; at < held.size(); at += 16) blocks.insert(held.substr(at, 16));
  EXPECT_EQ(blocks.size(), held.size() / 16);
}

TEST(SpillFile, NoFileHasANameWhereTheFileSystemCannotMakeThemWithoutEither) {
  const Scratch scratch;
  for (const bool at_once : {true, false}) {
    const int descriptor = open_nameless(scratch.path("."), at_once);
    ASSERT_GE(descriptor, 0);
    EXPECT_TRUE(std::filesystem::is_empty(scratch.path(".")));
    char byte = 'x';
    EXPECT_EQ(::pwrite(descriptor, &byte, 1, 0), 1);
    byte = '\0';
    EXPECT_EQ(::pread(descriptor, &byte, 1, 0), 1);
    EXPECT_EQ(byte, 'x');
    ::close(descriptor);
  }
}

/// Rows of an engine that has hardly any memory, without end.
[[noreturn]] void spill_for_ever() {
  FixedBits bits(6);
  GroupDirectory groups(KeyedHash::make(bits).value(), 1);
  const std::uint32_t group = groups.number("g");
  const auto partitions =
      Partitions::make({1, 1 << 30}, RecordLayout(true, 1), 1, groups, bits).value();
  Partitions::Writer writer(*partitions);
  for (std::uint64_t row = 0;; ++row) {
    const Block unit{row % 100, 0x5345435245543131};
    const std::vector<std::vector<Units>> values = {{0x5345435245543131}};
    if (!writer.add({row, {&unit, 1}, {&group, 1}, values})) ::_exit(1);
  }
}

/// Killed, a process can clean up nothing: there must be nothing to clean up.
TEST(SpillFile, OfAProcessThatIsKilledWhileRowsAreSpilledNothingIsLeft) {
  const Scratch scratch;
  const TemporaryFolder here(scratch.path("."));
  const pid_t child = ::fork();
  if (child == 0) spill_for_ever();
  std::string held;
  while (held.size() < 1 << 20 && ::waitpid(child, nullptr, WNOHANG) == 0) {
    EXPECT_TRUE(std::filesystem::is_empty(scratch.path(".")));
    held = bytes_of_nameless_files(std::to_string(child),
                                   std::filesystem::canonical(scratch.path(".")));
  }
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path(".")));
  EXPECT_GE(held.size(), std::size_t{1} << 20);
  EXPECT_EQ(held.find("11TERCES"), std::string::npos);  // the secret word, as it lies in memory
}

TEST(SpillFile, AFolderThatIsNotThereIsASentence) {
  const TemporaryFolder nowhere("/nowhere/at/all");
  FixedBits bits(3);
  SpillFile file(bits);
  std::vector<std::uint64_t> words(10);
  const auto written = file.write(words);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().where, "/nowhere/at/all");
  EXPECT_EQ(written.error().message,
            "cannot hold a temporary file (No such file or directory): rows for which --memory has "
            "no room lie there while a query runs; set TMPDIR to a directory with more room, or "
            "--memory higher");
}

/// A limit on file sizes stands in for a disk that is full: both end a write early.
TEST(SpillFile, WhereThereIsNoMoreRoomThatIsASentenceToo) {
  const Scratch scratch;
  const TemporaryFolder here(scratch.path("."));
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{1 << 16, 1 << 16};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    FixedBits bits(4);
    SpillFile file(bits);
    std::vector<std::uint64_t> words(1 << 14);
    const auto written = file.write(words);
    ::_exit(!written && written.error().message.starts_with("may hold no file so large") ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path(".")));
}

}  // namespace
}  // namespace sfumato
