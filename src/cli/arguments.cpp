#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <iterator>
#include <ranges>
#include <string_view>

#include "base/nearest.h"
#include "cli/display.h"
#include "cli/output.h"

namespace sfumato {
namespace {

using Choices = std::vector<std::string>;

/// "csv, json or table".
std::string any_of(const Choices& choices) {
  const auto last = std::prev(choices.end());
  return fmt::format("{} or {}", fmt::join(choices.begin(), last, ", "), *last);
}

/// One verb's flags: CLI11 tells flags, values and files apart; what is missing, doubled or
/// misspelt is said here, in our words.
class Flags {
 public:
  Flags(const std::string& verb, const std::string& usage, const std::string& does)
      : verb_(verb), help_(fmt::format("{}\n\nUsage: sfumato {} {}\n", does, verb, usage)) {
    app_.allow_extras();
    app_.set_help_flag("-h,--help");
  }

  void section(const std::string& title) { help_ += fmt::format("\n{}:\n", title); }
  void example(const std::string& text) { help_ += "\n" + text; }

  void files(const std::string& name, const char* about, std::vector<std::string>& into) {
    describe(name + "...", about);
    app_.add_option(name, into);
    required_.push_back([name, &into] { return into.empty() ? "needs " + name : ""; });
  }

  void word(const std::string& name, const Choices& choices, std::string& into) {
    describe(name, any_of(choices));
    CLI::Option* option = add(name, into);
    required_.push_back([option, name, choices] {
      return option->empty() ? fmt::format("needs {}: {}", name, any_of(choices)) : "";
    });
    check_choice(option, name, choices);
  }

  void needed(const std::string& name, const char* value, const char* about, std::string& into) {
    describe(fmt::format("{} {}", name, value), about);
    CLI::Option* option = add(name, into);
    required_.push_back([option, name] { return option->empty() ? "needs " + name : ""; });
  }

  void text(const std::string& name, const char* about, std::string& into) {
    describe(name, about);
    CLI::Option* option = add(name, into);
    required_.push_back([option, name] { return option->empty() ? "needs " + name : ""; });
  }

  /// Where `into` is a list, the flag may be there several times.
  template <class Target>
  void value(const std::string& name, const char* value, const char* about, Target& into) {
    describe(fmt::format("{} {}", name, value), about);
    add(name, into);
  }

  template <class Word>
  void choice(const std::string& name, const char* about, const Choices& choices, Word& into) {
    describe(name + " WORD", fmt::format("{} {}", about, any_of(choices)));
    check_choice(add(name, into), name, choices);
  }

  void flag(const std::string& name, const char* about, bool& into) {
    describe(name, about);
    names_.push_back(name);
    app_.add_flag(name, into);
  }

  /// Where something stands in the way of going on: help that was asked for, or what is wrong.
  std::optional<Stop> parse(CommandLine words) {
    std::string wrong;
    try {
      app_.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::CallForHelp&) {
      return Stop{kDone, help_};
    } catch (const CLI::ArgumentMismatch& error) {
      const std::string_view what = error.what();
      wrong = fmt::format("{} needs one value", what.substr(0, what.find(':')));
    } catch (const CLI::Error& error) {
      wrong = error.what();
    }
    if (std::string extra = unknown_word(); !extra.empty()) wrong = std::move(extra);
    if (wrong.empty()) wrong = first_of(checks_);
    if (wrong.empty()) wrong = first_of(required_);
    if (wrong.empty()) return std::nullopt;
    return this->wrong(wrong);
  }

  Stop wrong(const std::string& what) const {
    return {kWrongUsage, fmt::format("sfumato {}: {}\n", verb_, printable(what))};
  }

 private:
  using Check = std::function<std::string()>;

  void describe(const std::string& name, std::string_view about) {
    help_ += fmt::format("  {:<18} {}\n", name, about);
  }

  template <class Target>
  CLI::Option* add(const std::string& name, Target& into) {
    CLI::Option* option = app_.add_option(name);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    if (name.starts_with('-')) names_.push_back(name);
    checks_.push_back([option, name, &into] { return taken(*option, name, into); });
    return option;
  }

  /// Moves what stands after a flag to where it belongs; says what is wrong with it, or nothing.
  template <class Target>
  static std::string taken(const CLI::Option& option, const std::string& name, Target& into) {
    for (const std::string& text : option.results())
      if (text.starts_with("--")) return fmt::format("{} needs a value before {}", name, text);
    if constexpr (std::is_same_v<Target, std::vector<std::string>>) {
      into = option.results();
    } else {
      if (option.count() > 1) return name + " is there twice";
      if (option.count() == 1) into = option.results().front();
    }
    return {};
  }

  void check_choice(CLI::Option* option, const std::string& name, const Choices& choices) {
    checks_.push_back([option, name, choices]() -> std::string {
      if (option->empty()) return {};
      const std::string& word = option->results().front();
      if (std::ranges::find(choices, word) != choices.end()) return {};
      return fmt::format("{} is {}, not {}; {}", name, any_of(choices), word,
                         suggestion(word, choices));
    });
  }

  std::string unknown_word() const {
    const std::vector<std::string> words = app_.remaining();
    if (words.empty()) return {};
    const auto flag = std::ranges::find_if(words, [](auto& word) { return word.starts_with('-'); });
    if (flag == words.end()) return fmt::format("has no use for {}", words.front());
    const std::string name = flag->substr(0, flag->find('='));
    std::vector<std::string> names = names_;
    names.push_back("--help");  // last, since it is no good guess where another is as near
    return fmt::format("unknown flag {}; {}", name, suggestion(name, names));
  }

  static std::string first_of(const std::vector<Check>& checks) {
    for (const Check& check : checks)
      if (std::string wrong = check(); !wrong.empty()) return wrong;
    return {};
  }

  std::string verb_, help_;
  CLI::App app_;
  std::vector<std::string> names_;
  std::vector<Check> checks_, required_;
};

constexpr const char* kTables =
    "CSV, Parquet or Arrow files with the same columns; - is standard input";

void table_flags(Flags& flags, QueryArguments& into) {
  flags.section("Whose data it is");
  flags.files("TABLE", kTables, into.tables);
  flags.value("--unit", "COL", "the column that says whose row it is: one unit", into.unit);
  flags.flag("--unit-row", "each row is a unit of its own", into.unit_row);
  flags.value("--max-groups", "N", "groups that one unit may count in (with --unit-row: 1)",
              into.max_groups);
  flags.value("--max-rows", "N", "rows of one unit that count in each group (with --unit-row: 1)",
              into.max_rows);
}

void question_flags(Flags& flags, QueryArguments& into) {
  flags.section("What is asked");
  flags.needed("--select", "LIST",
               "of count, units, quantile(COL,Q,...), histogram(COL,EDGE,...), covariance and "
               "correlation of two (COL,COL), and count, distinct, sum, mean, variance, stddev, "
               "median, min, max of a (COL)",
               into.select);
  flags.value("--by", "COL,...", "columns that make the groups (default: one group of all)",
              into.by);
  flags.flag("--rollup", "groups by fewer of these columns as well, from the last on, and by none",
             into.rollup);
  flags.value("--where", "CONDITION",
              "only rows of which 'COL OP VALUE' is true (again for further conditions)",
              into.where);
  flags.value("--groups", "FILE", "CSV of the groups to show, whose existence is no secret",
              into.groups);
  flags.value("--clamp", "COL=LO:HI",
              "bounds of a column's values, for all but counts; COL=auto finds them in the data",
              into.clamps);
}

void privacy_flags(Flags& flags, QueryArguments& into) {
  flags.section("What it may cost, in all");
  flags.value("--epsilon", "E", "privacy loss: odds change by at most the factor e^E",
              into.epsilon);
  flags.value("--rho", "R", "privacy loss in zero-concentrated terms, instead of --epsilon",
              into.rho);
  flags.value("--delta", "D", "probability with which that may fail (default: 0)", into.delta);
  flags.choice("--noise",
               "the law, by default the one of smaller error:", {"auto", "laplace", "gaussian"},
               into.noise);
}

void wanted_flags(Flags& flags, QueryArguments& into) {
  flags.section("How exact it shall be, in place of --epsilon: the least is looked for");
  flags.value("--error", "SHARE", "the standard errors, as in 5%, of the most that answers can be",
              into.error);
  flags.value("--rows", "N", "in a group of so many rows that count", into.rows);
}

/// `which` is "", "new-" or "key-", for two locks on one line.
void lock_flags(Flags& flags, LockSource& into, const std::string& which = "") {
  const std::string dashes = "--" + which;
  flags.value(dashes + "passphrase-file", "F",
              "the passphrase is its first line (default: a prompt)", into.passphrase_file);
  flags.value(dashes + "key-env", "NAME", "a variable of the environment: 64 hexadecimal digits",
              into.key_env);
  flags.value(dashes + "unlock-file", "F", "these digits are its first line, for its owner's eyes",
              into.unlock_file);
  flags.value(dashes + "unlock-fd", "N", "an open descriptor gives them", into.unlock_fd);
  flags.value(dashes + "unlock-command", "CMD", "a command prints them, as of a key service",
              into.unlock_command);
  flags.value(dashes + "token", "URI",
              "a key in a token opens it: pkcs11:token=T;object=K?pin-source=file:F", into.token);
}

void key_flags(Flags& flags, KeySource& into, const std::string& which = "") {
  flags.value("--key", "FILE", "sign by this key, where the ledger holds keys", into.file);
  lock_flags(flags, into.lock, which);
}

/// What the flags of a lock must be together; nothing where they are so.
std::string contradiction(const LockSource& lock) {
  int given = 0;
  for (const auto* const source : {&lock.passphrase_file, &lock.key_env, &lock.unlock_file,
                                   &lock.unlock_fd, &lock.unlock_command, &lock.token})
    given += source->has_value();
  return given > 1 ? "takes one of --passphrase-file, --key-env, --unlock-file, --unlock-fd, "
                     "--unlock-command and --token"
                   : "";
}

std::string contradiction(const KeySource& key, const std::string& flag) {
  if (!key.file && !key.lock.empty()) return "needs " + flag + " with what unlocks it";
  return contradiction(key.lock);
}

void ledger_flags(Flags& flags, QueryArguments& into, const std::string& which = "") {
  flags.section("Who pays");
  flags.value("--ledger", "FILE", "charge it there first (made by sfumato budget create; or a URL)",
              into.ledger);
  flags.value("--dataset", "NAME", "the dataset of the ledger that the tables are", into.dataset);
  flags.value("--analyst", "NAME", "whose budget it is (default: the owner's, of all the dataset)",
              into.analyst);
  flags.value("--data-version", "V", "which state of the dataset it is: new data, new version",
              into.data_version);
  flags.flag("--again", "charge and draw anew what was released before", into.again);
  flags.value("--expect-head", "HEAD", "refuse a ledger that does not hold this head",
              into.expect_head);
  key_flags(flags, into.key, which);
}

const Choices kTextForms = {"table", "csv", "json"};
const Choices kForms = {"table", "csv", "json", "arrow", "parquet"};

void told_flags(Flags& flags, QueryArguments& into, const Choices& forms) {
  flags.section("How it is told");
  flags.value("--confidence", "P", "of each interval by itself (default: 0.95)", into.confidence);
  flags.flag("--quantile-intervals",
             "of quantiles, too: they are read from a tree then, which errs more",
             into.quantile_intervals);
  flags.choice("--format", "by default a table:", forms, into.format);
  flags.flag("--explain", "add who is protected, and from what, for a data-protection officer",
             into.explain);
  flags.value("-o", "FILE", "write there, once all is done (default: standard output)",
              into.output);
}

void machine_flags(Flags& flags, QueryArguments& into) {
  flags.value("--threads", "N", "threads (default: one a processor)", into.threads);
  flags.value("--memory", "SIZE",
              "for rows, as in 4G, before TMPDIR takes them (default: a quarter of all)",
              into.memory);
}

void answer_flags(Flags& flags, QueryArguments& into) {
  flags.value("--mark", "SHARE",
              "mark in a table what noise may move by more than this of it (default: 50%)",
              into.mark);
  flags.value("--top", "K", "show only the K groups with the greatest first value, that one first",
              into.top);
  flags.value("--plot", "FILE", "draw bars with intervals there, as its end says: .svg or .png",
              into.plot);
}

std::string contradiction_of_cost(const QueryArguments& given) {
  if (given.epsilon && given.rho) return "takes --epsilon or --rho, not both";
  if (given.error && (given.epsilon || given.rho))
    return "takes --error or what it may cost, not both";
  if (given.error.has_value() != given.rows.has_value())
    return "needs --error and --rows together: which share, in a group of how many rows";
  if (!given.epsilon && !given.rho && !given.error)
    return "needs --epsilon or --rho: what it may cost";
  return {};
}

/// Of what pays for a release, and of how it is told.
std::string contradiction_of_release(const QueryArguments& given) {
  if (given.ledger && !given.dataset) return "needs --dataset with --ledger";
  if (!given.ledger &&
      (given.dataset || given.analyst || given.data_version || given.expect_head || given.again))
    return "needs --ledger with --dataset, --analyst, --data-version, --again and --expect-head";
  const bool piped = std::ranges::find(given.tables, "-") != given.tables.end();
  if (given.ledger && piped && !given.data_version)
    return "needs --data-version where a ledger pays for standard input: it says which data that "
           "is";
  if (!given.ledger && given.key.file) return "needs --ledger with --key";
  if (const std::string wrong = contradiction(given.key, "--key"); !wrong.empty()) return wrong;
  if (given.plot && given.plot == given.output) return "takes --plot and -o to two files";
  if (given.mark && !given.plot && given.format != "table")
    return "marks values in --format table and in a --plot alone";
  if (given.explain && given.format != "table" && given.format != "json")
    return "explains in --format table or json, not " + given.format;
  if (!given.output && (given.format == "arrow" || given.format == "parquet"))
    return "needs -o FILE with --format arrow or parquet, which are no text";
  return {};
}

/// What the flags must be together; nothing where they are so.
std::string contradiction(const QueryArguments& given) {
  if (given.unit && given.unit_row) return "takes --unit or --unit-row, not both";
  if (!given.unit && !given.unit_row)
    return "needs --unit COL or --unit-row: whose data is protected";
  if (const std::string wrong = contradiction_of_cost(given); !wrong.empty()) return wrong;
  if (given.unit && !given.max_groups) return "needs --max-groups with --unit";
  if (given.unit && !given.max_rows) return "needs --max-rows with --unit";
  return contradiction_of_release(given);
}

constexpr const char* kQueryExample =
    "Example:\n"
    "  sfumato query visits.parquet --unit person --by region --select 'count, mean(cost)' \\\n"
    "      --clamp cost=0:500 --max-groups 3 --max-rows 2 --epsilon 1 --delta 1e-6\n";

constexpr const char* kNoiseExample =
    "laplace and gaussian answer X plus real noise, rounded to a multiple of 2^K. X is taken "
    "exactly\n"
    "where it is a dyadic number, else as the nearest double. f64 and i64 are little-endian.\n\n"
    "Example:\n"
    "  sfumato noise discrete-laplace --scale 2.5 -n 1e6 --format i64 -o draws.i64\n";

constexpr const char* kDeidExample =
    "Example, of a policy:\n"
    "  version = 1\n"
    "  default = \"drop\"\n"
    "  [columns.zip]\n"
    "  role = \"quasi\"\n"
    "  transform = \"mask\"\n"
    "  last = 2\n";

constexpr const char* kBudgetUsage =
    "Durable budgets: what datasets may still lose, and who may spend it.\n\n"
    "Usage: sfumato budget ACTION LEDGER [FLAGS]\n\n"
    "  create   enter a dataset and what it may lose in all; make the ledger, where it is not "
    "there\n"
    "  grant    let an analyst or a project spend a part of it, or an auditor see it\n"
    "  admit    give a member a role and, where the ledger holds keys, its key\n"
    "  revoke   take a member's key away\n"
    "  freeze   stop spending, or allow it again\n"
    "  show     what is left, and for whom\n"
    "  verify   compute the ledger anew from its log, and compare\n"
    "  head     the last entry of the log, to be kept elsewhere\n"
    "  export   the log, a JSON object a line\n"
    "  report   one HTML page: spending over time, what is left, releases and refusals\n\n"
    "  sfumato budget ACTION --help   the flags of an action\n\n"
    "A ledger is one file, or postgresql://user@host/database#schema. With --owner-key it holds\n"
    "keys for good, and each request is signed; without, it is for people who trust whoever can "
    "write it.\n";

constexpr const char* kKeysUsage =
    "Keys in files that a passphrase or another key locks: to sign by, or rings of keys to\n"
    "de-identify by.\n\n"
    "Usage: sfumato keys ACTION FILE [FLAGS]\n\n"
    "  new     make a key pair, or by --ring a ring, in a new file\n"
    "  show    the public half of a key pair, as one line, and a fingerprint to compare\n"
    "  list    what a ring holds\n"
    "  rotate  add a fresh version to a ring; what older ones made can still be read\n"
    "  wrap    write a ring under another lock, for a backup or for somebody else\n\n"
    "  sfumato keys ACTION --help   the flags of an action\n";

constexpr const char* kJointUsage =
    "Statistics of several organisations' rows, which none of them shows.\n\n"
    "Usage: sfumato joint ACTION HOME [FLAGS]\n\n"
    "  init        make an organisation's home: its key, its line for others, its policy\n"
    "  join        sign the roster of those who compute together\n"
    "  plan        write down what is to be computed, for all to see\n"
    "  approve     look at a plan, and sign it\n"
    "  contribute  pay for an approved plan, and take part in it\n"
    "  serve       collect what the others say, and add up\n"
    "  result      show what came out\n"
    "  train       take part in all rounds of a training, and write its model\n"
    "  score       add the risks by a model to the rows of a table\n\n"
    "  sfumato joint ACTION --help   the flags of an action\n\n"
    "A home is a folder for its owner's eyes alone. What organisations say to one another lies in "
    "a\n"
    "folder that they share, or whose files somebody or a connection carries: all there is signed "
    "or\nsealed.\n";

void cap_flags(Flags& flags, BudgetArguments& into) {
  flags.value("--epsilon", "E", "privacy loss, in all", into.epsilon);
  flags.value("--rho", "R", "the same in zero-concentrated terms, instead of --epsilon", into.rho);
  flags.value("--delta", "D", "probability with which that may fail (default: 0)", into.delta);
  flags.value("--until", "DATE", "YYYY-MM-DD: nothing is spent from that day on (UTC)", into.until);
}

/// The flags of one action.
void action_flags(Flags& flags, BudgetArguments& into) {
  const std::string& action = into.action;
  flags.section("Flags");
  flags.needed("LEDGER", "", "the file, or the URL", into.ledger);
  static const Choices on_datasets = {"create", "grant", "freeze", "show"};
  if (std::ranges::find(on_datasets, action) != on_datasets.end())
    flags.value("--dataset", "NAME", "the dataset", into.dataset);
  if (action == "grant" || action == "freeze") {
    flags.value("--analyst", "NAME", "the analyst whose budget it is", into.analyst);
    flags.value("--project", "NAME", "the project whose budget it is, or the analyst's is part of",
                into.project);
  }
  if (action == "grant") flags.value("--auditor", "NAME", "who may see all", into.auditor);
  if (action == "create" || action == "grant") cap_flags(flags, into);
  if (action == "create") {
    flags.choice("--filter", "how releases add up (default: additive):", {"additive", "renyi"},
                 into.filter);
    flags.value("--orders", "LIST", "of Renyi divergences, up to 8 (default: 4 that suit)",
                into.orders);
  }
  if (action == "admit" || action == "revoke")
    flags.value("--member", "NAME", "whom it is about", into.member);
  if (action == "admit") {
    flags.choice("--role", "what the member may do:", {"owner", "analyst", "auditor"}, into.role);
    flags.value("--public-key", "KEY", "what sfumato keys show prints first, in place of an older",
                into.public_key);
  }
  if (action == "freeze") flags.flag("--thaw", "allow spending again", into.thaw);
  if (action == "show") {
    flags.choice("--format", "by default a table:", {"table", "json"}, into.format);
    flags.value("--delta", "D",
                "at which what was spent in rho (default: 1e-6) or in Renyi divergences\n"
                "(default: the budget's) is told as epsilon",
                into.delta);
  }
  if (action == "export")
    flags.flag("--releases", "with what was released, in hexadecimal", into.releases);
  if (action == "report") flags.flag("--releases", "with what was released", into.releases);
  if (action != "create")
    flags.value("--expect-head", "HEAD", "refuse a ledger that does not hold this head",
                into.expect_head);
  flags.value("--as", "NAME", "who acts (default: whose key it is, else owner)", into.as);
  if (action == "create")
    flags.value("--owner-key", "FILE", "make a ledger that holds keys: this is the owner's",
                into.owner_key);
  if (action != "verify" && action != "head") key_flags(flags, into.key);
  flags.value("-o", "FILE", "write there (default: standard output)", into.output);
}

/// What the flags of an action must be together; nothing where they are so.
std::string contradiction(const BudgetArguments& given) {
  const bool bare = given.action == "create" && !given.dataset && !given.epsilon && !given.rho;
  const bool caps =
      !bare && (given.action == "create" || (given.action == "grant" && !given.auditor));
  if (given.action == "grant" && given.auditor) {
    const bool more = given.dataset || given.analyst || given.project || given.epsilon || given.rho;
    return more ? "takes --auditor alone: who may see all" : "";
  }
  if (given.action == "admit" || given.action == "revoke") {
    if (!given.member) return "needs --member";
    return given.action == "admit" && !given.role ? "needs --role: what the member may do" : "";
  }
  if ((caps || given.action == "freeze") && !given.dataset) return "needs --dataset";
  if (given.owner_key && given.key.file) return "takes --owner-key or --key, not both";
  if (given.action == "grant" && !given.analyst && !given.project)
    return "needs --analyst, --project or --auditor: who is granted something";
  if (given.epsilon && given.rho) return "takes --epsilon or --rho, not both";
  if (caps && !given.epsilon && !given.rho) return "needs --epsilon or --rho: what may be spent";
  const bool renyi = given.filter == "renyi";
  if (bare && (renyi || given.delta || given.until || given.orders || given.key.file))
    return "needs --dataset";
  if (renyi && given.rho) return "takes --epsilon and --delta with --filter renyi";
  if (given.orders && !renyi) return "needs --filter renyi with --orders";
  return {};
}

constexpr const char* kAccountExample =
    "EVENTS are releases with commas between; *K repeats one. Laws: gaussian(sigma=) "
    "laplace(scale=)\n"
    "discrete_gaussian(sigma=) discrete_laplace(scale=), and of parties that share noise\n"
    "skellam(mu=) polya(scale=, parts=, present=) discrete_gaussian_sum(sigma=, parts=), all of\n"
    "these with sensitivity= where it is not 1;\n"
    "pure(epsilon=) approx(epsilon=, delta=) pure_rr(epsilon=) randomized_response(p=, "
    "categories=)\n"
    "exponential(epsilon=) zcdp(rho=) rdp(alpha=, epsilon=); and poisson(q=, EVENT) and\n"
    "without_replacement(n=, m=, EVENT) of one of these.\n\n"
    "Example:\n"
    "  sfumato account 'poisson(q=0.01, gaussian(sigma=1.1))*1000, laplace(scale=2)' --delta "
    "1e-6\n";

/// What the flags must be together; nothing where they are so.
std::string contradiction(const AccountArguments& given) {
  const int asked = given.epsilon.has_value() + given.delta.has_value() + given.alpha.has_value();
  if (asked > 1) return "takes one of --delta, --epsilon and --alpha";
  if (asked == 0) return "needs --delta, --epsilon or --alpha: the one at which another is asked";
  if (given.curve && given.alpha)
    return "takes --curve with --delta or --epsilon, which say how far it goes";
  if (given.curve && given.curve == given.trade_off)
    return "takes --curve and --trade-off to two files";
  return {};
}

constexpr const char* kCalibrateExample =
    "Example:\n"
    "  sfumato calibrate gaussian --epsilon 1 --delta 1e-6 --sensitivity 1 --times 10\n";

constexpr const char* kRiskExample =
    "The figures are about people as the table is, and as secret.\n\n"
    "Example:\n"
    "  sfumato risk patients.csv --quasi zip,birth_year,sex --sensitive diagnosis\n";

/// Makes `action` the first word, or says why the program stops there.
std::optional<Stop> take_action(const std::string& verb, const std::string& usage,
                                const Choices& actions, CommandLine words, std::string& action) {
  if (words.empty()) return Stop{kWrongUsage, usage};
  action = words.front();
  if (action == "--help" || action == "-h") return Stop{kDone, usage};
  if (std::ranges::find(actions, action) != actions.end()) return std::nullopt;
  return Stop{kWrongUsage, fmt::format("sfumato {}: {} is no action; {}\n", verb, printable(action),
                                       suggestion(action, actions))};
}

std::string joint_usage(const std::string& action) {
  if (action == "init") return "HOME --name NAME [FLAGS]";
  if (action == "join") return "HOME MEMBER... --quorum K --mail DIR [FLAGS]";
  if (action == "plan") return "HOME PLAN --mail DIR";
  if (action == "train") return "HOME TRAINING --mail DIR -o MODEL [FLAGS]";
  if (action == "score") return "MODEL TABLE --threshold T,... -o FILE";
  return "HOME --mail DIR --plan HASH [FLAGS]";
}

std::string joint_does(const std::string& action) {
  if (action == "init")
    return "Makes an organisation's home, a folder: a key, its public half by its name in "
           "`member`, "
           "for\nothers, and a policy to be filled in.";
  if (action == "join")
    return "Signs the roster of those who compute together. Compare the fingerprints that it shows "
           "with\neach of them, by another way than the one by which their lines came.";
  if (action == "plan")
    return "Writes a plan for the members of the home's roster, and explains it.";
  if (action == "approve")
    return "Explains a plan, checks it against the home's policy, and signs it; or only looks.";
  if (action == "contribute")
    return "Charges the home's ledger, and takes part with its rows. Killed at any point, it goes "
           "on "
           "where it\nwas when it is called again.";
  if (action == "serve")
    return "Collects what those who contribute say, and adds up, as the plan's coordinator. Killed "
           "at "
           "any\npoint, it goes on where it was when it is called again.";
  if (action == "train")
    return "Trains a model with the other organisations of a TOML file: derives each round's plan, "
           "signs it,\ncharges the home's ledger, takes part, and adds up where the home "
           "coordinates. Killed at any point,\nit goes on where it was when it is called again.";
  if (action == "score")
    return "Writes the table anew with two more columns: `risk`, a probability, and `band`, how "
           "many thresholds\nit reaches. Both are empty where a value that the model needs is no "
           "number.";
  return "Shows what came out, with intervals and both losses of privacy.";
}

void joint_flags(Flags& flags, JointArguments& into) {
  const std::string& action = into.action;
  flags.section("Flags");
  if (action == "score") {
    flags.text("MODEL", "what train wrote", into.model);
    flags.text("TABLE", "csv, or a Parquet or Arrow file", into.input);
    flags.needed("--threshold", "T,...", "risks from which on bands begin, rising",
                 into.thresholds);
    flags.needed("-o", "FILE", "the new table: csv of csv, else Parquet", into.output.emplace());
    return;
  }
  flags.needed("HOME", "", "the organisation's folder", into.home);
  if (action == "init") flags.needed("--name", "NAME", "what others call it", into.name);
  if (action == "join") {
    flags.files("MEMBER", "the line of each organisation, as init wrote it, its own too",
                into.members);
    flags.needed("--quorum", "K", "so many have to sign the roster, and each plan", into.quorum);
  }
  if (action == "plan") flags.text("PLAN", "a TOML file", into.terms);
  if (action == "train") flags.text("TRAINING", "a TOML file, the same at all", into.terms);
  if (action == "init") return lock_flags(flags, into.lock);
  flags.needed("--mail", "DIR", "the folder of what organisations say to one another", into.mail);
  if (action == "approve")
    flags.flag("--look", "explain it and check it, and sign nothing", into.look);
  if (action != "join" && action != "plan" && action != "train")
    flags.needed("--plan", "HASH", "the plan, by 32 digits or more of its hash", into.plan);
  if (action == "contribute" || action == "serve" || action == "train")
    flags.value("--wait", "SECONDS",
                "go on as others do, for at most so long (default: do what can be done now)",
                into.wait);
  if (action == "approve" || action == "contribute") {
    flags.value("--connect", "HOST:PORT", "carry DIR to the coordinator there, and back, over TLS",
                into.connect);
    flags.value("--coordinator", "WHO",
                "who must answer there: a member, or a file of its line (default: the plan's)",
                into.coordinator);
  }
  if (action == "serve") {
    flags.value(
        "--listen", "HOST:PORT",
        "with --wait: carry DIR from and to members, over TLS; a port alone is this machine's",
        into.listen);
  }
  if (action == "serve" || action == "train")
    flags.value("--round", "SECONDS", "with --wait: leave out who is later than that in a round",
                into.round);
  if (action == "serve")
    flags.flag("--close", "leave out who is late in this round, now", into.close);
  if (action == "train")
    flags.needed("-o", "FILE", "write the model there, as JSON", into.output.emplace());
  if (action == "result") {
    flags.value("--confidence", "P", "of each interval by itself (default: 0.95)", into.confidence);
    flags.choice("--format", "by default a table:", kTextForms, into.format);
    flags.value("-o", "FILE", "write there (default: standard output)", into.output);
    return;
  }
  if (action != "plan") lock_flags(flags, into.lock);
}

constexpr const char* kPartialExample =
    "\nA run file and a state are as secret as the data: who has a state has values of people.\n\n"
    "Example:\n"
    "  sfumato partial --new-run visits.run --unit person --by site --select 'count, mean(cost)' "
    "\\\n"
    "      --clamp cost=0:500 --max-groups 3 --max-rows 2\n"
    "  sfumato partial north.csv --run visits.run --shard north -o north.state\n"
    "  sfumato partial south.csv --run visits.run --shard south -o south.state\n"
    "  sfumato finalize north.state south.state --epsilon 1 --delta 1e-6\n";

Parsed<PartialArguments> parse_new_run(CommandLine words) {
  PartialArguments given;
  QueryArguments& asked = given.asked;
  Flags flags(
      "partial", "--new-run FILE --unit COL --select LIST [FLAGS]",
      "Begins a run: writes what all shards of a table are asked, and keys that they share.");
  flags.section("Whose data it is");
  flags.value("--new-run", "FILE", "a new file, for its owner's eyes alone", given.new_run);
  flags.needed("--unit", "COL", "the column that says whose row it is: one unit",
               asked.unit.emplace());
  flags.needed("--max-groups", "N", "groups that one unit may count in",
               asked.max_groups.emplace());
  flags.needed("--max-rows", "N", "rows of one unit that count in each group",
               asked.max_rows.emplace());
  question_flags(flags, asked);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  return given;
}

Parsed<PartialArguments> parse_shard(CommandLine words) {
  PartialArguments given;
  Flags flags("partial", "TABLE... --run FILE --shard NAME -o STATE [FLAGS]",
              "Bounds the rows of a shard, and writes what is kept of them.");
  flags.section("Flags");
  flags.files("TABLE", kTables, given.asked.tables);
  flags.needed("--run", "FILE", "the run, as --new-run made it", given.run.emplace());
  flags.needed("--shard", "NAME", "which shard it is: none counts twice", given.shard.emplace());
  flags.needed("-o", "STATE", "a new file, for its owner's eyes alone",
               given.asked.output.emplace());
  machine_flags(flags, given.asked);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  return given;
}

}  // namespace

Parsed<QueryArguments> parse_query(const std::string& verb, CommandLine words) {
  QueryArguments given;
  Flags flags(verb, "TABLE... --select LIST [FLAGS]",
              verb == "plan" ? "Says what a query would cost and how exact it would be. Spends "
                               "nothing and reads no row."
                             : "Releases private statistics of a table.");
  table_flags(flags, given);
  question_flags(flags, given);
  privacy_flags(flags, given);
  flags.value("--auto-share", "SHARE",
              "of that, what finding the clamps that are auto takes (default: 10%)",
              given.auto_share);
  if (verb == "plan") wanted_flags(flags, given);
  ledger_flags(flags, given);
  told_flags(flags, given, verb == "query" ? kForms : kTextForms);
  if (verb == "query") answer_flags(flags, given);
  machine_flags(flags, given);
  flags.example(kQueryExample);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  if (const std::string wrong = contradiction(given); !wrong.empty()) return flags.wrong(wrong);
  return given;
}

Parsed<TuneArguments> parse_tune(CommandLine words) {
  TuneArguments given;
  QueryArguments& asked = given.asked;
  Flags flags("tune", "TABLE... --public | --spend E --select LIST [FLAGS]",
              "Recommends bounds and clamps for a query, by a sample that is public, or by private "
              "releases of\nthe table itself.");
  flags.flag("--public", "anybody may see the table: nothing of it is protected, nothing charged",
             given.is_public);
  flags.value("--spend", "E", "epsilon that is spent on the table to recommend, beside the query's",
              given.spend);
  table_flags(flags, asked);
  question_flags(flags, asked);
  privacy_flags(flags, asked);
  ledger_flags(flags, asked);
  flags.section("How it is told");
  flags.value("--rows", "N", "of --public: rows of the real table (default: as many)", asked.rows);
  flags.choice("--format", "by default a table:", {"table", "json"}, asked.format);
  flags.value("--plot", "FILE", "draw the error of all that was tried there: .svg or .png",
              asked.plot);
  flags.value("-o", "FILE", "write there (default: standard output)", asked.output);
  flags.value("--threads", "N", "threads (default: one a processor)", asked.threads);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  if (given.is_public == given.spend.has_value())
    return flags.wrong(
        "needs --public, that anybody may see the table, or --spend E, which protects it");
  if (given.is_public && asked.ledger)
    return flags.wrong("needs --spend with --ledger: of a public table nothing is charged");
  if (given.spend && asked.rows)
    return flags.wrong("takes --rows with --public: else the table is the real one");
  if (asked.unit.has_value() == asked.unit_row)
    return flags.wrong("needs --unit COL or --unit-row: whose data is protected");
  QueryArguments cost = asked;
  cost.rows.reset();  // which says something else here
  if (const std::string wrong = contradiction_of_cost(cost); !wrong.empty())
    return flags.wrong(wrong);
  if (const std::string wrong = contradiction_of_release(cost); !wrong.empty())
    return flags.wrong(wrong);
  return given;
}

Parsed<PartialArguments> parse_partial(CommandLine words) {
  if (words.empty())
    return Stop{
        kWrongUsage,
        "sfumato partial: needs --run and the tables of a shard, or --new-run to begin a run\n"};
  const auto asks = [&](const char* flag) {
    return std::ranges::any_of(words, [&](const std::string& word) {
      return word == flag || word.starts_with(flag + std::string("="));
    });
  };
  if (asks("--unit-row"))
    return Stop{
        kWrongUsage,
        "sfumato partial: takes --unit, not --unit-row: states are merged by whose rows they "
        "hold; query rows that are units of their own where all of them can be read\n"};
  if (!asks("--help") && !asks("-h"))
    return asks("--new-run") ? parse_new_run(words) : parse_shard(words);
  const std::vector<std::string> help = {"--help"};
  return Stop{kDone, std::get<Stop>(parse_new_run(help)).text + "\n\n" +
                         std::get<Stop>(parse_shard(help)).text + kPartialExample};
}

Parsed<MergeArguments> parse_merge(CommandLine words) {
  MergeArguments given;
  Flags flags("merge", "STATE... -o STATE",
              "Makes one partial state of several of one run, of which none shares a shard with "
              "another.\nIt is the same bytes in whatever order, and in however many steps, states "
              "are merged.");
  flags.section("Flags");
  flags.files("STATE", "files that sfumato partial or merge has written", given.states);
  flags.needed("-o", "STATE", "a new file, for its owner's eyes alone", given.output);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  return given;
}

Parsed<QueryArguments> parse_finalize(CommandLine words) {
  QueryArguments given;
  Flags flags("finalize", "STATE... [FLAGS]",
              "Releases private statistics of partial states, merged: noise is added here, once.");
  flags.section("Whose data it is");
  flags.files("STATE", "partial states of all shards", given.tables);
  privacy_flags(flags, given);
  ledger_flags(flags, given);
  told_flags(flags, given, kForms);
  answer_flags(flags, given);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  for (const std::string& wrong : {contradiction_of_cost(given), contradiction_of_release(given)})
    if (!wrong.empty()) return flags.wrong(wrong);
  return given;
}

Parsed<NoiseArguments> parse_noise(CommandLine words) {
  NoiseArguments given;
  Flags flags("noise", "LAW --scale S -n N [FLAGS]", "Draws noise.");
  flags.section("Flags");
  flags.word("LAW", {"laplace", "gaussian", "discrete-laplace", "discrete-gaussian"}, given.law);
  flags.needed("--scale", "S", "b of the Laplace laws, sigma of the Gaussian ones", given.scale);
  flags.needed("-n", "N", "how many draws, up to 2^40", given.count);
  flags.value("--at", "X", "the true answer that the noise is added to (default: 0)", given.at);
  flags.value("--grid", "K", "round to multiples of 2^K (default: from the scale)", given.grid);
  flags.choice("--format", "one number a line, or 8 bytes a number:", {"text", "f64", "i64"},
               given.format);
  flags.value("-o", "FILE", "write there, once all is done (default: standard output)",
              given.output);
  flags.example(kNoiseExample);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  return given;
}

Parsed<BudgetArguments> parse_budget(CommandLine words) {
  static const Choices actions = {"create", "grant",  "admit", "revoke", "freeze",
                                  "show",   "verify", "head",  "export", "report"};
  BudgetArguments given;
  if (auto stop = take_action("budget", kBudgetUsage, actions, words, given.action)) return *stop;
  Flags flags("budget " + given.action, "LEDGER [FLAGS]", "One action on a ledger of budgets.");
  action_flags(flags, given);
  if (std::optional<Stop> stop = flags.parse(words.subspan(1))) return *stop;
  const KeySource key{given.owner_key ? given.owner_key : given.key.file, given.key.lock};
  for (const std::string& wrong :
       {contradiction(key, given.action == "create" ? "--owner-key or --key" : "--key"),
        contradiction(given)})
    if (!wrong.empty()) return flags.wrong(wrong);
  return given;
}

Parsed<DeidArguments> parse_deid(const std::string& verb, CommandLine words) {
  DeidArguments given;
  const bool back = verb == "reidentify";
  Flags flags(verb, "POLICY TABLE -o FILE [FLAGS]",
              back ? "Opens the tokens of a table, and decrypts what ff1 made, by the policy that "
                     "made them."
                   : "De-identifies a table, column by column, as a policy says.");
  flags.section("Flags");
  flags.text("POLICY", "a TOML file: for each column its role and its transform", given.policy);
  flags.text("TABLE", "a CSV, Parquet or Arrow file; - is standard input", given.table);
  flags.value("-o", "FILE", "write the new table there, once all is done", given.output);
  flags.flag("--dry-run", "check all that can be checked before a row is read, and write nothing",
             given.dry_run);
  flags.choice("--format", "by default CSV of CSV, else Parquet:", {"csv", "parquet"},
               given.format);
  flags.value("--report", "FILE",
              back ? "write what was done to each column there, as JSON"
                   : "write what was done there, as JSON; FILE.html is a page of risk, too",
              given.report);
  flags.value("--threads", "N", "threads (default: one a processor)", given.threads);
  if (!back) flags.flag("--exact", "tell what a [release] lost as a fraction, too", given.exact);
  flags.section("Keys");
  flags.value("--keys", "FILE", "take this ring rather than the policy's", given.ring);
  lock_flags(flags, given.lock);
  if (back) {
    flags.section("Where it is noted, before anything is written");
    flags.value("--ledger", "FILE",
                "the ledger (default: the policy's, else RING.ledger, which is made)",
                given.ledger);
    flags.value("--as", "NAME", "who opens them (default: whose key it is, else owner)", given.as);
    flags.value("--expect-head", "HEAD", "refuse a ledger that does not hold this head",
                given.expect_head);
    key_flags(flags, given.key, "key-");
  } else {
    ledger_flags(flags, given.payment, "key-");
    flags.example(kDeidExample);
  }
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  if (!given.output && !given.dry_run) return flags.wrong("needs -o FILE, or --dry-run");
  if (given.dry_run && (given.output || given.report))
    return flags.wrong("writes nothing with --dry-run: leave -o and --report out");
  for (const std::string& wrong :
       {contradiction(given.lock), contradiction(given.key, "--key"),
        contradiction_of_release(given.payment), contradiction(given.payment.key, "--key")})
    if (!wrong.empty()) return flags.wrong(wrong);
  return given;
}

Parsed<KeysArguments> parse_keys(CommandLine words) {
  static const std::map<std::string, std::string> actions = {
      {"new", "Makes an Ed25519 key pair in a new file, and shows its public half; or a key ring."},
      {"show", "Shows the public half of a key, and its fingerprint."},
      {"list", "Shows what a key ring holds, without unlocking it."},
      {"rotate", "Adds a fresh version to a key ring: tokens are made by the newest from then on."},
      {"wrap", "Writes a key ring to a new file under another lock."}};
  KeysArguments given;
  const auto names = std::views::keys(actions);
  const Choices choices(names.begin(), names.end());
  if (auto stop = take_action("keys", kKeysUsage, choices, words, given.action)) return *stop;
  const bool shows = given.action == "show" || given.action == "list";
  Flags flags("keys " + given.action, shows ? "FILE" : "FILE [FLAGS]", actions.at(given.action));
  flags.section("Flags");
  flags.needed("FILE", "", "of the key", given.file);
  if (given.action == "new")
    flags.flag("--ring", "make a ring of keys to de-identify by", given.ring);
  if (!shows) lock_flags(flags, given.lock);
  if (given.action == "wrap") {
    flags.needed("-o", "NEW", "the new file", given.output);
    lock_flags(flags, given.new_lock, "new-");
    flags.flag("--no-reidentify", "without the right to undo tokens", given.no_reidentify);
  }
  if (std::optional<Stop> stop = flags.parse(words.subspan(1))) return *stop;
  for (const std::string& wrong : {contradiction(given.lock), contradiction(given.new_lock)})
    if (!wrong.empty()) return flags.wrong(wrong);
  return given;
}

Parsed<JointArguments> parse_joint(CommandLine words) {
  static const Choices actions = {"init",  "join",   "plan",  "approve", "contribute",
                                  "serve", "result", "train", "score"};
  JointArguments given;
  if (auto stop = take_action("joint", kJointUsage, actions, words, given.action)) return *stop;
  Flags flags("joint " + given.action, joint_usage(given.action), joint_does(given.action));
  joint_flags(flags, given);
  if (std::optional<Stop> stop = flags.parse(words.subspan(1))) return *stop;
  if (const std::string wrong = contradiction(given.lock); !wrong.empty())
    return flags.wrong(wrong);
  if (given.round && !given.wait) return flags.wrong("needs --wait with --round");
  if (given.listen && !given.wait) return flags.wrong("needs --wait with --listen");
  if (given.coordinator && !given.connect) return flags.wrong("needs --connect with --coordinator");
  return given;
}

Parsed<AccountArguments> parse_account(CommandLine words) {
  AccountArguments given;
  Flags flags(
      "account", "EVENTS --delta D | --epsilon E | --alpha A [FLAGS]",
      "Says how private releases are altogether: bounds of epsilon at a delta, of delta at an "
      "epsilon, or\nof the type II error at a type I error.");
  flags.section("Flags");
  flags.text("EVENTS", "the releases, as below", given.events);
  flags.value("--delta", "D", "answer the epsilon at this delta", given.delta);
  flags.value("--epsilon", "E", "answer the delta at this epsilon", given.epsilon);
  flags.value("--alpha", "A", "answer the least type II error of a test with this type I error",
              given.alpha);
  flags.choice("--relation",
               "what neighbours differ by (default: add-remove):", {"add-remove", "replace"},
               given.relation);
  flags.value("--group-size", "N", "units that neighbours differ in (default: 1)",
              given.group_size);
  flags.value("--gap", "G", "relative width of the bounds to aim at (default: 1e-6)", given.gap);
  flags.value("--curve", "FILE", "write delta as a function of epsilon: .csv, .svg or .png",
              given.curve);
  flags.value("--trade-off", "FILE", "write beta as a function of alpha: .csv, .svg or .png",
              given.trade_off);
  flags.example(kAccountExample);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  if (const std::string wrong = contradiction(given); !wrong.empty()) return flags.wrong(wrong);
  return given;
}

Parsed<CalibrateArguments> parse_calibrate(CommandLine words) {
  CalibrateArguments given;
  Flags flags("calibrate", "LAW --epsilon E [--delta D] --sensitivity S [FLAGS]",
              "Finds the least noise that keeps within epsilon and delta.");
  flags.section("Flags");
  flags.word("LAW", {"gaussian", "laplace", "discrete-gaussian", "discrete-laplace"}, given.law);
  flags.needed("--epsilon", "E", "privacy loss: odds change by at most the factor e^E",
               given.epsilon);
  flags.value("--delta", "D", "probability with which that may fail (default: 0)", given.delta);
  flags.needed("--sensitivity", "S", "the most that one unit moves the answer", given.sensitivity);
  flags.value("--times", "K", "releases that share epsilon and delta (default: 1)", given.times);
  flags.value("--q", "Q", "each on a Poisson sample of this rate (default: 1)", given.q);
  flags.example(kCalibrateExample);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  return given;
}

Parsed<RiskArguments> parse_risk(CommandLine words) {
  RiskArguments given;
  Flags flags("risk", "TABLE... --quasi COL,... [FLAGS]",
              "Says how far the rows of a table stand out by what others may know of a person.");
  flags.section("Flags");
  flags.files("TABLE", "CSV, Parquet or Arrow files; - is standard input", given.tables);
  flags.needed("--quasi", "COL,...", "the columns by which somebody may know a person",
               given.quasi);
  flags.value("--sensitive", "COL,...", "columns that nobody should learn of a person",
              given.sensitive);
  flags.value("--population", "FILE", "a table of all who might be in it, with the same columns",
              given.population);
  flags.value("--threads", "N", "threads (default: one a processor)", given.threads);
  flags.choice("--format", "by default a table:", {"table", "json"}, given.format);
  flags.value("-o", "FILE", "write there rather than to standard output", given.output);
  flags.example(kRiskExample);
  if (std::optional<Stop> stop = flags.parse(words)) return *stop;
  return given;
}

Result<int> show(const Stop& stop) {
  if (stop.exit_code == kDone) return deliver({}, stop.text);
  fmt::print(stderr, "{}", stop.text);
  return stop.exit_code;
}

}  // namespace sfumato
