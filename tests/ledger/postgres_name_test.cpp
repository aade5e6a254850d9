#include "ledger/postgres_name.h"

#include "ledger/books.h"

namespace sfumato {
namespace {

TEST(PostgresName, IsAUrlAndASchema) {
  EXPECT_TRUE(is_postgres_url("postgresql://db"));
  EXPECT_TRUE(is_postgres_url("postgres://db"));
  EXPECT_FALSE(is_postgres_url("postgresql"));
  EXPECT_FALSE(is_postgres_url("clinic.ledger"));
  EXPECT_FALSE(is_postgres_url("host=db dbname=clinic"));
  const PostgresName name =
      PostgresName::parse("postgres://ada@db.example:5433,[::1]:5434/clinic?sslmode=require#heart")
          .value();
  EXPECT_EQ(name.url, "postgres://ada@db.example:5433,[::1]:5434/clinic?sslmode=require");
  EXPECT_EQ(name.schema, "heart");
  EXPECT_EQ(name.shown, "postgresql://ada@db.example:5433,[::1]:5434/clinic#heart");
  EXPECT_EQ(PostgresName::parse("postgresql://").value().shown, "postgresql://#sfumato");
  EXPECT_EQ(PostgresName::parse("postgresql:///clinic?host=/run/pg").value().shown,
            "postgresql:///clinic#sfumato");
}

TEST(PostgresName, ShowsNoPassword) {
  for (const char* url : {"postgresql://ada:geheim@db/clinic#heart", "postgresql://:geheim@db",
                          "postgresql://db/clinic?password=geheim&sslpassword=geheim",
                          "postgresql://ada:geheim@", "postgresql://ada:geheim%40%2F%23@db"})
    EXPECT_EQ(PostgresName::parse(url).value().shown.find("geheim"), std::string::npos) << url;
}

TEST(PostgresName, IsRefusedWithoutQuotingWhereAPasswordCouldHaveGoneAstray) {
  for (const char* url :
       {"postgresql://ada:geh@eim@db/clinic", "postgresql://ada:geh/eim@db/clinic",
        "postgresql://ada:geh#eim@db/clinic", "postgresql://ada:geh?eim@db/clinic",
        "postgresql://ada:geheim", "postgresql://ada:geheim/clinic", "postgresql://db,ada:geheim/x",
        "postgresql://ada:geh eim@db/clinic", "postgresql://ada:geheim\n@db",
        "postgresql://db/x?user=a@b&password=geheim"}) {
    const auto name = PostgresName::parse(url);
    ASSERT_FALSE(name) << url;
    EXPECT_EQ(name.error().where, "ledger");
    EXPECT_NE(name.error().message.find("%40"), std::string::npos) << name.error().message;
    EXPECT_EQ(name.error().message.find("eim"), std::string::npos) << url;
  }
}

TEST(PostgresName, NamesASchemaThatNeedsNoQuotes) {
  const std::string url = "postgresql://db/clinic#";
  for (const std::string& schema :
       {std::string(), std::string("Heart"), std::string("1st"), std::string("a-b"),
        std::string("a\"b"), std::string("pg_heart"), std::string(64, 'a'), std::string("a#b"),
        std::string("a'; DROP SCHEMA x"), std::string("herz\xc3\xa4")})
    EXPECT_FALSE(PostgresName::parse(url + schema)) << schema;
  for (const std::string& schema : {std::string("heart_2"), std::string("_"), std::string(63, 'a')})
    EXPECT_EQ(PostgresName::parse(url + schema).value().schema, schema);
}

}  // namespace
}  // namespace sfumato
