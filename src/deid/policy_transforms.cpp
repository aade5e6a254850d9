#include <algorithm>
#include <set>
#include <sstream>

#include "deid/characters.h"
#include "deid/digit_groups.h"
#include "deid/grid_number.h"
#include "deid/policy_words.h"
#include "sfumato/keys/key_ring.h"

namespace sfumato {
namespace {

using Part = DatePartParams::Part;

constexpr std::int64_t kMostCharacters = 1000000;
constexpr std::size_t kLongestName = 100;
constexpr int kFinest = 15;  // digits before and after the point of what makes a grid

constexpr Words<Part> kParts[] = {{"year", Part::year},
                                  {"quarter", Part::quarter},
                                  {"month", Part::month},
                                  {"week", Part::week},
                                  {"day", Part::day},
                                  {"month-of-year", Part::month_of_year},
                                  {"day-of-week", Part::day_of_week},
                                  {"hour", Part::hour}};

std::size_t some(Fields& fields, const std::string& name) {
  return static_cast<std::size_t>(fields.whole(name, 1, kMostCharacters).value_or(0));
}

TransformParams read_replace(Fields& fields, PolicyFiles&) {
  const std::optional<std::string> with = fields.text("with");
  if (!with) fields.refuse("with", "needs 'with', the text that each cell becomes");
  return ReplaceParams{with.value_or("")};
}

TransformParams read_us_zip3(Fields& fields, PolicyFiles&) {
  UsZip3Params zip{fields.texts("small")};
  for (const std::string& area : zip.small)
    if (area.size() != 3 || !std::ranges::all_of(area, is_digit))
      fields.refuse("small", "'small' must hold areas of three digits, as in small = [\"036\"]");
  return zip;
}

TransformParams read_mask(Fields& fields, PolicyFiles&) {
  MaskParams mask;
  const std::size_t first = some(fields, "first"), last = some(fields, "last");
  const std::size_t keep_first = some(fields, "keep-first"), keep_last = some(fields, "keep-last");
  mask.keep = keep_first + keep_last > 0;
  if (mask.keep == (first + last > 0))
    fields.refuse("transform",
                  "needs 'first' or 'last', how many are covered, or 'keep-first' or 'keep-last', "
                  "how many stay, and not both kinds");
  mask.first = first + keep_first;
  mask.last = last + keep_last;
  mask.with = fields.text("with").value_or("*");
  if (characters_of(mask.with) != 1) fields.refuse("with", "'with' must be one character");
  mask.skip = fields.text("skip").value_or("");
  return mask;
}

/// What intervals are counted in: neither so fine nor so large that numbers run out of digits.
void check_grid(Fields& fields, const std::string& name, const Decimal& number) {
  // None beyond 10^30 of these units.
  if (number.exponent() < -kFinest || !units_below(number, -kFinest))
    fields.refuse(name, "'" + name + "' must lie within 10^15 and have at most 15 decimals");
}

TransformParams read_bucket(Fields& fields, PolicyFiles&) {
  BucketParams bucket;
  bucket.width = fields.number("width");
  if (bucket.width) {
    if (bucket.width->sign() <= 0) fields.refuse("width", "'width' must be above 0");
    check_grid(fields, "width", *bucket.width);
    bucket.origin = fields.number("origin").value_or(Decimal());
    check_grid(fields, "origin", bucket.origin);
    constexpr Words<bool> kShown[] = {{"interval", false}, {"low", true}};
    bucket.low = fields.word<bool>("show", kShown).value_or(false);
    return bucket;
  }
  bucket.edges = fields.numbers("edges");
  for (const Decimal& edge : bucket.edges) check_grid(fields, "edges", edge);
  bucket.labels = fields.texts("labels");
  if (bucket.edges.empty())
    fields.refuse("edges", "needs 'width', or 'edges', a list of numbers that is not empty");
  if (std::ranges::adjacent_find(bucket.edges, std::greater_equal<>()) != bucket.edges.end())
    fields.refuse("edges", "'edges' must go up");
  if (!bucket.labels.empty() && bucket.labels.size() != bucket.edges.size() + 1)
    fields.refuse("labels", "'labels' must be one more than 'edges'");
  return bucket;
}

TransformParams read_limit(Fields& fields, PolicyFiles&) {
  LimitParams limit;
  limit.lower = fields.number("lower");
  limit.upper = fields.number("upper");
  if (!limit.lower && !limit.upper)
    fields.refuse("transform", "needs 'lower' or 'upper', beyond which numbers are one");
  if (limit.lower) check_grid(fields, "lower", *limit.lower);
  if (limit.upper) check_grid(fields, "upper", *limit.upper);
  if (limit.lower && limit.upper && *limit.lower >= *limit.upper)
    fields.refuse("lower", "'lower' must be below 'upper'");
  if (limit.lower)
    limit.below = fields.text("below").value_or(std::string("<").append(plain_text(*limit.lower)));
  if (limit.upper)
    limit.above = fields.text("above").value_or(std::string(">").append(plain_text(*limit.upper)));
  return limit;
}

TransformParams read_round(Fields& fields, PolicyFiles&) {
  const RoundParams round{fields.needed_number("to")};
  if (round.to.sign() <= 0) fields.refuse("to", "'to' must be above 0");
  check_grid(fields, "to", round.to);
  return round;
}

TransformParams read_date_part(Fields& fields, PolicyFiles&) {
  const std::optional<Part> part = fields.word<Part>("part", kParts);
  if (!part) fields.refuse("part", "needs 'part', as in part = \"year\"");
  DatePartParams date{part.value_or(Part::year)};
  if (const auto earliest = fields.whole("earliest", 1, 9999)) {
    date.earliest = static_cast<int>(*earliest);
    if (date.part != Part::year) fields.refuse("earliest", "'earliest' needs part = \"year\"");
  }
  return date;
}

TransformParams read_hierarchy(Fields& fields, PolicyFiles& files) {
  const std::string file = fields.needed_text("file");
  HierarchyParams hierarchy{files.place_of(file), {}, files.read(file)};
  if (const auto level = fields.whole("level", 1, 100))
    hierarchy.level = static_cast<std::size_t>(*level);
  return hierarchy;
}

TransformParams read_noise(Fields& fields, PolicyFiles&) {
  NoiseParams noise{fields.needed_number("epsilon"), fields.needed_number("lower"),
                    fields.needed_number("upper")};
  constexpr Words<bool> kLaws[] = {{"laplace", false}, {"discrete-laplace", true}};
  noise.whole = fields.word<bool>("law", kLaws).value_or(false);
  if (noise.epsilon.sign() <= 0) fields.refuse("epsilon", "'epsilon' must be above 0");
  if (noise.lower >= noise.upper) fields.refuse("lower", "'lower' must be below 'upper'");
  check_grid(fields, "lower", noise.lower);
  check_grid(fields, "upper", noise.upper);
  if (noise.whole && (noise.lower.exponent() < 0 || noise.upper.exponent() < 0))
    fields.refuse("lower", "'lower' and 'upper' must be whole where the noise is");
  return noise;
}

KeyScope read_key(Fields& fields) {
  KeyScope key{fields.needed_text("domain")};
  if (!is_name(key.domain))
    fields.refuse("domain", "'domain' must have 1 to 100 bytes and no control characters");
  if (const auto version = fields.whole("key-version", 1, KeyRing::kMostVersions))
    key.version = static_cast<unsigned>(*version);
  return key;
}

TransformParams read_date_shift(Fields& fields, PolicyFiles&) {
  DateShiftParams shift{read_key(fields), fields.needed_text("by"),
                        fields.needed_whole("days", 1, 36500)};
  return shift;
}

TransformParams read_choice(Fields& fields, PolicyFiles& files) {
  ChoiceParams choice{read_key(fields), fields.texts("values")};
  if (const std::optional<std::string> file = fields.text("file")) {
    if (!choice.values.empty()) fields.refuse("file", "takes 'values' or 'file', not both");
    choice.values = read_lines(fields, files, *file);
  }
  if (choice.values.size() < 2)
    fields.refuse("values", "needs 'values', a list of at least two texts, or 'file'");
  const std::set<std::string> distinct(choice.values.begin(), choice.values.end());
  if (distinct.size() < choice.values.size())
    fields.refuse("values", "must not list a value twice: it would be chosen twice as often");
  return choice;
}

template <TokenParams::Kind kind>
TransformParams read_token(Fields& fields, PolicyFiles&) {
  return TokenParams{kind, read_key(fields)};
}

const std::string kDigits = "0123456789", kLower = "abcdefghijklmnopqrstuvwxyz",
                  kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::vector<std::string> read_alphabet(Fields& fields) {
  const Words<std::string> words[] = {{"digits", kDigits},
                                      {"lower", kLower},
                                      {"upper", kUpper},
                                      {"letters", kUpper + kLower},
                                      {"alphanumeric", kDigits + kUpper + kLower}};
  const auto named = fields.word<std::string>("alphabet", words);
  const std::optional<std::string> listed = fields.text("characters");
  if (named.has_value() == listed.has_value())
    fields.refuse("alphabet", "needs 'alphabet', as in alphabet = \"digits\", or 'characters'");
  const std::string all = named ? *named : listed.value_or("");
  std::vector<std::string> alphabet;
  for (std::string_view rest = all; !rest.empty();) alphabet.emplace_back(take_character(rest));
  const std::set<std::string> distinct(alphabet.begin(), alphabet.end());
  if (alphabet.size() < 2 || alphabet.size() > 62 || distinct.size() < alphabet.size())
    fields.refuse("characters", "'characters' must be 2 to 62 characters, each once");
  return alphabet;
}

TransformParams read_ff1(Fields& fields, PolicyFiles&) {
  Ff1ColumnParams ff1{read_key(fields), read_alphabet(fields), some(fields, "keep-prefix"),
                      some(fields, "keep-suffix"), fields.text("skip").value_or("")};
  for (const std::string& character : ff1.alphabet)
    if (ff1.skip.find(character) != std::string::npos)
      fields.refuse("skip", "'skip' must hold no character of the alphabet");
  constexpr Words<bool> kChecks[] = {{"luhn", true}};
  ff1.luhn = fields.word<bool>("check-digit", kChecks).value_or(false);
  if (ff1.luhn && fields.text("alphabet") != "digits")
    fields.refuse("check-digit", "'check-digit' needs alphabet = \"digits\"");
  return ff1;
}

struct Reader {
  std::string_view word;
  TransformParams (*read)(Fields& fields, PolicyFiles& files);
};

constexpr Reader kReaders[] = {
    {"keep", [](Fields&, PolicyFiles&) -> TransformParams { return KeepParams{}; }},
    {"drop", [](Fields&, PolicyFiles&) -> TransformParams { return DropParams{}; }},
    {"redact", [](Fields&, PolicyFiles&) -> TransformParams { return RedactParams{}; }},
    {"replace", read_replace},
    {"mask", read_mask},
    {"bucket", read_bucket},
    {"limit", read_limit},
    {"round", read_round},
    {"date-part", read_date_part},
    {"hierarchy", read_hierarchy},
    {"range", [](Fields&, PolicyFiles&) -> TransformParams { return RangeParams{}; }},
    {"noise", read_noise},
    {"date-shift", read_date_shift},
    {"choice", read_choice},
    {"token", read_token<TokenParams::Kind::siv>},
    {"cmac-token", read_token<TokenParams::Kind::cmac>},
    {"hmac-token", read_token<TokenParams::Kind::hmac>},
    {"ff1", read_ff1},
    {"text", read_text},
    {"us-zip3", read_us_zip3},
};

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
  });
}

std::vector<std::string> read_lines(Fields& fields, PolicyFiles& files,
                                    const std::string& file) {
  std::vector<std::string> lines;
  const auto bytes = files.read(file);
  if (!bytes) {
    fields.refuse("file", "'file' cannot be read: name a file of one value a line");
    return lines;
  }
  std::istringstream in(*bytes);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

TransformParams read_transform(Fields& fields, PolicyFiles& files,
                               std::span<const std::string_view> among) {
  std::vector<Words<const Reader*>> words;
  for (const Reader& reader : kReaders)
    if (among.empty() || std::ranges::count(among, reader.word) > 0)
      words.emplace_back(reader.word, &reader);
  const auto reader = fields.word<const Reader*>("transform", words);
  if (!reader) fields.refuse("transform", "needs 'transform', as in transform = \"drop\"");
  return reader ? (*reader)->read(fields, files) : TransformParams(KeepParams{});
}

std::string_view word_of(const TransformParams& transform) {
  constexpr std::string_view kWords[] = {"keep",   "drop",  "redact",     "replace",   "mask",
                                         "bucket", "limit", "round",      "date-part", "hierarchy",
                                         "range",  "noise", "date-shift", "choice",    "token",
                                         "ff1",    "text",  "us-zip3"};
  static_assert(std::size(kWords) == std::variant_size_v<TransformParams>);
  const auto* token = std::get_if<TokenParams>(&transform);
  if (token && token->kind == TokenParams::Kind::cmac) return "cmac-token";
  if (token && token->kind == TokenParams::Kind::hmac) return "hmac-token";
  return kWords[transform.index()];
}

}  // namespace sfumato
