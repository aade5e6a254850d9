#include "keys/sealed_key.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "keys/strict_text.h"
#include "sfumato/base/hexadecimal.h"

namespace sfumato {
namespace {

constexpr std::string_view kFirst = "sfumato key 1";
constexpr std::string_view kType = "ed25519";

struct Parts {
  std::array<unsigned char, 32> key{};
  LockLine lock;
  Sealing sealing{};
  std::array<unsigned char, 32 + kGcmTagSize> sealed{};
};

std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  auto& [cost, salt, nonce] = parts.sealing;
  StrictText read(text);
  const bool whole = read.is(kFirst) && read.is("\ntype ") && read.is(kType) &&
                     read.is("\npublic ") && read.digits(parts.key) && read.is("\nlock ") &&
                     read.lock(parts.lock) && read.is("\nscrypt ") && read.number(cost.log2_n) &&
                     read.is(" ") && read.number(cost.r) && read.is(" ") && read.number(cost.p) &&
                     read.is(" ") && read.digits(salt) && read.is("\nnonce ") &&
                     read.digits(nonce) && read.is("\nsealed ") && read.digits(parts.sealed) &&
                     read.is("\n") && read.ended();
  return whole ? std::optional(parts) : std::nullopt;
}

}  // namespace

std::string SealedKey::clear() const {
  const auto& [cost, salt, nonce] = sealing;
  std::string text(kFirst);
  text.append("\ntype ").append(kType);
  text.append("\npublic ").append(hexadecimal(header.public_key.bytes()));
  text.append("\nlock ").append(text_of(header.lock));
  text.append("\nscrypt ").append(std::to_string(cost.log2_n));
  text.append(" ").append(std::to_string(cost.r));
  text.append(" ").append(std::to_string(cost.p));
  text.append(" ").append(digits_of(salt));
  return text.append("\nnonce ").append(digits_of(nonce)).append("\n");
}

std::string SealedKey::to_string() const {
  return clear() + "sealed " + digits_of(sealed) + "\n";
}

Result<SealedKey> SealedKey::parse(std::string_view text, const std::string& where) {
  if (text.starts_with("sfumato ring "))
    return Error{Errc::malformed, where, "is a key ring, and no key to sign by"};
  const Error no{Errc::malformed, where, "is no key file: name one that `sfumato keys new` made"};
  const auto parts = parts_of(text);
  if (!parts) return no;
  const auto key =
      PublicKey::of({reinterpret_cast<const char*>(parts->key.data()), parts->key.size()});
  if (!key) return Error{key.error().code, where, "holds a key that " + key.error().message};
  if (!is_sound(parts->sealing.cost))
    return Error{Errc::unsupported, where,
                 "is locked at a cost that is not from 16 MiB to 1 GiB of memory"};
  const SealedKey made{{*key, parts->lock}, parts->sealing, parts->sealed};
  if (made.to_string() != text) return no;  // a number with zeros before it
  return made;
}

Result<SealedKey> seal_key(const SigningKey& key, const FileLock& lock, ScryptCost cost) {
  if (!is_sound(cost))
    return Error{Errc::invalid_parameter, "scrypt", "must take from 16 MiB to 1 GiB of memory"};
  const Result<Sealing> sealing = Sealing::fresh(cost);
  if (!sealing) return sealing.error();
  SealedKey made{{key.public_key(), LockLine::of(lock)}, *sealing, {}};
  const auto sealed = sealing->seal(lock, key.seed(), made.clear());
  if (!sealed) return sealed.error();
  std::ranges::copy(*sealed, made.sealed.begin());
  return made;
}

Result<SigningKey> open_key(const SealedKey& sealed, const FileLock& lock,
                            const std::string& where) {
  if (lock.kind() != sealed.header.lock.kind)
    return other_lock(where, sealed.header.lock.kind, lock.kind());
  auto seed = sealed.sealing.open(
      lock, {reinterpret_cast<const char*>(sealed.sealed.data()), sealed.sealed.size()},
      sealed.clear());
  if (!seed) return std::move(seed).error();
  if (!*seed)
    return Error{Errc::refused, where,
                 "does not open: the " + std::string(name_of(lock.kind())) +
                     " is another one, or the file was changed"};
  auto key = SigningKey::from_seed(**std::move(seed));
  if (key && key->public_key() != sealed.header.public_key)
    return Error{Errc::malformed, where, "holds a public key that is not that of its private one"};
  return key;
}

}  // namespace sfumato
