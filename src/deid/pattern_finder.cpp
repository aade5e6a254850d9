#include "deid/pattern_finder.h"

#include <re2/re2.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "deid/check_digits.h"
#include "deid/detectors.h"
#include "deid/reading.h"
#include "deid/word_list.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMemory = 8 << 20;  // for an expression, and the states that it has met
constexpr std::size_t kLongest = 300;      // bytes of a finding
constexpr std::size_t kWindow = 2048;      // in which one is looked for, so that the time is linear
constexpr std::size_t kContext = 60;       // bytes on either side

re2::RE2::Options options() {
  re2::RE2::Options options;
  options.set_longest_match(true);
  options.set_never_capture(true);
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  return options;
}

/// Whether no character is cut in two here.
bool is_boundary(std::string_view text, std::size_t place) {
  return place == text.size() || (static_cast<unsigned char>(text[place]) & 0xC0) != 0x80;
}

/// Letters and digits of ASCII, letters as capitals.
std::string letters_and_digits(std::string_view text) {
  std::string solid;
  for (const char c : text)
    if (is_alphanumeric(c)) solid += capital(c);
  return solid;
}

std::vector<std::uint8_t> digits_of(std::string_view text) {
  std::vector<std::uint8_t> digits;
  for (const char c : text)
    if (is_digit(c)) digits.push_back(static_cast<std::uint8_t>(c - '0'));
  return digits;
}

bool passes(std::optional<Validator> validator, std::string_view text) {
  if (!validator) return true;
  const std::string solid = letters_and_digits(text);
  switch (*validator) {
    case Validator::luhn: {
      const std::vector<std::uint8_t> digits = digits_of(text);
      return digits.size() > 1 && passes_luhn(digits);
    }
    case Validator::mod_97:
      return solid.size() > 2 && modulo_97(solid) == 1;
    case Validator::mod_11_2:
      break;
  }
  if (solid.size() < 2) return false;
  const std::string_view number = std::string_view(solid).substr(0, solid.size() - 1);
  return std::ranges::all_of(number, is_digit) && mod_11_2_of(digits_of(number)) == solid.back();
}

/// A text that grows: what `passes` says of it, without a look at what stood before.
class Beginning {
 public:
  void take(char c) {
    if (!is_alphanumeric(c)) return;
    const char letter = capital(c);
    const unsigned check = (12 - rest_of_11_) % 11;  // of what stood before, by MOD 11-2
    checked_ = size_ > 0 && digits_ == size_ &&
               letter == (check == 10 ? 'X' : static_cast<char>('0' + check));
    rest_of_97_ = modulo_97(std::string_view(&letter, 1), rest_of_97_);
    ++size_;
    if (!is_digit(c)) return;
    ++digits_;
    const auto digit = static_cast<unsigned>(c - '0');
    const unsigned twice = digit * 2 - (digit > 4 ? 9 : 0);
    std::tie(sum_, other_sum_) = std::pair(other_sum_ + digit, sum_ + twice);
    rest_of_11_ = (rest_of_11_ + digit) * 2 % 11;
  }

  bool passes(Validator validator) const {
    if (validator == Validator::luhn) return digits_ > 1 && sum_ % 10 == 0;
    if (validator == Validator::mod_97) return size_ > 2 && rest_of_97_ == 1;
    return checked_;
  }

 private:
  std::size_t size_ = 0, digits_ = 0;       // of letters and digits
  unsigned sum_ = 0, other_sum_ = 0;        // Luhn's, with the last digit as it is, and doubled
  unsigned rest_of_97_ = 0, rest_of_11_ = 0;
  bool checked_ = false;
};

/// Where a text may end to satisfy a validator.
std::vector<bool> passing_ends(std::optional<Validator> validator, std::string_view text) {
  std::vector<bool> ends(text.size() + 1, !validator);
  Beginning beginning;
  for (std::size_t i = 0; validator && i < text.size(); ++i) {
    beginning.take(text[i]);
    ends[i + 1] = beginning.passes(*validator);
  }
  return ends;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

PatternFinder::PatternFinder(Pattern pattern, std::size_t by)
    : pattern_(std::move(pattern)),
      by_(by),
      expression_(std::make_unique<re2::RE2>(pattern_.regex, options())) {}
PatternFinder::PatternFinder(PatternFinder&&) noexcept = default;
PatternFinder& PatternFinder::operator=(PatternFinder&&) noexcept = default;
PatternFinder::~PatternFinder() = default;

PatternFinder PatternFinder::copy() const {
  return {pattern_, by_};
}

Result<PatternFinder> PatternFinder::make(Pattern pattern, std::size_t by) {
  for (std::string& word : pattern.context) {
    Reading reading;
    if (!reading.read(word) || reading.characters().empty())
      return Error{Errc::invalid_parameter, pattern.name,
                   "must have words in UTF-8 as its context, none of them empty"};
    word = reading.characters();
    (void)squeeze(word);
    fold_case(word);
  }
  const std::string name = pattern.name;
  PatternFinder made(std::move(pattern), by);
  if (!made.expression_->ok()) {
    std::string why = made.expression_->error();
    std::ranges::replace_if(
        why, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return Error{Errc::invalid_parameter, name, "must be an expression that RE2 takes: " + why};
  }
  if (made.expression_->Match("", 0, 0, re2::RE2::ANCHOR_BOTH, nullptr, 0))
    return Error{Errc::invalid_parameter, name, "must not match the empty text"};
  return made;
}

bool PatternFinder::has_context(std::string_view text, std::size_t begin, std::size_t end) const {
  if (pattern_.context.empty()) return true;
  const std::size_t low = begin - std::min(begin, kContext);
  std::string around(text.substr(low, end - low + kContext));
  const std::vector<std::size_t> places = squeeze(around);
  const auto place = [&](std::size_t i) { return low + (places.empty() ? i : places[i]); };
  fold_case(around);
  return std::ranges::any_of(pattern_.context, [&](const std::string& word) {
    for (std::size_t at = around.find(word); at != around.npos; at = around.find(word, at + 1)) {
      const std::size_t first = place(at), past = place(at + word.size() - 1) + 1;
      if ((past <= begin || first >= end) && stands_apart(text, first, past)) return true;
    }
    return false;
  });
}

bool PatternFinder::is_accepted(std::string_view text, std::size_t begin, std::size_t end) const {
  return is_boundary(text, begin) && is_boundary(text, end) &&
         (!pattern_.whole || stands_apart(text, begin, end)) &&
         passes(pattern_.validator, text.substr(begin, end - begin)) &&
         has_context(text, begin, end);
}

bool PatternFinder::is_found(std::string_view text, std::size_t begin, std::size_t end) const {
  return begin < end && end - begin <= kLongest &&
         expression_->Match(piece(text), begin, end, re2::RE2::ANCHOR_BOTH, nullptr, 0) &&
         is_accepted(text, begin, end);
}

/// Of what begins here the longest; `begin` where nothing does.
std::size_t PatternFinder::longest_end(std::string_view text, std::size_t begin) const {
  if (!is_boundary(text, begin) || (pattern_.whole && is_within_word(text, begin))) return begin;
  const std::vector<bool> ends = passing_ends(pattern_.validator, text.substr(begin, kLongest));
  for (std::size_t reach = begin + ends.size() - 1; reach > begin; --reach) {
    if (!ends[reach - begin] || (pattern_.whole && is_within_word(text, reach))) continue;
    re2::StringPiece match;
    if (!expression_->Match(piece(text), begin, reach, re2::RE2::ANCHOR_START, &match, 1))
      return begin;
    const std::size_t end = begin + match.size();
    if (end == begin) return begin;
    if (is_accepted(text, begin, end)) return end;
    reach = end;
  }
  return begin;
}

Finding PatternFinder::next(std::string_view text, std::size_t from) const {
  while (from < text.size()) {
    const std::size_t past = std::min(from + kWindow, text.size());
    // What begins before this ends within the window.
    const std::size_t decided = past == text.size() ? past : past - kLongest + 1;
    re2::StringPiece match;
    const bool any = expression_->Match(piece(text), from, past, re2::RE2::UNANCHORED, &match, 1);
    const std::size_t begin = any ? static_cast<std::size_t>(match.data() - text.data()) : past;
    if (begin >= decided) {
      from = decided;
      continue;
    }
    if (const std::size_t end = longest_end(text, begin); end > begin)
      return {begin, end, by_, false};
    from = begin + 1;
  }
  return kNoFinding;
}

}  // namespace sfumato
