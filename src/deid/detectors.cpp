#include "deid/detectors.h"

#include <algorithm>

#include "deid/reach.h"
#include "deid/reading.h"
#include "sfumato/deid/identifiers.h"

namespace sfumato {
namespace {

bool is_grouped_ssn(std::string_view text) {
  return text.size() > 9 && is_us_ssn(text);
}
bool is_solid_ssn(std::string_view text) {
  return text.size() == 9 && is_us_ssn(text);
}

/// Of the letters and digits that a text begins (ends) with: whether they may be a group of an IPv6 address.
template <class Iterator>
bool is_group(Iterator begin, Iterator end) {
  const auto past = std::find_if_not(begin, end, is_alphanumeric);
  return past != begin && past - begin <= 4 && std::all_of(begin, past, is_hexadecimal);
}

/// Whether an IPv6 address may go on: a letter or digit touches it, or one or two colons and then a group.
template <class Iterator>
bool goes_on(Iterator begin, Iterator end) {
  if (begin != end && is_alphanumeric(*begin)) return true;
  const auto past = std::find_if(begin, end, [](char c) { return c != ':'; });
  return past != begin && past - begin <= 2 && is_group(past, end);
}

bool is_address_apart(std::string_view before, std::string_view behind) {
  return !goes_on(before.rbegin(), before.rend()) && !goes_on(behind.begin(), behind.end());
}

bool is_zone_apart(std::string_view before, std::string_view behind) {
  const auto touches = [](char c) { return is_alphanumeric(c) || c == '<'; };
  return !(before.size() > 0 && touches(before.back())) &&
         !(behind.size() > 0 && touches(behind.front()));
}

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                           kHexadecimal = "abcdefABCDEF", kGroups = ":abcdefABCDEF";

constexpr std::uint32_t bits(std::initializer_list<unsigned> numbers) {
  std::uint32_t all = 0;
  for (const unsigned number : numbers) all |= std::uint32_t{1} << number;
  return all;
}

constexpr std::uint32_t bits_from_to(unsigned low, unsigned high) {
  std::uint32_t all = 0;
  for (unsigned number = low; number <= high; ++number) all |= std::uint32_t{1} << number;
  return all;
}

constexpr DetectorLaw kLaws[] = {
    {Detector::payment_card, "payment-card", is_payment_card, 12, 29, nullptr, bits_from_to(4, 19),
     "", card_reach},
    {Detector::iban, "iban", is_iban, 15, 50, nullptr, 0, kLetters, iban_reach},
    {Detector::us_ssn, "us-ssn", is_grouped_ssn, 11, 13, nullptr, bits({3}), "", grouped_ssn_reach},
    {Detector::us_ssn_solid, "us-ssn-solid", is_solid_ssn, 9, 9, nullptr, bits({9}), "",
     nine_digits_reach},
    {Detector::us_routing_number, "us-routing-number", is_us_routing_number, 9, 9, nullptr,
     bits({9}), "", nine_digits_reach},
    {Detector::chinese_resident_id, "chinese-resident-id", is_chinese_resident_id, 18, 18, nullptr,
     bits({17, 18}), "", chinese_resident_id_reach},
    // 138…, 86 138…, 0086 138…, with or without separators
    {Detector::chinese_mobile, "chinese-mobile", is_chinese_mobile, 11, 21, nullptr,
     bits({3, 11, 2, 5, 13, 4, 7, 15}), "+", chinese_mobile_reach},
    {Detector::email, "email", is_email, 6, 254, nullptr, 0, "", nullptr},
    {Detector::ipv4, "ipv4", is_ipv4, 7, 15, nullptr, bits({1, 2, 3}), "", ipv4_reach},
    {Detector::ipv6, "ipv6", is_ipv6, 3, 45, is_address_apart, bits_from_to(1, 4), kGroups,
     ipv6_reach},
    {Detector::mac_address, "mac-address", is_mac_address, 14, 17, nullptr, bits_from_to(1, 4),
     kHexadecimal, mac_address_reach},
    {Detector::machine_readable_zone, "machine-readable-zone", is_machine_readable_zone, 73, 98,
     is_zone_apart, 0, "", nullptr},
    // 1-NXX…, NXX…, and 00 with 7 to 15 digits
    {Detector::phone, "phone", is_phone_number, 8, 40, nullptr, bits({1}) | bits_from_to(3, 17),
     "+(", phone_reach},
};

}  // namespace

const DetectorLaw& law_of(Detector detector) noexcept {
  return kLaws[static_cast<std::size_t>(detector)];
}

std::span<const DetectorLaw> detector_laws() noexcept {
  return kLaws;
}

bool is_found(const DetectorLaw& law, std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t size = end - begin;
  if (size < law.least || size > law.most || !stands_apart(text, begin, end)) return false;
  if (law.apart && !law.apart(text.substr(0, begin), text.substr(end))) return false;
  return law.accepts(text.substr(begin, size));
}

}  // namespace sfumato
