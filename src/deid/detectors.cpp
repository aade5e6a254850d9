#include "deid/detectors.h"

#include <algorithm>

#include "deid/reading.h"
#include "sfumato/deid/identifiers.h"

namespace sfumato {
namespace {

bool is_grouped_ssn(std::string_view text) {
  return text.size() == 11 && is_us_ssn(text);
}
bool is_solid_ssn(std::string_view text) {
  return text.size() == 9 && is_us_ssn(text);
}

bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
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

constexpr DetectorLaw kLaws[] = {
    {Detector::payment_card, "payment-card", is_payment_card, 12, 24, nullptr,
     R"(\d{12,19}|\d{4,16}(?:[ .-]\d{3,15}){1,5})", nullptr},
    {Detector::iban, "iban", is_iban, 15, 42, nullptr,
     R"([A-Za-z]{2}\d\d(?:[0-9A-Za-z]{11,30}|(?:[ -][0-9A-Za-z]{4}){2,7}(?:[ -][0-9A-Za-z]{1,4})?))",
     nullptr},
    {Detector::us_ssn, "us-ssn", is_grouped_ssn, 11, 11, nullptr, R"(\d{3}[ -]\d\d[ -]\d{4})",
     nullptr},
    {Detector::us_ssn_solid, "us-ssn-solid", is_solid_ssn, 9, 9, nullptr, R"(\d{9})", nullptr},
    {Detector::us_routing_number, "us-routing-number", is_us_routing_number, 9, 9, nullptr,
     R"([0-3678]\d{8})", nullptr},
    {Detector::chinese_resident_id, "chinese-resident-id", is_chinese_resident_id, 18, 18, nullptr,
     R"([1-8]\d{16}[0-9Xx])", nullptr},
    {Detector::chinese_mobile, "chinese-mobile", is_chinese_mobile, 11, 18, nullptr,
     R"((?:(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4})",
     R"(\+86[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4})"},
    {Detector::email, "email", is_email, 6, 254, nullptr, nullptr, nullptr},
    {Detector::ipv4, "ipv4", is_ipv4, 7, 15, nullptr, R"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})",
     nullptr},
    {Detector::ipv6, "ipv6", is_ipv6, 3, 45, is_address_apart,
     R"([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:\.\d{1,3}){0,3})", nullptr},
    {Detector::mac_address, "mac-address", is_mac_address, 14, 17, nullptr,
     R"([0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})",
     nullptr},
    {Detector::machine_readable_zone, "machine-readable-zone", is_machine_readable_zone, 73, 94,
     is_zone_apart, nullptr, nullptr},
    {Detector::phone, "phone", is_phone_number, 8, 40, nullptr,
     R"(00[1-9](?:[ ./()-]{0,3}\d){6,15}|(?:1[ .-])?(?:\d{3}|\(\d{3}\))[ .-]?\d{3}[ .-]\d{4})",
     R"(\(?\+[1-9](?:[ ./()-]{0,3}\d){6,15}|\(00[1-9](?:[ ./()-]{0,3}\d){6,15}|\(\d{3}\)[ .-]?\d{3}[ .-]\d{4})"},
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
