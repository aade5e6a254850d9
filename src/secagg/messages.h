#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "secagg/envelope.h"
#include "sfumato/keys/aes_gcm.h"
#include "sfumato/keys/x25519.h"

namespace sfumato {

// The bodies of messages: docs/protocol/masked_sums.md. `parse` takes nothing that `body` does not give.

/// Places in a roster, rising.
using Places = std::vector<Place>;

/// Where a party's shares are taken: never at 0.
constexpr std::uint8_t point_of(Place place) noexcept {
  return static_cast<std::uint8_t>(place + 1);
}

/// A party's keys for one session.
struct Advertisement {
  AgreementPublic cipher;  ///< for the shares that others seal for it
  AgreementPublic mask;    ///< for the masks that it has with others

  std::string body() const;
  static std::optional<Advertisement> parse(std::string_view body);
};

/// Secrets of so many bytes, for one other party alone.
template <std::size_t size>
struct Box {
  static constexpr std::size_t kBytes = 1 + sizeof(GcmNonce) + size + kGcmTagSize;

  Place party;  ///< to whom; of a delivery: from whom
  GcmNonce nonce;
  std::array<unsigned char, size + kGcmTagSize> bytes;
};

/// Two shares, of a party's mask key and of its seed.
using SealedBox = Box<64>;

struct SealedShares {
  Digest check;                  ///< by which a seed that was put together is known
  std::vector<SealedBox> boxes;  ///< by rising places

  std::string body() const;
  static std::optional<SealedShares> parse(std::string_view body);
};

struct ShareDelivery {
  Place to;
  std::vector<SealedBox> boxes;  ///< by rising places of who sealed them

  std::string body() const;
  static std::optional<ShareDelivery> parse(std::string_view body);
};

/// Whose inputs are in the sum, and who had promised one that did not come.
struct SurvivorList {
  Places alive, dead;

  std::string body() const;
  static std::optional<SurvivorList> parse(std::string_view body);

  friend bool operator==(const SurvivorList&, const SurvivorList&) = default;
};

/// One share of somebody's secret: of a survivor's seed, or of a mask key of who is gone.
struct Disclosure {
  enum class Of : std::uint8_t { seed = 0, mask_key = 1 };

  Place party;
  Of of;
  std::array<unsigned char, 32> share;
};

struct Unmasking {
  std::vector<Disclosure> disclosures;  ///< by rising places

  std::string body() const;
  static std::optional<Unmasking> parse(std::string_view body);
};

/// How long an envelope of a list may be, and all of them.
struct ListLimits {
  std::uint64_t envelope, list;
};

inline constexpr ListLimits kShortList{4096, std::uint64_t{4096} * Roster::kMost};

/// Envelopes as their senders signed them, to be passed on.
std::string list_body(const std::vector<std::string>& envelopes, ListLimits limits = kShortList);
std::optional<std::vector<std::string_view>> parse_list(std::string_view body,
                                                        ListLimits limits = kShortList);

/// Words of the modulus' width, least significant byte first.
std::string words_body(std::span<const std::uint64_t> words, Modulus modulus);
std::optional<std::vector<std::uint64_t>> parse_words(std::string_view body, Modulus modulus,
                                                      std::size_t length);

/// A word as the whole number next to 0 that it is modulo the modulus.
constexpr std::int64_t signed_of(std::uint64_t word, Modulus modulus) noexcept {
  if (modulus == Modulus::two_to_32)
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(word));
  return static_cast<std::int64_t>(word);
}

/// The places of all who contribute.
Places contributors_of(const Session& session);

inline std::string_view text_of(std::span<const unsigned char> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Of rising places only those that both have.
Places common(const Places& one, const Places& other);
Places without(const Places& places, const Places& others);

template <std::size_t size>
void write_boxes(WireWriter& writer, const std::vector<Box<size>>& boxes) {
  WireWriter inner;
  for (const Box<size>& box : boxes)
    inner.u8(box.party).fixed(text_of(box.nonce)).fixed(text_of(box.bytes));
  writer.vector(inner.bytes(), Box<size>::kBytes * Roster::kMost);
}

template <std::size_t size>
std::vector<Box<size>> read_boxes(WireReader& reader) {
  WireReader inner(reader.vector(0, Box<size>::kBytes * Roster::kMost));
  std::vector<Box<size>> boxes;
  while (inner.more())
    boxes.push_back(
        {inner.u8(), inner.array<sizeof(GcmNonce)>(), inner.array<size + kGcmTagSize>()});
  if (!inner.complete()) reader.fail();
  return boxes;
}

/// The body was read to its end, and what is to rise rises.
template <class Body, class Items, class Key>
std::optional<Body> whole(const WireReader& reader, Body body, const Items& items, Key key) {
  const bool rises = std::ranges::adjacent_find(items, std::greater_equal(), key) == items.end();
  return reader.complete() && rises ? std::optional(std::move(body)) : std::nullopt;
}

void write_places(WireWriter& writer, const Places& places);
Places read_places(WireReader& reader);

}  // namespace sfumato
