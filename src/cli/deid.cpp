#include <fmt/core.h>

#include <cstdio>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/deid_page.h"
#include "cli/deid_report.h"
#include "cli/display.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/payment.h"
#include "cli/places.h"
#include "cli/progress.h"
#include "cli/sampled.h"
#include "cli/unlock.h"
#include "cli/verbs.h"
#include "sfumato/deid/deidentify.h"
#include "sfumato/deid/risk.h"
#include "sfumato/io/atomic_file.h"
#include "sfumato/keys/key_ring.h"

namespace sfumato {
namespace {

/// What is written goes to places that take it, and over nothing that is read or kept.
Status check_places(const DeidArguments& given, const Policy& policy) {
  if (given.dry_run) return ok();
  for (const std::optional<std::string>& file : {given.output, given.report})
    if (file)
      if (Status place = check_writable(*file); !place) return place;
  std::vector<Place> kept = {{"table", given.table}, {"policy", given.policy}};
  for (const PolicyFile& file : policy.files)
    kept.push_back({"file that the policy names", file.path});
  if (policy.release) kept.push_back({"population", policy.release->population});
  if (const auto& ring = given.ring ? given.ring : policy.ring) {
    kept.push_back({"key ring", ring});
    add_ledger(kept, *ring + ".ledger");
  }
  for (const auto& ledger : {given.ledger, given.payment.ledger, policy.ledger})
    add_ledger(kept, ledger);
  add_lock(kept, given.lock);
  add_key(kept, given.key);
  add_key(kept, given.payment.key);
  return keep_apart({{"output", given.output}, {"report", given.report}}, kept);
}

std::optional<TableFormat> format_of(const DeidArguments& given) {
  if (!given.format) return std::nullopt;
  return given.format == "csv" ? TableFormat::csv : TableFormat::parquet;
}

/// Whether a report is to be a page, by its name.
bool is_page(const DeidArguments& given) {
  return given.report && given.report->ends_with(".html");
}

std::vector<std::string> quasi_of(const DeidReport& report, bool released) {
  std::vector<std::string> columns;
  for (const ColumnReport& column : report.columns)
    if (column.named && column.policy.role == ColumnRole::quasi &&
        !(released && std::holds_alternative<DropParams>(column.policy.transform)))
      columns.push_back(column.policy.column);
  return columns;
}

/// The sensitive columns that a page tells of: those of the release, else those that stay.
std::vector<std::string> sensitive_of(const Policy& policy, const DeidReport& report) {
  std::vector<std::string> columns;
  if (policy.release) columns = policy.release->sensitive();
  if (!columns.empty()) return columns;
  for (const ColumnReport& column : report.columns)
    if (column.named && column.policy.role == ColumnRole::sensitive &&
        !std::holds_alternative<DropParams>(column.policy.transform))
      columns.push_back(column.policy.column);
  return columns;
}

/// How far rows of a file stand out; nothing where no column of it is a quasi-identifier.
Result<std::optional<RiskReport>> risk_of_file(const std::string& file,
                                               const std::vector<std::string>& quasi,
                                               const std::vector<std::string>& sensitive,
                                               int threads) {
  if (quasi.empty()) return std::optional<RiskReport>();
  Result<RiskReport> risk =
      risk_of({.tables = {file}, .quasi = quasi, .sensitive = sensitive, .threads = threads});
  if (!risk) return std::move(risk).error();
  return std::optional(*std::move(risk));
}

/// The table, and then a page of what it was and what it became.
Result<int> write_with_page(const DeidArguments& given, const Policy& policy, int threads,
                            Deidentifier deidentifier) {
  if (given.table == "-" || !is_put_whole(*given.output))
    return Error{Errc::invalid_parameter, "report",
                 "tells the risk before and after as a page: name files for TABLE and -o"};
  const DeidReport& plan = deidentifier.plan();
  const std::vector<std::string> sensitive = sensitive_of(policy, plan);
  auto before = risk_of_file(given.table, quasi_of(plan, false), sensitive, threads);
  if (!before) return std::move(before).error();
  Result<DeidReport> report = [&] {
    ProgressBar bar;
    return std::move(deidentifier).write(*given.output, [&](double share) { bar.show(share); });
  }();
  if (!report) return std::move(report).error();
  fmt::print(stderr, "{}", deid_lines(*report, given.exact));
  auto after = report->rows.rows_written == 0
                   ? Result<std::optional<RiskReport>>(std::optional<RiskReport>())
                   : risk_of_file(*given.output, quasi_of(*report, true), sensitive, threads);
  if (!after) return std::move(after).error();
  const DeidPage page{given.table, *std::move(report), *std::move(before), *std::move(after),
                      sensitive};
  if (Status told = write_atomically(*given.report, html_of(page)); !told)
    return std::move(told).error();
  return kDone;
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
  fmt::print(stderr, "{}", deid_lines(*report, given.exact));
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

/// The ledger of a ring, where no other is named: beside its file, and made where it is not there yet.
Result<Ledger> ledger_beside(const std::string& ring, const DeidArguments& given) {
  const std::string path = ring + ".ledger";
  std::error_code unseen;
  if (!std::filesystem::exists(path, unseen) && !given.key.file && !given.expect_head) {
    Result<Ledger> made = Ledger::create(path, given.as.value_or("owner"));
    if (made || made.error().code != Errc::refused) return made;
  }
  return open_ledger(path, given.as, given.key, given.expect_head);
}

/// The ledger in which it is noted that tokens are opened.
Result<Ledger> ledger_of(const DeidArguments& given, const Policy& policy) {
  const std::optional<std::string>& name = given.ledger ? given.ledger : policy.ledger;
  if (name) return open_ledger(*name, given.as, given.key, given.expect_head);
  return ledger_beside(given.ring ? *given.ring : *policy.ring, given);
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
  std::optional<Ledger> ledger;
  std::optional<LedgerHead> noted;
  const auto note = [&](const DeidReport& report) -> Status {
    auto head = ledger->reidentifies(reidentification(report, given.policy, given.table, *ring));
    if (!head) return std::move(head).error();
    return noted = *head, ok();
  };
  auto reversed = Deidentifier::reverse(policy, given.table, *params, *ring, note);
  if (!reversed) return std::move(reversed).error();
  Result<Ledger> opened = ledger_of(given, policy);
  if (!opened) return std::move(opened).error();
  ledger = *std::move(opened);
  Result<int> done = write(given, *std::move(reversed));
  if (done)
    fmt::print(stderr, "Noted as entry {} of {}.\n", noted->number, printable(ledger->name()));
  return done;
}

Result<int> deidentify(const DeidArguments& given, const Policy& policy, const KeyRing* ring) {
  const Result<RewriteParams> params = params_of(given);
  if (!params) return params.error();
  if (policy.release && policy.release->sampled)
    return release_sampled(given, policy, *params, ring);
  if (given.payment.ledger)
    return Error{Errc::invalid_parameter, "ledger",
                 "is for a [release] by safepub: nothing else that deid does has a price"};
  auto deidentifier = Deidentifier::open(policy, given.table, *params, ring);
  if (!deidentifier) return std::move(deidentifier).error();
  if (given.dry_run) return deliver({}, deid_plan_lines(deidentifier->plan()));
  if (is_page(given))
    return write_with_page(given, policy, params->threads, *std::move(deidentifier));
  return write(given, *std::move(deidentifier));
}

Result<int> run(const std::string& verb, CommandLine words) {
  const auto parsed = parse_deid(verb, words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<DeidArguments>(parsed);

  const Result<Policy> policy = Policy::load(given.policy);
  if (!policy) return policy.error();
  if (Status places = check_places(given, *policy); !places) return std::move(places).error();
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
