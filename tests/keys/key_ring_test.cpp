#include "sfumato/keys/key_ring.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/own_file.h"
#include "keys/known_files.h"
#include "keys/ring_file.h"
#include "support/scratch.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

constexpr ScryptCost kCheapRing{.log2_n = 14, .r = 8, .p = 1};
constexpr KeyUse kPatients{"pseudonym", "patient", "aes-siv"};

FileLock by_words(std::string_view text) {
  return FileLock::passphrase(Secret(text)).value();
}

FileLock by_key() {
  return FileLock::key("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff").value();
}

Result<KeyRing> ring_of(std::string_view text, const FileLock& lock) {
  const auto file = RingFile::parse(text, "file");
  if (!file) return file.error();
  return file->open(lock, "file");
}

std::string key_of(const KeyRing& ring, const KeyUse& use, unsigned version) {
  const auto key = ring.derive(use, version, 64);
  return key ? hexadecimal(key->view()) : key.error().where + ": " + key.error().message;
}

template <class T>
std::string said(const Result<T>& result) {
  return result ? "" : result.error().where + ": " + result.error().message;
}

TEST(KeyRing, OfAnotherProgramIsReadAndGivesTheKeysThatItGives) {
  for (const auto& [text, lock] :
       {std::pair(kRingByPassphrase, by_words("correct horse")), std::pair(kRingByKey, by_key())}) {
    const KeyRing ring = ring_of(text, lock).value();
    EXPECT_EQ(ring.newest(), 2u);
    EXPECT_TRUE(ring.may_reidentify());
    EXPECT_EQ(hexadecimal({reinterpret_cast<const char*>(ring.id().data()), 8}),
              "1011121314151617");
    EXPECT_EQ(key_of(ring, kPatients, 1), kDerivedByVersion1);
    EXPECT_EQ(key_of(ring, kPatients, 2), kDerivedByVersion2);
  }
}

TEST(KeyRing, GivesADifferentKeyForEachPartOfAUseEachVersionAndEachRing) {
  KeyRing ring = KeyRing::generate().value();
  ASSERT_TRUE(ring.rotate());
  const KeyRing other = KeyRing::generate().value();
  std::set<std::string> keys;
  for (const KeyUse& use :
       {kPatients, KeyUse{"pseudonym", "patient", "ff1"}, KeyUse{"pseudonym", "doctor", "aes-siv"},
        KeyUse{"shift", "patient", "aes-siv"}, KeyUse{"pseudonympatient", "", "aes-siv"},
        KeyUse{"pseudonym", "patienta", "es-siv"}})
    for (const unsigned version : {1u, 2u}) keys.insert(key_of(ring, use, version));
  keys.insert(key_of(other, kPatients, 1));
  EXPECT_EQ(keys.size(), 13u);
}

TEST(KeyRing, SaysWhichVersionsThereAre) {
  const KeyRing ring = KeyRing::generate().value();
  EXPECT_EQ(key_of(ring, kPatients, 0), "key version: must be from 1 to 1, which the ring has");
  EXPECT_EQ(key_of(ring, kPatients, 2), "key version: must be from 1 to 1, which the ring has");
  EXPECT_FALSE(ring.derive(KeyUse{std::string(65536, 'p'), "", ""}, 1, 32));
}

TEST(KeyRing, IsReadAsItIsWrittenAndByItsLockAlone) {
  const Scratch scratch;
  const std::string path = scratch.path("ring");
  KeyRing ring = KeyRing::generate().value();
  ASSERT_TRUE(ring.rotate());
  ring.give_up_reidentifying();
  ASSERT_EQ(said(write_key_ring(path, ring, by_words("correct horse"), kCheapRing)), "");
  struct stat about {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);

  const KeyRingHeader header = read_key_ring_header(path).value();
  EXPECT_EQ(header.id, ring.id());
  EXPECT_EQ(header.newest, 2u);
  EXPECT_FALSE(header.may_reidentify);
  EXPECT_EQ(header.lock.kind, FileLock::Kind::passphrase);

  const KeyRing back = read_key_ring(path, by_words("correct horse")).value();
  EXPECT_EQ(key_of(back, kPatients, 2), key_of(ring, kPatients, 2));
  EXPECT_FALSE(back.may_reidentify());
  EXPECT_EQ(said(read_key_ring(path, by_words("correct horsf"))),
            path + ": does not open: it is locked by another passphrase");
  EXPECT_EQ(said(read_key_ring(path, by_key())),
            path + ": is locked by a passphrase, not by a key");
  EXPECT_EQ(said(write_key_ring(path, ring, by_words("correct horse"), kCheapRing)),
            path + ": is there already: a key is never written over");
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  EXPECT_EQ(said(read_key_ring_header(path)), path + ": may be read by others: `chmod 600` it");
}

TEST(KeyRing, OfWhichAByteIsAnotherOneIsRefused) {
  const std::string text = kRingByKey;
  const FileLock lock = by_key();
  ASSERT_TRUE(ring_of(text, lock));
  int opened = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '1' ? '2' : '1';
    const auto file = RingFile::parse(changed, "file");
    if (!file || i % 16 != 0) continue;  // to open takes 16 MiB and a while
    EXPECT_FALSE(file->open(lock, "file")) << i;
    ++opened;
  }
  EXPECT_GT(opened, 20);
  const std::size_t right = text.find("reidentify"), second = text.find("key 2");
  std::string other = text;
  EXPECT_FALSE(ring_of(other.replace(right, 10, "deidentify"), lock)) << "a right more or less";
  other = text;
  EXPECT_FALSE(ring_of(other.erase(second, other.find("tag") - second), lock)) << "rolled back";
  for (std::size_t i = 0; i < text.size(); ++i) EXPECT_FALSE(ring_of(text.substr(0, i), lock)) << i;
  EXPECT_FALSE(ring_of(text + "\n", lock));
}

TEST(KeyRing, IsRotatedInItsFileAndKeepsTheOldVersions) {
  const Scratch scratch;
  const std::string path = scratch.file("ring", kRingByKey);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  EXPECT_EQ(rotate_key_ring(path, by_key()).value(), 3u);
  const KeyRing ring = read_key_ring(path, by_key()).value();
  EXPECT_EQ(ring.newest(), 3u);
  EXPECT_EQ(key_of(ring, kPatients, 1), kDerivedByVersion1);
  EXPECT_EQ(key_of(ring, kPatients, 2), kDerivedByVersion2);
  EXPECT_NE(key_of(ring, kPatients, 3), kDerivedByVersion2);
  EXPECT_EQ(scratch.files(), 1u);
  EXPECT_FALSE(rotate_key_ring(path, by_words("correct horse")));
  EXPECT_EQ(read_key_ring_header(path).value().newest, 3u);
}

TEST(KeyRing, ThatSeveralRotateAtATimeLosesNoVersionOfAnyOfThem) {
  const Scratch scratch;
  const std::string path = scratch.file("ring", kRingByKey);
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::vector<unsigned> numbers(4, 0);
  std::vector<std::thread> threads;
  for (unsigned& number : numbers)
    threads.emplace_back([&path, &number] {
      const auto rotated = rotate_key_ring(path, by_key());
      if (rotated) number = *rotated;
    });
  for (std::thread& thread : threads) thread.join();
  std::set<unsigned> given;
  std::size_t done = 0;
  for (const unsigned number : numbers) {
    done += number != 0;
    if (number != 0) given.insert(number);
  }
  EXPECT_GE(done, 1u);
  EXPECT_EQ(given.size(), done) << "no number twice";
  EXPECT_EQ(read_key_ring(path, by_key()).value().newest(), 2 + done);
}

TEST(KeyRing, IsNotReplacedWhereItSaysSomethingElseMeanwhile) {
  const Scratch scratch;
  const std::string path = scratch.file("ring", "one");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  EXPECT_EQ(said(replace_own_file(path, "two", "three")),
            path + ": was changed by somebody else at this moment: try again");
  EXPECT_EQ(said(replace_own_file(path, "on", "three")),
            path + ": was changed by somebody else at this moment: try again");
  const std::string link = scratch.path("link");
  std::filesystem::create_symlink(path, link);
  EXPECT_EQ(said(replace_own_file(link, "one", "three")), "");
  EXPECT_EQ(read_own_file(path, 10).value(), "three");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_FALSE(replace_own_file(scratch.path("none"), "", ""));
}

TEST(KeyRing, WithAThousandVersionsIsReadAndTakesNoMore) {
  const Scratch scratch;
  const std::string path = scratch.path("ring");
  KeyRing ring = KeyRing::generate().value();
  while (ring.newest() < KeyRing::kMostVersions) ASSERT_TRUE(ring.rotate());
  EXPECT_FALSE(ring.rotate());
  ASSERT_EQ(said(write_key_ring(path, ring, by_key())), "");
  EXPECT_EQ(read_key_ring(path, by_key()).value().newest(), 1000u);
  EXPECT_FALSE(rotate_key_ring(path, by_key()));
}

}  // namespace
}  // namespace sfumato
