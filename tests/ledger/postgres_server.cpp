#ifdef SFUMATO_POSTGRES
#include "ledger/postgres_server.h"

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "support/source_path.h"

namespace sfumato {

PostgresServer::~PostgresServer() {
  (void)std::system(command("stop").c_str());
}

std::string PostgresServer::place() const {
  return contents(scratch_.path("server"));
}

std::string PostgresServer::command(const std::string& verb) const {
  return "python3 " + source_path("tests/support/postgres_server.py ") + verb + " " +
         scratch_.path("server");
}

void PostgresServer::call(const std::string& verb, const std::string& argument) const {
  const std::string line = command(verb) + " " + argument;
  if (std::system(line.c_str()) != 0) throw std::runtime_error(line);
}

const std::string& PostgresServer::shared() {
  static const char* const started = std::getenv("SFUMATO_POSTGRES_SERVER");
  static const std::unique_ptr<PostgresServer> own =
      started ? nullptr : std::make_unique<PostgresServer>();
  static const std::string place = started ? contents(started) : own->place();
  return place;
}

std::vector<std::string> ask_server(const std::string& place, const std::string& sql) {
  const std::string url = "postgresql://sfumato@/postgres?host=" + place;
  const std::unique_ptr<PGconn, decltype(&PQfinish)> server(PQconnectdb(url.c_str()), PQfinish);
  PQsetNoticeProcessor(
      server.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, decltype(&PQclear)> answer(PQexec(server.get(), sql.c_str()),
                                                             PQclear);
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(PQerrorMessage(server.get()) + (" in " + sql));
  std::vector<std::string> cells;
  for (int row = 0; row < PQntuples(answer.get()); ++row)
    for (int column = 0; column < PQnfields(answer.get()); ++column)
      cells.emplace_back(PQgetvalue(answer.get(), row, column));
  return cells;
}

}  // namespace sfumato
#endif
