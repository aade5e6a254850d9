#include "deid/region_phones.h"

#include <phonenumbers/phonenumbermatch.h>
#include <phonenumbers/phonenumbermatcher.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "deid/detectors.h"
#include "deid/digit_groups.h"
#include "deid/reading.h"

namespace sfumato {
namespace {

using i18n::phonenumbers::PhoneNumberMatch;
using i18n::phonenumbers::PhoneNumberMatcher;
using i18n::phonenumbers::PhoneNumberUtil;

// The library's search copies what is left of a text for each number that may be there: its time is the square of the text's. So
// it is shown what lies around digits alone, and of many digits a window after the other, each half over the one before:
// a number, which has 17 digits and an extension of 20 at most, lies within one of them.
constexpr std::size_t kAround =
    48;  // bytes that it may have between two digits, or looks at beside them
constexpr std::size_t kWindow = 1024;
constexpr int kAll = std::numeric_limits<int>::max();
constexpr std::size_t kBetween =
    5;  // within how many bytes digits before a place keep the library from beginning there

/// The first byte of the character that a place is in.
std::size_t first_of(std::string_view text, std::size_t place) {
  while (place < text.size() && place > 0 &&
         (static_cast<unsigned char>(text[place]) & 0xC0) == 0x80)
    --place;
  return place;
}

std::size_t next_digit(std::string_view text, std::size_t from) {
  while (from < text.size() && !is_digit(text[from])) ++from;
  return from;
}

std::size_t end_of_digits(std::string_view text, std::size_t from) {
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

bool is_lead(char c) {
  return c == '+' || c == '(';
}

/// Of the first of some digits: whether a number may begin there. One digit between spaces is no beginning: rows of figures
/// would take ten times as long.
bool is_first(std::string_view text, std::size_t digit) {
  if (digit > 0 && is_lead(text[digit - 1])) return true;
  return (digit == 0 || text[digit - 1] == ' ') && end_of_digits(text, digit) > digit + 1;
}

bool has_digits_before(std::string_view text, std::size_t digit) {
  const std::string_view before =
      text.substr(digit - std::min(digit, kBetween), std::min(digit, kBetween));
  return std::ranges::any_of(before, is_digit);
}

bool is_earlier(const Finding& a, const Finding& b) {
  return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
}

}  // namespace

Result<RegionPhones> RegionPhones::make(std::string region, std::size_t by) {
  std::set<std::string> regions;
  PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
  if (!regions.contains(region))
    return Error{Errc::invalid_parameter, "region",
                 "must be two capital letters of ISO 3166-1 that libphonenumber knows, as in DE"};
  return RegionPhones(std::move(region), by);
}

void RegionPhones::begin(std::string_view text) {
  found_.clear();
  for (std::size_t digit = next_digit(text, 0); digit < text.size();) {
    const std::size_t low = digit - std::min(digit, kAround);
    std::size_t last = digit;
    for (; digit < text.size() && digit - last <= kAround; digit = next_digit(text, digit + 1))
      last = digit;
    const std::size_t high = std::min(text.size(), last + kAround);
    for (std::size_t begin = low; begin == low || begin + kWindow / 2 < high; begin += kWindow / 2)
      search(text, first_of(text, begin), first_of(text, std::min(high, begin + kWindow)), kAll);
  }
  std::ranges::sort(found_, is_earlier);
  std::size_t behind = 0;
  const std::vector<Finding> known = found_;
  for (const Finding& one : known) {
    if (one.begin > behind) search_again(text, behind, one.begin, false);
    behind = std::max(behind, one.end);
  }
  search_again(text, behind, text.size(), false);
  std::ranges::sort(found_, is_earlier);
}

/// The library takes digits that go on for one number, so that of a date and a number behind it, or of two numbers, it finds
/// none. Where nothing was found it is asked again from each group of digits that has others before it, or from `each` there
/// is; and, where it finds one then, of what stands before that.
void RegionPhones::search_again(std::string_view text, std::size_t low, std::size_t high,
                                bool each) {
  for (std::size_t digit = next_digit(text, low); digit < high;) {
    if (is_first(text, digit) && (each || has_digits_before(text, digit))) {
      const std::size_t begin = digit - (digit > low && is_lead(text[digit - 1]) ? 1 : 0);
      const std::size_t count = found_.size();
      search(text, begin, first_of(text, std::min(high, begin + 2 * kAround)), 1);
      if (found_.size() > count) {
        const Finding found = found_[count];
        search_again(text, std::max(low, found.begin - std::min(found.begin, 2 * kAround)),
                     found.begin, true);
        low = found.end;
        digit = next_digit(text, low);
        continue;
      }
    }
    digit = next_digit(text, end_of_digits(text, digit));
  }
}

void RegionPhones::search(std::string_view text, std::size_t low, std::size_t high, int tries) {
  PhoneNumberMatcher matcher(*PhoneNumberUtil::GetInstance(),
                             std::string(text.substr(low, high - low)), region_,
                             PhoneNumberMatcher::VALID, tries);
  for (PhoneNumberMatch match; matcher.HasNext() && matcher.Next(&match);) {
    const std::size_t begin = low + static_cast<std::size_t>(match.start());
    const std::size_t end = begin + static_cast<std::size_t>(match.length());
    if (stands_apart(text, begin, end)) found_.push_back({begin, end, by_, false});
  }
}

Finding RegionPhones::next(std::string_view, std::size_t from) const {
  const auto found = std::ranges::lower_bound(found_, from, {}, &Finding::begin);
  return found == found_.end() ? kNoFinding : *found;
}

}  // namespace sfumato
