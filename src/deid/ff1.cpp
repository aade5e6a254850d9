#include "sfumato/deid/ff1.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "aggregate/block_cipher.h"
#include "deid/ff1_lockstep.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kLeastDomain = 1'000'000;
constexpr std::size_t kLongestTweak = 1024;

bool reaches(unsigned radix, std::size_t length, std::uint64_t least) noexcept {
  std::uint64_t texts = 1;
  for (std::size_t i = 0; i < length && texts < least; ++i) texts *= radix;
  return texts >= least;
}

/// Whether each byte is below `limit`, which is at most 128: eight of them at a time.
bool all_below(std::span<const std::uint8_t> bytes, unsigned limit) noexcept {
  constexpr std::uint64_t kEach = 0x0101010101010101, kHighest = 0x80 * kEach;
  const std::uint64_t to_highest = (0x80 - limit) * kEach;
  std::uint64_t found = 0;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    found |= ((word & ~kHighest) + to_highest) | word;
  }
  return (found & kHighest) == 0 &&
         std::ranges::all_of(bytes, [limit](std::uint8_t byte) { return byte < limit; });
}

}  // namespace

class Ff1::Rounds {
 public:
  Rounds(BlockCipher cipher, unsigned base, std::string_view with)
      : radix(base), cipher_(std::move(cipher)), tweak_(with) {}

  std::unique_ptr<Rounds> copy() const {
    return std::make_unique<Rounds>(cipher_.copy(), radix, tweak_);
  }

  template <bool forward>
  void run(Numerals numerals, std::size_t length) {
    if (Ff1Lockstep::fits(radix, length)) {
      Ff1Lockstep& together = of_length(length);
      forward ? together.encrypt(cipher_, numerals) : together.decrypt(cipher_, numerals);
      return;
    }
    for (std::size_t i = 0; i < numerals.size(); i += length) {
      const Numerals text = numerals.subspan(i, length);
      forward ? ff1_encrypt(cipher_, radix, tweak_, text)
              : ff1_decrypt(cipher_, radix, tweak_, text);
    }
  }

  const unsigned radix;

 private:
  Ff1Lockstep& of_length(std::size_t length) {
    const auto found = lockstep_.find(length);
    if (found != lockstep_.end()) return found->second;
    return lockstep_.try_emplace(length, cipher_, radix, tweak_, length).first->second;
  }

  BlockCipher cipher_;
  std::string tweak_;
  std::map<std::size_t, Ff1Lockstep> lockstep_;
};

Ff1::Ff1(std::unique_ptr<Rounds> rounds) noexcept : rounds_(std::move(rounds)) {}
Ff1::Ff1(Ff1&&) noexcept = default;
Ff1& Ff1::operator=(Ff1&&) noexcept = default;
Ff1::~Ff1() = default;

Result<Ff1> Ff1::make(const Ff1Params& params) {
  if (params.radix < 2 || params.radix > 62)
    return Error{Errc::invalid_parameter, "alphabet", "must have from 2 to 62 characters"};
  if (params.tweak.size() > kLongestTweak)
    return Error{Errc::invalid_parameter, "tweak", "must have at most 1024 bytes"};
  auto cipher = BlockCipher::of(params.key.bytes());
  if (!cipher) return cipher.error();
  return Ff1(std::make_unique<Rounds>(*std::move(cipher), params.radix, params.tweak));
}

Ff1 Ff1::copy() const {
  return Ff1(rounds_->copy());
}

bool Ff1::covers(std::size_t length) const noexcept {
  return length >= 2 && length <= kLongest && reaches(rounds_->radix, length, kLeastDomain);
}

Status Ff1::check(std::span<const std::uint8_t> numerals, std::size_t length) const {
  if (!covers(length))
    return Error{Errc::invalid_parameter, "length",
                 "must make a million texts at least, and be 256 at most"};
  if (numerals.size() % length != 0)
    return Error{Errc::invalid_parameter, "numerals", "must be texts of one length"};
  if (!all_below(numerals, rounds_->radix))
    return Error{Errc::invalid_parameter, "numerals", "must be places in the alphabet"};
  return ok();
}

Status Ff1::encrypt(std::span<std::uint8_t> numerals, std::size_t length) {
  const Status fine = check(numerals, length);
  if (fine) rounds_->run<true>(numerals, length);
  return fine;
}

Status Ff1::decrypt(std::span<std::uint8_t> numerals, std::size_t length) {
  const Status fine = check(numerals, length);
  if (fine) rounds_->run<false>(numerals, length);
  return fine;
}

}  // namespace sfumato
