#include <fmt/core.h>

#include <cstdio>

#include "cli/arguments.h"
#include "cli/deid_report.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "sfumato/deid/deidentify.h"

namespace sfumato {
namespace {

std::optional<TableFormat> format_of(const DeidArguments& given) {
  if (!given.format) return std::nullopt;
  return given.format == "csv" ? TableFormat::csv : TableFormat::parquet;
}

/// The table first, and then what it became: a report of what is not there would mislead.
Result<int> write(const DeidArguments& given, Deidentifier deidentifier) {
  Result<DeidReport> report = [&] {
    ProgressBar bar;
    return std::move(deidentifier).write(*given.output, [&](double share) { bar.show(share); });
  }();
  if (!report) return std::move(report).error();
  if (given.report)
    if (Status told = write_atomically(*given.report, deid_json(*report)); !told)
      return std::move(told).error();
  fmt::print(stderr, "{}", deid_lines(*report));
  return kDone;
}

}  // namespace

Result<int> run_deid(CommandLine words) {
  const auto parsed = parse_deid(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<DeidArguments>(parsed);

  const Result<int> threads = threads_of(given.threads);
  if (!threads) return threads.error();
  const Result<Policy> policy = Policy::load(given.policy);
  if (!policy) return policy.error();
  Result<Deidentifier> deidentifier =
      Deidentifier::open(*policy, given.table, {.format = format_of(given), .threads = *threads});
  if (!deidentifier) return std::move(deidentifier).error();
  if (given.dry_run) return deliver({}, deid_plan_lines(deidentifier->plan()));
  return write(given, *std::move(deidentifier));
}

}  // namespace sfumato
