#pragma once

#include <span>
#include <string>

#include "sfumato/base/result.h"

namespace sfumato {

using CommandLine = std::span<const std::string>;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

/// Each verb takes what follows it on the command line and gives the exit code. An error is for
/// `main` to print: standard output is still empty then.
Result<int> run_query(CommandLine words);
Result<int> run_plan(CommandLine words);
Result<int> run_tune(CommandLine words);
Result<int> run_partial(CommandLine words);
Result<int> run_merge(CommandLine words);
Result<int> run_finalize(CommandLine words);
Result<int> run_noise(CommandLine words);
Result<int> run_budget(CommandLine words);
Result<int> run_deid(CommandLine words);
Result<int> run_reidentify(CommandLine words);
Result<int> run_keys(CommandLine words);
Result<int> run_joint(CommandLine words);
Result<int> run_account(CommandLine words);
Result<int> run_calibrate(CommandLine words);
Result<int> run_risk(CommandLine words);

}  // namespace sfumato
