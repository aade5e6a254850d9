#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/hexadecimal.h"
#include "sfumato/keys/secret.h"
#include "support/source_path.h"

namespace sfumato {

inline std::string bytes_of(std::string_view digits) {
  std::string lower(digits);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
  std::vector<unsigned char> bytes(lower.size() / 2);
  EXPECT_TRUE(read_hexadecimal(lower, bytes)) << digits;
  return {bytes.begin(), bytes.end()};
}

inline Secret secret_of(std::string_view digits) {
  return Secret(bytes_of(digits));
}

/// The records of that name among the vectors that are no part of the project, where they are there.
inline std::optional<nlohmann::json> foreign_vectors(const char* name) {
  std::ifstream file(source_path("../shared/reference/deid-vectors.json"));
  if (!file) return std::nullopt;
  return nlohmann::json::parse(file).at(name);
}

/// The cases of all groups of a file of Wycheproof's, which is no part of the project, where it is there.
inline std::optional<nlohmann::json> wycheproof(const std::string& name) {
  std::ifstream file(source_path("../shared/reference/secagg/wycheproof/" + name));
  if (!file) return std::nullopt;
  auto cases = nlohmann::json::array();
  const auto whole = nlohmann::json::parse(file);
  for (const auto& group : whole.at("testGroups"))
    for (const auto& known : group.at("tests")) cases.push_back(known);
  return cases;
}

}  // namespace sfumato
