#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sfumato {

/// What bytes of joint statistics are, as their first ones say: below 16 what is agreed on before a
/// session, from 16 on the messages of one.
enum class WireKind : std::uint16_t {
  roster = 1,
  signed_roster = 2,
  plan = 3,
  approved_plan = 4,
  reservation = 5,
  entry = 6,
  sums = 7,
  word = 8,
  session_terms = 16,
  advertisement = 17,  // of a party, as all up to 21
  sealed_shares = 18,
  masked_input = 19,
  agreement = 20,
  unmasking = 21,
  key_offer = 22,  // of a party where sums are encrypted, as all up to 26
  sealed_dealing = 23,
  confirmation = 24,
  encrypted_input = 25,
  decryption = 26,
  key_list = 32,  // of the coordinator, as all up to 39
  share_delivery = 33,
  survivor_list = 34,
  agreement_list = 35,
  offer_list = 36,
  dealing_list = 37,
  joint_key = 38,
  input_list = 39,
  party_state = 48,
  coordinator_state = 49,
  encrypted_party_state = 50,
  encrypted_coordinator_state = 51,
};

/// The one set of ciphers there is: Ed25519, X25519, HKDF-SHA256, AES-256-CTR, AES-256-GCM, SHA-256, P-256.
inline constexpr std::uint16_t kWireSuite = 1;
inline constexpr std::uint16_t kWireVersion = 1;

/// Writes bytes in the presentation language of TLS: whole numbers of fixed width, most significant byte
/// first; vectors behind their length in bytes, which is as wide as the greatest length needs.
///
/// Who writes has checked that each number and length fits its place.
///
/// Origin  RFC 8446, section 3; the layouts stand in docs/protocol/plans.md
class WireWriter {
 public:
  WireWriter() = default;
  explicit WireWriter(WireKind kind);  ///< begins with magic, version, suite and kind

  WireWriter& u8(std::uint64_t number) { return number_of(number, 1); }
  WireWriter& u16(std::uint64_t number) { return number_of(number, 2); }
  WireWriter& u32(std::uint64_t number) { return number_of(number, 4); }
  WireWriter& u64(std::uint64_t number) { return number_of(number, 8); }
  WireWriter& i64(std::int64_t number) { return u64(static_cast<std::uint64_t>(number)); }

  WireWriter& fixed(std::string_view bytes);                       ///< opaque [size]
  WireWriter& vector(std::string_view bytes, std::uint64_t most);  ///< opaque <0..most>

  const std::string& bytes() const& noexcept { return bytes_; }
  std::string bytes() && noexcept { return std::move(bytes_); }

 private:
  WireWriter& number_of(std::uint64_t number, int width);

  std::string bytes_;
};

/// Takes apart what `WireWriter` wrote. Once something is not there as expected nothing more is found,
/// zeros and empty texts are given, and `complete` stays false.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) noexcept : rest_(bytes) {}
  WireReader(std::string_view bytes,
             WireKind kind) noexcept;  ///< behind magic, version, suite, kind

  std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number_of(1)); }
  std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(number_of(2)); }
  std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(number_of(4)); }
  std::uint64_t u64() noexcept { return number_of(8); }
  std::int64_t i64() noexcept { return static_cast<std::int64_t>(u64()); }

  std::string_view fixed(std::size_t size) noexcept;
  template <std::size_t size>
  std::array<unsigned char, size> array() noexcept {
    std::array<unsigned char, size> into{};
    const std::string_view bytes = fixed(size);
    for (std::size_t i = 0; i < bytes.size(); ++i) into[i] = static_cast<unsigned char>(bytes[i]);
    return into;
  }
  std::string_view vector(std::uint64_t least, std::uint64_t most) noexcept;

  std::string_view rest() noexcept { return fixed(rest_.size()); }  ///< all that was not read yet

  bool fine() const noexcept { return fine_; }
  bool more() const noexcept { return fine_ && !rest_.empty(); }
  bool complete() const noexcept { return fine_ && rest_.empty(); }

  void fail() noexcept;  ///< what was read is not what may stand there

 private:
  std::uint64_t number_of(int width) noexcept;

  std::string_view rest_;
  bool fine_ = true;
};

/// What is signed of some bytes: a text that says what the signature means, a zero, the bytes. No such
/// text holds a zero, so that no signature of one meaning is one of another.
///
/// Origin  RFC 8446, section 4.4.3
std::string to_be_signed(std::string_view meaning, std::string_view bytes);

}  // namespace sfumato
