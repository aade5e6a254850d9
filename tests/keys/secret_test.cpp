#include "sfumato/keys/secret.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <type_traits>
#include <utility>

namespace sfumato {
namespace {

TEST(Secret, HoldsWhatItWasGiven) {
  const Secret secret("words");
  EXPECT_EQ(secret.view(), "words");
  EXPECT_EQ(Secret(3).view(), std::string_view("\0\0\0", 3));
  EXPECT_TRUE(Secret("").view().empty());
}

TEST(Secret, IsMovedAndNeverCopied) {
  EXPECT_FALSE(std::is_copy_constructible_v<Secret>);
  EXPECT_FALSE(std::is_copy_assignable_v<Secret>);
  Secret one("words");
  Secret two = std::move(one);
  EXPECT_EQ(two.view(), "words");
  EXPECT_TRUE(one.bytes().empty());
  one = std::move(two);
  EXPECT_EQ(one.view(), "words");
  EXPECT_TRUE(two.bytes().empty());
}

TEST(Secret, IsTheSameInAForkedChildSoThatNoKeyTurnsToZeros) {
  const Secret secret("words");
  const pid_t child = fork();
  if (child == 0) _exit(secret.view() == "words" ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace sfumato
