#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/unlock.h"
#include "cli/verbs.h"
#include "sfumato/keys/key_ring.h"

namespace sfumato {
namespace {

/// The key as one line that others are given, and what they compare.
std::string lines_of(const PublicKey& key) {
  return fmt::format("{}\n{}\n", key.to_string(), key.fingerprint());
}

std::string lines_of(const KeyRingHeader& ring) {
  constexpr const char* kLocks[] = {"passphrase", "key", "token"};
  return fmt::format("ring {}, locked by a {}\nversions: {}; tokens are made by the newest\n{}\n",
                     name_of(ring.id), kLocks[static_cast<int>(ring.lock.kind)], ring.newest,
                     ring.may_reidentify ? "may reidentify" : "may not reidentify");
}

Result<int> make_key(const KeysArguments& given, const FileLock& lock) {
  const Result<SigningKey> key = SigningKey::generate();
  if (!key) return key.error();
  if (Status written = write_key_file(given.file, *key, lock); !written)
    return std::move(written).error();
  return deliver({}, lines_of(key->public_key()));
}

/// Writes a ring, and says what the file now says.
Result<int> write_ring(const std::string& file, const KeyRing& ring, const FileLock& lock) {
  if (Status written = write_key_ring(file, ring, lock); !written)
    return std::move(written).error();
  const Result<KeyRingHeader> header = read_key_ring_header(file);
  if (!header) return header.error();
  return deliver({}, lines_of(*header));
}

Result<int> make(const KeysArguments& given) {
  const Result<FileLock> lock = new_lock(given.lock);
  if (!lock) return lock.error();
  if (!given.ring) return make_key(given, *lock);
  const Result<KeyRing> ring = KeyRing::generate();
  if (!ring) return ring.error();
  return write_ring(given.file, *ring, *lock);
}

Result<int> show_key(const std::string& file) {
  const Result<KeyFileHeader> header = read_key_header(file);
  if (!header) return header.error();
  return deliver({}, lines_of(header->public_key));
}

Result<int> rotate(const KeysArguments& given, const KeyRingHeader& header) {
  const Result<FileLock> lock = lock_of(given.file, header.lock, given.lock);
  if (!lock) return lock.error();
  const Result<unsigned> newest = rotate_key_ring(given.file, *lock);
  if (!newest) return newest.error();
  return deliver({}, fmt::format("version {} is the newest.\n", *newest));
}

Result<int> wrap(const KeysArguments& given, const KeyRingHeader& header) {
  const Result<FileLock> lock = lock_of(given.file, header.lock, given.lock);
  if (!lock) return lock.error();
  Result<KeyRing> ring = read_key_ring(given.file, *lock);
  if (!ring) return std::move(ring).error();
  const Result<FileLock> other = new_lock(given.new_lock);
  if (!other) return other.error();
  if (given.no_reidentify) ring->give_up_reidentifying();
  return write_ring(given.output, *ring, *other);
}

}  // namespace

Result<int> run_keys(CommandLine words) {
  const auto parsed = parse_keys(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<KeysArguments>(parsed);
  if (given.action == "new") return make(given);
  if (given.action == "show") return show_key(given.file);
  const Result<KeyRingHeader> header = read_key_ring_header(given.file);
  if (!header) return header.error();
  if (given.action == "rotate") return rotate(given, *header);
  if (given.action == "wrap") return wrap(given, *header);
  return deliver({}, lines_of(*header));
}

}  // namespace sfumato
