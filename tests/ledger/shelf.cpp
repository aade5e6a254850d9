#include "ledger/shelf.h"

#include <unistd.h>

#include <filesystem>

#include "ledger/books.h"
#ifdef SFUMATO_POSTGRES
#include "ledger/postgres_server.h"
#endif

namespace sfumato {
namespace {

class Files final : public Shelf {
 public:
  std::string path(const std::string& name) const override { return scratch_.path(name); }
  std::string said(const std::string& name) const override { return scratch_.path(name); }
  void tamper(const std::string& name, const std::string& sql) const override {
    sfumato::tamper(path(name),
                    "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; " + sql);
  }
  std::vector<std::string> cells(const std::string& name, const std::string& sql) const override {
    sqlite3* raw = nullptr;
    EXPECT_EQ(sqlite3_open(path(name).c_str(), &raw), SQLITE_OK);
    std::vector<std::string> rows;
    const auto take = [](void* into, int columns, char** texts, char**) {
      for (int i = 0; i < columns; ++i)
        static_cast<std::vector<std::string>*>(into)->emplace_back(texts[i]);
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), take, &rows, nullptr), SQLITE_OK);
    sqlite3_close(raw);
    return rows;
  }
  void copy(const std::string& from, const std::string& to) const override {
    std::filesystem::copy_file(path(from), path(to),
                               std::filesystem::copy_options::overwrite_existing);
  }
  void set_form(const std::string& name, int form) const override {
    tamper(name, "PRAGMA user_version = " + std::to_string(form));
  }
  std::string blob(const std::string& digits) const override { return "x'" + digits + "'"; }
  std::string text(const std::string& digits) const override {
    return "CAST(x'" + digits + "' AS TEXT)";
  }
  std::string digits_of(const std::string& column, bool) const override {
    return "hex(" + column + ")";
  }

 private:
  const Scratch scratch_;
};

#ifdef SFUMATO_POSTGRES

class Schemas final : public Shelf {
 public:
  explicit Schemas(std::string place) : place_(std::move(place)) {}

  std::string path(const std::string& name) const override {
    return PostgresServer::url(place_, schema(name));
  }
  std::string said(const std::string& name) const override {
    return "postgresql://sfumato@/postgres#" + schema(name);
  }
  void tamper(const std::string& name, const std::string& sql) const override {
    (void)cells(name, sql);
  }
  std::vector<std::string> cells(const std::string& name, const std::string& sql) const override {
    return ask_server(
        place_, "SET synchronous_commit = off; SET search_path = " + schema(name) + "; " + sql);
  }
  // What is copied has no keys and checks that could stand in a test's way.
  void copy(const std::string& from, const std::string& to) const override {
    std::string sql =
        "SET synchronous_commit = off; CREATE SCHEMA IF NOT EXISTS " + schema(to) + ";";
    for (const std::string& table : ask_server(
             place_, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = '" +
                         schema(from) + "'::regnamespace")) {
      const std::string there = schema(from) + "." + table, here = schema(to) + "." + table;
      sql += "CREATE TABLE IF NOT EXISTS " + here + "(LIKE " + there + " INCLUDING IDENTITY);";
      sql += "DELETE FROM " + here + "; INSERT INTO " + here + " SELECT * FROM " + there + ";";
    }
    ask_server(place_, sql);
  }
  void set_form(const std::string& name, int form) const override {
    tamper(name, "UPDATE form SET form = " + std::to_string(form));
  }
  std::string blob(const std::string& digits) const override {
    return "'\\x" + digits + "'::bytea";
  }
  std::string text(const std::string& digits) const override {
    return "convert_from('\\x" + digits + "', 'UTF8')";
  }
  std::string digits_of(const std::string& column, bool is_blob) const override {
    return "encode(" + (is_blob ? column : "convert_to(" + column + ", 'UTF8')") + ", 'hex')";
  }

 private:
  static int next() {
    static int shelves = 0;
    return shelves++;
  }
  std::string schema(const std::string& name) const { return prefix_ + name; }

  const std::string place_;
  const std::string prefix_ = "t" + std::to_string(getpid()) + "_" + std::to_string(next()) + "_";
};

#endif

}  // namespace

std::unique_ptr<Shelf> Shelf::make(const std::string& store) {
  if (store == "sqlite") return std::make_unique<Files>();
#ifdef SFUMATO_POSTGRES
  if (const std::string& place = PostgresServer::shared(); !place.empty())
    return std::make_unique<Schemas>(place);
#endif
  return nullptr;
}

}  // namespace sfumato
