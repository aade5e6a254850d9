// What a ledger, the end of one, and a key are called on a command line.
#include "fuzz/target.h"
#include "ledger/postgres_name.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {
namespace {

// Stands for a password: what is shown of a name, or of what is wrong with it, must not hold it.
constexpr std::string_view kPassword = "geheim";

bool holds(const std::string& text, std::string_view what) {
  return text.find(what) != text.npos;
}

void take_url(std::string_view bytes) {
  if (!is_postgres_url(bytes)) return;
  const auto name = PostgresName::parse(bytes);
  if (!name) return require(!holds(name.error().message, kPassword));
  require(bytes.starts_with(name->url));
  const auto shown = PostgresName::parse(name->shown).value();
  require(shown.shown == name->shown && shown.schema == name->schema);
  const std::string secret = ":" + std::string(kPassword) + "@";
  require(!holds(name->shown, secret));
}

}  // namespace

void take(std::string_view bytes) {
  if (const auto head = LedgerHead::parse(bytes)) {
    require(LedgerHead::parse(head->to_string()).value() == *head);
    require(!bytes.starts_with(':'));
  }
  if (const auto key = PublicKey::parse(bytes)) require(key->to_string().size() == bytes.size());
  take_url(bytes);
}

std::vector<std::string> seeds() {
  return {"postgres://ada@db.example:5433,[::1]:5434/clinic?sslmode=require#heart",
          "postgresql://ada:geheim@db/clinic#heart",
          "postgresql:///clinic?host=/run/pg&password=geheim",
          "postgresql://ada:geh%40eim@",
          "postgresql://",
          "12:" + std::string(64, 'a'),
          "9223372036854775807:" + std::string(64, '0'),
          "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"};
}

}  // namespace sfumato
