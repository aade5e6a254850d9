// make_books LEDGER CHARGES: a ledger such as years would leave, for reports of it. Its words are hostile:
// what of them a page took for HTML would be seen.
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "sfumato/ledger/ledger.h"

namespace sfumato {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr const char* kHostile =
    "<img src=x onerror=\"document.title='broken'\"><script>alert(1)</script>&amp;'";

struct Books {
  std::string path;
  std::int64_t now = system_seconds() - 500 * kDay;

  Ledger as(const std::string& actor) {
    return Ledger::open(path, actor, [this] { return now; }).value();
  }
};

ApproximateCost cost(const char* epsilon, const char* delta) {
  return {Exact::parse(epsilon).value(), Exact::parse(delta).value()};
}

/// Three datasets, a project, and ten analysts, of whom one is in the project.
void open_budgets(Books& books) {
  Ledger owner = Ledger::create(books.path, "owner", [&] { return books.now; }).value();
  owner.add_dataset("visits", cost("400", "1e-4")).value();
  owner.add_dataset(kHostile, ConcentratedCost{0.5, 1e-9}).value();
  owner
      .grant({.account = {"visits", AccountName::Kind::project, "heart & lung"},
              .cap = cost("150", "2e-5")})
      .value();
  const std::string names[] = {"ada",   "grace", "kurt", "emmy", "alan",
                               "sofia", "henri", "mary", "carl", kHostile};
  for (const std::string& name : names)
    owner
        .grant({.account = {"visits", AccountName::Kind::analyst, name.substr(0, 100)},
                .cap = cost("90", "1e-5"),
                .until = name == "kurt" ? std::optional(books.now + 600 * kDay) : std::nullopt,
                .project = name == "ada" || name == kHostile ? "heart & lung" : ""})
        .value();
  owner
      .grant({.account = {kHostile, AccountName::Kind::analyst, "ada"},
              .cap = ConcentratedCost{0.25, 0.0}})
      .value();
  owner.add_dataset("trials", RenyiFilterParams{usual_orders(3, 5e-6), 3.0, 1e-5}).value();
  for (const char* name : {"ada", "grace", "kurt"})
    owner
        .grant(
            {.account = {"trials", AccountName::Kind::analyst, name}, .cap = cost("1.5", "5e-6")})
        .value();
}

void charge(Ledger& ledger, const std::string& dataset, std::string plan, std::string title,
            StatedCost paid, int steps) {
  auto spent = ledger.spend({.dataset = dataset,
                             .version = "2026-Q1",
                             .plan = std::move(plan),
                             .title = std::move(title),
                             .cost = std::move(paid),
                             .again = true});
  if (!spent || steps == 0) return;
  auto& reservation = std::get<Reservation>(*spent);
  const auto stored = ledger.store(std::move(reservation.charge), "\x01 no table").value();
  if (steps > 1) ledger.published(stored).value();
}

void spend(Books& books, int charges) {
  std::mt19937_64 random(5);
  const std::string names[] = {"ada",  "ada",   "grace", "kurt", "emmy",
                               "alan", "sofia", "henri", "mary", "carl"};
  const char* titles[] = {"count by region",
                          "units, mean(cost) by region, year",
                          "sum(cost)",
                          kHostile,
                          "count, mean(visits), mean(spending) by coinsurance",
                          ""};
  const double share = 300.0 / charges;
  for (int i = 0; i < charges; ++i) {
    books.now += 480 * kDay / charges;
    Ledger ledger = books.as(i % 97 == 96 ? "owner" : names[random() % 10]);
    const auto part = static_cast<double>(random() % 100) / 100;
    charge(ledger, "visits", "plan " + std::to_string(i), titles[random() % 6],
           ApproximateCost{share * part, i % 3 == 0 ? 1e-9 : 0.0}, i + 3 > charges ? i % 3 : 2);
  }
  for (int i = 0; i < 30; ++i) {
    Ledger ledger = books.as(names[random() % 4]);
    charge(ledger, "trials", "trial " + std::to_string(i), titles[random() % 6],
           ApproximateCost{0.01 * static_cast<double>(1 + random() % 9), 1e-8}, 2);
  }
  Ledger ada = books.as("ada");
  charge(ada, kHostile, "p", kHostile, ConcentratedCost{0.24, 0.0}, 1);
}

void be_refused(Books& books) {
  books.now += kDay;
  Ledger mallory = books.as("mallory");
  charge(mallory, "visits", "p", "all of it", cost("1", "0"), 0);
  Ledger owner = books.as("owner");
  const AccountName sofia{"visits", AccountName::Kind::analyst, "sofia"};
  owner.freeze(sofia).value();
  Ledger frozen = books.as("sofia");
  charge(frozen, "visits", "p", "x", cost("1", "0"), 0);
  Ledger hostile = books.as(kHostile);
  (void)hostile.add_dataset("mine", cost("1", "0"));
}

}  // namespace
}  // namespace sfumato

int main(int count, char** words) {
  if (count != 3) return 2;
  sfumato::Books books{.path = words[1]};
  sfumato::open_budgets(books);
  sfumato::spend(books, std::atoi(words[2]));
  sfumato::be_refused(books);
}
