#include "deid/detectors.h"
#include "deid/region_phones.h"

namespace sfumato {

Result<RegionPhones> RegionPhones::make(std::string, std::size_t) {
  return Error{Errc::unsupported, "region",
               "needs libphonenumber, which this was built without: build it with "
               "-DSFUMATO_PHONENUMBERS=ON, or leave the region out"};
}

void RegionPhones::begin(std::string_view) {}

Finding RegionPhones::next(std::string_view, std::size_t) const {
  return kNoFinding;
}

}  // namespace sfumato
