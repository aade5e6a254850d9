#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"
#include "sfumato/deid/release_policy.h"
#include "sfumato/deid/text_finder.h"

namespace sfumato {

/// What a column tells of a person: by itself who it is, together with others who it is, or what nobody
/// else should know of whom it is.
enum class ColumnRole { identifier, quasi, sensitive, insensitive };

/// What is done where a value cannot be transformed: nothing is written at all, the cell is NULL, or its
/// row is left out.
enum class Action { error, null, suppress };

struct KeepParams {};    ///< the column passes through
struct DropParams {};    ///< the column vanishes
struct RedactParams {};  ///< each cell is NULL
struct ReplaceParams {
  std::string with;  ///< each cell is this
};

/// Characters are covered from either end, or all but some at either end. A value of which no character
/// would be covered is invalid.
struct MaskParams {
  std::size_t first = 0, last = 0;
  bool keep = false;       ///< those are what stays, else what is covered
  std::string with = "*";  ///< one character
  std::string skip = {};   ///< characters that stay and do not count
};

/// Numbers become the interval in which they lie.
struct BucketParams {
  std::optional<Decimal> width = {};  ///< of [origin + k·width, origin + (k+1)·width)
  Decimal origin = {};
  std::vector<Decimal> edges = {};  ///< instead: below the first, between two, from the last on
  std::vector<std::string> labels = {};  ///< of those; none: the intervals themselves
  bool low = false;                      ///< the lower end stands for the interval of a width
};

/// Numbers beyond a bound become a text: top and bottom coding.
struct LimitParams {
  std::optional<Decimal> lower = {}, upper = {};
  std::string below = {}, above = {};
};

/// Numbers become the nearest multiple, halves away from zero.
struct RoundParams {
  Decimal to;
};

/// Dates and times (ISO 8601) become a part of them.
struct DatePartParams {
  enum class Part { year, quarter, month, week, day, month_of_year, day_of_week, hour };
  Part part;
  std::optional<int> earliest = {};  ///< of years: those before are one, `<1935`
};

/// ZIP codes of the United States (five digits, or nine) become their first three, those of areas with at most
/// 20,000 people 000.
///
/// Origin  45 CFR 164.514(b)(2)(i)(B); the 17 areas of Census 2000 that the guidance of the Office for Civil
/// Rights lists (2012)
struct UsZip3Params {
  std::vector<std::string>
      small;  ///< areas of at most 20,000 people; none for those of Census 2000
};

/// Values become what a file says of them at a level: lines `value;level 1;level 2…`.
struct HierarchyParams {
  std::string file;
  std::optional<std::size_t> level;  ///< none: the release finds it
  std::shared_ptr<const std::string> bytes;  ///< of the file, read with the policy; null where it can't be
};

/// Numbers become the range of the numbers of their class, which a release finds: "[31,38]".
struct RangeParams {};

/// Numbers are clamped and get noise, each record on its own: ε-local differential privacy of the value
/// under replacement.
struct NoiseParams {
  Decimal epsilon, lower, upper;
  bool whole = false;  ///< discrete Laplace noise on whole numbers, else Laplace noise
};

/// What a keyed transform's key belongs to: the same value under the same domain, normalisers, recipient
/// and version of the ring's key becomes the same.
struct KeyScope {
  std::string domain;
  std::optional<unsigned> version = {};  ///< none: the newest
};

/// Dates of one person move by the same whole number of days, from -days to days, which a key decides.
struct DateShiftParams {
  KeyScope key;
  std::string by;  ///< the column that says whose date it is
  std::int64_t days;
};

/// A key decides which of a list a value becomes. Several values may become one.
struct ChoiceParams {
  KeyScope key;
  std::vector<std::string> values;
};

/// A value becomes a token: the same value the same token.
struct TokenParams {
  enum class Kind { siv, cmac, hmac };  ///< the first can be opened by who holds the key
  Kind kind;
  KeyScope key;
};

/// A text becomes another of the same length and alphabet.
struct Ff1ColumnParams {
  KeyScope key;
  std::vector<std::string> alphabet;  ///< its characters
  std::size_t keep_prefix = 0, keep_suffix = 0;
  std::string skip = {};  ///< characters that stay where they are, and are none of the text
  bool luhn = false;      ///< a number that passes Luhn's test becomes one that does
};

struct ColumnPolicy;

/// What is found in a text is replaced where it stands; all else stays.
struct TextParams {
  std::vector<Detector> detect;
  std::optional<std::string> region = {};  ///< where `phone` numbers are dialled
  std::vector<Dictionary> dictionaries;
  std::vector<Pattern> patterns;
  /// What becomes of the findings of each, in this order: as of cells of a column of that name.
  std::vector<ColumnPolicy> found;
};

using TransformParams =
    std::variant<KeepParams, DropParams, RedactParams, ReplaceParams, MaskParams, BucketParams,
                 LimitParams, RoundParams, DatePartParams, HierarchyParams, RangeParams,
                 NoiseParams, DateShiftParams, ChoiceParams, TokenParams, Ff1ColumnParams,
                 TextParams, UsZip3Params>;

/// What a value is brought to before it is transformed. A rule never changes: what it does is part of
/// what a token stands for.
enum class Normaliser {
  trim,    ///< `trim-1`: without the blanks and tabs around it
  lower,   ///< `ascii-lower-1`: A-Z become a-z
  digits,  ///< `digits-only-1`: what is not 0-9 goes
};

struct ColumnPolicy {
  std::string column;
  ColumnRole role;
  TransformParams transform;
  std::vector<Normaliser> normalise = {};  ///< in this order
  Action missing = Action::error, overlong = Action::error, invalid = Action::error;
  std::size_t longest = 256;  ///< characters after normalising
  std::string where = {};     ///< of its section, for messages
};

/// A file that a policy names, and what it was made of when the policy was read.
struct PolicyFile {
  std::string path;
  std::shared_ptr<const std::string> bytes;
};

/// How a table is de-identified, as a TOML file says it (docs/guide/deidentification.md).
struct Policy {
  std::optional<std::string> ring = {};       ///< file of keys
  std::optional<std::string> ledger = {};     ///< in whose log it is noted that tokens are opened
  std::optional<std::string> recipient = {};  ///< whose tokens nobody else's are linked with
  std::optional<bool> keep_others = {};  ///< what columns not named do: stay, go; none: an error
  std::vector<ColumnPolicy> columns;
  std::optional<ReleasePolicy> release = {};
  std::string text = {};               ///< of which all that is above was read
  std::vector<PolicyFile> files = {};  ///< and with it: hierarchies and lists, in the order of the text

  /// Reads all of a policy, and checks it: an error tells the line and column at which it goes wrong.
  /// `path` names it in messages, and files that it names are found from its directory.
  static Result<Policy> parse(std::string_view toml, const std::string& path);
  static Result<Policy> load(const std::string& path);
};

/// The word that a policy has for it.
std::string_view word_of(ColumnRole role);
std::string_view word_of(Action action);
std::string_view word_of(Normaliser normaliser);
std::string_view word_of(const TransformParams& transform);

}  // namespace sfumato
