#include "sfumato/secagg/joint_book.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "secagg/three_clinics.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

Digest plan_of(unsigned char byte) {
  Digest plan{};
  plan[3] = byte;
  return plan;
}

KnownHeads heads_of(unsigned char key, std::int64_t number, const Digest& hash = {}) {
  return {{key_of(key).public_key(), SignedHead::sign({number, hash}, key_of(key))}};
}

TEST(JointBook, RemembersAcrossRestarts) {
  const Scratch scratch;
  const std::string path = scratch.path("book");
  JointBook book = JointBook::open(path).value();
  EXPECT_TRUE(book.heads().empty());
  const std::string bytes("a\0\n\xff bytes", 10);
  ASSERT_EQ(book.keep_reservation(plan_of(9), bytes).value(), bytes);
  ASSERT_TRUE(book.learn(heads_of(1, 3, plan_of(9))));
  ASSERT_TRUE(book.learn(heads_of(1, 4, plan_of(8))));
  ASSERT_TRUE(book.learn(heads_of(2, 1)));

  const JointBook again = JointBook::open(path).value();
  EXPECT_EQ(again.heads(), book.heads());
  EXPECT_EQ(again.heads().at(key_of(1).public_key()).head.number, 4);
  EXPECT_TRUE(again.heads().at(key_of(1).public_key()).is_by(key_of(1).public_key()));
  EXPECT_EQ(again.reservation(plan_of(9)), bytes);
  EXPECT_FALSE(again.reservation({}));
}

TEST(JointBook, OfARoundOfATrainingKeepsOnePlan) {
  const Scratch scratch;
  const std::string path = scratch.path("book");
  JointBook book = JointBook::open(path).value();
  ASSERT_TRUE(book.keep_round(plan_of(1), plan_of(7)));
  ASSERT_TRUE(book.keep_round(plan_of(2), plan_of(8)));
  ASSERT_TRUE(book.keep_round(plan_of(1), plan_of(7))) << "once more";
  JointBook again = JointBook::open(path).value();
  const Status other = again.keep_round(plan_of(1), plan_of(8));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().message.substr(0, 29), "was signed with other weights");
  EXPECT_TRUE(again.keep_round(plan_of(2), plan_of(8)));
  EXPECT_FALSE(JointBook::open(path)->keep_round(plan_of(1), plan_of(8))) << "the first one stays";
}

TEST(JointBook, OfTwoProgramsForgetsNothingOfEither) {
  const Scratch scratch;
  const std::string path = scratch.path("book");
  JointBook one = JointBook::open(path).value(), other = JointBook::open(path).value();
  EXPECT_EQ(one.keep_reservation(plan_of(1), "one").value(), "one");
  EXPECT_EQ(other.keep_reservation(plan_of(2), "two").value(), "two");
  EXPECT_EQ(other.keep_reservation(plan_of(1), "another").value(), "one") << "the first one stays";
  ASSERT_TRUE(one.learn(heads_of(1, 7)));
  ASSERT_TRUE(other.learn(heads_of(1, 5)));
  const JointBook again = JointBook::open(path).value();
  EXPECT_EQ(again.reservation(plan_of(1)), "one");
  EXPECT_EQ(again.reservation(plan_of(2)), "two");
  EXPECT_EQ(again.heads().at(key_of(1).public_key()).head.number, 7);
}

TEST(JointBook, TakesNoTwoHeadsOfOneNumber) {
  const Scratch scratch;
  JointBook book = JointBook::open(scratch.path("book")).value();
  ASSERT_TRUE(book.learn(heads_of(1, 7)));
  EXPECT_TRUE(book.learn(heads_of(1, 7)));
  EXPECT_FALSE(book.learn(heads_of(1, 7, plan_of(1))));
  EXPECT_EQ(book.heads(), heads_of(1, 7));
}

// As where the disk is full: what is not durable is not given either.
TEST(JointBook, GivesNothingThatItCouldNotKeep) {
  const Scratch scratch;
  const std::string folder = scratch.path("folder");
  std::filesystem::create_directory(folder);
  JointBook book = JointBook::open(folder + "/book").value();
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(book.keep_reservation(plan_of(1), "one"));
  EXPECT_FALSE(book.learn(heads_of(1, 7)));
  EXPECT_FALSE(book.reservation(plan_of(1)));
  EXPECT_TRUE(book.heads().empty());
  std::filesystem::create_directory(folder);
  EXPECT_EQ(book.keep_reservation(plan_of(1), "two").value(), "two");
}

TEST(JointBook, ADamagedOneIsRefused) {
  const Scratch scratch;
  const std::string path = scratch.path("book");
  JointBook book = JointBook::open(path).value();
  ASSERT_TRUE(book.keep_reservation({}, "bytes"));
  ASSERT_TRUE(book.learn(heads_of(1, 3)));
  const std::string text = contents(path);
  const auto own = [&](const char* name, const std::string& bytes) {
    const std::string file = scratch.file(name, bytes);
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file;
  };
  for (std::size_t size = 0; size < text.size(); size += size < 30 ? 1 : 9) {
    const bool between_lines = size > 0 && text[size - 1] == '\n';
    const auto read = JointBook::open(own("cut", text.substr(0, size)));
    EXPECT_EQ(static_cast<bool>(read), between_lines) << size;
  }
  EXPECT_FALSE(JointBook::open(own("twice", text + text.substr(text.find("head ")))));
  EXPECT_FALSE(JointBook::open(scratch.path("."))) << "a directory";
}

}  // namespace
}  // namespace sfumato
