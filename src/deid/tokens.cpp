#include <algorithm>
#include <map>

#include "deid/token_text.h"
#include "deid/transform.h"
#include "sfumato/deid/cmac.h"
#include "sfumato/deid/siv.h"
#include "sfumato/keys/hmac.h"

namespace sfumato {
namespace {

constexpr std::uint8_t kSealed = 1, kCmac = 2, kHmac = 3;
constexpr std::string_view kPurpose = "deid token";
constexpr std::string_view kSivName = "AES-256-SIV";
constexpr std::size_t kSivKey = 64, kMacKey = 32;

/// A ring has at most a thousand versions.
std::string head_of(std::uint8_t kind, const DerivedKey& key) {
  return bytes_of({kind, key.ring, static_cast<std::uint16_t>(key.version)});
}

std::string_view view_of(std::span<const unsigned char> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What is sealed under one head opens under no other.
Result<Siv> siv_of(const DerivedKey& key, std::string_view head) {
  return Siv::make(key.key, std::vector<std::string_view>{"sfumato token", head});
}

class Sealing : public Transform {
 public:
  Sealing(Siv siv, std::string head) : siv_(std::move(siv)), head_(std::move(head)) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    sealed_.clear();
    siv_.seal(values, sealed_);
    std::string_view rest = sealed_;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t size = values[i].size() + Siv::kTagSize;
      out.texts[i] = token_text(head_, rest.substr(0, size), out.store);
      rest.remove_prefix(size);
    }
  }
  TransformPointer copy() const override { return std::make_unique<Sealing>(siv_.copy(), head_); }

 private:
  Siv siv_;
  std::string head_, sealed_;
};

class CmacTokens : public Transform {
 public:
  CmacTokens(Cmac cmac, std::string head) : cmac_(std::move(cmac)), head_(std::move(head)) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    tags_.resize(values.size());
    cmac_.tags(values, tags_);
    for (std::size_t i = 0; i < values.size(); ++i)
      out.texts[i] = token_text(head_, view_of(tags_[i]), out.store);
  }
  TransformPointer copy() const override {
    return std::make_unique<CmacTokens>(cmac_.copy(), head_);
  }

 private:
  Cmac cmac_;
  std::string head_;
  std::vector<CmacTag> tags_;
};

class HmacTokens : public Transform {
 public:
  HmacTokens(HmacSha256 hmac, std::string head) : hmac_(std::move(hmac)), head_(std::move(head)) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    for (std::size_t i = 0; i < values.size(); ++i)
      out.texts[i] = token_text(head_, view_of(hmac_.tag(values[i])), out.store);
  }
  TransformPointer copy() const override {
    return std::make_unique<HmacTokens>(hmac_.copy(), head_);
  }

 private:
  HmacSha256 hmac_;
  std::string head_;
};

/// Opens tokens of any version of the ring's key: each version's cipher is made once.
class Opening : public Transform {
 public:
  explicit Opening(ColumnKeys keys) : keys_(std::move(keys)) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    std::fill(out.invalid.begin(), out.invalid.end(), std::uint8_t{1});
    std::map<std::uint16_t, std::vector<std::size_t>> places;  // of each version
    std::vector<std::string> sealed(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::optional<ReadToken> token = read_token(values[i]);
      const Cipher* cipher = token ? cipher_of(token->head.version) : nullptr;
      if (!cipher || bytes_of(token->head) != cipher->head) continue;
      sealed[i] = std::move(token->bytes);
      places[token->head.version].push_back(i);
    }
    for (const auto& [version, rows] : places) open(*cipher_of(version), rows, sealed, out);
  }

  TransformPointer copy() const override { return std::make_unique<Opening>(keys_); }

 private:
  struct Cipher {
    Siv siv;
    std::string head;
  };

  /// Null where the ring has no such version.
  const Cipher* cipher_of(std::uint16_t version) {
    const auto [found, fresh] = ciphers_.try_emplace(version);
    if (!fresh) return found->second ? &*found->second : nullptr;
    const Result<DerivedKey> key = keys_.key_of_version(version, kPurpose, kSivName, kSivKey);
    if (!key) return nullptr;
    std::string head = head_of(kSealed, *key);
    Result<Siv> siv = siv_of(*key, head);
    if (!siv) return nullptr;
    found->second = Cipher{*std::move(siv), std::move(head)};
    return &*found->second;
  }

  static void open(const Cipher& cipher, const std::vector<std::size_t>& rows,
                   const std::vector<std::string>& sealed, Transformed& out) {
    std::vector<std::string_view> some;
    for (const std::size_t row : rows) some.push_back(sealed[row]);
    std::string texts;
    const std::vector<bool> genuine = cipher.siv.open(some, texts);
    std::string_view rest = texts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!genuine[i]) continue;
      const std::size_t size = some[i].size() - Siv::kTagSize;
      out.texts[rows[i]] = out.store.keep(rest.substr(0, size));
      out.invalid[rows[i]] = 0;
      rest.remove_prefix(size);
    }
  }

  ColumnKeys keys_;
  std::map<std::uint16_t, std::optional<Cipher>> ciphers_;
};

Result<TransformPointer> sealing(const KeyScope& scope, ColumnKeys& keys) {
  const Result<DerivedKey> key = keys.key(scope, kPurpose, kSivName, kSivKey);
  if (!key) return key.error();
  std::string head = head_of(kSealed, *key);
  Result<Siv> siv = siv_of(*key, head);
  if (!siv) return std::move(siv).error();
  return TransformPointer(std::make_unique<Sealing>(*std::move(siv), std::move(head)));
}

}  // namespace

Result<TransformPointer> token_transform(const TokenParams& params, ColumnKeys& keys) {
  if (params.kind == TokenParams::Kind::siv) return sealing(params.key, keys);
  const bool cmac = params.kind == TokenParams::Kind::cmac;
  const Result<DerivedKey> key =
      keys.key(params.key, kPurpose, cmac ? "AES-256-CMAC" : "HMAC-SHA256", kMacKey);
  if (!key) return key.error();
  std::string head = head_of(cmac ? kCmac : kHmac, *key);
  if (!cmac) {
    Result<HmacSha256> made = HmacSha256::make(key->key);
    if (!made) return std::move(made).error();
    return TransformPointer(std::make_unique<HmacTokens>(*std::move(made), std::move(head)));
  }
  Result<Cmac> made = Cmac::make(key->key);
  if (!made) return std::move(made).error();
  return TransformPointer(std::make_unique<CmacTokens>(*std::move(made), std::move(head)));
}

Result<TransformPointer> opening_transform(const TokenParams& params, ColumnKeys& keys) {
  // That there is a key at all, and that it may open, is known before a row is read.
  const Result<DerivedKey> key = keys.key(params.key, kPurpose, kSivName, kSivKey);
  if (!key) return key.error();
  return TransformPointer(std::make_unique<Opening>(keys));
}

}  // namespace sfumato
