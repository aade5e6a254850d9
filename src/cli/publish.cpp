#include "cli/publish.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "cli/answer_chart.h"
#include "cli/output.h"
#include "cli/render_columns.h"
#include "cli/verbs.h"
#include "ledger/canonical.h"

namespace sfumato {
namespace {

bool is_columnar(const std::string& format) {
  return format == "arrow" || format == "parquet";
}

Result<std::string> rendered(const QueryArguments& given, const Report& report,
                             const std::string& plan) {
  if (!is_columnar(given.format)) return render(report, given.format, given.explain);
  return columnar_bytes(columns_of(report, hexadecimal(sha256(plan))),
                        given.format == "arrow" ? ColumnarForm::arrow : ColumnarForm::parquet);
}

/// The picture first: where it can't be written, nothing is told. `plan` is needed for a columnar form.
Result<int> tell(const QueryArguments& given, const Report& report, const std::string& plan) {
  const Result<std::string> text = rendered(given, report, plan);
  if (!text) return text.error();
  if (given.plot) {
    Status kept = keep_plot(*given.plot, answer_chart(report));
    if (!kept) return std::move(kept).error();
  }
  return deliver(given.output, *text);
}

/// Leaves the groups with the greatest first value, that one first. What was released decides it, so that it costs nothing.
void keep_top(Report& report) {
  std::vector<AnswerRow>& rows = *report.rows;
  report.released = rows.size();
  std::ranges::stable_sort(rows, std::ranges::greater{},
                           [](const AnswerRow& row) { return row.values.front().value; });
  if (rows.size() > static_cast<std::size_t>(*report.top))
    rows.erase(rows.begin() + *report.top, rows.end());
}

/// With clamps that were found comes how exact the answers are within them.
Status complete(Report& report, Released released) {
  report.rows = std::move(released.rows);
  if (report.top) keep_top(report);
  if (released.clamps.empty()) return ok();
  report.query.clamps = std::move(released.clamps);
  auto errors = expected_errors(report.query);
  if (!errors) return std::move(errors).error();
  report.aggregates = errors->front();
  report.coarser.assign(errors->begin() + 1, errors->end());
  return ok();
}

/// That it has left is noted after: a crash in between makes the same bytes be shown again.
Result<int> publish_paid(const QueryArguments& given, const Question& question,
                         const std::string& plan, const ReleaseLoss& loss, const Compute& compute,
                         Report report) {
  Result<Paid> paid = pay(given, question, plan, loss, compute);
  if (!paid) return std::move(paid).error();
  report.charged = true;
  if (Status full = complete(report, std::move(paid->released)); !full)
    return std::move(full).error();
  Result<int> shown = tell(given, report, plan);
  if (!shown || *shown != kDone) return shown;
  if (Status noted = paid->ledger.published(paid->release); !noted) return std::move(noted).error();
  return shown;
}

}  // namespace

Status check_plot(const QueryArguments& given) {
  const auto& file = given.plot;
  if (!file || file->ends_with(".svg") || file->ends_with(".png")) return ok();
  return Error{Errc::invalid_parameter, "plot",
               "must be a file that ends in .svg or .png, is '" + *file + "'"};
}

Status keep_plot(const std::string& file, const Picture& picture) {
  return write_atomically(file, file.ends_with(".svg") ? svg_of(picture) : png_of(picture));
}

Result<int> publish(const QueryArguments& given, const Question& question,
                    const std::function<Result<std::string>()>& plan, const ReleaseLoss& loss,
                    const Compute& compute, Report report) {
  if (report.top && (report.query.rollup || report.query.by.empty()))
    return Error{Errc::invalid_parameter, "top",
                 "needs groups by columns, and none that are rolled up: it puts them in order"};
  std::string bytes;
  if (given.ledger || is_columnar(given.format)) {
    Result<std::string> known = plan();
    if (!known) return std::move(known).error();
    bytes = *std::move(known);
  }
  if (given.ledger) return publish_paid(given, question, bytes, loss, compute, std::move(report));
  auto released = compute(Permit::unaccounted("sfumato without a ledger"));
  if (!released) return std::move(released).error();
  if (Status full = complete(report, *std::move(released)); !full) return std::move(full).error();
  return tell(given, report, bytes);
}

}  // namespace sfumato
