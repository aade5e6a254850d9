#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/directed.h"

namespace sfumato {

// Numbers are written here, not by a library: decimals keep the digits that were asked for, and doubles
// have the shortest ones.

/// A member of an object: its name as it is, its value as JSON.
struct JsonField {
  std::string name, value;
};

/// `text` quoted; in ASCII where it could steer a terminal.
std::string json_text(std::string_view text);

/// The shortest number that reads back as x; infinity is "inf", quoted.
std::string json_number(double x);

std::string json_bounds(const Bounds& bounds);  ///< an object of lower and upper

std::string json_object(const std::vector<JsonField>& fields);    ///< on one line
std::string json_document(const std::vector<JsonField>& fields);  ///< a line for each field

}  // namespace sfumato
