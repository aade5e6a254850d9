#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/unlock.h"
#include "cli/verbs.h"

namespace sfumato {
namespace {

/// The key as one line that others are given, and what they compare.
std::string lines_of(const PublicKey& key) {
  return fmt::format("{}\n{}\n", key.to_string(), key.fingerprint());
}

Result<int> make(const KeysArguments& given) {
  const Result<FileLock> lock = new_lock(given.lock);
  if (!lock) return lock.error();
  const Result<SigningKey> key = SigningKey::generate();
  if (!key) return key.error();
  if (Status written = write_key_file(given.file, *key, *lock); !written)
    return std::move(written).error();
  return deliver({}, lines_of(key->public_key()));
}

}  // namespace

Result<int> run_keys(CommandLine words) {
  const auto parsed = parse_keys(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<KeysArguments>(parsed);
  if (given.action == "new") return make(given);
  const Result<KeyFileHeader> header = read_key_header(given.file);
  if (!header) return header.error();
  return deliver({}, lines_of(header->public_key));
}

}  // namespace sfumato
