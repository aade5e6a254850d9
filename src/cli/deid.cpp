#include <fmt/core.h>

#include <cstdio>

#include "cli/arguments.h"
#include "cli/deid_report.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/payment.h"
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

Result<RewriteParams> params_of(const DeidArguments& given) {
  const Result<int> threads = threads_of(given.threads);
  if (!threads) return threads.error();
  return RewriteParams{.format = format_of(given), .threads = *threads};
}

/// Keeps the report where it is: nothing is written, so that nothing is noted.
Status note_nothing(const DeidReport&) {
  return Error{Errc::refused, "dry run", "writes nothing"};
}

/// The ledger in which it is noted that tokens are opened.
Result<Ledger> ledger_of(const DeidArguments& given, const Policy& policy) {
  const std::optional<std::string>& name = given.ledger ? given.ledger : policy.ledger;
  if (!name)
    return Error{Errc::invalid_parameter, "ledger",
                 "is needed, in which it is noted who opens tokens: name it by --ledger, or in the "
                 "policy as ledger = \"FILE\" (sfumato budget create makes one)"};
  return open_ledger(*name, given.as, given.key, given.expect_head);
}

NoteReidentification note_in(Ledger& ledger, const DeidArguments& given, const KeyRing& ring) {
  return [&](const DeidReport& report) -> Status {
    const Result<LedgerHead> noted =
        ledger.reidentifies(reidentification(report, given.policy, given.table, ring));
    return noted ? ok() : Status(noted.error());
  };
}

Result<int> reidentify(const DeidArguments& given, const Policy& policy, const KeyRing* ring) {
  const Result<RewriteParams> params = params_of(given);
  if (!params) return params.error();
  if (!ring)
    return Error{Errc::invalid_parameter, "keys", "are needed: name the ring by --keys FILE"};
  if (given.dry_run) {
    const auto planned = Deidentifier::reverse(policy, given.table, *params, *ring, note_nothing);
    if (!planned) return planned.error();
    return deliver({}, deid_plan_lines(planned->plan()));
  }
  Result<Ledger> ledger = ledger_of(given, policy);
  if (!ledger) return std::move(ledger).error();
  auto reversed =
      Deidentifier::reverse(policy, given.table, *params, *ring, note_in(*ledger, given, *ring));
  if (!reversed) return std::move(reversed).error();
  return write(given, *std::move(reversed));
}

Result<int> deidentify(const DeidArguments& given, const Policy& policy, const KeyRing* ring) {
  const Result<RewriteParams> params = params_of(given);
  if (!params) return params.error();
  auto deidentifier = Deidentifier::open(policy, given.table, *params, ring);
  if (!deidentifier) return std::move(deidentifier).error();
  if (given.dry_run) return deliver({}, deid_plan_lines(deidentifier->plan()));
  return write(given, *std::move(deidentifier));
}

Result<int> run(const std::string& verb, CommandLine words) {
  const auto parsed = parse_deid(verb, words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<DeidArguments>(parsed);

  const Result<Policy> policy = Policy::load(given.policy);
  if (!policy) return policy.error();
  Result<std::optional<KeyRing>> ring = ring_of(given, *policy);
  if (!ring) return std::move(ring).error();
  const KeyRing* const keys = *ring ? &**ring : nullptr;
  return verb == "deid" ? deidentify(given, *policy, keys) : reidentify(given, *policy, keys);
}

}  // namespace

Result<int> run_deid(CommandLine words) {
  return run("deid", words);
}

Result<int> run_reidentify(CommandLine words) {
  return run("reidentify", words);
}

}  // namespace sfumato
