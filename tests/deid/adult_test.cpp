// The Adult census table and its hierarchies, as the ARX project hands them out: no part of the project.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "sfumato/deid/deidentify.h"
#include "support/effort.h"
#include "support/scratch.h"
#include "support/source_path.h"

namespace sfumato {
namespace {

/// How each of the columns is generalised: at a level of its hierarchy, of which 0 is the value itself.
std::string policy_at(const std::vector<std::string>& columns, const std::vector<int>& levels) {
  std::string policy = "version = 1\n";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    policy.append("[columns.").append(columns[i]).append("]\nrole = \"quasi\"\ntransform = ");
    if (levels[i] == 0) {
      policy.append("\"keep\"\n");
      continue;
    }
    policy.append("\"hierarchy\"\nfile = \"")
        .append(source_path("../shared/data/adult/adult_hierarchy_" + columns[i] + ".csv"))
        .append("\"\nlevel = ")
        .append(std::to_string(levels[i]))
        .append("\n");
  }
  return policy;
}

/// How many rows have fewer than k like them.
std::size_t rows_below(const std::string& table, std::size_t k) {
  std::istringstream lines(table);
  std::map<std::string, std::size_t> classes;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) ++classes[line];
  std::size_t rows = 0;
  for (const auto& [text, size] : classes) rows += size < k ? size : 0;
  return rows;
}

/// Generalised as an optimal k-anonymous release is, as many rows stand alone as are known to.
TEST(Adult, IsGeneralisedByItsHierarchiesToTheClassesThatAreKnown) {
  std::ifstream file(source_path("../shared/reference/deid-cases.json"));
  if (!file)
    GTEST_SKIP() << "the table and its cases are no part of the project, and are not there";
  const Scratch scratch;
  std::string table = contents(source_path("../shared/data/adult/adult.csv"));
  std::ranges::replace(table, ';', ',');
  const std::string in = scratch.file("in.csv", table), out = scratch.path("out.csv");
  const auto most = static_cast<std::size_t>(times(6, 20));
  std::set<std::string> seen;
  const nlohmann::json document = nlohmann::json::parse(file);
  for (const auto& one : document.at("cases")) {
    const std::string criterion = one["criterion"];
    const std::vector<int> levels = one["levels"][0];
    const bool counts_rows = criterion[0] == 'k' && one["dataset"] == "adult9" &&
                             criterion.find_first_not_of("0123456789", 1) == criterion.npos;
    if (seen.size() == most || !counts_rows ||
        !seen.insert(criterion + one["levels"][0].dump()).second)
      continue;
    const auto policy = Policy::parse(policy_at(one["qi"], levels), "p.toml");
    ASSERT_TRUE(policy) << policy.error().message;
    auto work = Deidentifier::open(*policy, in, {.threads = 2});
    ASSERT_TRUE(work) << work.error().message;
    const auto done = std::move(*work).write(out, {});
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->rows.rows_written, 30'162u);
    EXPECT_EQ(rows_below(contents(out), std::stoul(criterion.substr(1))), one["suppressed"]) << one;
  }
  EXPECT_EQ(seen.size(), most);
}

}  // namespace
}  // namespace sfumato
