#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

struct Ff1Params {
  const Secret& key;       ///< of AES: 16, 24 or 32 bytes
  unsigned radix;          ///< from 2 to 62: how many characters the alphabet has
  std::string_view tweak;  ///< what the permutation belongs to: not secret, at most 1 KiB
};

/// Format-preserving encryption: a permutation of the texts of one length over one alphabet, which
/// looks random to everybody without the key.
///
/// A text is its numerals: for each character its place in the alphabet, a byte in [0, radix).
///
/// **Law** FF1 with AES, ten rounds. Of texts up to 62 characters (fewer for a larger radix: each half
/// below 2^64) a batch goes through the rounds together, so that one call of the cipher serves a
/// round of all of them; longer ones go one at a time. Both are the same permutation.
///
/// Who knows many pairs of one small domain learns much of the rest. Domains of fewer than a million
/// texts are refused, as the standard's revision does: `covers` says which lengths there are.
///
/// One thread has it, or a `copy`.
///
/// Proof   docs/proofs/deid/ff1.md
/// Origin  Bellare, Rogaway, Spies: FFX, 2010; NIST SP 800-38G, algorithms 7 and 8, and its revision 1
class Ff1 {
 public:
  static constexpr std::size_t kLongest = 256;

  static Result<Ff1> make(const Ff1Params& params);

  Ff1(Ff1&&) noexcept;
  Ff1& operator=(Ff1&&) noexcept;
  ~Ff1();

  Ff1 copy() const;

  /// Whether radix^length is at least a million, and `length` at most `kLongest`.
  bool covers(std::size_t length) const noexcept;

  /// Replaces each text by its encryption. `numerals` holds texts of `length` one after another.
  /// Refuses, and changes nothing, where the length is not covered or a numeral is none.
  Status encrypt(std::span<std::uint8_t> numerals, std::size_t length);

  /// Undoes `encrypt`.
  Status decrypt(std::span<std::uint8_t> numerals, std::size_t length);

 private:
  class Rounds;
  explicit Ff1(std::unique_ptr<Rounds> rounds) noexcept;

  Status check(std::span<const std::uint8_t> numerals, std::size_t length) const;

  std::unique_ptr<Rounds> rounds_;
};

}  // namespace sfumato
