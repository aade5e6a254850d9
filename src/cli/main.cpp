#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <string_view>
#include <vector>

#include "base/nearest.h"
#include "cli/display.h"
#include "cli/output.h"
#include "cli/verbs.h"

namespace sfumato {
namespace {

struct Verb {
  std::string_view name, does;
  Result<int> (*run)(CommandLine);
};

constexpr Verb kVerbs[] = {
    {"query", "release private statistics of a table", run_query},
    {"plan", "say what a query would cost, and read no row", run_plan},
    {"tune", "recommend bounds and clamps, by a public sample or at a cost", run_tune},
    {"partial", "bound a shard of a table: its state can be merged with those of others",
     run_partial},
    {"merge", "make one state of several", run_merge},
    {"finalize", "release private statistics of states", run_finalize},
    {"noise", "draw noise", run_noise},
    {"budget", "say what a ledger allows, grant, freeze, and check it", run_budget},
    {"deid", "de-identify a table as a policy says", run_deid},
    {"reidentify", "open the tokens of a table", run_reidentify},
    {"risk", "say how far the rows of a table stand out", run_risk},
    {"keys", "make a key to sign by, and show its public half", run_keys},
    {"joint", "compute with other organisations, and show them no row", run_joint},
    {"account", "say how private releases are altogether", run_account},
    {"calibrate", "find the least noise for an epsilon and a delta", run_calibrate},
};

std::string overview() {
  std::string text = "Differentially private statistics.\n\nUsage: sfumato VERB [FLAGS]\n\n";
  for (const Verb& verb : kVerbs) text += fmt::format("  sfumato {:<11}{}\n", verb.name, verb.does);
  return text +
         "\n  sfumato VERB --help   the flags of a verb\n  sfumato --version\n\n"
         "Exit code: 0 done, 1 refused or failed, 2 wrong usage.\n";
}

int complain(std::string_view text) {
  fmt::print(stderr, "{}", text);
  return kWrongUsage;
}

int wrong_verb(const std::string& word) {
  std::vector<std::string> names = {"--help", "--version"};
  for (const Verb& verb : kVerbs) names.emplace_back(verb.name);
  const char* what = word.starts_with('-') ? "flag" : "verb";
  return complain(
      fmt::format("sfumato: unknown {} {}; {}\n", what, printable(word), suggestion(word, names)));
}

Result<int> run(CommandLine words) {
  const std::string& first = words.front();
  if (first == "--help" || first == "-h" || first == "help") return deliver({}, overview());
  if (first == "--version") return deliver({}, "sfumato " SFUMATO_VERSION "\n");
  const auto* verb = std::ranges::find(kVerbs, first, &Verb::name);
  return verb == std::end(kVerbs) ? wrong_verb(first) : verb->run(words.subspan(1));
}

int failure(const std::string& verb, const Error& error) {
  // A name may come from a file: what could steer a terminal is escaped.
  fmt::print(stderr, "sfumato {}: {}: {}\n", printable(verb), printable(error.where),
             printable(error.message));
  return kFailed;
}

}  // namespace
}  // namespace sfumato

int main(int argc, char** argv) {
  using namespace sfumato;
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (words.empty()) return complain(overview());
  try {
    const Result<int> done = run(words);
    return done ? *done : failure(words.front(), done.error());
  } catch (const std::bad_alloc&) {
    return failure(words.front(), {Errc::unavailable, "memory", "is used up"});
  }
}
