#include "sfumato/table/partial.h"

#include <utility>

#include "cli/arguments.h"
#include "cli/numbers.h"
#include "cli/places.h"
#include "cli/progress.h"
#include "cli/publish.h"
#include "cli/verbs.h"
#include "sfumato/base/hexadecimal.h"
#include "sfumato/io/table_files.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

Result<int> done(Status status) {
  if (!status) return std::move(status).error();
  return kDone;
}

Result<int> begin_run(const PartialArguments& given, BitSource& bits) {
  const Result<PartialQuestion> question = partial_question_of(given.asked);
  if (!question) return question.error();
  const Result<PartialRun> run = PartialRun::make(*question, bits);
  if (!run) return run.error();
  return done(run->write(*given.new_run));
}

/// A state is put over neither its run nor its rows.
Status check_shard(const PartialArguments& given) {
  std::vector<Place> kept = {{"run", given.run}};
  add_tables(kept, given.asked.tables);
  return keep_apart({{"output", given.asked.output}}, kept);
}

Result<int> bound_shard(const PartialArguments& given, BitSource& bits) {
  const QueryArguments& asked = given.asked;
  if (Status places = check_shard(given); !places) return std::move(places).error();
  const Result<PartialRun> run = PartialRun::read(*given.run);
  if (!run) return run.error();
  const auto threads = threads_of(asked.threads);
  if (!threads) return threads.error();
  const auto memory = memory_of(asked.memory);
  if (!memory) return memory.error();
  auto tables = table_files(asked.tables);
  if (!tables) return std::move(tables).error();
  const Shard shard{
      .name = *given.shard, .tables = *std::move(tables), .threads = *threads, .memory = *memory};
  ProgressBar bar;
  return done(run->shard(shard, *asked.output, bits, [&](double share) { bar.show(share); }));
}

}  // namespace

Result<int> run_partial(CommandLine words) {
  const auto parsed = parse_partial(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<PartialArguments>(parsed);
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  return given.new_run ? begin_run(given, *bits) : bound_shard(given, *bits);
}

Result<int> run_merge(CommandLine words) {
  const auto parsed = parse_merge(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<MergeArguments>(parsed);
  std::vector<Place> kept;
  for (const std::string& state : given.states) kept.push_back({"state", state});
  if (Status places = keep_apart({{"output", given.output}}, kept); !places)
    return std::move(places).error();
  return done(merge_partials(given.states, given.output));
}

// States are read, checked and added up before anything is charged.
Result<int> run_finalize(CommandLine words) {
  const auto parsed = parse_finalize(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<QueryArguments>(parsed);

  if (Status plot = check_plot(given); !plot) return std::move(plot).error();
  if (Status places = check_places(given); !places) return std::move(places).error();
  const Result<Terms> terms = terms_of(given);
  if (!terms) return terms.error();
  Result<FinalPlan> final = plan_of_partials(given.tables, terms->final);
  if (!final) return std::move(final).error();
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();

  const Question question{.query = final->plan.query(),
                          .written = terms->written,
                          .mark = terms->mark,
                          .top = terms->top};
  Report report = report_of(final->plan, question);
  const auto plan = [&] {
    return plan_bytes(question, hexadecimal(final->question), "sfumato finalize 1");
  };
  const ReleaseLoss loss = final->plan.release().loss();
  const Compute compute = [&](Permit permit) -> Result<Released> {
    auto rows = std::move(final->plan).run(std::move(permit), *bits);
    if (!rows) return std::move(rows).error();
    return Released{*std::move(rows)};
  };
  return publish(given, question, plan, loss, compute, std::move(report));
}

}  // namespace sfumato
