// Many programs at one file, as tests of all that the ledger promises together.
#include "ledger/renyi_books.h"
#include "ledger/shelf.h"
#include "ledger/told.h"
#include "ledger/writers.h"

namespace sfumato {
namespace {

/// How often `requests` different plans were granted; more than 250 where something else happened.
int grants(const std::string& path, int process, int requests) {
  Ledger ledger = Ledger::open(path, "owner").value();
  int granted = 0;
  for (int i = 0; i < requests; ++i) {
    const Spent spent =
        ledger.spend(ask(std::to_string(process) + " " + std::to_string(i), eps("0.005")));
    if (!spent && spent.error().code != Errc::refused) {
      fprintf(stderr, "%s\n", failure(spent).c_str());
      return 251;
    }
    granted += is_reserved(spent);
  }
  return granted;
}

class Processes : public OnEachStore {
 protected:
  /// Where no ledger is yet.
  std::string fresh() { return path("l" + std::to_string(count_++)); }

 private:
  int count_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Stores, Processes, testing::ValuesIn(kStores), name_of_store);

TEST_P(Processes, EightOfThemWithAThousandRequestsEachGetTheTwoHundredGrantsThatTheCapAllows) {
  const bool file = GetParam() == std::string("sqlite");
  const int runs = file ? times(2, 20) : times(1, 20), requests = file ? 1000 : times(100, 1000);
  for (int run = 0; run < runs; ++run) {
    const std::string path = fresh();
    { Ledger ledger = books(path, eps("1")); }
    std::vector<pid_t> children;
    for (int process = 0; process < 8; ++process)
      children.push_back(child([&] { return grants(path, process, requests); }));
    int granted = 0;
    for (const pid_t id : children) {
      const int code = exit_code(id);
      ASSERT_LE(code, 200);
      granted += code;
    }
    EXPECT_EQ(granted, 200);
    Ledger ledger = Ledger::open(path, "owner").value();
    EXPECT_EQ(spent_of(ledger, {.dataset = "visits"}), "ε = 1");
    EXPECT_EQ(failure(ledger.verify()), "");
  }
}

TEST_P(Processes, EightOfThemGetTheTwoHundredGrantsThatTheirBestOrderAllows) {
  const bool file = GetParam() == std::string("sqlite");
  const int runs = times(1, 20), requests = times(file ? 300 : 100, 1000);
  const RenyiFilterParams cap = renyi_for(eps("0.005"), 200);
  for (int run = 0; run < runs; ++run) {
    const std::string path = fresh();
    { Ledger ledger = books(path, cap); }
    std::vector<pid_t> children;
    for (int process = 0; process < 8; ++process)
      children.push_back(child([&] { return grants(path, process, requests); }));
    int granted = 0;
    for (const pid_t id : children) granted += exit_code(id);
    EXPECT_EQ(granted, 200);
    Ledger ledger = Ledger::open(path, "owner").value();
    EXPECT_EQ(failure(ledger.verify()), "");
  }
}

TEST_P(Processes, TwoThatMakeOneLedgerDoNotBothSucceed) {
  for (int run = 0; run < 5; ++run) {
    const std::string path = fresh();
    std::vector<pid_t> children;
    for (int process = 0; process < 4; ++process)
      children.push_back(child([&] {
        const auto made = Ledger::create(path, "owner");
        return made ? 0 : made.error().code == Errc::refused ? 1 : 2;
      }));
    std::map<int, int> codes;
    for (const pid_t id : children) ++codes[exit_code(id)];
    EXPECT_EQ(codes, (std::map<int, int>{{0, 1}, {1, 3}}));
    EXPECT_TRUE(Ledger::open(path, "owner"));
  }
}

TEST_P(Processes, KilledAtAnyInstantTheyLeaveNoChargeLostAndNoPlanWithTwoReleases) {
  const unsigned longest = GetParam() == std::string("sqlite") ? 40'000 : 150'000;
  const int kills = times(60, 1000);
  std::mt19937 random(7);
  std::size_t releases = 0;
  const RenyiFilterParams cap = renyi_for(eps("0.001"), 300);
  for (int killed = 0, ledgers = 0; killed < kills; ++ledgers) {
    const std::string path = fresh();
    { Ledger ledger = ledgers % 2 == 0 ? books(path, eps("0.3")) : books(path, cap); }
    std::map<std::string, std::string> published;
    for (int round = 0; round < 10; ++round) {
      Writers writers(path, 3, static_cast<unsigned>(random()));
      killed += writers.kill_all(random, longest);
      writers.collect(published);
    }
    expect_all_in_order(path, published);
    releases += published.size();
  }
  EXPECT_GT(releases, 0u);
}

}  // namespace
}  // namespace sfumato
