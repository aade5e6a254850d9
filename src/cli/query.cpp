#include <utility>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/places.h"
#include "cli/progress.h"
#include "cli/publish.h"
#include "cli/verbs.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {

namespace {

/// Where clamps are automatic, the rows are read twice.
Result<Released> answer(Plan& plan, Permit permit, BitSource& bits) {
  const double passes = plan.search() ? 2 : 1;
  Released released;
  ProgressBar bar;
  Status found =
      plan.find_clamps(std::move(permit), bits, [&](double share) { bar.show(share / passes); });
  if (!found) return std::move(found).error();
  if (plan.search()) released.clamps = plan.query().clamps;
  auto rows = std::move(plan).run(bits, [&](double share) { bar.show(1 - (1 - share) / passes); });
  if (!rows) return std::move(rows).error();
  released.rows = *std::move(rows);
  return released;
}

}  // namespace

// Each step can fail, and nothing is written before the last.
Result<int> run_query(CommandLine words) {
  const auto parsed = parse_query("query", words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<QueryArguments>(parsed);

  if (Status plot = check_plot(given); !plot) return std::move(plot).error();
  if (Status places = check_places(given); !places) return std::move(places).error();
  Result<Question> question = question_of(given);
  if (!question) return std::move(question).error();
  Result<Plan> plan = Plan::make(question->query);
  if (!plan) return std::move(plan).error();
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();

  Report report = report_of(*plan, *question);
  const ReleaseLoss loss = plan->loss();
  const Compute compute = [&](Permit permit) { return answer(*plan, std::move(permit), *bits); };
  return publish(
      given, *question, [&] { return plan_bytes(*question, plan->list()); }, loss, compute,
      std::move(report));
}

Result<int> run_plan(CommandLine words) {
  const auto parsed = parse_query("plan", words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<QueryArguments>(parsed);

  if (Status places = check_places(given); !places) return std::move(places).error();
  Result<Question> question = question_of(given);
  if (!question) return std::move(question).error();
  Result<Plan> plan = Plan::make(question->query);
  if (!plan) return std::move(plan).error();
  return deliver(given.output, render(report_of(*plan, *question), given.format, given.explain));
}

}  // namespace sfumato
