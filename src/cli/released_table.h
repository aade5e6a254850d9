#pragma once

#include <string>

namespace sfumato {

/// Stored bytes of a release as an HTML table, with the names that its plan gives to columns; in hexadecimal
/// where another program than `sfumato query` stored them. Of many rows or bytes the first are shown, and
/// how many there are is said.
std::string released_table(const std::string& bytes, const std::string& plan);

}  // namespace sfumato
