#include <fmt/format.h>

#include <utility>

#include "cli/arguments.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/places.h"
#include "cli/progress.h"
#include "cli/publish.h"
#include "cli/question.h"
#include "cli/report.h"
#include "cli/tuning_report.h"
#include "cli/verbs.h"
#include "sfumato/random/system_bits.h"
#include "sfumato/table/private_tuning.h"

namespace sfumato {
namespace {

Result<int> tell(const QueryArguments& given, const TuningReport& report) {
  if (given.plot) {
    Status kept = keep_plot(*given.plot, tuning_chart(report));
    if (!kept) return std::move(kept).error();
  }
  return deliver(given.output, given.format == "json" ? tuning_json(report) : tuning_table(report));
}

/// δ is that of the query where it is spent.
TuningCost cost_of(const PrivateTuning& tuning, const Decimal& spend, const Written& written) {
  const Delta delta = std::get<ApproximateTotal>(tuning.cost()).delta;
  return {.epsilon = spend, .delta = delta.value() > 0 ? written.delta : Decimal()};
}

Result<std::string> bytes_of_tuning(const TuneArguments& given, const Question& question,
                                    const Decimal& spend, const std::string& list) {
  const QueryArguments& asked = given.asked;
  return plan_bytes(question, list,
                    "sfumato tune 1, epsilon " + spend.to_string() + ", max-groups " +
                        asked.max_groups.value_or("?") + ", max-rows " +
                        asked.max_rows.value_or("?"));
}

Result<int> tune_privately(const TuneArguments& given, const Question& question,
                           const TuningParams& params, TuningReport report) {
  const auto spend = read_decimal(*given.spend, "spend");
  if (!spend) return spend.error();
  const auto epsilon = epsilon_of(*spend);
  if (!epsilon) return Error{epsilon.error().code, "spend", epsilon.error().message};
  Result<PrivateTuning> tuning = PrivateTuning::make(params, *epsilon);
  if (!tuning) return std::move(tuning).error();
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  report.cost = cost_of(*tuning, *spend, question.written);
  const auto compute = [&](Permit permit) {
    ProgressBar bar;
    return std::move(*tuning).run(std::move(permit), *bits, [&](double share) { bar.show(share); });
  };
  if (!given.asked.ledger) {
    auto found = compute(Permit::unaccounted("sfumato without a ledger"));
    if (!found) return std::move(found).error();
    report.tuning = *std::move(found);
    return tell(given.asked, report);
  }
  const auto plan = bytes_of_tuning(given, question, *spend, tuning->list());
  if (!plan) return plan.error();
  const Purchase purchase{*plan, "tune: " + title_of(question.query),
                          stated(false, report.cost->epsilon, report.cost->delta), tuning->loss()};
  auto paid = pay(given.asked, purchase, [&](Permit permit) -> Result<std::string> {
    const auto found = compute(std::move(permit));
    if (!found) return found.error();
    return bytes_of(*found);
  });
  if (!paid) return std::move(paid).error();
  auto stored = tuning_of(paid->release.bytes);
  if (!stored) return std::move(stored).error();
  report.tuning = *std::move(stored);
  report.charged = true;
  const Result<int> told = tell(given.asked, report);
  if (!told || *told != kDone) return told;
  if (Status noted = paid->ledger.published(paid->release); !noted) return std::move(noted).error();
  return told;
}

}  // namespace

Result<int> run_tune(CommandLine words) {
  const auto parsed = parse_tune(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<TuneArguments>(parsed);
  const QueryArguments& asked = given.asked;

  if (Status plot = check_plot(asked); !plot) return std::move(plot).error();
  if (Status places = check_places(asked); !places) return std::move(places).error();
  Result<Question> question = question_of(asked);
  if (!question) return std::move(question).error();
  std::optional<std::int64_t> rows;
  if (asked.rows) {
    const auto read = read_rows(*asked.rows);
    if (!read) return read.error();
    rows = *read;
  }
  TuningReport report{
      .tuning = {}, .asked = total_text(question->written) + " for " + unit_text(question->query)};
  const TuningParams params{.query = question->query,
                            .max_groups = asked.unit && !asked.max_groups,
                            .max_rows = asked.unit && !asked.max_rows,
                            .rows = rows};
  if (given.spend) return tune_privately(given, *question, params, std::move(report));
  Result<Tuning> tuning = tune(params);
  if (!tuning) return std::move(tuning).error();
  report.tuning = *std::move(tuning);
  return tell(asked, report);
}

}  // namespace sfumato
