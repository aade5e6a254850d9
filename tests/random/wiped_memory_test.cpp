#include "random/wiped_memory.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

namespace sfumato {
namespace {

/// The flags that the kernel keeps of the mapping at `memory`.
std::string kernel_flags_of(const void* memory) {
  std::ifstream maps("/proc/self/smaps");
  std::ostringstream start;
  start << std::hex << reinterpret_cast<std::uintptr_t>(memory) << '-';
  bool found = false;
  for (std::string line; std::getline(maps, line);) {
    found = found || line.rfind(start.str(), 0) == 0;
    if (found && line.rfind("VmFlags:", 0) == 0) return line + ' ';
  }
  return {};
}

TEST(WipedMemory, BeginsAsZeros) {
  const WipedMemory memory(5000);
  const std::string zeros(5000, '\0');
  ASSERT_NE(memory.get(), nullptr);
  EXPECT_EQ(std::memcmp(memory.get(), zeros.data(), zeros.size()), 0);
}

TEST(WipedMemory, IsNullWhereThereIsNoMemory) {
  const WipedMemory memory(std::size_t{1} << 62);
  EXPECT_EQ(memory.get(), nullptr);
}

TEST(WipedMemory, TheKernelKnowsThatNeitherChildrenNorDumpsSeeIt) {
  const WipedMemory memory(5000);
  const std::string flags = kernel_flags_of(memory.get());
  EXPECT_NE(flags.find(" wf "), std::string::npos) << flags;
  EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
}

TEST(WipedMemory, AChildSeesZerosAndTheParentKeepsItsBytes) {
  const WipedMemory memory(5000);
  auto* const bytes = static_cast<volatile unsigned char*>(memory.get());
  bytes[0] = 42;
  bytes[4999] = 42;
  const pid_t child = fork();
  if (child == 0) _exit(bytes[0] | bytes[4999]);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(bytes[0], 42);
}

TEST(WipedMemory, AChildSeesWhatItIsAllowedToSee) {
  const WipedMemory memory(5000, WipedMemory::Children::see_it);
  auto* const bytes = static_cast<volatile unsigned char*>(memory.get());
  bytes[4999] = 42;
  const pid_t child = fork();
  if (child == 0) _exit(bytes[4999] == 42 ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(kernel_flags_of(memory.get()).find(" dd "), std::string::npos);
}

}  // namespace
}  // namespace sfumato
