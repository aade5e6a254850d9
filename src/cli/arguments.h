#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/unlock.h"
#include "cli/verbs.h"

namespace sfumato {

/// What stands on a command line, as written: whether the words make sense is for others to say.
struct QueryArguments {
  std::vector<std::string> tables;
  std::optional<std::string> unit;
  bool unit_row = false;
  std::optional<std::string> by;
  bool rollup = false;
  std::string select;
  std::vector<std::string> clamps, where;
  std::optional<std::string> auto_share;
  std::optional<std::string> groups, max_groups, max_rows;
  std::optional<std::string> epsilon, delta, rho;
  std::optional<std::string> noise, confidence, threads, memory;
  std::optional<std::string> error, rows;  ///< of `plan` alone
  bool quantile_intervals = false;
  std::optional<std::string> mark, plot, top;  ///< of `query` alone
  std::string format = "table";
  std::optional<std::string> output;
  bool explain = false;
  std::optional<std::string> ledger, dataset, analyst, data_version, expect_head;
  KeySource key;
  bool again = false;
};

/// Of `partial`: a new run is given a question, a shard tables; both stand where those of a query do.
struct PartialArguments {
  std::optional<std::string> new_run, run, shard;
  QueryArguments asked;
};

/// Of `tune`, whose tables are a public sample, or the private table itself.
struct TuneArguments {
  QueryArguments asked;
  bool is_public = false;
  std::optional<std::string> spend;
};

struct MergeArguments {
  std::vector<std::string> states;
  std::string output;
};

struct NoiseArguments {
  std::string law, scale, count;
  std::optional<std::string> at, grid;
  std::string format = "text";
  std::optional<std::string> output;
};

/// Of `budget`; which of these an action takes, its flags say.
struct BudgetArguments {
  std::string action, ledger;
  std::optional<std::string> as, dataset, analyst, project, auditor, member, role, public_key;
  std::optional<std::string> epsilon, delta, rho, until, expect_head;
  std::string filter = "additive";
  std::optional<std::string> orders;
  KeySource key;
  std::optional<std::string> owner_key;
  bool thaw = false, releases = false;
  std::string format = "table";
  std::optional<std::string> output;
};

struct DeidArguments {
  std::string policy, table;
  std::optional<std::string> output, format, report, threads, ring;
  LockSource lock;
  std::optional<std::string> ledger, as, expect_head;  ///< of "reidentify", which is noted there
  KeySource key;                                       ///< to sign by
  bool dry_run = false, exact = false;
  QueryArguments payment;  ///< of "deid": who pays, and for what, where a release costs
};

struct RiskArguments {
  std::vector<std::string> tables, population;
  std::string quasi;
  std::optional<std::string> sensitive, threads, output;
  std::string format = "table";
};

struct KeysArguments {
  std::string action, file;
  LockSource lock, new_lock;
  std::string output;
  bool ring = false, no_reidentify = false;
};

/// Of `joint`; which of these an action takes, its flags say.
struct JointArguments {
  std::string action, home, mail;
  std::vector<std::string> members;        ///< files of `join`
  std::string name, quorum, terms;         ///< of `init`, `join`, `plan` and `train`
  std::string model, input, thresholds;    ///< of `score`
  std::string plan;                        ///< the beginning of its hash
  std::optional<std::string> wait, round;  ///< seconds
  std::optional<std::string> listen, connect, coordinator;
  std::optional<std::string> confidence, output;
  std::string format = "table";
  bool look = false, close = false;
  LockSource lock;
};

struct AccountArguments {
  std::string events;
  std::optional<std::string> epsilon, delta, alpha;
  std::string relation = "add-remove";
  std::optional<std::string> group_size, gap, curve, trade_off;
};

struct CalibrateArguments {
  std::string law, epsilon, sensitivity;
  std::optional<std::string> delta, times, q;
};

/// A command line that asks for help, or that is wrong: its text goes to standard output where the
/// exit code is 0, else to standard error.
struct Stop {
  int exit_code;
  std::string text;
};

template <class Arguments>
using Parsed = std::variant<Arguments, Stop>;

/// `verb` is "query" or "plan", whose flags are the same but for a few.
Parsed<QueryArguments> parse_query(const std::string& verb, CommandLine words);
Parsed<TuneArguments> parse_tune(CommandLine words);
Parsed<PartialArguments> parse_partial(CommandLine words);
Parsed<MergeArguments> parse_merge(CommandLine words);
Parsed<QueryArguments> parse_finalize(CommandLine words);  ///< the tables are states
Parsed<NoiseArguments> parse_noise(CommandLine words);
Parsed<BudgetArguments> parse_budget(CommandLine words);
/// `verb` is "deid" or "reidentify", which says where it is noted, too.
Parsed<DeidArguments> parse_deid(const std::string& verb, CommandLine words);
Parsed<KeysArguments> parse_keys(CommandLine words);
Parsed<JointArguments> parse_joint(CommandLine words);
Parsed<AccountArguments> parse_account(CommandLine words);
Parsed<CalibrateArguments> parse_calibrate(CommandLine words);
Parsed<RiskArguments> parse_risk(CommandLine words);

/// Says what `stop` says, and gives its exit code.
Result<int> show(const Stop& stop);

}  // namespace sfumato
