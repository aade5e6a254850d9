#include "sfumato/io/atomic_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <new>
#include <thread>

#include "io/scratch.h"

namespace sfumato {
namespace {

std::string outcome(const Status& status) {
  return status ? "written" : status.error().where + ": " + status.error().message;
}

/// What a test that needs a process of its own says there: limits, users and standard output are
/// those of the whole process.
std::string in_a_child(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string said = work();
    if (::write(ends[1], said.data(), said.size()) < 0) ::_exit(1);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said;
  char buffer[256];
  for (ssize_t length; (length = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    said.append(buffer, static_cast<std::size_t>(length));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? numbered("killed by signal ", WTERMSIG(status)) : said;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST(AtomicFile, WritesTheBytesAndLeavesNothingElse) {
  const Scratch scratch;
  const std::string bytes("a\0b\n", 4);
  EXPECT_EQ(outcome(write_atomically(scratch.path("out"), bytes)), "written");
  EXPECT_EQ(contents(scratch.path("out")), bytes);
  EXPECT_EQ(scratch.files(), 1U);
}

TEST(AtomicFile, WritesManyBytesAndNone) {
  const Scratch scratch;
  const std::string many(std::size_t{5} << 20, 'x');
  EXPECT_EQ(outcome(write_atomically(scratch.path("many"), many)), "written");
  EXPECT_EQ(contents(scratch.path("many")), many);
  EXPECT_EQ(outcome(write_atomically(scratch.path("many"), "")), "written");
  EXPECT_EQ(contents(scratch.path("many")), "");
}

/// The words one after the other, each in memory that the next takes over.
Chunks words(Lines left) {
  return [left, word = std::string(), i = std::size_t{0}]() mutable -> std::string_view {
    word = i < left.size() ? left[i++] : "";
    return word;
  };
}

TEST(AtomicFile, ChunksFollowOneAnother) {
  const Scratch scratch;
  EXPECT_EQ(outcome(write_atomically(scratch.path("out"), words({"a", "bc", "def"}))), "written");
  EXPECT_EQ(contents(scratch.path("out")), "abcdef");
  EXPECT_EQ(outcome(write_atomically(scratch.path("out"), words({}))), "written");
  EXPECT_EQ(contents(scratch.path("out")), "");
}

TEST(AtomicFile, AFailureAmongTheChunksLeavesTheOldFile) {
  const Scratch scratch;
  const std::string path = scratch.file("out", "old");
  EXPECT_EQ(in_a_child([&] {
              const rlimit limit{4096, 4096};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              return outcome(write_atomically(path, words(Lines(9, std::string(1000, 'x')))));
            }),
            path + ": cannot be written: no file may be so large here");
  EXPECT_EQ(contents(path), "old");
  EXPECT_EQ(scratch.files(), 1U);
}

TEST(AtomicFile, WhoeverInspectsTheFileSeesAllOfItAndDecidesWhetherItStands) {
  const Scratch scratch;
  const std::string path = scratch.file("out", "old");
  const auto bytes = [](std::string_view text) -> Chunks {
    return [text]() mutable { return std::exchange(text, {}); };
  };
  std::string seen;
  const auto agree = [&](const std::string& file) {
    seen = contents(file);
    EXPECT_EQ(contents(path), "old");
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
    return ok();
  };
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  EXPECT_TRUE(write_atomically(path, bytes("new"), agree));
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0644));
  EXPECT_EQ(seen, "new");
  EXPECT_EQ(contents(path), "new");
  const auto refuse = [](const std::string&) -> Status {
    return Error{Errc::refused, "file", "is wrong"};
  };
  EXPECT_EQ(outcome(write_atomically(path, bytes("newer"), refuse)), "file: is wrong");
  EXPECT_EQ(contents(path), "new");
  EXPECT_EQ(scratch.files(), 1u);
  EXPECT_NE(outcome(write_atomically("/dev/null", bytes("new"), agree)).find("name a file"),
            std::string::npos);
}

TEST(AtomicFile, ChunksThatThrowLeaveTheOldFile) {
  const Scratch scratch;
  const std::string path = scratch.file("out", "old");
  const Chunks thrown = []() -> std::string_view { throw std::bad_alloc(); };
  EXPECT_THROW((void)write_atomically(path, thrown), std::bad_alloc);
  EXPECT_EQ(contents(path), "old");
  EXPECT_EQ(scratch.files(), 1U);
}

TEST(AtomicFile, AFileThatIsReplacedKeepsItsRights) {
  const Scratch scratch;
  const std::string path = scratch.file("out", "old and longer");
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  EXPECT_EQ(outcome(write_atomically(path, "new")), "written");
  EXPECT_EQ(contents(path), "new");
  EXPECT_EQ(mode_of(path), 0640U);
}

TEST(AtomicFile, ANewFileHasTheRightsThatTheUmaskLeaves) {
  const Scratch scratch;
  EXPECT_EQ(in_a_child([&] {
              ::umask(027);
              return outcome(write_atomically(scratch.path("out"), "new"));
            }),
            "written");
  EXPECT_EQ(mode_of(scratch.path("out")), 0640U);
}

TEST(AtomicFile, AReaderOfTheOldFileKeepsTheOldBytes) {
  const Scratch scratch;
  const std::string path = scratch.file("out", "old");
  std::ifstream reader(path);
  EXPECT_EQ(outcome(write_atomically(path, "new")), "written");
  std::string seen;
  reader >> seen;
  EXPECT_EQ(seen, "old");
}

TEST(AtomicFile, ALinkStaysAndWhatItLeadsToIsReplaced) {
  const Scratch scratch;
  const std::string file = scratch.file("file", "old");
  std::filesystem::create_symlink("file", scratch.path("link"));
  EXPECT_EQ(outcome(write_atomically(scratch.path("link"), "new")), "written");
  EXPECT_TRUE(std::filesystem::is_symlink(scratch.path("link")));
  EXPECT_EQ(contents(file), "new");
}

TEST(AtomicFile, InAnOpenFolderAFileTakesThePlaceOfALink) {
  const Scratch scratch;
  const std::string file = scratch.file("file", "old"), link = scratch.path("link");
  std::filesystem::create_symlink(file, link);
  const int folder = ::open(scratch.path("").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  EXPECT_EQ(outcome(write_in_folder(folder, "link", "new")), "written");
  EXPECT_EQ(outcome(write_in_folder(folder, "other", "more")), "written");
  ::close(folder);
  EXPECT_FALSE(std::filesystem::is_symlink(link));
  EXPECT_EQ(contents(link) + contents(file) + contents(scratch.path("other")), "newoldmore");
  EXPECT_EQ(scratch.files(), 3U);
}

TEST(AtomicFile, ALinkToNothingIsRefused) {
  const Scratch scratch;
  std::filesystem::create_symlink("nothing", scratch.path("link"));
  EXPECT_EQ(outcome(write_atomically(scratch.path("link"), "new")),
            scratch.path("link") + ": is a link to what is not there: name the file itself");
  EXPECT_EQ(scratch.files(), 1U);
}

TEST(AtomicFile, ANameAloneIsInTheWorkingDirectory) {
  const Scratch scratch;
  EXPECT_EQ(in_a_child([&] {
              if (::chdir(scratch.path(".").c_str()) != 0) return std::string("no such directory");
              return outcome(write_atomically("out", "new"));
            }),
            "written");
  EXPECT_EQ(contents(scratch.path("out")), "new");
}

TEST(AtomicFile, ADirectoryIsRefused) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("folder"));
  for (const char* name : {"folder", "folder/", "new/"})
    EXPECT_NE(outcome(write_atomically(scratch.path(name), "new")), "written");
  EXPECT_EQ(outcome(write_atomically(scratch.path("folder"), "new")),
            scratch.path("folder") + ": is a directory: name a file");
  EXPECT_EQ(scratch.files(), 1U);
}

TEST(AtomicFile, APathThatLeadsNowhereIsRefused) {
  const Scratch scratch;
  const std::string file = scratch.file("file", "old");
  EXPECT_EQ(outcome(write_atomically(scratch.path("no/out"), "new")),
            scratch.path("no/out") + ": cannot be written: its directory is not there");
  EXPECT_EQ(outcome(write_atomically(file + "/out", "new")),
            file + "/out: cannot be written: its path leads through a file");
  EXPECT_EQ(outcome(write_atomically("", "new")),
            ": cannot be written: its directory is not there");
}

TEST(AtomicFile, ADirectoryThatMayNotBeWrittenToIsRefused) {
  const Scratch scratch;
  const std::string path = scratch.file("out", "old");
  ASSERT_EQ(::chmod(path.c_str(), 0666), 0);
  ASSERT_EQ(::chmod(scratch.path(".").c_str(), 0555), 0);
  EXPECT_EQ(in_a_child([&] {
              // Root may write everywhere: the child becomes nobody.
              if (::getuid() == 0 && ::setuid(65534) != 0) return std::string("still root");
              return outcome(write_atomically(path, "new"));
            }),
            path + ": may not be written: permissions would have to allow it");
  EXPECT_EQ(contents(path), "old");
  ::chmod(scratch.path(".").c_str(), 0755);
}

TEST(AtomicFile, AFullDiskLeavesTheOldFileAndNoTemporaryOne) {
  const Scratch scratch;
  const std::string path = scratch.file("out", "old");
  const std::string said = in_a_child([&] {
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return outcome(write_atomically(path, std::string(10'000, 'x')));
  });
  EXPECT_EQ(said, path + ": cannot be written: no file may be so large here");
  EXPECT_EQ(contents(path), "old");
  EXPECT_EQ(scratch.files(), 1U);
}

TEST(AtomicFile, ADeviceIsWrittenToAndStaysADevice) {
  EXPECT_EQ(outcome(write_atomically("/dev/null", "new")), "written");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_EQ(outcome(write_atomically("/dev/full", "new")),
            "/dev/full: cannot be written: the disk is full");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(AtomicFile, APipeIsWrittenToAndStaysAPipe) {
  const Scratch scratch;
  ASSERT_EQ(::mkfifo(scratch.path("pipe").c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = contents(scratch.path("pipe")); });
  EXPECT_EQ(outcome(write_atomically(scratch.path("pipe"), "new")), "written");
  reader.join();
  EXPECT_EQ(read, "new");
  EXPECT_TRUE(std::filesystem::is_fifo(scratch.path("pipe")));
}

/// Runs `write_to_stdout` where standard output is another file.
std::string to_stdout(int descriptor, std::string_view bytes) {
  ::dup2(descriptor, STDOUT_FILENO);
  return outcome(write_to_stdout(bytes));
}

TEST(AtomicFile, StandardOutputTakesTheBytes) {
  const Scratch scratch;
  EXPECT_EQ(
      in_a_child([&] { return to_stdout(::creat(scratch.path("out").c_str(), 0600), "words"); }),
      "written");
  EXPECT_EQ(contents(scratch.path("out")), "words");
}

TEST(AtomicFile, AFullDiskBehindStandardOutputIsAnError) {
  EXPECT_EQ(in_a_child([] { return to_stdout(::open("/dev/full", O_WRONLY), "words"); }),
            "standard output: cannot be written: the disk is full");
}

TEST(AtomicFile, APipeThatNobodyReadsIsAnErrorAndNotTheEnd) {
  EXPECT_EQ(in_a_child([] {
              int ends[2];
              if (::pipe(ends) != 0) return std::string("no pipe");
              ::close(ends[0]);
              return to_stdout(ends[1], "words");
            }),
            "standard output: cannot be written: nobody reads the other end");
}

TEST(AtomicFile, ASignalThatWasRaisedByAWriteIsTakenBack) {
  EXPECT_EQ(in_a_child([] {
              int ends[2];
              if (::pipe(ends) != 0) return std::string("no pipe");
              ::close(ends[0]);
              to_stdout(ends[1], "words");
              sigset_t blocked, pending;
              ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
              ::sigpending(&pending);
              const bool clean = !sigismember(&blocked, SIGPIPE) && !sigismember(&pending, SIGPIPE);
              return std::string(clean ? "clean" : "left over");
            }),
            "clean");
}

TEST(AtomicFile, AClosedStandardOutputIsAnError) {
  EXPECT_EQ(in_a_child([] {
              ::close(STDOUT_FILENO);
              return outcome(write_to_stdout("words"));
            }),
            "standard output: cannot be written: it is closed");
}

TEST(AtomicFile, TheFileBehindStandardOutputIsAppendedToAndNotReplaced) {
  const Scratch scratch;
  EXPECT_EQ(in_a_child([&] {
              to_stdout(::creat(scratch.path("out").c_str(), 0600), "first ");
              return outcome(write_atomically("/dev/stdout", "second"));
            }),
            "written");
  EXPECT_EQ(contents(scratch.path("out")), "first second");
}

TEST(AtomicFile, ThreadsThatWriteTheSamePathLeaveOneWholeFile) {
  const Scratch scratch;
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'e'; ++c)
    threads.emplace_back([&scratch, c] {
      for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(write_atomically(scratch.path("out"), std::string(50'000, c)));
    });
  for (std::thread& thread : threads) thread.join();
  const std::string left = contents(scratch.path("out"));
  EXPECT_EQ(left, std::string(50'000, left.at(0)));
  EXPECT_EQ(scratch.files(), 1U);
}

TEST(AtomicFile, TellsBeforehandWhetherAPlaceTakesAFileAndLeavesNothingThere) {
  const Scratch scratch;
  EXPECT_TRUE(check_writable(scratch.path("new")));
  EXPECT_EQ(scratch.files(), 0U);
  const std::string there = scratch.file("there", "text");
  EXPECT_TRUE(check_writable(there));
  EXPECT_EQ(contents(there), "text");
  EXPECT_EQ(scratch.files(), 1U);
  EXPECT_TRUE(check_writable("/dev/null"));
  EXPECT_FALSE(check_writable(scratch.path("none/new")));
  EXPECT_FALSE(check_writable(there + "/new"));
  EXPECT_FALSE(check_writable(scratch.path(".")));
  EXPECT_FALSE(check_writable(""));
}

}  // namespace
}  // namespace sfumato
