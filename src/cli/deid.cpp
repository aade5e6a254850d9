#include <fmt/core.h>

#include <cstdio>

#include "cli/arguments.h"
#include "cli/deid_report.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/unlock.h"
#include "cli/verbs.h"
#include "sfumato/deid/deidentify.h"
#include "sfumato/keys/key_ring.h"

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

/// The ring that a policy names, or the line; none where neither does.
Result<std::optional<KeyRing>> ring_of(const DeidArguments& given, const Policy& policy) {
  const std::optional<std::string>& file = given.ring ? given.ring : policy.ring;
  if (!file) return std::optional<KeyRing>();
  const Result<KeyRingHeader> header = read_key_ring_header(*file);
  if (!header) return header.error();
  const Result<FileLock> lock = lock_of(*file, header->lock, given.lock);
  if (!lock) return lock.error();
  Result<KeyRing> ring = read_key_ring(*file, *lock);
  if (!ring) return std::move(ring).error();
  return std::optional<KeyRing>(*std::move(ring));
}

Result<Deidentifier> opened(const DeidArguments& given, const Policy& policy, const KeyRing* ring,
                            bool back) {
  const Result<int> threads = threads_of(given.threads);
  if (!threads) return threads.error();
  const RewriteParams params{.format = format_of(given), .threads = *threads};
  if (!back) return Deidentifier::open(policy, given.table, params, ring);
  if (!ring)
    return Error{Errc::invalid_parameter, "keys", "are needed: name the ring by --keys FILE"};
  return Deidentifier::reverse(policy, given.table, params, *ring);
}

Result<int> run(const std::string& verb, CommandLine words) {
  const auto parsed = parse_deid(verb, words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<DeidArguments>(parsed);

  const Result<Policy> policy = Policy::load(given.policy);
  if (!policy) return policy.error();
  Result<std::optional<KeyRing>> ring = ring_of(given, *policy);
  if (!ring) return std::move(ring).error();
  Result<Deidentifier> deidentifier =
      opened(given, *policy, *ring ? &**ring : nullptr, verb == "reidentify");
  if (!deidentifier) return std::move(deidentifier).error();
  if (given.dry_run) return deliver({}, deid_plan_lines(deidentifier->plan()));
  return write(given, *std::move(deidentifier));
}

}  // namespace

Result<int> run_deid(CommandLine words) {
  return run("deid", words);
}

Result<int> run_reidentify(CommandLine words) {
  return run("reidentify", words);
}

}  // namespace sfumato
