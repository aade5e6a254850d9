#include "sfumato/keys/key_file.h"

#include <utility>

#include "base/own_file.h"
#include "keys/sealed_key.h"
#include "sfumato/base/hexadecimal.h"

namespace sfumato {
namespace {

Result<SealedKey> read_sealed(const std::string& path) {
  const Result<std::string> text = read_own_file(path, kMostKeyFile);
  if (!text) return text.error();
  return SealedKey::parse(*text, path);
}

}  // namespace

Result<FileLock> FileLock::passphrase(Secret words) {
  const std::size_t size = words.bytes().size();
  if (size < 8 || size > 1024)
    return Error{Errc::invalid_parameter, "passphrase", "must have from 8 to 1024 bytes"};
  return FileLock(Kind::passphrase, std::move(words));
}

Result<FileLock> FileLock::key(std::string_view digits) {
  Secret bytes(32);
  if (!read_hexadecimal(digits, bytes.bytes()))
    return Error{Errc::invalid_parameter, "key",
                 "must be 64 hexadecimal digits, as `openssl rand -hex 32` prints"};
  return FileLock(Kind::key, std::move(bytes));
}

ScryptCost cost_of(FileLock::Kind kind) noexcept {
  return {.log2_n = kind == FileLock::Kind::passphrase ? 17u : 14u, .r = 8, .p = 1};
}

Status write_key_file(const std::string& path, const SigningKey& key, const FileLock& lock) {
  return write_key_file(path, key, lock, cost_of(lock.kind()));
}

Status write_key_file(const std::string& path, const SigningKey& key, const FileLock& lock,
                      ScryptCost cost) {
  const Result<SealedKey> sealed = seal_key(key, lock, cost);
  if (!sealed) return sealed.error();
  return write_own_file(path, "a key", sealed->to_string());
}

Result<KeyFileHeader> read_key_header(const std::string& path) {
  const Result<SealedKey> sealed = read_sealed(path);
  if (!sealed) return sealed.error();
  return sealed->header;
}

Result<SigningKey> read_key_file(const std::string& path, const FileLock& lock) {
  const Result<SealedKey> sealed = read_sealed(path);
  if (!sealed) return sealed.error();
  return open_key(*sealed, lock, path);
}

}  // namespace sfumato
