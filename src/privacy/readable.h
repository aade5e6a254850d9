#pragma once

#include <string>

namespace sfumato {

/// The shortest text that reads back as `value`: "0.1", "nan", "inf", "-inf".
///
/// For messages about parameters, which the caller chose. What stems from a person's data is never
/// written into a message.
std::string readable(double value);

}  // namespace sfumato
