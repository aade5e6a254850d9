#include "cli/unlock.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "base/file_descriptor.h"
#include "sfumato/keys/token_key.h"

namespace sfumato {
namespace {

constexpr std::size_t kMost = 1024;

/// The first line of what a descriptor gives; none where it can't be read.
std::optional<Secret> first_line(int descriptor) {
  Secret bytes(kMost + 2);
  char* const data = reinterpret_cast<char*>(bytes.bytes().data());
  std::size_t size = 0;
  while (size < kMost + 2) {
    const ssize_t got = ::read(descriptor, data + size, kMost + 2 - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  std::string_view line(data, size);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return Secret(line);
}

Error no_key_in(const std::string& where, const Error& error) {
  return {error.code, where, "holds the key in its first line, which " + error.message};
}

Result<FileLock> from_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  auto line = file.open() ? first_line(file.value()) : std::nullopt;
  if (!line)
    return Error{Errc::unavailable, path, std::string("cannot be read: ") + std::strerror(errno)};
  auto lock = FileLock::passphrase(*std::move(line));
  if (lock) return lock;
  return Error{lock.error().code, path,
               "holds a passphrase in its first line, which " + lock.error().message};
}

Result<Secret> in_environment(const std::string& name, const std::string& where) {
  const char* const text = std::getenv(name.c_str());
  if (text) return Secret(std::string_view(text));
  return Error{Errc::unavailable, where,
               "names the variable " + name + ", which is not set in the environment"};
}

Result<FileLock> from_environment(const std::string& name) {
  const auto digits = in_environment(name, "--key-env");
  if (!digits) return digits.error();
  auto lock = FileLock::key(digits->view());
  if (lock) return lock;
  return Error{lock.error().code, name, lock.error().message};
}

/// The first line of a file that none but its owner may read.
Result<Secret> in_own_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (file.open() && ::fstat(file.value(), &about) == 0 && S_ISREG(about.st_mode) &&
      (about.st_mode & 077) != 0)
    return Error{Errc::refused, path, "may be read by others: `chmod 600` it"};
  auto line = file.open() ? first_line(file.value()) : std::nullopt;
  if (line) return *std::move(line);
  return Error{Errc::unavailable, path, std::string("cannot be read: ") + std::strerror(errno)};
}

Result<FileLock> from_key_file(const std::string& path) {
  const auto line = in_own_file(path);
  if (!line) return line.error();
  auto lock = FileLock::key(line->view());
  if (!lock) return no_key_in(path, lock.error());
  return lock;
}

Result<Secret> in_descriptor(const std::string& number, const std::string& where) {
  int descriptor = -1;
  const char* const end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, descriptor);
  if (error != std::errc() || stop != end || descriptor < 0)
    return Error{Errc::invalid_parameter, where,
                 "must be the number of an open descriptor, as 3 in `3< key`"};
  auto line = first_line(descriptor);
  if (line) return *std::move(line);
  return Error{Errc::unavailable, where,
               "names a descriptor that cannot be read: " + std::string(std::strerror(errno))};
}

Result<FileLock> from_descriptor(const std::string& number) {
  const auto line = in_descriptor(number, "--unlock-fd");
  if (!line) return line.error();
  auto lock = FileLock::key(line->view());
  if (!lock) return no_key_in("--unlock-fd", lock.error());
  return lock;
}

/// What a command prints, which may ask a key service: its own errors go where ours go.
Result<FileLock> from_command(const std::string& command) {
  const char* const where = "--unlock-command";
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return Error{Errc::unavailable, where, std::string("has no pipe: ") + std::strerror(errno)};
  Descriptor out(ends[0]), in(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.value(), STDOUT_FILENO);
  std::string words[] = {"sh", "-c", command};
  char* const arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t child = 0;
  const int why = ::posix_spawn(&child, "/bin/sh", &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  in.close();
  if (why != 0)
    return Error{Errc::unavailable, where, std::string("cannot be run: ") + std::strerror(why)};
  const auto line = first_line(out.value());
  out.close();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!line || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return Error{Errc::unavailable, where,
                 "must print the key, 64 hexadecimal digits, and exit with 0; it failed"};
  auto lock = FileLock::key(line->view());
  if (!lock) return Error{lock.error().code, where, "prints a line that " + lock.error().message};
  return lock;
}

bool has_terminal() {
  return Descriptor(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)).open();
}

/// OpenSSL's own prompt, which echoes nothing and puts the terminal right again after a signal.
Result<Secret> at_terminal(const char* what, const char* prompt, bool twice, const char* instead) {
  if (!has_terminal())
    return Error{Errc::unavailable, what,
                 std::string("is asked for at a terminal, and there is none: give ") + instead};
  Secret typed(kMost + 1);
  char* const data = reinterpret_cast<char*>(typed.bytes().data());
  if (EVP_read_pw_string_min(data, 0, static_cast<int>(kMost), prompt, twice) != 0)
    return Error{Errc::invalid_parameter, what,
                 twice ? "must be typed twice, and the same" : "was not typed"};
  return Secret(std::string_view(data));
}

Result<FileLock> from_terminal(const std::string& prompt, bool twice) {
  auto words = at_terminal("passphrase", prompt.c_str(), twice,
                           "--passphrase-file, --key-env or an --unlock flag");
  if (!words) return std::move(words).error();
  return FileLock::passphrase(*std::move(words));
}

/// `file:PATH`, `env:NAME`, `fd:NUMBER`; what is none of these is a path, as RFC 7512 has it.
Result<Secret> pin_of(const TokenUri& uri) {
  if (!uri.pin_source)
    return at_terminal("PIN", "PIN of the token: ", false, "pin-source=file:PATH in the URI");
  const std::string_view source = *uri.pin_source;
  const auto after = [&](std::string_view scheme) {
    return std::string(source.substr(scheme.size()));
  };
  if (source.starts_with("env:")) return in_environment(after("env:"), "pin-source");
  if (source.starts_with("fd:")) return in_descriptor(after("fd:"), "pin-source");
  return in_own_file(source.starts_with("file:") ? after("file:") : std::string(source));
}

Result<TokenKey> token_of(const std::string& text) {
  const Result<TokenUri> uri = TokenUri::parse(text);
  if (!uri) return uri.error();
  const Result<Secret> pin = pin_of(*uri);
  if (!pin) return pin.error();
  return TokenKey::open(*uri, *pin);
}

Result<FileLock> from(const LockSource& source, const std::string& prompt, bool twice) {
  if (source.passphrase_file) return from_file(*source.passphrase_file);
  if (source.key_env) return from_environment(*source.key_env);
  if (source.unlock_file) return from_key_file(*source.unlock_file);
  if (source.unlock_fd) return from_descriptor(*source.unlock_fd);
  if (source.unlock_command) return from_command(*source.unlock_command);
  return from_terminal(prompt, twice);
}

}  // namespace

Result<FileLock> new_lock(const LockSource& source) {
  if (source.token) {
    Result<TokenKey> token = token_of(*source.token);
    if (!token) return std::move(token).error();
    return token->new_lock();
  }
  return from(source, "Passphrase for the new key: ", true);
}

Result<FileLock> lock_of(const std::string& file, const LockLine& line, const LockSource& source) {
  const bool by_token = line.kind == FileLock::Kind::token;
  if (by_token != source.token.has_value() && (by_token || !source.empty()))
    return Error{Errc::invalid_parameter, file,
                 by_token ? "is locked by a token: name its key by --token"
                          : "is not locked by a token: leave --token out"};
  if (line.kind == FileLock::Kind::key && !source.names_a_key())
    return Error{Errc::invalid_parameter, file,
                 "is locked by a key: name it by --key-env, --unlock-file, --unlock-fd or "
                 "--unlock-command"};
  if (!by_token) return from(source, "Passphrase of " + file + ": ", false);
  Result<TokenKey> token = token_of(*source.token);
  if (!token) return std::move(token).error();
  return token->lock_of(line.wrapped);
}

Result<SigningKey> unlocked(const std::string& file, const LockSource& source) {
  const Result<KeyFileHeader> header = read_key_header(file);
  if (!header) return header.error();
  const auto lock = lock_of(file, header->lock, source);
  if (!lock) return lock.error();
  return read_key_file(file, *lock);
}

}  // namespace sfumato
