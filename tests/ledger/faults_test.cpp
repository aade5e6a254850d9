// Each write, sync, truncation and deletion fails in turn.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "ledger/faulty_disk.h"
#include "ledger/renyi_books.h"
#include "ledger/told.h"

namespace sfumato {
namespace {

using Fault = FaultyDisk::Fault;

const char* name_of_fault(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "none";
    case Fault::error:
      return "error";
    case Fault::full:
      return "full";
    case Fault::cut:
      return "cut";
    case Fault::torn:
      return "torn";
  }
  return "";
}

/// A ledger with a file behind it that no program holds, so that a copy is all of it.
std::string closed_books(const Scratch& scratch) {
  { Ledger ledger = books(scratch.path("whole"), eps("1")); }
  return scratch.path("whole");
}

/// The same of one that counts Rényi divergences, with room for five times ε = 0.2.
std::string closed_renyi_books(const Scratch& scratch) {
  static const RenyiFilterParams cap = renyi_for(eps("0.2"), 5);
  { Ledger ledger = books(scratch.path("whole"), cap); }
  return scratch.path("whole");
}

/// What five times ε = 0.2 are there.
std::string five_at_each_order() {
  const Scratch scratch;
  Ledger ledger = Ledger::open(closed_renyi_books(scratch), "owner", at(1000)).value();
  for (const char* plan : {"a", "b", "c", "d", "e"}) ledger.spend(ask(plan, eps("0.2"))).value();
  EXPECT_FALSE(ledger.spend(ask("f", eps("0.2"))));
  return all_spent(ledger);
}

/// Runs the program on a disk that fails so; how many operations it came to.
int run_with(Fault fault, int operation, bool renyi = false) {
  const Scratch scratch;
  const std::string path = scratch.path("l");
  static const std::string in_renyi = five_at_each_order();
  std::filesystem::rename(renyi ? closed_renyi_books(scratch) : closed_books(scratch), path);
  Told told;
  int operations = 0;
  {
    FaultyDisk disk(fault, operation);
    {
      Result<Ledger> ledger = Ledger::open(path, "owner", at(1000));
      if (ledger) spend_all(*ledger, told);
    }
    operations = disk.operations();
  }
  if (fault == Fault::cut || fault == Fault::torn) std::filesystem::remove(path + "-shm");
  expect_nothing_lost(path, told,
                      std::string(name_of_fault(fault)) + " at " + std::to_string(operation),
                      renyi ? in_renyi : "ε = 1");
  return operations;
}

class Faults : public testing::TestWithParam<Fault> {};

TEST_P(Faults, AtEachOperationLoseNoChargeAndGiveNoPlanTwoReleases) {
  const int operations = run_with(Fault::none, 0);
  ASSERT_GT(operations, 50);
  const int step = times(3, 1);
  for (int operation = 1; operation <= operations; operation += step)
    run_with(GetParam(), operation);
}

TEST_P(Faults, AtEachOperationLoseNothingOfABudgetInRenyiDivergencesEither) {
  const int operations = run_with(Fault::none, 0, true);
  ASSERT_GT(operations, 50);
  const int step = times(11, 1);
  for (int operation = 1; operation <= operations; operation += step)
    run_with(GetParam(), operation, true);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Faults,
                         testing::Values(Fault::error, Fault::full, Fault::cut, Fault::torn),
                         [](const auto& fault) { return name_of_fault(fault.param); });

/// Makes a ledger on a disk that fails so; how many operations it came to.
int make_with(Fault fault, int operation) {
  const Scratch scratch;
  const std::string path = scratch.path("l");
  bool made = false;
  int operations = 0;
  {
    FaultyDisk disk(fault, operation);
    made = Ledger::create(path, "owner", at(1)).has_value();
    operations = disk.operations();
  }
  std::filesystem::remove(path + "-shm");
  if (!made) {
    const auto again = Ledger::create(path, "owner", at(1));
    // A commit that failed may still have reached the disk: then the whole ledger is there.
    EXPECT_TRUE(again || again.error().code == Errc::refused) << failure(again);
  }
  Result<Ledger> ledger = Ledger::open(path, "owner", at(1));
  EXPECT_EQ(failure(ledger), "") << operation;
  EXPECT_EQ(ledger ? failure(ledger->verify()) : "", "") << operation;
  return operations;
}

TEST_P(Faults, AtEachOperationLeaveALedgerThatCanStillBeMade) {
  const int operations = make_with(Fault::none, 0);
  ASSERT_GT(operations, 10);
  for (int operation = 1; operation <= operations; ++operation) make_with(GetParam(), operation);
}

TEST(FullDisk, IsSaidAndChargesNothing) {
  const Scratch scratch;
  const std::string path = scratch.path("l");
  std::filesystem::rename(closed_books(scratch), path);
  FaultyDisk disk(Fault::full, 1);
  Ledger ledger = Ledger::open(path, "owner", at(1000)).value();
  EXPECT_EQ(bytes_of(ledger.spend(ask("a", eps("0.2")))),
            path + ": cannot be written: the disk is full");
  EXPECT_EQ(spent_of(ledger, {.dataset = "visits"}), "ε = 0");
}

/// A disk on which no file may grow beyond so many bytes, by the system's own limit.
class SmallDisk {
 public:
  explicit SmallDisk(std::uintmax_t bytes) : before_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit small{bytes, limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  void (*before_)(int);
  rlimit limit_{};
};

// A SQLite file of an empty ledger takes some 80 kB, its log 32 kB from the first write on, and what is
// shared between programs 32 kB.
TEST(SmallDisk, OfAnySizeLosesNoChargeAndGivesNoPlanTwoReleases) {
  for (std::uintmax_t bytes = 32'768; bytes < 220'000; bytes += times(12'007, 1'501)) {
    const Scratch scratch;
    const std::string path = scratch.path("l");
    std::filesystem::rename(closed_books(scratch), path);
    Told told;
    {
      const SmallDisk disk(bytes);
      Result<Ledger> ledger = Ledger::open(path, "owner", at(1000));
      if (ledger) spend_all(*ledger, told);
    }
    expect_nothing_lost(path, told, "a limit of " + std::to_string(bytes));
  }
}

/// What a user who may only read the ledger and its directory is told.
std::string told_to_a_reader(const std::string& path) {
  Result<Ledger> ledger = Ledger::open(path, "owner", at(1000));
  return ledger ? bytes_of(ledger->spend(ask("a", eps("0.2")))) : failure(ledger);
}

TEST(ReadOnlyDirectory, IsSaidAndLosesNothing) {
  using std::filesystem::perms;
  const Scratch scratch;
  const std::string folder = scratch.path("folder"), path = folder + "/l";
  std::filesystem::create_directory(folder);
  std::filesystem::rename(closed_books(scratch), path);
  const std::string bytes = contents(path);
  std::filesystem::permissions(path, perms::owner_read | perms::others_read);
  std::filesystem::permissions(
      folder, perms::owner_read | perms::owner_exec | perms::others_read | perms::others_exec);
  std::filesystem::permissions(scratch.path("."), perms::owner_all | perms::others_exec);
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
      _exit(2);  // to root nothing is read-only
    const std::string said = told_to_a_reader(path);
    const bool sentence = said.find(path + ": ") == 0 && said.find("permissions") != said.npos;
    if (!sentence) fprintf(stderr, "%s\n", said.c_str());
    _exit(sentence ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  std::filesystem::permissions(folder, perms::owner_all);
  EXPECT_EQ(contents(path), bytes);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

}  // namespace
}  // namespace sfumato
