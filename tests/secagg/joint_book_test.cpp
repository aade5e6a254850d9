#include "sfumato/secagg/joint_book.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "secagg/three_clinics.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

TEST(JointBook, RemembersAcrossRestarts) {
  const Scratch scratch;
  const std::string path = scratch.path("book");
  JointBook book = JointBook::open(path).value();
  EXPECT_TRUE(book.heads().empty());
  Digest plan{};
  plan[3] = 9;
  const std::string word("a\0\n\xff word", 9);
  ASSERT_TRUE(book.keep_word(plan, word));
  ASSERT_TRUE(book.learn({{key_of(1).public_key(), {3, plan}}}));
  ASSERT_TRUE(book.learn({{key_of(1).public_key(), {4, plan}}, {key_of(2).public_key(), {1, {}}}}));

  const JointBook again = JointBook::open(path).value();
  EXPECT_EQ(again.heads(), book.heads());
  EXPECT_EQ(again.heads().at(key_of(1).public_key()).number, 4);
  EXPECT_EQ(again.word(plan), word);
  EXPECT_FALSE(again.word({}));
}

TEST(JointBook, ADamagedOneIsRefused) {
  const Scratch scratch;
  const std::string path = scratch.path("book");
  JointBook book = JointBook::open(path).value();
  ASSERT_TRUE(book.keep_word({}, "word"));
  ASSERT_TRUE(book.learn({{key_of(1).public_key(), {3, {}}}}));
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
