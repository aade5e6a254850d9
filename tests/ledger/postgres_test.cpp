// What PostgreSQL alone can do to a ledger: lines that break, servers that crash, settings, rights.
#ifdef SFUMATO_POSTGRES
#include "ledger/books.h"
#include "ledger/cutting_proxy.h"
#include "ledger/postgres_server.h"
#include "ledger/postgres_store.h"
#include "ledger/told.h"
#include "ledger/writers.h"

namespace sfumato {
namespace {

using Cut = CuttingProxy::Cut;

const AccountName kDataset{.dataset = "visits"};

/// The message that commits, which BEGIN does not hold though it speaks of READ COMMITTED.
const std::string kCommit("COMMIT\0", 7);

/// Tests on the server of the run, each in schemas of its own.
class PostgresLedger : public testing::Test {
 protected:
  void SetUp() override {
    if (server_.empty()) GTEST_SKIP() << "no PostgreSQL server is installed";
  }

  static std::string fresh_schema() {
    static int count = 0;
    return "p" + std::to_string(getpid()) + "_" + std::to_string(count++);
  }
  std::string url(const std::string& schema) const { return PostgresServer::url(server_, schema); }
  std::string said(const std::string& schema) const {
    return "postgresql://sfumato@/postgres#" + schema;
  }
  void tell(const std::string& sql) const { (void)ask_server(server_, sql); }

  const std::string server_ = PostgresServer::shared();
};

class PostgresLine : public PostgresLedger, public testing::WithParamInterface<CuttingProxy::Cut> {
 protected:
  /// Spends over a line that breaks so; how many messages it came to.
  int run_with(Cut cut, int message) {
    const std::string schema = fresh_schema();
    { Ledger ledger = books(url(schema), eps("1")); }
    Told told;
    CuttingProxy proxy(server_, cut, message);
    {
      Result<Ledger> ledger =
          Ledger::open(PostgresServer::url(proxy.place(), schema), "owner", at(1000));
      if (ledger) spend_all(*ledger, told);
    }
    const int messages = proxy.messages();
    expect_nothing_lost(url(schema), told, "cut at message " + std::to_string(message));
    return messages;
  }
};

TEST_P(PostgresLine, ThatBreaksAtAnyMessageLosesNoChargeAndGivesNoPlanTwoReleases) {
  const int messages = run_with(Cut::none, 0);
  ASSERT_GT(messages, 50);
  for (int message = 1; message <= messages; message += times(23, 1)) run_with(GetParam(), message);
}

INSTANTIATE_TEST_SUITE_P(Cuts, PostgresLine, testing::Values(Cut::before, Cut::amid, Cut::after),
                         [](const auto& cut) {
                           return cut.param == Cut::before ? "before"
                                  : cut.param == Cut::amid ? "amid"
                                                           : "after";
                         });

TEST_F(PostgresLedger, FindsOutThatACommitWhoseAnswerWasLostIsDone) {
  const std::string schema = fresh_schema();
  { Ledger ledger = books(url(schema), eps("1")); }
  CuttingProxy proxy(server_, Cut::after, 0, kCommit);
  Ledger ledger = Ledger::open(PostgresServer::url(proxy.place(), schema), "owner").value();
  Spent spent = ledger.spend(ask("a", eps("0.2"), true));
  EXPECT_TRUE(proxy.has_cut());
  ASSERT_TRUE(is_reserved(spent)) << failure(spent);
  EXPECT_EQ(spent_of(ledger, kDataset), "ε = 0.2");
  EXPECT_EQ(ledger.store(charge_of(std::move(spent)), "bytes").value().bytes, "bytes");
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_F(PostgresLedger, FindsOutThatAStoreWhoseAnswerWasLostIsDone) {
  const std::string schema = fresh_schema();
  Charge charge = charge_of(books(url(schema), eps("1")).spend(ask("a", eps("0.2"))));
  CuttingProxy proxy(server_, Cut::after, 0, kCommit);
  Ledger ledger = Ledger::open(PostgresServer::url(proxy.place(), schema), "owner").value();
  EXPECT_EQ(ledger.store(std::move(charge), "bytes").value().bytes, "bytes");
  EXPECT_TRUE(proxy.has_cut());
  EXPECT_EQ(bytes_of(ledger.spend(ask("a", eps("0.2")))), "bytes");
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_F(PostgresLedger, SaysThatNothingWasChangedWhereACommitDidNotArrive) {
  for (const Cut cut : {Cut::before, Cut::amid}) {
    const std::string schema = fresh_schema();
    { Ledger ledger = books(url(schema), eps("1")); }
    CuttingProxy proxy(server_, cut, 0, kCommit);
    Ledger ledger = Ledger::open(PostgresServer::url(proxy.place(), schema), "owner").value();
    EXPECT_EQ(
        bytes_of(ledger.spend(ask("a", eps("0.2")))),
        said(schema) + ": lost its server before this was done: nothing was changed, so ask again");
    EXPECT_TRUE(proxy.has_cut());
    EXPECT_EQ(spent_of(ledger, kDataset), "ε = 0");
    EXPECT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.2")))));
    EXPECT_EQ(spent_of(ledger, kDataset), "ε = 0.2");
    EXPECT_EQ(failure(ledger.verify()), "");
  }
}

TEST_F(PostgresLedger, SaysWhereItCannotLearnWhatBecameOfACommitAndIsNotChargedTwice) {
  if (times(0, 1) == 0) GTEST_SKIP() << "waits a minute for its server: set SFUMATO_LONG";
  const std::string schema = fresh_schema();
  { Ledger ledger = books(url(schema), eps("1")); }
  CuttingProxy proxy(server_, Cut::gone, 0, kCommit);
  Ledger ledger = Ledger::open(PostgresServer::url(proxy.place(), schema), "owner").value();
  const std::string told = bytes_of(ledger.spend(ask("a", eps("0.2"))));
  EXPECT_NE(told.find("lost its server while it committed, and can't learn what became of that"),
            told.npos)
      << told;
  Ledger later = Ledger::open(url(schema), "owner").value();
  EXPECT_TRUE(is_reserved(later.spend(ask("a", eps("0.2")))));
  EXPECT_EQ(spent_of(later, kDataset), "ε = 0.2");
}

TEST_F(PostgresLedger, IsNotKeptForeverByAHostThatVanishes) {
  if (times(0, 1) == 0) GTEST_SKIP() << "waits half a minute for a host: set SFUMATO_LONG";
  const std::string schema = fresh_schema();
  Ledger ledger = books(url(schema), eps("1"));
  const auto vanished = open_postgres(url(schema)).value();
  const auto transaction = Transaction::write(*vanished);
  ASSERT_TRUE(transaction);
  EXPECT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.2")))));
  EXPECT_FALSE(vanished->run("UPDATE account SET loss = 0"));
  EXPECT_EQ(spent_of(ledger, kDataset), "ε = 0.2");
}

TEST_F(PostgresLedger, KeepsItsSessionWhereAChildForgetsIt) {
  const auto session_of = [](Store& store) {
    std::int64_t session = 0;
    store.each("SELECT pg_backend_pid()", {}, [&](const Row& row) { session = row.integer(0); })
        .value();
    return session;
  };
  auto store = open_postgres(url("any")).value();
  const std::int64_t session = session_of(*store);
  const pid_t forked = child([&] {
    store.reset();
    return 0;
  });
  EXPECT_EQ(exit_code(forked), 0);
  EXPECT_EQ(session_of(*store), session);
}

TEST_F(PostgresLedger, DoesNotNoticeThatItsLineBrokeWhileItHadNothingToSay) {
  const std::string schema = fresh_schema();
  { Ledger ledger = books(url(schema), eps("1")); }
  for (const char* begin : {"READ COMMITTED READ WRITE", "REPEATABLE READ READ ONLY"}) {
    CuttingProxy proxy(server_, Cut::before, 0, begin);
    Ledger ledger = Ledger::open(PostgresServer::url(proxy.place(), schema), "owner").value();
    EXPECT_TRUE(is_reserved(ledger.spend(ask(begin, eps("0.2"), true))));
    EXPECT_TRUE(proxy.has_cut());
  }
  Ledger ledger = Ledger::open(url(schema), "owner").value();
  EXPECT_EQ(spent_of(ledger, kDataset), "ε = 0.4");
}

TEST_F(PostgresLedger, IsNotSwayedByWhatARoleIsSetTo) {
  const std::string schema = fresh_schema();
  { Ledger ledger = books(url(schema), eps("1")); }
  tell(
      "DO $$ BEGIN CREATE ROLE swayed SUPERUSER LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;"
      "CREATE SCHEMA IF NOT EXISTS elsewhere; CREATE TABLE IF NOT EXISTS elsewhere.chain(x text);"
      "ALTER ROLE swayed SET search_path = elsewhere;"
      "ALTER ROLE swayed SET synchronous_commit = off;"
      "ALTER ROLE swayed SET default_transaction_isolation = 'repeatable read';"
      "ALTER ROLE swayed SET default_transaction_read_only = on;"
      "ALTER ROLE swayed SET statement_timeout = '2s';"
      "ALTER ROLE swayed SET bytea_output = 'escape';"
      "ALTER ROLE swayed SET client_encoding = 'LATIN1'");
  const std::string as_swayed =
      "postgresql://swayed@/postgres?host=" + server_ + "&client_encoding=LATIN1#" + schema;
  const std::string any("\0\xff'\n", 4);
  Ledger ledger = Ledger::open(as_swayed, "owner").value();
  ledger.appoint("Zoë", Role::auditor).value();
  EXPECT_EQ(release(ledger, ask(any, eps("0.2")), any), any);
  EXPECT_EQ(failure(ledger.verify()), "");
  Ledger direct = Ledger::open(url(schema), "Zoë").value();
  EXPECT_EQ(spent_of(direct, kDataset), "ε = 0.2");

  const auto store = open_postgres(as_swayed).value();
  const auto transaction = Transaction::write(*store);
  ASSERT_TRUE(transaction) << failure(transaction);
  std::string commit;
  store
      ->each("SELECT current_setting('synchronous_commit')", {},
             [&](const Row& row) { commit = row.text(0); })
      .value();
  EXPECT_EQ(commit, "on");
  EXPECT_EQ(failure(store->execute("SELECT pg_sleep(2.1)")), "");
}

TEST_F(PostgresLedger, KeepsAServersStrongerPromise) {
  const std::string schema = fresh_schema();
  { Ledger ledger = books(url(schema), eps("1")); }
  const auto store = open_postgres("postgresql://sfumato@/postgres?host=" + server_ +
                                   "&options=-c%20synchronous_commit%3Dremote_apply#" + schema)
                         .value();
  const auto transaction = Transaction::write(*store);
  std::string commit;
  store
      ->each("SELECT current_setting('synchronous_commit')", {},
             [&](const Row& row) { commit = row.text(0); })
      .value();
  EXPECT_EQ(commit, "remote_apply");
}

TEST_F(PostgresLedger, NeedsOfASpenderNoRightToChangeTheLog) {
  const std::string schema = fresh_schema();
  { Ledger ledger = books(url(schema), eps("1")); }
  tell(
      "DO $$ BEGIN CREATE ROLE spender LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;"
      "GRANT USAGE ON SCHEMA " +
      schema +
      " TO spender;"
      "GRANT SELECT ON ALL TABLES IN SCHEMA " +
      schema +
      " TO spender;"
      "SET search_path = " +
      schema +
      ";"
      "GRANT INSERT ON chain, charge TO spender;"
      "GRANT UPDATE (loss, delta, delta_rest, spent_0, spent_1, spent_2, spent_3, spent_4, spent_5,"
      " spent_6, spent_7) ON account TO spender;"
      "GRANT UPDATE (state, release) ON charge TO spender");
  const std::string as_spender = "postgresql://spender@/postgres?host=" + server_ + "#" + schema;
  Ledger spender = Ledger::open(as_spender, "owner").value();
  EXPECT_EQ(release(spender, ask("a", eps("0.2")), "bytes"), "bytes");
  EXPECT_EQ(failure(spender.verify()), "");
  EXPECT_EQ(
      failure(spender.add_dataset("mine", eps("1"))),
      "postgresql://spender@/postgres#" + schema +
          ": may not be used so by this user: the owner of its schema would have to grant it");
  const auto store = open_postgres(as_spender).value();
  for (const char* forgery : {"UPDATE chain SET words = ''", "DELETE FROM chain",
                              "UPDATE account SET loss_cap = 9", "UPDATE member SET role = ''"}) {
    const auto transaction = Transaction::write(*store);
    EXPECT_FALSE(store->run(forgery)) << forgery;
  }
}

TEST_F(PostgresLedger, HoldsAgainstAHandThatWouldOverspendIt) {
  const std::string schema = fresh_schema();
  { Ledger ledger = books(url(schema), eps("1", "1e-6")); }
  const auto store = open_postgres(url(schema)).value();
  for (const char* change :
       {"loss = loss_cap + 1", "loss = -1", "delta = delta_cap + 1",
        "delta_rest = 1000000000000000", "delta = -1", "spent_0 = 1", "spent_3 = -1"}) {
    const auto transaction = Transaction::write(*store);
    const std::string sql = std::string("UPDATE account SET ") + change;
    const auto done = store->run(sql.c_str());
    ASSERT_FALSE(done) << change;
    EXPECT_EQ(done.error().message,
              "cannot be used: its server reports SQLSTATE 23514, of which its log says more");
  }
}

TEST_F(PostgresLedger, IsRefusedWhereItCannotBeKept) {
  const std::string schema = fresh_schema();
  const auto said_of = [&](const std::string& database) {
    return failure(Ledger::create(
        "postgresql://sfumato@/" + database + "?host=" + server_ + "#" + schema, "owner"));
  };
  tell("CREATE DATABASE latin_" + schema +
       " ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER"
       " libc LOCALE 'C'");
  EXPECT_EQ(said_of("latin_" + schema), "postgresql://sfumato@/latin_" + schema + "#" + schema +
                                            ": must lie in a database whose encoding is UTF8");
  EXPECT_EQ(
      said_of("nowhere").find("postgresql://sfumato@/nowhere#" + schema + ": cannot be reached: "),
      0u);
  tell("CREATE SCHEMA " + schema + "; CREATE TABLE " + schema + ".form(x bigint)");
  EXPECT_EQ(said_of("postgres"), said(schema) + ": is there already: a ledger is never made anew");
  EXPECT_EQ(failure(Ledger::open(url(schema), "owner")),
            said(schema) + ": is no ledger: name one that `sfumato budget create` made");
}

TEST_F(PostgresLedger, KeepsWordsInUtf8AloneAndDoesNotQuoteOthers) {
  const std::string schema = fresh_schema();
  Ledger ledger = books(url(schema), eps("1"));
  for (const std::string& no_text : {std::string("gehe\xffim"), std::string("gehe\0im", 7)}) {
    SpendRequest request = ask("a", eps("0.1"));
    request.dataset = no_text;
    EXPECT_EQ(bytes_of(ledger.spend(request)),
              said(schema) + ": keeps names and words in UTF-8 alone");
  }
  EXPECT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.1")))));
}

TEST_F(PostgresLedger, IsRefusedWhereACrashWouldEmptyIt) {
  const std::string schema = fresh_schema();
  { Ledger ledger = books(url(schema), eps("1")); }
  tell("ALTER TABLE " + schema + ".charge SET UNLOGGED");
  EXPECT_EQ(failure(Ledger::open(url(schema), "owner")),
            said(schema) + ": has tables that a crash empties: they must not be UNLOGGED");
}

TEST_F(PostgresLedger, IsMadeInASchemaThatIsThereAndEmpty) {
  const std::string schema = fresh_schema();
  tell("CREATE SCHEMA " + schema);
  EXPECT_TRUE(Ledger::create(url(schema), "owner"));
}

/// Tests that need a server of their own.
class PostgresServerOfOurOwn : public testing::Test {
 protected:
  void SetUp() override {
    if (server_.place().empty()) GTEST_SKIP() << "no PostgreSQL server is installed";
  }
  std::string url() const { return PostgresServer::url(server_.place(), "ours"); }

  const PostgresServer server_;
};

TEST_F(PostgresServerOfOurOwn, IsRefusedWhereItFollowsAnotherOrRunsWithoutFsync) {
  Ledger ledger = books(url(), eps("1"));
  {
    const PostgresServer replica(server_.place());
    const std::string there = PostgresServer::url(replica.place(), "ours");
    const std::string only_read =
        "postgresql://sfumato@/postgres#ours: may only be read here: name the primary server, not "
        "a replica";
    EXPECT_EQ(failure(Ledger::open(there, "owner")), only_read);
    EXPECT_EQ(failure(Ledger::create(there, "owner")), only_read);
  }
  ask_server(server_.place(), "ALTER SYSTEM SET fsync = off");
  ask_server(server_.place(), "SELECT pg_reload_conf()");
  usleep(500'000);  // until the server has read it
  const std::string no =
      "postgresql://sfumato@/postgres#ours: needs a server that runs with fsync = on: this one "
      "could forget charges";
  EXPECT_EQ(bytes_of(ledger.spend(ask("a", eps("0.2")))), no);
  EXPECT_EQ(failure(Ledger::open(url(), "owner")), no);
  ask_server(server_.place(), "ALTER SYSTEM RESET fsync");
  ask_server(server_.place(), "SELECT pg_reload_conf()");
  usleep(500'000);
  EXPECT_TRUE(is_reserved(ledger.spend(ask("a", eps("0.2")))));
  EXPECT_EQ(spent_of(ledger, kDataset), "ε = 0.2");
}

TEST_F(PostgresServerOfOurOwn, CrashingAtAnyInstantLosesNoChargeAndGivesNoPlanTwoReleases) {
  Ledger ledger = books(url(), eps("1"));
  std::mt19937 random(11);
  std::map<std::string, std::string> published;
  for (int crash = 0; crash < times(2, 100); ++crash) {
    Writers writers(url(), 3, static_cast<unsigned>(random()), true);
    usleep(static_cast<useconds_t>(50'000 + random() % 300'000));
    server_.crash();
    server_.again();
    writers.kill_all(random, 100'000);
    writers.collect(published);
  }
  expect_all_in_order(url(), published);
  EXPECT_GT(published.size(), 0u);
  EXPECT_EQ(failure(ledger.verify()), "") << "which was open all the time";
}

}  // namespace
}  // namespace sfumato
#endif
