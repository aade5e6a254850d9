#include "sfumato/keys/token_uri.h"

#include <charconv>
#include <utility>

namespace sfumato {
namespace {

Error wrong(std::string message) {
  return {Errc::invalid_parameter, "PKCS #11 URI", std::move(message)};
}

/// Takes what stands before the mark off the text, and the mark.
std::string_view before(std::string_view& text, char mark) {
  const std::size_t end = text.find(mark);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return part;
}

/// The value of a hexadecimal digit; 16 of what is none.
unsigned value_of(char digit) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef0123456789ABCDEF";
  const std::size_t at = kDigits.find(digit);
  return at == kDigits.npos ? 16 : static_cast<unsigned>(at % 16);
}

/// %2F is a slash; none where two digits do not follow a percent sign.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char letter = text[i];
    if (letter == '%') {
      const unsigned high = i + 2 < text.size() ? value_of(text[i + 1]) : 16;
      const unsigned low = i + 2 < text.size() ? value_of(text[i + 2]) : 16;
      if (high == 16 || low == 16) return std::nullopt;
      letter = static_cast<char>(16 * high + low);
      i += 2;
    }
    out += letter;
  }
  return out;
}

std::optional<std::string>* place_of(TokenUri& uri, std::string_view name, bool query) {
  const std::pair<std::string_view, std::optional<std::string>*> in_path[] = {
      {"token", &uri.token}, {"serial", &uri.serial}, {"manufacturer", &uri.manufacturer},
      {"model", &uri.model}, {"object", &uri.object}, {"id", &uri.id}};
  const std::pair<std::string_view, std::optional<std::string>*> in_query[] = {
      {"module-path", &uri.module}, {"pin-source", &uri.pin_source}};
  if (query) {
    for (const auto& [known, place] : in_query)
      if (name == known) return place;
    return nullptr;
  }
  for (const auto& [known, place] : in_path)
    if (name == known) return place;
  return nullptr;
}

Status take_slot(TokenUri& uri, const std::string& text) {
  unsigned long number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || uri.slot)
    return wrong("must say slot-id once, by a number");
  uri.slot = number;
  return ok();
}

Status take(TokenUri& uri, std::string_view part, bool query) {
  std::string_view rest = part;
  const std::string_view name = before(rest, '=');
  if (query && name == "pin-value")
    return wrong("must not hold the PIN, which others could see: say pin-source=file:PATH");
  // An id is bytes of any kind; what else it would hold is text.
  const auto value = decoded(rest);
  if (!value || value->empty() || (name != "id" && value->find('\0') != value->npos))
    return wrong("must give " + std::string(name) + " a value, with %XX for what is not plain");
  if (!query && name == "slot-id") return take_slot(uri, *value);
  if (!query && name == "type")
    return *value == "secret-key" ? ok() : Status(wrong("must name a secret-key"));
  std::optional<std::string>* const place = place_of(uri, name, query);
  if (place == nullptr)
    return wrong(
        "has '" + std::string(name) +
        "', where it takes token, serial, manufacturer, model, slot-id, object, id and type, and "
        "after ? module-path and pin-source");
  if (*place) return wrong("must say " + std::string(name) + " once");
  *place = *value;
  return ok();
}

}  // namespace

Result<TokenUri> TokenUri::parse(std::string_view text) {
  constexpr std::string_view kScheme = "pkcs11:";
  if (!text.starts_with(kScheme))
    return wrong("must begin with pkcs11:, as in pkcs11:token=NAME;object=NAME");
  text.remove_prefix(kScheme.size());
  TokenUri uri;
  std::string_view path = before(text, '?');
  while (!path.empty())
    if (Status taken = take(uri, before(path, ';'), false); !taken) return std::move(taken).error();
  while (!text.empty())
    if (Status taken = take(uri, before(text, '&'), true); !taken) return std::move(taken).error();
  if (!uri.object && !uri.id) return wrong("must name the key, by object=NAME or id=%XX");
  return uri;
}

}  // namespace sfumato
