#include <utility>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/payment.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

/// Shows what a ledger was charged for. That it has left is noted after: a crash in between makes
/// the same bytes be shown again.
Result<int> publish_paid(const QueryArguments& given, const Question& question,
                         const ReleaseLoss& loss, const Compute& compute, Report report) {
  Result<Paid> paid = pay(given, question, loss, compute);
  if (!paid) return std::move(paid).error();
  report.charged = true;
  report.rows = std::move(paid->rows);
  Result<int> shown = deliver(given.output, render(report, given.format, given.explain));
  if (!shown || *shown != kDone) return shown;
  if (Status noted = paid->ledger.published(paid->release); !noted) return std::move(noted).error();
  return shown;
}

}  // namespace

// Each step can fail, and nothing is written before the last.
Result<int> run_query(CommandLine words) {
  const auto parsed = parse_query("query", words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<QueryArguments>(parsed);

  Result<Question> question = question_of(given);
  if (!question) return std::move(question).error();
  Result<Plan> plan = Plan::make(question->query);
  if (!plan) return std::move(plan).error();
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();

  Report report = report_of(*plan, question->written);
  const ReleaseLoss loss = plan->release().loss();
  const Compute compute = [&](Permit permit) {
    ProgressBar bar;
    return (*std::move(plan)).run(std::move(permit), *bits, [&](double share) { bar.show(share); });
  };
  if (given.ledger) return publish_paid(given, *question, loss, compute, std::move(report));
  auto rows = compute(Permit::unaccounted("sfumato query without a ledger"));
  if (!rows) return std::move(rows).error();
  report.rows = *std::move(rows);
  return deliver(given.output, render(report, given.format, given.explain));
}

Result<int> run_plan(CommandLine words) {
  const auto parsed = parse_query("plan", words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<QueryArguments>(parsed);

  Result<Question> question = question_of(given);
  if (!question) return std::move(question).error();
  Result<Plan> plan = Plan::make(question->query);
  if (!plan) return std::move(plan).error();
  return deliver(given.output,
                 render(report_of(*plan, question->written), given.format, given.explain));
}

}  // namespace sfumato
