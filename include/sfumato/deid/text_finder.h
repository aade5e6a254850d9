#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"

namespace sfumato {

/// What is looked for in a text, each as the function of `identifiers.h` decides.
enum class Detector {
  payment_card,
  iban,
  us_ssn,        ///< AAA-GG-SSSS, in groups
  us_ssn_solid,  ///< nine digits, of which most are no such number
  us_routing_number,
  chinese_resident_id,
  chinese_mobile,
  email,
  ipv4,
  ipv6,
  mac_address,
  machine_readable_zone,
  phone,
};

/// Words, or phrases, that somebody lists.
struct Dictionary {
  std::string name;
  std::vector<std::string> words;
  bool whole = true;         ///< only where they stand apart
  bool ignore_case = false;  ///< of letters of A-Z, Latin-1, Latin Extended-A, Greek and Cyrillic
};

/// What the letters and digits of a finding must satisfy, whatever else stands between them.
enum class Validator {
  luhn,      ///< of its digits (ISO/IEC 7812-1, annex B)
  mod_97,    ///< letters as 10 to 35, the rest is 1 (ISO 7064, MOD 97-10)
  mod_11_2,  ///< digits, and a digit or X that checks them (ISO 7064, MOD 11-2)
};

/// A regular expression of RE2 that somebody states. Its findings have at most 300 bytes.
struct Pattern {
  std::string name, regex;
  std::optional<Validator> validator = {};
  bool whole = true;  ///< only where it stands apart
  std::vector<std::string> context =
      {};  ///< of which one stands apart within 60 bytes on either side, in any case; none: anywhere
};

/// Bytes [begin, end) of a text, and which of the detectors, then dictionaries, then patterns, it was.
struct Finding {
  std::size_t begin, end;
  std::size_t by;
  bool joined = false;  ///< others that overlap it and reach further are part of it
};

/// Finds identifiers in free text: places propose, validators decide.
///
/// A detector finds bytes [begin, end) where they are one of its identifiers as the text is *read* (digits of all
/// scripts and full-width forms are those of ASCII, dashes hyphens, spaces and tabs U+0020; what has no width is passed
/// over), and stand apart: where they begin with a letter or digit (A-Z, a-z, 0-9, U+00C0 to U+053F) none stands
/// before, and where they end with one none follows. No letter of ASCII or digit touches an IPv6 address, nor one or two
/// colons behind which a group of hexadecimal digits stands; no letter of ASCII, digit or `<` touches the lines of
/// a travel document. A dictionary finds its words likewise, a space of theirs in any run of white space. A pattern finds what its expression matches
/// whole, `^`, `$` and `\b` judged by what stands around. Of all that is found the first in the text
/// is taken, of those that begin together the longest, of equals that of the detector named first. What overlaps it
/// and reaches further is joined to it, until nothing does: each byte of whatever can be found lies in a finding.
///
/// The time is linear in the text: no identifier has more than 300 bytes.
///
/// Proof   tests/deid/text_finder_test.cpp (it agrees with that law, tried out at each pair of places)
class TextFinder {
 public:
  /// Refuses a dictionary without words, and words that are empty, blank, or no UTF-8; expressions that RE2 does not take
  /// within 8 MiB, or that match the empty text.
  /// Of a `region`, as "DE", the detector `phone` finds numbers as they are dialled there, too, where this was built with
  /// libphonenumber; else one is refused.
  static Result<TextFinder> make(std::span<const Detector> detectors,
                                 std::span<const Dictionary> dictionaries = {},
                                 std::span<const Pattern> patterns = {},
                                 const std::optional<std::string>& region = {});

  TextFinder(TextFinder&&) noexcept;
  TextFinder& operator=(TextFinder&&) noexcept;
  ~TextFinder();

  /// For another thread: dictionaries are shared.
  TextFinder copy() const;

  /// Adds what a text holds, in its order; false, and nothing, where it is not UTF-8 or holds a NUL.
  bool find(std::string_view text, std::vector<Finding>& found);

  /// The i-th finding of the last text as it is read.
  std::string_view as_read(std::size_t i) const;

 private:
  class Work;
  explicit TextFinder(std::unique_ptr<Work> work) noexcept;

  std::unique_ptr<Work> work_;
};

}  // namespace sfumato
