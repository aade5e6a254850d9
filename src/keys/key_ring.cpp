#include "sfumato/keys/key_ring.h"

#include <algorithm>
#include <utility>

#include "base/own_file.h"
#include "keys/draw.h"
#include "keys/ring_file.h"
#include "keys/strict_text.h"
#include "sfumato/keys/hkdf.h"

namespace sfumato {
namespace {

constexpr std::size_t kRootSize = 32;
constexpr std::size_t kLongestPart = 65535;

void append(std::string& info, std::string_view part) {
  info += static_cast<char>(part.size() >> 8);
  info += static_cast<char>(part.size());
  info.append(part);
}

struct ReadRing {
  std::string text;
  RingFile file;
};

Result<ReadRing> read_ring(const std::string& path) {
  Result<std::string> text = read_own_file(path, kMostRingFile);
  if (!text) return std::move(text).error();
  auto file = RingFile::parse(*text, path);
  if (!file) return std::move(file).error();
  return ReadRing{*std::move(text), *std::move(file)};
}

}  // namespace

Result<KeyRing> KeyRing::generate() {
  Id id{};
  const Result<Secret> drawn = draw_secret(id.size());
  if (!drawn) return drawn.error();
  std::ranges::copy(drawn->bytes(), id.begin());
  KeyRing ring(id, true, {});
  if (Status added = ring.rotate(); !added) return std::move(added).error();
  return ring;
}

Status KeyRing::rotate() {
  if (newest() == kMostVersions)
    return Error{Errc::unsupported, "key ring", "has a thousand versions: begin a new one"};
  Result<Secret> root = draw_secret(kRootSize);
  if (!root) return std::move(root).error();
  roots_.push_back(*std::move(root));
  return ok();
}

Result<Secret> KeyRing::derive(const KeyUse& use, unsigned version, std::size_t size) const {
  if (version == 0 || version > newest())
    return Error{Errc::invalid_parameter, "key version",
                 "must be from 1 to " + std::to_string(newest()) + ", which the ring has"};
  std::string info = "sfumato derived key 1";
  for (const std::string_view part : {use.purpose, use.domain, use.algorithm}) {
    if (part.size() > kLongestPart)
      return Error{Errc::invalid_parameter, "use of a key", "must have at most 65535 bytes a part"};
    append(info, part);
  }
  return hkdf_sha256(roots_[version - 1], {reinterpret_cast<const char*>(id_.data()), id_.size()},
                     info, size);
}

std::string name_of(const KeyRing::Id& id) {
  return digits_of(id);
}

Status write_key_ring(const std::string& path, const KeyRing& ring, const FileLock& lock) {
  return write_key_ring(path, ring, lock, cost_of(lock.kind()));
}

Status write_key_ring(const std::string& path, const KeyRing& ring, const FileLock& lock,
                      ScryptCost cost) {
  const Result<RingFile> file = RingFile::seal(ring, lock, cost);
  if (!file) return file.error();
  return write_own_file(path, "a key", file->to_string());
}

Result<KeyRingHeader> read_key_ring_header(const std::string& path) {
  const Result<ReadRing> read = read_ring(path);
  if (!read) return read.error();
  return read->file.header();
}

Result<KeyRing> read_key_ring(const std::string& path, const FileLock& lock) {
  const Result<ReadRing> read = read_ring(path);
  if (!read) return read.error();
  return read->file.open(lock, path);
}

Result<unsigned> rotate_key_ring(const std::string& path, const FileLock& lock) {
  const Result<ReadRing> read = read_ring(path);
  if (!read) return read.error();
  Result<KeyRing> ring = read->file.open(lock, path);
  if (!ring) return std::move(ring).error();
  if (Status added = ring->rotate(); !added) return std::move(added).error();
  const Result<RingFile> file = RingFile::seal(*ring, lock, read->file.cost());
  if (!file) return file.error();
  if (Status replaced = replace_own_file(path, read->text, file->to_string()); !replaced)
    return std::move(replaced).error();
  return ring->newest();
}

}  // namespace sfumato
