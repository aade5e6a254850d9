#include "cli/publish.h"

#include <utility>

#include "cli/output.h"
#include "cli/verbs.h"

namespace sfumato {
namespace {

/// That it has left is noted after: a crash in between makes the same bytes be shown again.
Result<int> publish_paid(const QueryArguments& given, const Question& question,
                         const std::string& plan, const ReleaseLoss& loss, const Compute& compute,
                         Report report) {
  Result<Paid> paid = pay(given, question, plan, loss, compute);
  if (!paid) return std::move(paid).error();
  report.charged = true;
  report.rows = std::move(paid->rows);
  Result<int> shown = deliver(given.output, render(report, given.format, given.explain));
  if (!shown || *shown != kDone) return shown;
  if (Status noted = paid->ledger.published(paid->release); !noted) return std::move(noted).error();
  return shown;
}

}  // namespace

Result<int> publish(const QueryArguments& given, const Question& question,
                    const std::function<Result<std::string>()>& plan, const ReleaseLoss& loss,
                    const Compute& compute, Report report) {
  if (given.ledger) {
    const Result<std::string> bytes = plan();
    if (!bytes) return bytes.error();
    return publish_paid(given, question, *bytes, loss, compute, std::move(report));
  }
  auto rows = compute(Permit::unaccounted("sfumato without a ledger"));
  if (!rows) return std::move(rows).error();
  report.rows = *std::move(rows);
  return deliver(given.output, render(report, given.format, given.explain));
}

}  // namespace sfumato
