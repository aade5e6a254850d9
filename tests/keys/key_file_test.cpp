#include "sfumato/keys/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <random>
#include <string>

#include "keys/known_files.h"
#include "keys/sealed_key.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

constexpr ScryptCost kCheap{.log2_n = 14, .r = 8, .p = 1};

FileLock words(std::string_view text) {
  return FileLock::passphrase(Secret(text)).value();
}

SigningKey counted_key() {
  Secret seed(32);
  for (unsigned char i = 0; unsigned char& byte : seed.bytes()) byte = i++;
  return SigningKey::from_seed(std::move(seed)).value();
}

Result<SigningKey> opened(std::string_view text, const FileLock& lock) {
  const auto sealed = SealedKey::parse(text, "file");
  if (!sealed) return sealed.error();
  return open_key(*sealed, lock, "file");
}

template <class T>
std::string failure(const Result<T>& result) {
  return result ? "" : result.error().where + ": " + result.error().message;
}

TEST(KeyFile, OfAnotherProgramIsRead) {
  const PublicKey key = counted_key().public_key();
  EXPECT_EQ(opened(kByPassphrase, words("correct horse")).value().public_key(), key);
  EXPECT_EQ(
      opened(
          kByKey,
          FileLock::key("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff").value())
          .value()
          .public_key(),
      key);
}

TEST(KeyFile, IsReadAsItIsWrittenAndByItsLockAlone) {
  const Scratch scratch;
  const std::string path = scratch.path("key");
  const SigningKey key = SigningKey::generate().value();
  ASSERT_EQ(failure(write_key_file(path, key, words("correct horse"), kCheap)), "");
  EXPECT_EQ(read_key_header(path).value().public_key, key.public_key());
  EXPECT_EQ(read_key_header(path).value().lock.kind, FileLock::Kind::passphrase);
  const SigningKey back = read_key_file(path, words("correct horse")).value();
  EXPECT_EQ(back.seed().view(), key.seed().view());
  EXPECT_EQ(failure(read_key_file(path, words("correct horsf"))),
            path + ": does not open: the passphrase is another one, or the file was changed");
  EXPECT_EQ(failure(read_key_file(path, FileLock::key(std::string(64, '0')).value())),
            path + ": is locked by a passphrase, not by a key");
  EXPECT_EQ(contents(path).find(std::string(key.seed().view())), std::string::npos);
}

TEST(KeyFile, IsForItsOwnersEyesAndWrittenOnce) {
  const Scratch scratch;
  const std::string path = scratch.path("key");
  const mode_t before = umask(0);
  ASSERT_TRUE(write_key_file(path, counted_key(), words("correct horse"), kCheap));
  umask(before);
  struct stat about {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
  const std::string text = contents(path);
  EXPECT_EQ(failure(write_key_file(path, counted_key(), words("correct horse"), kCheap)),
            path + ": is there already: a key is never written over");
  EXPECT_EQ(contents(path), text);
  EXPECT_EQ(scratch.files(), 1u) << "nothing is left beside it";
}

TEST(KeyFile, DoesNotFollowALinkToWriteAndLeavesNothingWhereItCannot) {
  const Scratch scratch;
  ASSERT_EQ(symlink("elsewhere", scratch.path("link").c_str()), 0);
  EXPECT_FALSE(write_key_file(scratch.path("link"), counted_key(), words("correct horse"), kCheap));
  EXPECT_EQ(failure(write_key_file(scratch.path("no/key"), counted_key(), words("correct horse"),
                                   kCheap)),
            scratch.path("no/key") + ": is not there, or its directory is not");
  EXPECT_FALSE(write_key_file(scratch.path(""), counted_key(), words("correct horse"), kCheap));
  EXPECT_EQ(scratch.files(), 1u);
}

TEST(KeyFile, ThatOthersMayReadIsRefused) {
  const Scratch scratch;
  const std::string path = scratch.file("key", kByPassphrase);
  for (const mode_t mode : {0640u, 0604u, 0620u, 0610u}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(failure(read_key_header(path)), path + ": may be read by others: `chmod 600` it");
  }
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(failure(read_key_header(path)), "");
  EXPECT_EQ(failure(read_key_header(scratch.path("none"))),
            scratch.path("none") + ": is not there, or its directory is not");
}

TEST(KeyFile, NoTwoAreSealedAlike) {
  const SealedKey one = seal_key(counted_key(), words("correct horse"), kCheap).value();
  const SealedKey two = seal_key(counted_key(), words("correct horse"), kCheap).value();
  EXPECT_NE(one.sealing.salt, two.sealing.salt);
  EXPECT_NE(one.sealing.nonce, two.sealing.nonce);
  EXPECT_NE(one.sealed, two.sealed);
}

TEST(KeyFile, AnyByteThatIsAnotherIsSeen) {
  const std::string text = kByPassphrase;
  const FileLock lock = words("correct horse");
  int opens = 0;
  for (std::size_t place = 0; place < text.size(); ++place) {
    std::string changed = text;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    const auto sealed = SealedKey::parse(changed, "file");
    if (!sealed) continue;
    EXPECT_EQ(sealed->to_string(), changed) << "there is one text for each value";
    if (opens++ % 4 != 0) continue;
    EXPECT_FALSE(open_key(*sealed, lock, "file")) << place;
  }
  EXPECT_GT(opens, 100);
}

TEST(KeyFile, IsParsedOnlyWhereItIsWhatIsWritten) {
  const std::string text = kByPassphrase;
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(SealedKey::parse(text.substr(0, size), "file")) << size;
  EXPECT_FALSE(SealedKey::parse(text + "\n", "file"));
  EXPECT_FALSE(SealedKey::parse(text + '\0', "file"));
  std::string zeros = text;
  zeros.replace(zeros.find("14 8"), 4, "014 8");
  EXPECT_FALSE(SealedKey::parse(zeros, "file"));
}

// Pieces cut, doubled, moved and overwritten, always in the same way.
TEST(KeyFile, NoMutationMakesItsParserTakeWhatIsNotWritten) {
  std::mt19937 random(20240607);
  const std::string pieces[] = {kByPassphrase, kByKey};
  int taken = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string text = pieces[random() % 2];
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t from = random() % text.size(), size = random() % (text.size() - from);
      const std::string piece = text.substr(from, size % 40);
      switch (random() % 4) {
        case 0:
          text[from] = static_cast<char>(random());
          break;
        case 1:
          text.erase(from, size % 40);
          break;
        case 2:
          text.insert(random() % text.size(), piece);
          break;
        default:
          text[from] = "0123456789abcdef \n"[random() % 18];
      }
      if (text.empty()) text = "x";
    }
    const auto sealed = SealedKey::parse(text, "file");
    if (!sealed) continue;
    ++taken;
    EXPECT_EQ(sealed->to_string(), text);
    EXPECT_TRUE(is_sound(sealed->sealing.cost));
  }
  EXPECT_GT(taken, 1000);
}

TEST(KeyFile, CostsThatGuardNothingOrTakeAllMemoryAreRefused) {
  const auto at = [](const char* cost) {
    std::string text = kByPassphrase;
    text.replace(text.find("14 8 1"), 6, cost);
    return failure(SealedKey::parse(text, "file"));
  };
  const std::string no = "file: is locked at a cost that is not from 16 MiB to 1 GiB of memory";
  for (const char* cost : {"13 8 1", "1 1 1", "0 8 1", "21 8 1", "20 16 1", "63 8 1", "64 8 1",
                           "14 0 1", "14 8 0", "14 33 1", "14 8 17", "20 8 5", "4294967295 8 1"})
    EXPECT_EQ(at(cost), no) << cost;
  for (const char* cost : {"14 8 1", "17 8 1", "20 8 1", "20 8 4", "17 1 1", "14 8 16"})
    EXPECT_EQ(at(cost), "") << cost;
  EXPECT_FALSE(at("4294967296 8 1").empty());
  EXPECT_FALSE(seal_key(counted_key(), words("correct horse"), {.log2_n = 13, .r = 8, .p = 1}));
  for (const auto kind : {FileLock::Kind::passphrase, FileLock::Kind::key})
    EXPECT_TRUE(is_sound(cost_of(kind)));
}

TEST(KeyFile, APublicKeyThatIsNotOfThePrivateOneIsRefused) {
  const FileLock lock = words("correct horse");
  const SigningKey other = SigningKey::generate().value();
  SealedKey made{{other.public_key(), LockLine::of(lock)}, Sealing::fresh(kCheap).value(), {}};
  const std::string sealed = made.sealing.seal(lock, counted_key().seed(), made.clear()).value();
  std::copy(sealed.begin(), sealed.end(), made.sealed.begin());
  EXPECT_EQ(failure(open_key(made, lock, "file")),
            "file: holds a public key that is not that of its private one");
}

TEST(FileLock, IsNeitherShortNorGuessedAt) {
  EXPECT_FALSE(FileLock::passphrase(Secret("")));
  EXPECT_FALSE(FileLock::passphrase(Secret("1234567")));
  EXPECT_TRUE(FileLock::passphrase(Secret("12345678")));
  EXPECT_TRUE(FileLock::passphrase(Secret(std::string(1024, 'a'))));
  EXPECT_FALSE(FileLock::passphrase(Secret(std::string(1025, 'a'))));
  EXPECT_FALSE(FileLock::key(""));
  EXPECT_FALSE(FileLock::key(std::string(63, '0')));
  EXPECT_FALSE(FileLock::key(std::string(65, '0')));
  EXPECT_FALSE(FileLock::key(std::string(64, 'g')));
  EXPECT_TRUE(FileLock::key(std::string(64, 'a')));
}

}  // namespace
}  // namespace sfumato
