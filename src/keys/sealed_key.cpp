#include "keys/sealed_key.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "sfumato/base/hexadecimal.h"

namespace sfumato {
namespace {

constexpr std::string_view kFirst = "sfumato key 1";
constexpr std::string_view kType = "ed25519";

template <std::size_t size>
std::string digits_of(const std::array<unsigned char, size>& bytes) {
  return hexadecimal({reinterpret_cast<const char*>(bytes.data()), size});
}

std::string_view name_of(FileLock::Kind kind) noexcept {
  return kind == FileLock::Kind::passphrase ? "passphrase" : "key";
}

/// Takes a text apart, from its beginning; once it does not go on as expected, nothing is found.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : rest_(text) {}

  bool is(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  bool number(unsigned& into) noexcept {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), into);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }

  template <std::size_t size>
  bool digits(std::array<unsigned char, size>& into) noexcept {
    if (rest_.size() < 2 * size || !read_hexadecimal(rest_.substr(0, 2 * size), into)) return false;
    rest_.remove_prefix(2 * size);
    return true;
  }

  bool lock(FileLock::Kind& into) noexcept {
    for (const auto kind : {FileLock::Kind::passphrase, FileLock::Kind::key})
      if (is(name_of(kind))) return into = kind, true;
    return false;
  }

  bool ended() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

struct Parts {
  std::array<unsigned char, 32> key{};
  FileLock::Kind lock{};
  Sealing sealing{};
  std::array<unsigned char, 32 + kTagSize> sealed{};
};

std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  auto& [cost, salt, nonce] = parts.sealing;
  Reader read(text);
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
  text.append("\nlock ").append(name_of(header.lock));
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
  SealedKey made{{key.public_key(), lock.kind()}, *sealing, {}};
  const auto sealed = sealing->seal(lock, key.seed(), made.clear());
  if (!sealed) return sealed.error();
  std::ranges::copy(*sealed, made.sealed.begin());
  return made;
}

Result<SigningKey> open_key(const SealedKey& sealed, const FileLock& lock,
                            const std::string& where) {
  if (lock.kind() != sealed.header.lock)
    return Error{Errc::refused, where,
                 "is locked by a " + std::string(name_of(sealed.header.lock)) + ", not by a " +
                     std::string(name_of(lock.kind()))};
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
