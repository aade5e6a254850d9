#include "sfumato/federated/trained_model.h"

#include <gtest/gtest.h>

#include "federated/some_model.h"

namespace sfumato {
namespace {

std::string with(const std::string& from, const std::string& to) {
  std::string json = some_model().to_json();
  const std::size_t at = json.find(from);
  EXPECT_NE(at, json.npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(TrainedModel, WhatIsWrittenIsReadAgain) {
  const auto read = TrainedModel::parse(some_model().to_json());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, some_model());
  EXPECT_NE(some_model().to_json().find("\"intercept\": \"-2.500000001\""), std::string::npos);
}

TEST(TrainedModel, WhatIsNoModelIsRefused) {
  for (const std::string& json :
       {std::string(), std::string("[]"), std::string("{}"), std::string(1 << 21, ' '),
        std::string(5000, '['), with("\"logistic\"", "\"forest\""),
        with("\"sfumato_model\": 1", "\"sfumato_model\": 2"),
        with("\"rounds\": 8", "\"rounds\": -8"), with("\"rounds\": 8", "\"rounds\": 8.5"),
        with("\"title\"", "\"name\""), with("\"title\"", "\"more\": 1, \"title\""),
        with("\"-2.500000001\"", "-2.5"), with("\"-2.500000001\"", "\"1e-10\""),
        with("\"-2.500000001\"", "\"1000001\""), with("\"130\"", "\"nan\""),
        with("\"130\"", "\"10\""), with("\"debt\"", "\"income\""), with("a5a5", "a5A5")})
    EXPECT_FALSE(TrainedModel::parse(json)) << json.substr(0, 300);
}

}  // namespace
}  // namespace sfumato
