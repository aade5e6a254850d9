#include "ledger/postgres_connection.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "ledger/patience.h"

namespace sfumato {
namespace {

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

// Types by the numbers that PostgreSQL gives them (pg_type.dat).
constexpr Oid kInt8 = 20, kText = 25, kBytea = 17;
constexpr std::size_t kLargest = 1 << 30;  // of a value, as PostgreSQL has it
constexpr const char* kGone =
    "lost its server before this was done: nothing was changed, so ask again";

/// One row of an answer, in the form in which it came: numbers most significant byte first.
class PostgresRow final : public Row {
 public:
  PostgresRow(const PGresult* answer, int row) noexcept : answer_(answer), row_(row) {}

  std::int64_t integer(int column) const noexcept override {
    std::uint64_t value = 0;
    for (const char byte : bytes(column)) value = value << 8 | static_cast<unsigned char>(byte);
    return bytes(column).size() == 4 ? static_cast<std::int32_t>(value)
                                     : static_cast<std::int64_t>(value);
  }
  std::string_view bytes(int column) const noexcept override {
    return {PQgetvalue(answer_, row_, column),
            static_cast<std::size_t>(PQgetlength(answer_, row_, column))};
  }

 private:
  const PGresult* answer_;
  int row_;
};

/// The values of a statement's places, as libpq takes them.
struct Places {
  explicit Places(const std::vector<Parameter>& parameters) {
    numbers.reserve(parameters.size());
    for (const Parameter& parameter : parameters) {
      if (const auto* whole = std::get_if<std::int64_t>(&parameter)) {
        std::array<char, 8> bytes;
        for (std::size_t i = 0; i < 8; ++i)
          bytes[i] = static_cast<char>(static_cast<std::uint64_t>(*whole) >> (56 - 8 * i));
        numbers.push_back(bytes);
        add(kInt8, {numbers.back().data(), bytes.size()});
      } else if (const auto* text = std::get_if<std::string_view>(&parameter)) {
        add(kText, *text);
      } else {
        add(kBytea, std::get<Blob>(parameter).bytes);
      }
    }
    formats.assign(types.size(), 1);
  }

  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  bool fit = true;

 private:
  void add(Oid type, std::string_view bytes) {
    types.push_back(type);
    values.push_back(bytes.data() ? bytes.data() : "");  // null would be NULL
    lengths.push_back(static_cast<int>(std::min(bytes.size(), kLargest)));
    fit = fit && bytes.size() < kLargest;
  }

  std::vector<std::array<char, 8>> numbers;
};

/// Connection parameters for libpq: ours, then what the URL says, which wins, then what must be so.
class Words {
 public:
  static std::optional<Words> of(const std::string& url) {
    PQconninfoOption* const given = PQconninfoParse(url.c_str(), nullptr);
    if (!given) return std::nullopt;
    Words words;
    // A server that has vanished without a word is noticed within about a minute.
    for (const auto& [keyword, value] :
         {std::pair("connect_timeout", "10"), std::pair("keepalives_idle", "30"),
          std::pair("keepalives_interval", "10"), std::pair("keepalives_count", "3"),
          std::pair("tcp_user_timeout", "60000"),
          std::pair("fallback_application_name", "sfumato")})
      words.add(keyword, value);
    for (const PQconninfoOption* option = given; option->keyword; ++option)
      if (option->val) words.add(option->keyword, option->val);
    words.add("client_encoding", "UTF8");
    PQconninfoFree(given);
    return words;
  }

  std::vector<const char*> keywords() const { return pointers(keywords_); }
  std::vector<const char*> values() const { return pointers(values_); }

 private:
  void add(const char* keyword, const char* value) {
    keywords_.emplace_back(keyword);
    values_.emplace_back(value);
  }
  static std::vector<const char*> pointers(const std::vector<std::string>& texts) {
    std::vector<const char*> all;
    for (const std::string& text : texts) all.push_back(text.c_str());
    all.push_back(nullptr);
    return all;
  }

  std::vector<std::string> keywords_, values_;
};

struct Sentence {
  std::string_view state;  ///< SQLSTATE, or how it begins
  Errc code;
  const char* message;
};

// Appendix A of PostgreSQL's manual. The longer beginnings come first.
constexpr Sentence kSentences[] = {
    {"55P03", Errc::unavailable,
     "was kept by another program for a minute: try again when that is done"},
    {"53100", Errc::unavailable, "cannot be written: the disk of its server is full"},
    {"53300", Errc::unavailable, "cannot be reached: its server has too many connections"},
    {"53", Errc::unavailable, "cannot be used: its server lacks memory or another resource"},
    {"58", Errc::unavailable, "cannot be read or written: its server's disk reports an error"},
    {"25006", Errc::unavailable, "may only be read here: name the primary server, not a replica"},
    {"42501", Errc::unavailable,
     "may not be used so by this user: the owner of its schema would have to grant it"},
    {"42P01", Errc::malformed, "is no ledger: name one that `sfumato budget create` made"},
    {"3F000", Errc::malformed, "is no ledger: name one that `sfumato budget create` made"},
    {"42703", Errc::malformed, "is no ledger: name one that `sfumato budget create` made"},
    {"XX00", Errc::malformed,
     "is damaged: restore a backup, and compare its head with one that was exported"},
    {"22021", Errc::invalid_parameter, "keeps names and words in UTF-8 alone"},
    {"57014", Errc::unavailable, "was stopped by its server's keeper: nothing was changed"},
    {"40", Errc::unavailable, "was undone by its server, which lets another go first: ask again"},
};

/// Text of libpq, which speaks of hosts, users and files alone, in one line.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char letter : text) {
    const bool blank = static_cast<unsigned char>(letter) <= 32;
    if (!blank) line += letter;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

void PostgresConnection::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

void PostgresConnection::abandon() noexcept {
  if (connection_) close(PQsocket(connection_.get()));
  (void)connection_.release();
}

Error PostgresConnection::unreachable() const {
  return {Errc::unavailable, name_.shown,
          "cannot be reached: " + one_line(PQerrorMessage(connection_.get()))};
}

Error PostgresConnection::failed(const pg_result* answer) {
  const auto field = [&](int code) {
    const char* const text = answer ? PQresultErrorField(answer, code) : nullptr;
    return std::string_view(text ? text : "");
  };
  const std::string_view known = field(PG_DIAG_SQLSTATE);  // of the server; libpq's own have none
  lost_ = known.empty() || field(PG_DIAG_SEVERITY_NONLOCALIZED) != "ERROR" ||
          PQstatus(connection_.get()) != CONNECTION_OK;
  if (lost_) return {Errc::unavailable, name_.shown, kGone};
  for (const Sentence& sentence : kSentences)
    if (known.starts_with(sentence.state)) return {sentence.code, name_.shown, sentence.message};
  return {Errc::unavailable, name_.shown,
          "cannot be used: its server reports SQLSTATE " + std::string(known) +
              ", of which its log says more"};
}

Status PostgresConnection::open() {
  const bool was_there = connection_ != nullptr;
  const auto words = Words::of(name_.url);
  if (!words)
    return Error{Errc::invalid_parameter, name_.shown,
                 "must be a URL as PostgreSQL's own programs take it, with #schema behind"};
  const auto keywords = words->keywords(), values = words->values();
  bool once_more = true;  // it may have come up between the two questions
  for (Patience patience(Patience::Time(20'000), Patience::Time(500'000));;) {
    if (Status connected = connect(); connected || !lost_) return connected;
    const PGPing ping = PQpingParams(keywords.data(), values.data(), 0);
    const bool comes = ping == PQPING_REJECT || (was_there && ping == PQPING_NO_RESPONSE) ||
                       (ping == PQPING_OK && std::exchange(once_more, false));
    if (!comes || !patience.wait()) return unreachable();
  }
}

Status PostgresConnection::connect() {
  const auto words = Words::of(name_.url);
  const auto keywords = words->keywords(), values = words->values();
  statements_.clear();
  connection_.reset(PQconnectdbParams(keywords.data(), values.data(), 0));
  lost_ = PQstatus(connection_.get()) != CONNECTION_OK;
  if (lost_) return unreachable();
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  return check_server();
}

Status PostgresConnection::check_server() {
  std::string encoding, recovery, version;
  const Status read = execute(
      "SELECT current_setting('server_encoding'), pg_is_in_recovery(),"
      " current_setting('server_version_num')",
      [&](const Row& row) {
        encoding = row.text(0), recovery = row.text(1), version = row.text(2);
      });
  if (!read) return read;
  const char* wrong = nullptr;
  if (version.size() < 6 || version < "120000")
    wrong = "needs PostgreSQL 12 or a later one";
  else if (encoding != "UTF8")
    wrong = "must lie in a database whose encoding is UTF8";
  else if (recovery != "f")
    wrong = "may only be read here: name the primary server, not a replica";
  return wrong ? Status(Error{Errc::unavailable, name_.shown, wrong}) : ok();
}

Status PostgresConnection::check_idle() const {
  if (!busy_) return ok();
  return Error{Errc::unavailable, name_.shown, "is being read: ask it when that has ended"};
}

// Whatever happens, all answers are taken in: what is left of one would be taken for the next.
Result<int> PostgresConnection::collect(const std::function<void(const Row&)>& see) {
  const auto end = [](PostgresConnection* connection) {
    while (PGresult* answer = PQgetResult(connection->connection_.get())) PQclear(answer);
    connection->busy_ = false;
  };
  const std::unique_ptr<PostgresConnection, decltype(end)> rest(this, end);
  busy_ = true;
  std::optional<Error> error;
  bool whole = false;
  int changed = 0;
  while (const Answer answer{PQgetResult(connection_.get()), PQclear}) {
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK) {
      for (int row = 0; row < PQntuples(answer.get()); ++row) see(PostgresRow(answer.get(), row));
    } else if (status != PGRES_COMMAND_OK) {
      if (!error) error = failed(answer.get());
      if (lost_) break;
    }
    whole = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    changed = std::atoi(PQcmdTuples(answer.get()));
  }
  if (!error && !whole) error = failed(nullptr);
  if (error) return *std::move(error);
  return changed;
}

Status PostgresConnection::execute(const std::string& sql,
                                   const std::function<void(const Row&)>& see) {
  if (Status idle = check_idle(); !idle) return idle;
  if (lost_ || !PQsendQuery(connection_.get(), sql.c_str())) return failed(nullptr);
  const Result<int> done = collect(see);
  return done ? ok() : Status(done.error());
}

Result<std::string> PostgresConnection::prepared(const char* sql,
                                                 const std::vector<Parameter>& parameters) {
  std::string& name = statements_[sql];
  if (!name.empty()) return name;
  const std::string fresh = "s" + std::to_string(statements_.size());
  const Places places(parameters);
  const Answer answer(PQprepare(connection_.get(), fresh.c_str(), sql,
                                static_cast<int>(places.types.size()), places.types.data()),
                      PQclear);
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) {
    statements_.erase(sql);
    return failed(answer.get());
  }
  return name = fresh;
}

Result<int> PostgresConnection::run(const char* sql, const std::vector<Parameter>& parameters,
                                    const std::function<void(const Row&)>& see) {
  if (Status idle = check_idle(); !idle) return std::move(idle).error();
  if (lost_) return failed(nullptr);
  const Places places(parameters);
  if (!places.fit)
    return Error{Errc::invalid_parameter, name_.shown, "keeps values below 2^30 bytes alone"};
  const auto statement = prepared(sql, parameters);
  if (!statement) return statement.error();
  const int sent = PQsendQueryPrepared(connection_.get(), statement->c_str(),
                                       static_cast<int>(places.values.size()), places.values.data(),
                                       places.lengths.data(), places.formats.data(), 1);
  if (!sent) return failed(nullptr);
  PQsetSingleRowMode(connection_.get());  // an answer may be all of a long log
  return collect(see);
}

Result<bool> PostgresConnection::commit() {
  if (lost_) return failed(nullptr);
  const Answer answer(PQexec(connection_.get(), "COMMIT"), PQclear);
  if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) {
    if (PQcmdStatus(answer.get()) == std::string_view("COMMIT")) return true;
    return Error{Errc::unavailable, name_.shown, "was undone by its server: ask again"};
  }
  const Error error = failed(answer.get());
  if (lost_) return false;
  return error;
}

void PostgresConnection::roll_back() noexcept {
  if (lost_ || busy_ || PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) return;
  const Answer answer(PQexec(connection_.get(), "ROLLBACK"), PQclear);
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) lost_ = true;
}

}  // namespace sfumato
