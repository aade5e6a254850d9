#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/arguments.h"
#include "cli/budget_page.h"
#include "cli/budget_view.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/payment.h"
#include "cli/places.h"
#include "cli/verbs.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {
namespace {

/// The first second of a day, in UTC.
Result<std::int64_t> second_of(const std::string& date) {
  int year = 0;
  unsigned month = 0, day = 0;
  const auto read = [&](std::size_t begin, std::size_t count, auto& into) {
    const char* const end = date.data() + begin + count;
    const auto [stop, error] = std::from_chars(date.data() + begin, end, into);
    return error == std::errc() && stop == end;
  };
  const bool form = date.size() == 10 && date[4] == '-' && date[7] == '-' && read(0, 4, year) &&
                    read(5, 2, month) && read(8, 2, day);
  const std::chrono::year_month_day when{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!form || !when.ok())
    return Error{Errc::invalid_parameter, "until", "must be a day such as 2027-01-31"};
  const std::chrono::sys_days days(when);
  return std::chrono::duration_cast<std::chrono::seconds>(days.time_since_epoch()).count();
}

Result<std::optional<std::int64_t>> end_of(const BudgetArguments& given) {
  if (!given.until) return std::optional<std::int64_t>();
  const Result<std::int64_t> second = second_of(*given.until);
  if (!second) return second.error();
  return std::optional(*second);
}

Result<StatedCost> cap_of(const BudgetArguments& given) {
  const auto loss =
      given.rho ? read_decimal(*given.rho, "rho") : read_decimal(*given.epsilon, "epsilon");
  if (!loss) return loss.error();
  const auto delta = read_decimal(given.delta.value_or("0"), "delta");
  if (!delta) return delta.error();
  return stated(given.rho.has_value(), *loss, *delta);
}

AccountName account_of(const BudgetArguments& given) {
  using Kind = AccountName::Kind;
  if (given.analyst) return {*given.dataset, Kind::analyst, *given.analyst};
  if (given.project) return {*given.dataset, Kind::project, *given.project};
  return {.dataset = *given.dataset};
}

/// A new ledger, and its owner's key where it shall hold keys.
struct NewLedger {
  Result<Ledger> ledger;
  std::optional<LedgerSigner> owner;
};

Result<NewLedger> make(const BudgetArguments& given) {
  const std::string owner = given.as.value_or("owner");
  if (!given.owner_key) return NewLedger{Ledger::create(given.ledger, owner), std::nullopt};
  Result<SigningKey> key = unlocked(*given.owner_key, given.key.lock);
  if (!key) return std::move(key).error();
  LedgerSigner signer = LedgerSigner::of(*std::move(key));
  return NewLedger{Ledger::create(given.ledger, owner, signer), std::move(signer)};
}

/// The ledger, made where it is not there: several programs may do so at a time.
Result<Ledger> make_or_open(const BudgetArguments& given) {
  if (given.key.file) return open_ledger(given.ledger, given.as, given.key, {});
  Result<NewLedger> made = make(given);
  if (!made) return std::move(made).error();
  if (made->ledger || made->ledger.error().code != Errc::refused) return std::move(made->ledger);
  const std::string owner = given.as.value_or("owner");
  return made->owner ? Ledger::open(given.ledger, owner, *made->owner)
                     : Ledger::open(given.ledger, owner);
}

/// "Done" in a sentence, or why not.
Result<int> said(const BudgetArguments& given, const Status& done, const std::string& sentence) {
  if (!done) return done.error();
  return deliver(given.output, sentence + "\n");
}

/// "8,16,32", or orders that suit.
Result<std::vector<Exact>> orders_of(const BudgetArguments& given, const ApproximateCost& cap) {
  if (!given.orders) return usual_orders(cap.epsilon.lower(), cap.delta.lower() / 2);
  auto texts = parse_columns(*given.orders);
  if (!texts) return Error{Errc::invalid_parameter, "orders", "must be a list such as 8,16,32"};
  std::vector<Exact> orders;
  for (const std::string& text : *texts) {
    const auto order = read_decimal(text, "orders");
    if (!order) return order.error();
    orders.emplace_back(*order);
  }
  return orders;
}

/// What a dataset may lose, and in which terms.
struct DatasetCap {
  std::variant<StatedCost, RenyiFilterParams> stated;
  LedgerCost allowed;
};

Result<DatasetCap> dataset_cap_of(const BudgetArguments& given) {
  const auto cap = cap_of(given);
  if (!cap) return cap.error();
  if (given.filter != "renyi") {
    auto allowed = LedgerCost::allowed(*cap);
    if (!allowed) return std::move(allowed).error();
    return DatasetCap{*cap, *std::move(allowed)};
  }
  const auto& [epsilon, delta] = std::get<ApproximateCost>(*cap);
  auto orders = orders_of(given, {epsilon, delta});
  if (!orders) return std::move(orders).error();
  RenyiFilterParams params{*std::move(orders), epsilon, delta};
  auto allowed = LedgerCost::allowed(params);
  if (!allowed) return std::move(allowed).error();
  return DatasetCap{std::move(params), *std::move(allowed)};
}

/// A ledger of no dataset yet, whose log may be all that is wanted of it.
Result<int> create_bare(const BudgetArguments& given) {
  const Result<NewLedger> made = make(given);
  if (!made) return made.error();
  if (!made->ledger) return made->ledger.error();
  return deliver(given.output, made->ledger->name() + " is a ledger of no dataset yet.\n");
}

Result<int> create(const BudgetArguments& given) {
  if (!given.dataset) return create_bare(given);
  const auto cap = dataset_cap_of(given);
  if (!cap) return cap.error();
  const auto until = end_of(given);
  if (!until) return until.error();
  Result<Ledger> ledger = make_or_open(given);
  if (!ledger) return std::move(ledger).error();
  const Status done = std::visit(
      [&](const auto& stated) {
        return ledger->add_dataset(*given.dataset, stated, until->value_or(kForever));
      },
      cap->stated);
  std::string orders;
  for (const LossAmount& order : cap->allowed.curve)
    orders +=
        (orders.empty() ? ", counted in Rényi divergences of order " : ", ") + order.to_string();
  return said(given, done,
              fmt::format("{} may lose {} in all{}.", account_of(given).to_string(),
                          cap->allowed.to_string(), orders));
}

Result<int> grant(Ledger& ledger, const BudgetArguments& given) {
  if (given.auditor)
    return said(given, ledger.appoint(*given.auditor, Role::auditor),
                fmt::format("auditor '{}' may see all.", *given.auditor));
  const auto cap = cap_of(given);
  if (!cap) return cap.error();
  const auto allowed = LedgerCost::allowed(*cap);
  if (!allowed) return allowed.error();
  const auto until = end_of(given);
  if (!until) return until.error();
  const AccountName account = account_of(given);
  const Status done = ledger.grant({.account = account,
                                    .cap = *cap,
                                    .until = *until,
                                    .project = given.analyst ? given.project.value_or("") : ""});
  return said(given, done,
              fmt::format("{} may spend {}.", account.to_string(), allowed->to_string()));
}

Role role_named(const std::string& name) {
  for (const Role role : {Role::analyst, Role::auditor})
    if (name == name_of(role)) return role;
  return Role::owner;  // the flag allows these three
}

Result<int> admit(Ledger& ledger, const BudgetArguments& given) {
  std::optional<PublicKey> key;
  if (given.public_key) {
    const Result<PublicKey> read = PublicKey::parse(*given.public_key);
    if (!read) return Error{read.error().code, "public-key", read.error().message};
    key = *read;
  }
  const Status done = ledger.appoint(*given.member, role_named(*given.role), key);
  return said(given, done,
              fmt::format("{} '{}' is admitted{}.", *given.role, *given.member,
                          key ? " by the key " + key->fingerprint() : ""));
}

Result<int> revoke(Ledger& ledger, const BudgetArguments& given) {
  return said(given, ledger.revoke(*given.member),
              fmt::format("the key of '{}' is revoked.", *given.member));
}

Result<int> freeze(Ledger& ledger, const BudgetArguments& given) {
  const AccountName account = account_of(given);
  return said(given, ledger.freeze(account, !given.thaw),
              fmt::format("{} is {}.", account.to_string(), given.thaw ? "thawed" : "frozen"));
}

/// δ at which what was spent in ρ is told as an ε, where none is asked for.
constexpr const char* kRunningDelta = "1e-6";

/// All that needs it told as an ε, at the δ that is asked for, else at a usual one, or that of the cap.
Result<std::vector<ShownAccount>> with_running(Ledger& ledger, std::vector<LedgerAccount> accounts,
                                               const std::optional<std::string>& asked) {
  std::vector<ShownAccount> shown;
  std::vector<RunningQuestion> questions;
  for (LedgerAccount& one : accounts) {
    const bool renyi = one.cap.measure == LossMeasure::renyi;
    const std::string usual = renyi ? one.cap.amount.delta.to_string() : kRunningDelta;
    ShownAccount& last = shown.emplace_back(std::move(one), std::nullopt, asked.value_or(usual));
    const auto delta = read_decimal(last.delta, "delta");
    if (!delta) return delta.error();
    if (last.account.cap.measure != LossMeasure::epsilon)
      questions.push_back({last.account.name, *delta});
  }
  if (questions.empty()) return shown;
  const auto told = ledger.running(questions);
  if (!told) return told.error();
  auto next = told->begin();
  for (ShownAccount& one : shown)
    if (one.account.cap.measure != LossMeasure::epsilon) one.running = *next++;
  return shown;
}

Result<int> show_budgets(Ledger& ledger, const BudgetArguments& given) {
  auto accounts = ledger.accounts();
  if (!accounts) return std::move(accounts).error();
  if (given.dataset)
    std::erase_if(*accounts, [&](const auto& one) { return one.name.dataset != *given.dataset; });
  if (given.dataset && accounts->empty())
    return Error{Errc::invalid_parameter, AccountName{.dataset = *given.dataset}.to_string(),
                 "is not in this ledger"};
  const auto shown = with_running(ledger, *std::move(accounts), given.delta);
  if (!shown) return shown.error();
  return deliver(given.output, given.format == "json"
                                   ? accounts_json(*shown)
                                   : accounts_table(*shown, ledger.holds_keys()));
}

Result<int> head(Ledger& ledger, const BudgetArguments& given) {
  const Result<LedgerHead> last = ledger.head();
  if (!last) return last.error();
  return deliver(given.output, last->to_string() + "\n");
}

Result<int> verify(Ledger& ledger, const BudgetArguments& given) {
  const Result<LedgerHead> last = ledger.head();
  if (!last) return last.error();
  return said(given, ledger.verify(),
              fmt::format("{} is whole: {} entries, head {}", ledger.name(), last->number + 1,
                          last->to_string()));
}

Result<int> export_log(Ledger& ledger, const BudgetArguments& given) {
  std::string lines;
  std::vector<std::int64_t> stored;
  const Status read = ledger.each_entry([&](const LedgerEntry& entry) {
    lines += entry_json(entry) + "\n";
    if (given.releases && entry.kind == "store") stored.push_back(entry.about);
  });
  if (!read) return read.error();
  for (const std::int64_t charge : stored) {
    const Result<StoredRelease> release = ledger.release_of(charge);
    if (!release) return release.error();
    lines += release_json(*release) + "\n";
  }
  return deliver(given.output, lines);
}

/// The stored bytes of the releases that a page lists.
Status add_releases(Ledger& ledger, BudgetPage& page) {
  const auto& charges = page.story.charges;
  const std::size_t first = charges.size() > kMostListed ? charges.size() - kMostListed : 0;
  for (std::size_t i = first; i < charges.size(); ++i) {
    if (charges[i].step == ChargeStory::Step::reserved) continue;
    auto release = ledger.release_of(charges[i].number);
    if (!release) return std::move(release).error();
    page.releases.emplace(charges[i].number, std::move(release->bytes));
  }
  return ok();
}

Result<int> report(Ledger& ledger, const BudgetArguments& given) {
  BudgetPage page{.name = std::filesystem::path(given.ledger).filename().string(),
                  .made = system_seconds(),
                  .head = {},
                  .story = {},
                  .accounts = {},
                  .holds_keys = ledger.holds_keys()};
  auto survey = ledger.survey([&](const LedgerEntry& entry) { page.story.take(entry); });
  if (!survey) return std::move(survey).error();
  page.head = survey->head;
  auto shown = with_running(ledger, std::move(survey->accounts), std::nullopt);
  if (!shown) return std::move(shown).error();
  page.accounts = *std::move(shown);
  if (given.releases)
    if (Status added = add_releases(ledger, page); !added) return std::move(added).error();
  return deliver(given.output, html_of(page));
}

}  // namespace

Result<int> run_budget(CommandLine words) {
  const auto parsed = parse_budget(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<BudgetArguments>(parsed);
  std::vector<Place> kept;
  add_ledger(kept, given.ledger);
  add_key(kept, given.key);
  kept.push_back({"owner's key", given.owner_key});
  if (Status places = keep_apart({{"output", given.output}}, kept); !places)
    return std::move(places).error();
  if (given.action == "create") return create(given);

  Result<Ledger> ledger = open_ledger(given.ledger, given.as, given.key, given.expect_head);
  if (!ledger) return std::move(ledger).error();
  if (given.action == "grant") return grant(*ledger, given);
  if (given.action == "admit") return admit(*ledger, given);
  if (given.action == "revoke") return revoke(*ledger, given);
  if (given.action == "freeze") return freeze(*ledger, given);
  if (given.action == "show") return show_budgets(*ledger, given);
  if (given.action == "head") return head(*ledger, given);
  if (given.action == "verify") return verify(*ledger, given);
  if (given.action == "report") return report(*ledger, given);
  return export_log(*ledger, given);
}

}  // namespace sfumato
