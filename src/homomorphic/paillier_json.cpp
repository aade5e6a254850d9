// A library ends no program: what is read is looked at for its type before it is used.
#define JSON_ASSERT(condition) static_cast<void>(condition)

#include "sfumato/homomorphic/paillier_json.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "homomorphic/paillier_numbers.h"
#include "random/wipe.h"

namespace sfumato {
namespace {

using nlohmann::json;

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr int kGreatestExponent = 2000;
constexpr std::size_t kLongestObject = 1 << 16, kLongestList = 1 << 30;
constexpr std::string_view kNumber =
    R"(must be an encrypted number: "v" in decimal digits and "e", a whole number within ±2,000)";
constexpr int kMostStretch = 500;  // sixteens, of which each is 4 bits

/// 6 bits as a digit of base64url, by no table that would be looked up by secrets.
char digit_of(unsigned value) noexcept {
  unsigned digit = 0;
  for (unsigned i = 0; i < 64; ++i)
    digit |= static_cast<unsigned char>(kDigits[i]) & (0u - (((i ^ value) - 1u) >> 31));
  return static_cast<char>(digit);
}

/// A whole number in base64url without padding (RFC 7518, 6.3.1), from its bytes without zeros before them.
template <class Text>
void write_base64(std::string_view bytes, Text put) {
  const std::size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
  bytes.remove_prefix(zeros);
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xffff;
    for (bits += 8; bits >= 6; bits -= 6) put(digit_of(held >> (bits - 6) & 63));
  }
  if (bits > 0) put(digit_of(held << (6 - bits) & 63));
}

std::string base64_of(std::string_view bytes) {
  std::string text;
  write_base64(bytes, [&](char digit) { text += digit; });
  return text;
}

/// None where a character is no digit, and where bits are left over. Bytes of zeros may come first.
std::optional<Secret> read_base64(std::string_view text) {
  if (text.empty() || text.size() > 4096 || text.size() % 4 == 1) return std::nullopt;
  Secret bytes(text.size() * 6 / 8);
  std::size_t at = 0;
  unsigned held = 0, wrong = 0;
  int bits = 0;
  for (const char c : text) {
    unsigned value = 64;
    for (unsigned i = 0; i < 64; ++i) {
      const unsigned same =
          0u -
          (((static_cast<unsigned char>(kDigits[i]) ^ static_cast<unsigned char>(c)) - 1u) >> 31);
      value = (value & ~same) | (i & same);
    }
    wrong |= value & 64;
    held = (held << 6 | (value & 63)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.bytes()[at++] = static_cast<unsigned char>(held >> bits & 0xff);
    }
  }
  wrong |= held & ((1u << bits) - 1);
  if (wrong != 0) return std::nullopt;
  return bytes;
}

/// What is not deep; none where it is no JSON, or longer than that.
std::optional<json> parsed(std::string_view text, std::size_t longest) {
  if (text.size() > longest) return std::nullopt;
  bool fine = true;
  const auto shallow = [&](int depth, json::parse_event_t event, json&) {
    fine = fine && depth < 8;
    return fine || event == json::parse_event_t::key;
  };
  json read = json::parse(text, shallow, false);
  if (!fine || read.is_discarded()) return std::nullopt;
  return read;
}

/// None where it is something else than an object.
std::optional<json> object_of(std::string_view text) {
  auto read = parsed(text, kLongestObject);
  if (read && !read->is_object()) read.reset();
  return read;
}

const std::string* text_at(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get_ptr<const std::string*>()
                                                     : nullptr;
}

bool says(const json& object, const char* name, std::string_view what) {
  const std::string* const text = text_at(object, name);
  return text != nullptr && *text == what;
}

std::optional<Secret> number_at(const json& object, const char* name) {
  const std::string* const text = text_at(object, name);
  return text ? read_base64(*text) : std::nullopt;
}

Error malformed(std::string_view what) {
  return {Errc::malformed, "JSON of phe", std::string(what)};
}

Result<PaillierPublicKey> public_key_of(const json& object) {
  const auto modulus = number_at(object, "n");
  if (!says(object, "kty", "DAJ") || !says(object, "alg", "PAI-GN1") || !modulus)
    return malformed(
        R"(must be a public key: "kty": "DAJ", "alg": "PAI-GN1" and "n" in base64url)");
  if (!object.contains("h")) return PaillierPublicKey::make(modulus->view());
  const auto base = number_at(object, "h");
  if (!base) return malformed(R"(must have "h" in base64url)");
  return PaillierPublicKey::make(modulus->view(), base->view());
}

json object_of_key(const PaillierPublicKey& key, std::string_view name) {
  json object = {{"kty", "DAJ"},
                 {"alg", "PAI-GN1"},
                 {"key_ops", {"encrypt"}},
                 {"n", base64_of(key.modulus())},
                 {"kid", name}};
  if (const std::string base = key.base(); !base.empty()) object["h"] = base64_of(base);
  return object;
}

std::string text_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

struct ToldNumber {
  Owned<BIGNUM> number;
  int exponent;
};

/// What an object tells of a number from 1 to n² - 1; none where it tells of none.
std::optional<ToldNumber> told_in(const json& object, const PaillierPublicKey& key) {
  const std::string* const digits = text_at(object, "v");
  const auto exponent = object.find("e");
  if (!digits || digits->empty() || digits->size() > 5000 || digits->front() == '0' ||
      digits->find_first_not_of("0123456789") != std::string::npos || exponent == object.end() ||
      !exponent->is_number_integer())
    return std::nullopt;
  // As what it is: a number above 2^63 is no negative one.
  const bool within = exponent->is_number_unsigned()
                          ? exponent->get<std::uint64_t>() <= kGreatestExponent
                          : exponent->get<std::int64_t>() >= -kGreatestExponent;
  if (!within) return std::nullopt;
  BIGNUM* read = nullptr;
  must(BN_dec2bn(&read, digits->c_str()) != 0);
  Owned<BIGNUM> number(read);
  if (BN_cmp(number.get(), PaillierAccess::numbers(key).square.get()) >= 0) return std::nullopt;
  return ToldNumber{std::move(number), exponent->get<int>()};
}

/// Wipes the texts of an object's members when it ends.
class WipedMembers {
 public:
  explicit WipedMembers(json& object) : object_(object) {}
  WipedMembers(const WipedMembers&) = delete;
  WipedMembers& operator=(const WipedMembers&) = delete;
  ~WipedMembers() {
    for (json& member : object_)
      if (auto* const text = member.get_ptr<std::string*>()) wipe(text->data(), text->size());
  }

 private:
  json& object_;
};

}  // namespace

std::string to_json(const PaillierPublicKey& key, std::string_view name) {
  return text_of(object_of_key(key, name));
}

Result<PaillierPublicKey> read_paillier_public_key(std::string_view text) {
  const auto object = object_of(text);
  if (!object) return malformed("must be one object");
  return public_key_of(*object);
}

Secret to_json(const PaillierPrivateKey& key, std::string_view name) {
  const std::string before = R"({"key_ops":["decrypt"],"kid":)" + text_of(json(std::string(name))) +
                             R"(,"kty":"DAJ","p":")";
  const std::string after = R"(","pub":)" + text_of(object_of_key(key.public_key(), name)) + "}";
  constexpr std::string_view kBetween = R"(","q":")";
  // q comes before "pub" here: the order of members means nothing.
  const std::size_t p = (key.p().bytes().size() * 8 + 5) / 6,
                    q = (key.q().bytes().size() * 8 + 5) / 6;
  Secret text(before.size() + p + kBetween.size() + q + after.size());
  std::size_t at = 0;
  const auto put = [&](char c) { text.bytes()[at++] = static_cast<unsigned char>(c); };
  std::ranges::for_each(before, put);
  write_base64(key.p().view(), put);
  std::ranges::for_each(kBetween, put);
  write_base64(key.q().view(), put);
  std::ranges::for_each(after, put);
  return text;
}

Result<PaillierPrivateKey> read_paillier_private_key(const Secret& text) {
  auto object = object_of(text.view());
  if (!object) return malformed("must be one object");
  const WipedMembers wiped(*object);
  const auto p = number_at(*object, "p"), q = number_at(*object, "q");
  const auto pub = object->find("pub");
  if (!says(*object, "kty", "DAJ") || !p || !q || pub == object->end() || !pub->is_object())
    return malformed(R"(must be a private key: "kty": "DAJ", "p", "q" and "pub")");
  const auto key = public_key_of(*pub);
  if (!key) return key.error();
  auto made = PaillierPrivateKey::make(*p, *q, key->base());
  if (made && made->public_key().modulus() != key->modulus())
    return malformed("must have the primes of the public key");
  return made;
}

std::string to_json(const PaillierNumber& number) {
  char* const digits = BN_bn2dec(number_of(number.ciphertext.bytes()).get());
  must(digits != nullptr);
  const std::string text(digits);
  OPENSSL_free(digits);
  return text_of({{"v", text}, {"e", number.exponent}});
}

Result<PaillierNumber> read_paillier_number(const PaillierPublicKey& key, std::string_view text) {
  const auto object = object_of(text);
  auto told = object ? told_in(*object, key) : std::nullopt;
  if (!told) return malformed(kNumber);
  auto ciphertext = key.ciphertext(bytes_of(told->number.get(), key.bits() / 4));
  if (!ciphertext) return std::move(ciphertext).error();
  return PaillierNumber{*std::move(ciphertext), told->exponent};
}

Result<std::vector<PaillierNumber>> read_paillier_numbers(const PaillierPublicKey& key,
                                                          std::string_view text) {
  const auto list = parsed(text, kLongestList);
  if (!list || !list->is_array()) return malformed("must be a list of encrypted numbers");
  const auto wrong = [](std::size_t place, std::string_view must) {
    return Error{Errc::malformed, "number " + std::to_string(place + 1) + " of the list",
                 std::string(must)};
  };
  std::vector<Owned<BIGNUM>> candidates;
  std::vector<int> exponents;
  for (const json& object : *list) {
    auto told = object.is_object() ? told_in(object, key) : std::nullopt;
    if (!told) return wrong(candidates.size(), kNumber);
    candidates.push_back(std::move(told->number));
    exponents.push_back(told->exponent);
  }
  const auto& numbers = PaillierAccess::numbers(key);
  const std::size_t fine = PaillierAccess::units_first(numbers, candidates);
  if (fine != candidates.size()) return wrong(fine, "must have no factor of the modulus");
  std::vector<PaillierNumber> read;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    read.push_back({PaillierAccess::made(numbers, candidates[i].get()), exponents[i]});
  return read;
}

Result<PaillierNumber> sum(const PaillierPublicKey& key, const PaillierNumber& one,
                           const PaillierNumber& other) {
  const PaillierNumber& fine = one.exponent <= other.exponent ? one : other;
  const PaillierNumber& coarse = one.exponent <= other.exponent ? other : one;
  int apart = coarse.exponent - fine.exponent;
  if (apart > kMostStretch)
    return Error{Errc::unsupported, "exponents", "must be at most 500 apart"};
  PaillierCiphertext stretched = coarse.ciphertext;
  for (; apart > 0; apart -= std::min(apart, 15))
    stretched = key.multiple(stretched, std::int64_t{1} << 4 * std::min(apart, 15));
  return PaillierNumber{key.sum(fine.ciphertext, stretched), fine.exponent};
}

double decoded(const PaillierPlaintext& m, int exponent) noexcept {
  return m.times_two_to(4 * exponent);
}

Result<std::vector<std::optional<double>>> decoded_batch(const PaillierPrivateKey& key,
                                                         std::span<const PaillierNumber> numbers,
                                                         std::int64_t bound, BitSource& bits) {
  std::vector<PaillierCiphertext> ciphertexts;
  for (const PaillierNumber& number : numbers) ciphertexts.push_back(number.ciphertext);
  const auto found = key.decrypt_batch(ciphertexts, bound, bits);
  if (!found) return found.error();
  std::vector<std::optional<double>> values(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (const auto m = (*found)[i]) values[i] = decoded(PaillierPlaintext(*m), numbers[i].exponent);
  return values;
}

}  // namespace sfumato
