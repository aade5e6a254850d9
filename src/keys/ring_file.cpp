#include "keys/ring_file.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <span>
#include <utility>

#include "keys/draw.h"
#include "keys/strict_text.h"
#include "sfumato/base/hexadecimal.h"
#include "sfumato/keys/hkdf.h"
#include "sfumato/keys/hmac.h"
#include "sfumato/keys/key_wrap.h"

namespace sfumato {
namespace {

constexpr std::string_view kFirst = "sfumato ring 1";
constexpr std::size_t kKeySize = 32;

template <std::size_t size>
std::string_view view_of(const std::array<unsigned char, size>& bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

/// What the lock of a ring makes: three keys that tell nothing of one another.
struct RingKeys {
  Secret commitment, wrapping, tagging;

  static Result<RingKeys> of(const FileLock& lock, ScryptCost cost,
                             std::span<const unsigned char> salt) {
    const Result<Secret> key = stretched(lock, cost, salt);
    if (!key) return key.error();
    auto commitment = hkdf_sha256(*key, {}, "sfumato ring 1 commitment", kKeySize);
    auto wrapping = hkdf_sha256(*key, {}, "sfumato ring 1 wrapping", kKeySize);
    auto tagging = hkdf_sha256(*key, {}, "sfumato ring 1 tagging", kKeySize);
    for (const auto* const each : {&commitment, &wrapping, &tagging})
      if (!*each) return each->error();
    return RingKeys{*std::move(commitment), *std::move(wrapping), *std::move(tagging)};
  }
};

}  // namespace

std::string RingFile::clear() const {
  std::string text(kFirst);
  text.append("\nid ").append(digits_of(id_));
  text.append("\nlock ").append(text_of(lock_));
  text.append("\nscrypt ").append(std::to_string(cost_.log2_n));
  text.append(" ").append(std::to_string(cost_.r));
  text.append(" ").append(std::to_string(cost_.p));
  text.append(" ").append(digits_of(salt_));
  text.append("\ncommitment ").append(digits_of(commitment_));
  text.append("\nrights ").append(reidentifies_ ? "reidentify" : "deidentify");
  for (std::size_t i = 0; i < wrapped_.size(); ++i)
    text.append("\nkey ").append(std::to_string(i + 1)).append(" ").append(digits_of(wrapped_[i]));
  return text.append("\n");
}

std::string RingFile::to_string() const {
  return clear() + "tag " + digits_of(tag_) + "\n";
}

KeyRingHeader RingFile::header() const noexcept {
  return {id_, lock_, reidentifies_, static_cast<unsigned>(wrapped_.size())};
}

bool RingFile::read(std::string_view text, RingFile& into) {
  StrictText read(text);
  if (!(read.is(kFirst) && read.is("\nid ") && read.digits(into.id_) && read.is("\nlock ") &&
        read.lock(into.lock_) && read.is("\nscrypt ") && read.number(into.cost_.log2_n) &&
        read.is(" ") && read.number(into.cost_.r) && read.is(" ") && read.number(into.cost_.p) &&
        read.is(" ") && read.digits(into.salt_) && read.is("\ncommitment ") &&
        read.digits(into.commitment_) && read.is("\nrights ")))
    return false;
  into.reidentifies_ = read.is("reidentify");
  if (!into.reidentifies_ && !read.is("deidentify")) return false;
  while (read.is("\nkey ")) {
    unsigned version = 0;
    if (!(read.number(version) && version == into.wrapped_.size() + 1 && read.is(" ") &&
          read.digits(into.wrapped_.emplace_back())))
      return false;
  }
  return !into.wrapped_.empty() && into.wrapped_.size() <= KeyRing::kMostVersions &&
         read.is("\ntag ") && read.digits(into.tag_) && read.is("\n") && read.ended();
}

Result<RingFile> RingFile::parse(std::string_view text, const std::string& where) {
  if (text.starts_with("sfumato key "))
    return Error{Errc::malformed, where, "is a key to sign by, and no key ring"};
  RingFile file;
  if (!read(text, file) || file.to_string() != text)  // a number with zeros before it
    return Error{Errc::malformed, where,
                 "is no key ring: name one that `sfumato keys new --ring` made"};
  if (!is_sound(file.cost_))
    return Error{Errc::unsupported, where,
                 "is locked at a cost that is not from 16 MiB to 1 GiB of memory"};
  return file;
}

Result<RingFile> RingFile::seal(const KeyRing& ring, const FileLock& lock, ScryptCost cost) {
  if (!is_sound(cost))
    return Error{Errc::invalid_parameter, "scrypt", "must take from 16 MiB to 1 GiB of memory"};
  RingFile file;
  file.id_ = ring.id_;
  file.lock_ = LockLine::of(lock);
  file.cost_ = cost;
  file.reidentifies_ = ring.reidentifies_;
  const Result<Secret> salt = draw_secret(file.salt_.size());
  if (!salt) return salt.error();
  std::ranges::copy(salt->bytes(), file.salt_.begin());
  const Result<RingKeys> keys = RingKeys::of(lock, cost, file.salt_);
  if (!keys) return keys.error();
  std::ranges::copy(keys->commitment.bytes(), file.commitment_.begin());
  for (const Secret& root : ring.roots_) {
    const Result<std::string> wrapped = wrap_key(keys->wrapping, root);
    if (!wrapped) return wrapped.error();
    std::ranges::copy(*wrapped, file.wrapped_.emplace_back().begin());
  }
  const Result<HmacSha256> hmac = HmacSha256::make(keys->tagging);
  if (!hmac) return hmac.error();
  file.tag_ = hmac->tag(file.clear());
  return file;
}

Result<KeyRing> RingFile::open(const FileLock& lock, const std::string& where) const {
  if (lock.kind() != lock_.kind) return other_lock(where, lock_.kind, lock.kind());
  const Result<RingKeys> keys = RingKeys::of(lock, cost_, salt_);
  if (!keys) return keys.error();
  if (CRYPTO_memcmp(keys->commitment.bytes().data(), commitment_.data(), commitment_.size()) != 0)
    return Error{Errc::refused, where,
                 "does not open: it is locked by another " + std::string(name_of(lock_.kind))};
  const Error changed{Errc::refused, where,
                      "was changed since it was written: take it from a backup"};
  const Result<HmacSha256> hmac = HmacSha256::make(keys->tagging);
  if (!hmac) return hmac.error();
  const HmacSha256::Tag tag = hmac->tag(clear());
  if (CRYPTO_memcmp(tag.data(), tag_.data(), tag.size()) != 0) return changed;
  std::vector<Secret> roots;
  for (const Wrapped& wrapped : wrapped_) {
    auto root = unwrap_key(keys->wrapping, view_of(wrapped));
    if (!root) return std::move(root).error();
    if (!*root || (*root)->bytes().size() != kKeySize) return changed;
    roots.push_back(**std::move(root));
  }
  return KeyRing(id_, reidentifies_, std::move(roots));
}

}  // namespace sfumato
