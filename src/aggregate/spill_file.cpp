#include "aggregate/spill_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "base/file_descriptor.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kCipherBlock = 16;

std::string temporary_folder() {
  const char* const named = std::getenv("TMPDIR");
  return named != nullptr && *named != '\0' ? named : "/tmp";
}

}  // namespace

// Who has no such files says so in several ways: whatever the reason was, the other way finds it, too.
int open_nameless(const std::string& folder, bool at_once) {
#ifdef O_TMPFILE
  const int flags = O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL;
  const int nameless = at_once ? ::open(folder.c_str(), flags, 0600) : -1;
  if (nameless >= 0) return nameless;
#endif
  std::string name = folder + "/sfumato.XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) ::unlink(name.c_str());
  return descriptor;
}

SpillFile::SpillFile(BitSource& bits) : folder_(temporary_folder()) {
  for (std::size_t i = 0; i < sizeof key_; i += 8) {
    std::uint64_t word = bits.next();
    std::memcpy(key_ + i, &word, 8);
    OPENSSL_cleanse(&word, sizeof word);
  }
}

SpillFile::~SpillFile() {
  OPENSSL_cleanse(key_, sizeof key_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error SpillFile::failed(int why) const {
  const auto say = [this](const std::string& what) {
    return Error{Errc::unavailable, folder_,
                 what +
                     ": rows for which --memory has no room lie there while a query runs; "
                     "set TMPDIR to a directory with more room, or --memory higher"};
  };
  if (why == ENOSPC || why == EDQUOT) return say("is full");
  if (why == EFBIG) return say("may hold no file so large");
  return say(std::string("cannot hold a temporary file (") + std::strerror(why) + ")");
}

Status SpillFile::open() {
  const std::lock_guard lock(guard_);
  if (descriptor_ < 0) descriptor_ = open_nameless(folder_);
  if (descriptor_ < 0) return failed(errno);
  return ok();
}

void SpillFile::encrypt(std::uint64_t place, std::span<std::uint64_t> words) const {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::array<unsigned char, kCipherBlock> counter{};
  std::uint64_t block = place / kCipherBlock;
  for (std::size_t i = counter.size(); block != 0; block >>= 8)
    counter[--i] = static_cast<unsigned char>(block);
  auto* const bytes = reinterpret_cast<unsigned char*>(words.data());
  int written = 0;
  if (!context ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, key_, counter.data()) != 1 ||
      EVP_EncryptUpdate(context.get(), bytes, &written, bytes,
                        static_cast<int>(words.size_bytes())) != 1)
    throw std::bad_alloc();
}

Result<std::uint64_t> SpillFile::write(std::span<std::uint64_t> words) {
  if (Status opened = open(); !opened) return std::move(opened).error();
  const std::uint64_t size = words.size_bytes();
  const std::uint64_t whole = (size + kCipherBlock - 1) / kCipherBlock * kCipherBlock;
  const std::uint64_t place = end_.fetch_add(whole);
  encrypt(place, words);
  const QuietWrites quiet;
  const auto* const bytes = reinterpret_cast<const char*>(words.data());
  for (std::uint64_t done = 0; done < size;) {
    const ssize_t written =
        ::pwrite(descriptor_, bytes + done, size - done, static_cast<off_t>(place + done));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed(written < 0 ? errno : ENOSPC);
    done += static_cast<std::uint64_t>(written);
  }
  return place;
}

Status SpillFile::read(std::uint64_t place, std::span<std::uint64_t> words) const {
  auto* const bytes = reinterpret_cast<char*>(words.data());
  const std::uint64_t size = words.size_bytes();
  for (std::uint64_t done = 0; done < size;) {
    const ssize_t got =
        ::pread(descriptor_, bytes + done, size - done, static_cast<off_t>(place + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return failed(got < 0 ? errno : EIO);
    done += static_cast<std::uint64_t>(got);
  }
  encrypt(place, words);
  return ok();
}

}  // namespace sfumato
