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

constexpr DetectorLaw kLaws[] = {
    {Detector::payment_card, "payment-card", is_payment_card, 12, 24, "",
     R"(\d{12,19}|\d{4,16}(?:[ -]\d{3,15}){1,5})", nullptr},
    {Detector::iban, "iban", is_iban, 15, 42, "",
     R"([A-Za-z]{2}\d\d(?:[0-9A-Za-z]{11,30}|(?: [0-9A-Za-z]{4}){2,7}(?: [0-9A-Za-z]{1,4})?))",
     nullptr},
    {Detector::us_ssn, "us-ssn", is_grouped_ssn, 11, 11, "", R"(\d{3}[ -]\d\d[ -]\d{4})", nullptr},
    {Detector::us_ssn_solid, "us-ssn-solid", is_solid_ssn, 9, 9, "", R"(\d{9})", nullptr},
    {Detector::us_routing_number, "us-routing-number", is_us_routing_number, 9, 9, "",
     R"([0-3678]\d{8})", nullptr},
    {Detector::chinese_resident_id, "chinese-resident-id", is_chinese_resident_id, 18, 18, "",
     R"([1-8]\d{16}[0-9Xx])", nullptr},
    {Detector::chinese_mobile, "chinese-mobile", is_chinese_mobile, 11, 18, "",
     R"((?:(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4})",
     R"(\+86[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4})"},
    {Detector::email, "email", is_email, 6, 254, "", nullptr, nullptr},
    {Detector::ipv4, "ipv4", is_ipv4, 7, 15, "", R"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})", nullptr},
    {Detector::ipv6, "ipv6", is_ipv6, 3, 45, ":",
     R"([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:\.\d{1,3}){0,3})", nullptr},
    {Detector::mac_address, "mac-address", is_mac_address, 14, 17, "",
     R"([0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})",
     nullptr},
    {Detector::machine_readable_zone, "machine-readable-zone", is_machine_readable_zone, 73, 94,
     "<", nullptr, nullptr},
    {Detector::phone, "phone", is_phone_number, 8, 40, "",
     R"(00[1-9](?:[ ./()-]{0,2}\d){6,15}|(?:1[ .-])?(?:\d{3}|\(\d{3}\))[ .-]?\d{3}[ .-]\d{4})",
     R"(\+[1-9](?:[ ./()-]{0,2}\d){6,15}|\(\d{3}\)[ .-]?\d{3}[ .-]\d{4})"},
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
  if (!law.apart.empty()) {
    const auto touches = [&](char c) {
      return is_alphanumeric(c) || law.apart.find(c) != law.apart.npos;
    };
    if (begin > 0 && touches(text[begin - 1])) return false;
    if (end < text.size() && touches(text[end])) return false;
  }
  return law.accepts(text.substr(begin, size));
}

}  // namespace sfumato
