#include "sfumato/deid/text_finder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include "deid/address_characters.h"
#include "deid/candidate_places.h"
#include "deid/detectors.h"
#include "deid/pattern_finder.h"
#include "deid/reading.h"
#include "deid/region_phones.h"
#include "deid/word_list.h"

namespace sfumato {
namespace {

/// Whether one finding is taken before another.
bool is_before(const Finding& a, const Finding& b) {
  if (a.begin != b.begin) return a.begin < b.begin;
  return a.end != b.end ? a.end > b.end : a.by < b.by;
}

/// A detector that is looked for, and its place in the list.
struct Wanted {
  const DetectorLaw* law;
  std::size_t by;
};

/// Those that are looked for wherever one may begin.
class FormFinder {
 public:
  explicit FormFinder(const std::vector<Wanted>& wanted) {
    for (const Wanted& one : wanted) {
      for (std::size_t digits = 1; digits <= kMostFirstDigits; ++digits)
        if (one.law->digits >> digits & 1) by_digits_[digits].push_back(one);
      for (const char first : one.law->first)
        by_first_[static_cast<unsigned char>(first)].push_back(one);
    }
  }

  void begin(std::string_view text) { mark_candidates(text, candidates_); }

  /// The first that begins at `from` or behind it: the longest that begins there.
  Finding next(std::string_view text, std::size_t from) const {
    std::uint64_t passed = (std::uint64_t{1} << from % 64) - 1;
    for (std::size_t i = from / 64; i < candidates_.size(); ++i, passed = 0)
      for (std::uint64_t left = candidates_[i] & ~passed; left != 0; left &= left - 1)
        if (const Finding found =
                longest(text, i * 64 + static_cast<std::size_t>(std::countr_zero(left)));
            found.by != kNoFinding.by)
          return found;
    return kNoFinding;
  }

 private:
  const std::vector<Wanted>& beginning_with(std::string_view text) const {
    std::size_t digits = 0;
    while (digits < kMostFirstDigits && digits < text.size() && is_digit(text[digits])) ++digits;
    return digits > 0 ? by_digits_[digits] : by_first_[static_cast<unsigned char>(text[0])];
  }

  /// Of what begins here the longest, of equals the first wanted.
  Finding longest(std::string_view text, std::size_t begin) const {
    const std::vector<Wanted>& wanted = beginning_with(text.substr(begin));
    Finding found = kNoFinding;
    if (wanted.empty() || is_within_word(text, begin)) return found;
    std::size_t size = 0;
    for (const Wanted& one : wanted) {
      // One byte more than it can have shows whether it ends there.
      const std::size_t reach = one.law->reach(text.substr(begin, one.law->most + 1));
      const std::size_t least = std::max(one.law->least, size + 1);
      for (std::size_t end = begin + std::min(reach, one.law->most); end >= begin + least; --end) {
        if (is_within_word(text, end)) continue;
        if (one.law->apart && !one.law->apart(text.substr(0, begin), text.substr(end))) continue;
        if (!one.law->accepts(text.substr(begin, end - begin))) continue;
        size = end - begin;
        found = {begin, end, one.by, false};
        break;
      }
    }
    return found;
  }

  std::array<std::vector<Wanted>, kMostFirstDigits + 1> by_digits_;
  std::array<std::vector<Wanted>, 256> by_first_;  // of those that begin with no digit
  std::vector<std::uint64_t> candidates_;
};

/// Addresses for mail, by their `@`: for each place where one begins, the longest.
class MailFinder {
 public:
  explicit MailFinder(Wanted wanted) : wanted_(wanted) {}

  void begin(std::string_view text) {
    found_.clear();
    for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1))
      around(text, at);
  }

  Finding next(std::string_view, std::size_t from) const {
    const auto found = std::ranges::lower_bound(found_, from, {}, &Finding::begin);
    return found == found_.end() ? kNoFinding : *found;
  }

 private:
  static constexpr std::size_t kMostBefore = 64, kMostBehind = 253;

  /// Bytes above 0x7F may be of a letter.
  static bool is_local(char c) { return c == '.' || is_atom(c) || static_cast<signed char>(c) < 0; }
  static bool is_of_domain(char c) {
    return c == '.' || c == '-' || is_digit(c) || is_ascii_letter(c) ||
           static_cast<signed char>(c) < 0;
  }

  /// Each side is judged by itself, so that no pair of ends is tried but where both are good.
  void around(std::string_view text, std::size_t at) {
    std::size_t low = at, high = at + 1;
    while (low > 0 && at - low < kMostBefore && is_local(text[low - 1])) --low;
    while (high < text.size() && high - at <= kMostBehind && is_of_domain(text[high])) ++high;
    ends_.clear();
    for (std::size_t end = high; end > at + 1; --end)
      if (!is_within_word(text, end) && is_mail_domain(text.substr(at + 1, end - at - 1)))
        ends_.push_back(end);
    if (ends_.empty()) return;
    for (std::size_t begin = low; begin < at; ++begin) {
      if (is_within_word(text, begin) || !is_mail_local(text.substr(begin, at - begin))) continue;
      const auto end = std::ranges::find_if(
          ends_, [&](std::size_t place) { return is_found(*wanted_.law, text, begin, place); });
      if (end != ends_.end()) found_.push_back({begin, *end, wanted_.by, false});
    }
  }

  Wanted wanted_;
  std::vector<std::size_t> ends_;  // of good domains, the longest first
  std::vector<Finding> found_;
};

/// The lines of travel documents, by the length of the first; none lacks a filler.
class ZoneFinder {
 public:
  explicit ZoneFinder(Wanted wanted) : wanted_(wanted) {}

  Finding next(std::string_view text, std::size_t from) const {
    const std::size_t filler = text.find('<', from);
    if (filler == text.npos) return kNoFinding;
    std::size_t begin = filler < from + wanted_.law->most ? from : filler - wanted_.law->most;
    while (begin < text.size()) {
      std::size_t end = begin;
      while (end < text.size() && is_printed(text[end])) ++end;
      if (const std::size_t line = end - begin; line == 44 || line == 36 || line == 30)
        if (const Finding found = at(text, begin); found.by != kNoFinding.by) return found;
      begin = end + 1;
    }
    return kNoFinding;
  }

 private:
  static bool is_printed(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || c == '<'; }

  Finding at(std::string_view text, std::size_t begin) const {
    for (std::size_t size = wanted_.law->most; size >= wanted_.law->least; --size)
      if (begin + size <= text.size() && is_found(*wanted_.law, text, begin, begin + size))
        return {begin, begin + size, wanted_.by, false};
    return kNoFinding;
  }

  Wanted wanted_;
};

/// The words of a dictionary, found at once in a text.
class DictionaryFinder {
 public:
  DictionaryFinder(std::shared_ptr<const WordList> words, bool ignore_case, std::size_t by)
      : words_(std::move(words)), ignore_case_(ignore_case), by_(by) {}

  void begin(std::string_view text) {
    found_.clear();
    folded_ = text;
    if (ignore_case_) fold_case(folded_);
    const std::vector<std::size_t> places = squeeze(folded_);
    words_->find(folded_, found_);
    if (places.empty()) return;
    for (WordFound& word : found_) word = {places[word.begin], places[word.end - 1] + 1};
  }

  Finding next(std::string_view, std::size_t from) const {
    const auto found = std::ranges::lower_bound(found_, from, {}, &WordFound::begin);
    return found == found_.end() ? kNoFinding : Finding{found->begin, found->end, by_, false};
  }

 private:
  std::shared_ptr<const WordList> words_;
  bool ignore_case_;
  std::size_t by_;
  std::string folded_;
  std::vector<WordFound> found_;
};

/// Without the white space at its ends, of which nobody sees that a line has it.
std::string_view trimmed(std::string_view word) {
  while (!word.empty() && is_blank(word.front())) word.remove_prefix(1);
  while (!word.empty() && is_blank(word.back())) word.remove_suffix(1);
  return word;
}

/// The words as they will be met.
Result<std::vector<std::string>> words_of(const Dictionary& dictionary) {
  if (dictionary.words.empty())
    return Error{Errc::invalid_parameter, dictionary.name, "needs words to look for"};
  std::vector<std::string> words;
  Reading reading;
  for (const std::string& word : dictionary.words) {
    if (!reading.read(word) || trimmed(reading.characters()).empty())
      return Error{Errc::invalid_parameter, dictionary.name,
                   "must hold words in UTF-8, none of them empty or blank"};
    words.emplace_back(trimmed(reading.characters()));
    (void)squeeze(words.back());
    if (dictionary.ignore_case) fold_case(words.back());
  }
  return words;
}

}  // namespace

class TextFinder::Work {
 public:
  explicit Work(std::span<const Detector> detectors)
      : detectors_(detectors.begin(), detectors.end()) {
    std::vector<Wanted> with_forms;
    for (std::size_t by = 0; by < detectors.size(); ++by) {
      const Wanted wanted = {&law_of(detectors[by]), by};
      if (detectors[by] == Detector::email)
        mails_.emplace(wanted);
      else if (detectors[by] == Detector::machine_readable_zone)
        zones_.emplace(wanted);
      else
        with_forms.push_back(wanted);
    }
    if (!with_forms.empty()) forms_.emplace(with_forms);
  }

  Work(const Work& other) : Work(other.detectors_) {
    dictionaries_ = other.dictionaries_;
    region_ = other.region_;
    for (const PatternFinder& pattern : other.patterns_) patterns_.push_back(pattern.copy());
  }

  void add(DictionaryFinder dictionary) { dictionaries_.push_back(std::move(dictionary)); }
  void add(RegionPhones region) { region_.emplace(std::move(region)); }
  void add(PatternFinder pattern) { patterns_.push_back(std::move(pattern)); }

  bool find(std::string_view text, std::vector<Finding>& found) {
    read_.clear();
    if (!reading_.read(text)) return false;
    const std::string_view characters = reading_.characters();
    std::vector<Finding>& next = next_;
    next.clear();
    each([&](auto& finder) {
      if constexpr (requires { finder.begin(characters); }) finder.begin(characters);
      next.push_back(finder.next(characters, 0));
    });
    while (!next.empty()) {
      Finding first = *std::ranges::min_element(next, is_before);
      if (first.by == kNoFinding.by) break;
      while (grow(first, next)) {
      }
      read_.push_back(characters.substr(first.begin, first.end - first.begin));
      found.push_back(
          {reading_.place(first.begin), reading_.place(first.end), first.by, first.joined});
    }
    return true;
  }

  std::string_view as_read(std::size_t i) const { return read_[i]; }

 private:
  /// Takes what begins within a finding, too, and goes on behind its beginning: whether the finding grew by it.
  bool grow(Finding& first, std::vector<Finding>& next) {
    const std::size_t end = first.end;
    std::size_t i = 0;
    each([&](const auto& finder) {
      for (; next[i].begin < first.end;
           next[i] = finder.next(reading_.characters(), next[i].begin + 1))
        first.end = std::max(first.end, next[i].end);
      ++i;
    });
    first.joined = first.joined || first.end > end;
    return first.end > end;
  }

  template <class Function>
  void each(Function function) {
    if (forms_) function(*forms_);
    if (mails_) function(*mails_);
    if (zones_) function(*zones_);
    if (region_) function(*region_);
    for (DictionaryFinder& dictionary : dictionaries_) function(dictionary);
    for (const PatternFinder& pattern : patterns_) function(pattern);
  }

  std::vector<Detector> detectors_;
  std::optional<FormFinder> forms_;
  std::optional<MailFinder> mails_;
  std::optional<ZoneFinder> zones_;
  std::optional<RegionPhones> region_;
  std::vector<DictionaryFinder> dictionaries_;
  std::vector<PatternFinder> patterns_;
  Reading reading_;
  std::vector<Finding> next_;
  std::vector<std::string_view> read_;
};

TextFinder::TextFinder(std::unique_ptr<Work> work) noexcept : work_(std::move(work)) {}
TextFinder::TextFinder(TextFinder&&) noexcept = default;
TextFinder& TextFinder::operator=(TextFinder&&) noexcept = default;
TextFinder::~TextFinder() = default;

Result<TextFinder> TextFinder::make(std::span<const Detector> detectors,
                                    std::span<const Dictionary> dictionaries,
                                    std::span<const Pattern> patterns,
                                    const std::optional<std::string>& region) {
  auto work = std::make_unique<Work>(detectors);
  if (region) {
    const auto phone = std::ranges::find(detectors, Detector::phone);
    if (phone == detectors.end())
      return Error{Errc::invalid_parameter, "region",
                   "says how phone numbers are dialled: phone must be among the detectors"};
    Result<RegionPhones> made =
        RegionPhones::make(*region, static_cast<std::size_t>(phone - detectors.begin()));
    if (!made) return std::move(made).error();
    work->add(*std::move(made));
  }
  std::size_t by = detectors.size();
  for (const Dictionary& dictionary : dictionaries) {
    Result<std::vector<std::string>> words = words_of(dictionary);
    if (!words) return std::move(words).error();
    auto list = std::make_shared<const WordList>(*std::move(words), dictionary.whole);
    work->add({std::move(list), dictionary.ignore_case, by++});
  }
  for (const Pattern& pattern : patterns) {
    Result<PatternFinder> made = PatternFinder::make(pattern, by++);
    if (!made) return std::move(made).error();
    work->add(*std::move(made));
  }
  return TextFinder(std::move(work));
}

TextFinder TextFinder::copy() const {
  return TextFinder(std::make_unique<Work>(*work_));
}

bool TextFinder::find(std::string_view text, std::vector<Finding>& found) {
  return work_->find(text, found);
}

std::string_view TextFinder::as_read(std::size_t i) const {
  return work_->as_read(i);
}

}  // namespace sfumato
