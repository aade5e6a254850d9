#include <utility>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/publish.h"
#include "cli/question.h"
#include "cli/report.h"
#include "cli/tuning_report.h"
#include "cli/verbs.h"

namespace sfumato {

Result<int> run_tune(CommandLine words) {
  const auto parsed = parse_tune(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const QueryArguments& given = std::get<TuneArguments>(parsed).asked;

  if (Status plot = check_plot(given); !plot) return std::move(plot).error();
  Result<Question> question = question_of(given);
  if (!question) return std::move(question).error();
  std::optional<std::int64_t> rows;
  if (given.rows) {
    const auto read = read_rows(*given.rows);
    if (!read) return read.error();
    rows = *read;
  }
  const std::string asked = total_text(question->written) + " for " + unit_text(question->query);
  const Result<Tuning> tuning = tune({.query = std::move(question->query),
                                      .max_groups = given.unit && !given.max_groups,
                                      .max_rows = given.unit && !given.max_rows,
                                      .rows = rows});
  if (!tuning) return tuning.error();
  if (given.plot) {
    Status kept = keep_plot(*given.plot, tuning_chart(*tuning, asked));
    if (!kept) return std::move(kept).error();
  }
  return deliver(given.output,
                 given.format == "json" ? tuning_json(*tuning) : tuning_table(*tuning, asked));
}

}  // namespace sfumato
