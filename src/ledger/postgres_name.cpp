#include "ledger/postgres_name.h"

#include <algorithm>

namespace sfumato {
namespace {

constexpr std::string_view kSchemes[] = {"postgresql://", "postgres://"};
constexpr std::string_view kDefaultSchema = "sfumato";

/// The parts of a URL after its scheme.
struct Parts {
  std::string_view user;  ///< with the password, without `@`
  std::string_view hosts;
  std::string_view database;  ///< with its `/`
  std::string_view schema;
};

/// Takes from the front of `text` what stands before any of `ends`.
std::string_view take_until(std::string_view& text, std::string_view ends) {
  const std::string_view taken = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(taken.size());
  return taken;
}

Parts parts_of(std::string_view text) {
  Parts parts{};
  parts.hosts = take_until(text, "/?#");
  if (const std::size_t at = parts.hosts.find('@'); at != parts.hosts.npos) {
    parts.user = parts.hosts.substr(0, at);
    parts.hosts.remove_prefix(at + 1);
  }
  parts.database = take_until(text, "?#");
  take_until(text, "#");
  if (!text.empty()) parts.schema = text.substr(1);
  return parts;
}

/// A password with a `/` or without its host would be taken for a port, and be told to whoever reads
/// the error.
bool has_sound_ports(std::string_view hosts) {
  while (!hosts.empty()) {
    std::string_view host = take_until(hosts, ",");
    if (!hosts.empty()) hosts.remove_prefix(1);
    if (const std::size_t bracket = host.rfind(']'); bracket != host.npos)
      host.remove_prefix(bracket);
    if (const std::size_t colon = host.find(':'); colon != host.npos)
      if (host.find_first_not_of("0123456789", colon + 1) != host.npos) return false;
  }
  return true;
}

bool is_schema(std::string_view name) {
  const auto fits = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
  };
  return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, fits) &&
         !(name.front() >= '0' && name.front() <= '9') && !name.starts_with("pg_");
}

Error wrong(const char* message) {
  return {Errc::invalid_parameter, "ledger", message};
}

}  // namespace

bool is_postgres_url(std::string_view ledger) noexcept {
  return std::ranges::any_of(kSchemes,
                             [&](std::string_view scheme) { return ledger.starts_with(scheme); });
}

Result<PostgresName> PostgresName::parse(std::string_view ledger) {
  const std::string_view whole = ledger.substr(0, ledger.find('#'));
  ledger.remove_prefix(ledger.find("://") + 3);
  const Parts parts = parts_of(ledger);
  const bool printable = std::ranges::all_of(
      whole, [](char letter) { return static_cast<unsigned char>(letter) > 32 && letter != 127; });
  const std::string_view after_user =
      parts.user.data()
          ? std::string_view(parts.hosts.data(),
                             static_cast<std::size_t>(ledger.end() - parts.hosts.begin()))
          : ledger;
  if (!printable || after_user.find('@') != after_user.npos || !has_sound_ports(parts.hosts))
    return wrong(
        "must be postgresql://user@host:port/database#schema, where what a user, a password or a"
        " parameter holds of @ : / ? # and blanks is written as %40 %3A %2F %3F %23 and %20");
  const std::string_view schema = parts.schema.data() ? parts.schema : kDefaultSchema;
  if (!is_schema(schema))
    return wrong(
        "must name a schema after # by at most 63 small letters, digits and _, of which the first"
        " is no digit, and not by pg_…");

  PostgresName name{.url = std::string(whole), .schema = std::string(schema), .shown = {}};
  name.shown = kSchemes[0];
  if (parts.user.data()) name.shown.append(parts.user.substr(0, parts.user.find(':'))).append("@");
  name.shown.append(parts.hosts).append(parts.database).append("#").append(schema);
  return name;
}

}  // namespace sfumato
