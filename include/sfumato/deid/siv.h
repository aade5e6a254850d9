#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// Deterministic authenticated encryption of many texts at a time: the same text gives the same
/// bytes, which show nothing else, and which only the key undoes or makes.
///
/// **Law** AES-SIV. What is sealed is 16 bytes longer than the text: a tag, which is the initial vector
/// as well, and the text encrypted. The associated texts are the same for the whole batch: what is
/// sealed under one list opens under no other.
///
/// One thread has it, or a `copy`.
///
/// Proof   docs/proofs/deid/siv.md
/// Origin  Rogaway, Shrimpton: Deterministic Authenticated-Encryption, 2006; RFC 5297
class Siv {
 public:
  static constexpr std::size_t kTagSize = 16;

  /// By a key of 32, 48 or 64 bytes: one half authenticates, the other encrypts. At most 126
  /// associated texts.
  static Result<Siv> make(const Secret& key, std::span<const std::string_view> associated);

  Siv(Siv&&) noexcept;
  Siv& operator=(Siv&&) noexcept;
  ~Siv();

  Siv copy() const;

  /// Appends what each text is sealed as, one after another: `kTagSize` bytes more than the text.
  void seal(std::span<const std::string_view> texts, std::string& sealed) const;

  /// Appends the text of each that is genuine, and nothing for the others; says which are.
  std::vector<bool> open(std::span<const std::string_view> sealed, std::string& texts) const;

 private:
  class Parts;
  explicit Siv(std::unique_ptr<const Parts> parts) noexcept;

  std::unique_ptr<const Parts> parts_;
};

}  // namespace sfumato
