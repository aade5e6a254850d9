#include "cli/unlock.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/file_descriptor.h"

namespace sfumato {
namespace {

constexpr std::size_t kMost = 1024;

/// The first line of a file.
Result<FileLock> from_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open())
    return Error{Errc::unavailable, path, std::string("cannot be read: ") + std::strerror(errno)};
  Secret bytes(kMost + 2);
  char* const data = reinterpret_cast<char*>(bytes.bytes().data());
  std::size_t size = 0;
  for (ssize_t got;
       size < kMost + 2 && (got = ::read(file.value(), data + size, kMost + 2 - size)) > 0;)
    size += static_cast<std::size_t>(got);
  std::string_view line(data, size);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  auto lock = FileLock::passphrase(Secret(line));
  if (lock) return lock;
  return Error{lock.error().code, path,
               "holds a passphrase in its first line, which " + lock.error().message};
}

Result<FileLock> from_environment(const std::string& name) {
  const char* const digits = std::getenv(name.c_str());
  if (!digits)
    return Error{Errc::unavailable, "--key-env",
                 "names the variable " + name + ", which is not set in the environment"};
  auto lock = FileLock::key(digits);
  if (lock) return lock;
  return Error{lock.error().code, name, lock.error().message};
}

bool has_terminal() {
  return Descriptor(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)).open();
}

/// OpenSSL's own prompt, which echoes nothing and puts the terminal right again after a signal.
Result<FileLock> from_terminal(const char* prompt, bool twice) {
  if (!has_terminal())
    return Error{Errc::unavailable, "passphrase",
                 "is asked for at a terminal, and there is none: give --passphrase-file or "
                 "--key-env"};
  Secret typed(kMost + 1);
  char* const data = reinterpret_cast<char*>(typed.bytes().data());
  if (EVP_read_pw_string_min(data, 0, static_cast<int>(kMost), prompt, twice) != 0)
    return Error{Errc::invalid_parameter, "passphrase",
                 twice ? "must be typed twice, and the same" : "was not typed"};
  return FileLock::passphrase(Secret(std::string_view(data)));
}

}  // namespace

Result<FileLock> new_lock(const LockSource& source) {
  if (source.passphrase_file) return from_file(*source.passphrase_file);
  if (source.key_env) return from_environment(*source.key_env);
  return from_terminal("Passphrase for the new key: ", true);
}

Result<SigningKey> unlocked(const std::string& file, const LockSource& source) {
  const Result<KeyFileHeader> header = read_key_header(file);
  if (!header) return header.error();
  if (header->lock == FileLock::Kind::key && !source.key_env)
    return Error{Errc::invalid_parameter, file,
                 "is locked by a key of the environment: name its variable by --key-env"};
  const std::string prompt = "Passphrase of " + file + ": ";
  const auto lock = source.passphrase_file ? from_file(*source.passphrase_file)
                    : source.key_env       ? from_environment(*source.key_env)
                                           : from_terminal(prompt.c_str(), false);
  if (!lock) return lock.error();
  return read_key_file(file, *lock);
}

}  // namespace sfumato
