#include "deid/fields.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/printable.h"

namespace sfumato {
namespace {

/// The whole number that a decimal is, where it is one that fits.
std::optional<std::int64_t> whole_of(const Decimal& number) {
  int128 value = number.coefficient();
  if (number.exponent() < 0 || number.exponent() > 18) return std::nullopt;
  for (int i = 0; i < number.exponent(); ++i) value *= 10;
  if (value < INT64_MIN || value > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

const TomlEntry* Fields::find(const std::string& name) {
  asked_.insert(name);
  const auto found = std::ranges::find(table_, name, &TomlEntry::key);
  return found == table_.end() ? nullptr : &*found;
}

template <class T>
const T* Fields::as(const std::string& name, const char* what) {
  const TomlEntry* entry = find(name);
  if (!entry) return nullptr;
  const T* value = std::get_if<T>(&entry->value.is);
  if (!value) refuse(name, "'" + name + "' must be " + what);
  return value;
}

TomlPlace Fields::place(const std::string& name) {
  const TomlEntry* entry = find(name);
  return entry ? entry->place : place_;
}

void Fields::refuse(const std::string& name, const std::string& message) {
  if (wrong_) return;
  const TomlEntry* entry = find(name);
  wrong_ =
      Error{Errc::invalid_parameter, at(path_, entry ? entry->place : place_), printable(message)};
}

std::optional<std::string> Fields::text(const std::string& name) {
  const auto* value = as<std::string>(name, "a text in quotation marks");
  return value ? std::optional(*value) : std::nullopt;
}

std::string Fields::needed_text(const std::string& name) {
  const std::optional<std::string> value = text(name);
  if (!value) refuse(name, "needs '" + name + "', a text");
  if (value && value->empty()) refuse(name, "'" + name + "' must not be empty");
  return value.value_or("");
}

std::optional<Decimal> Fields::number(const std::string& name) {
  const auto* value = as<Decimal>(name, "a number");
  return value ? std::optional(*value) : std::nullopt;
}

Decimal Fields::needed_number(const std::string& name) {
  const std::optional<Decimal> value = number(name);
  if (!value) refuse(name, "needs '" + name + "', a number");
  return value.value_or(Decimal());
}

std::optional<std::int64_t> Fields::whole(const std::string& name, std::int64_t low,
                                          std::int64_t high) {
  const std::optional<Decimal> given = number(name);
  if (!given) return std::nullopt;
  const std::optional<std::int64_t> value = whole_of(*given);
  if (value && *value >= low && *value <= high) return value;
  refuse(name, "'" + name + "' must be a whole number from " + std::to_string(low) + " to " +
                   std::to_string(high));
  return std::nullopt;
}

std::int64_t Fields::needed_whole(const std::string& name, std::int64_t low, std::int64_t high) {
  const std::optional<std::int64_t> value = whole(name, low, high);
  if (!value) refuse(name, "needs '" + name + "', a whole number");
  return value.value_or(low);
}

std::optional<Fraction> Fields::fraction(const std::string& name) {
  const TomlEntry* entry = find(name);
  if (!entry) return std::nullopt;
  const auto* number = std::get_if<Decimal>(&entry->value.is);
  const auto* text = std::get_if<std::string>(&entry->value.is);
  if (number || text)
    if (Result<Fraction> read = Fraction::parse(number ? number->to_string() : *text)) return *read;
  refuse(name, "'" + name +
                   "' must be a number that is not negative, or a text such as \"1/3\", of at most "
                   "twelve digits");
  return std::nullopt;
}

Fraction Fields::needed_fraction(const std::string& name) {
  const std::optional<Fraction> value = fraction(name);
  if (!value) refuse(name, "needs '" + name + "', a number");
  return value.value_or(Fraction::make(0).value());
}

std::optional<bool> Fields::flag(const std::string& name) {
  const auto* value = as<bool>(name, "true or false");
  return value ? std::optional(*value) : std::nullopt;
}

std::vector<std::string> Fields::texts(const std::string& name) {
  std::vector<std::string> out;
  const auto* list = as<std::vector<TomlValue>>(name, "a list of texts");
  if (!list) return out;
  for (const TomlValue& value : *list) {
    const auto* text = std::get_if<std::string>(&value.is);
    if (!text) return refuse(name, "'" + name + "' must be a list of texts"), out;
    out.push_back(*text);
  }
  return out;
}

std::vector<Decimal> Fields::numbers(const std::string& name) {
  std::vector<Decimal> out;
  const auto* list = as<std::vector<TomlValue>>(name, "a list of numbers");
  if (!list) return out;
  for (const TomlValue& value : *list) {
    const auto* number = std::get_if<Decimal>(&value.is);
    if (!number) return refuse(name, "'" + name + "' must be a list of numbers"), out;
    out.push_back(*number);
  }
  return out;
}

const TomlTable* Fields::table(const std::string& name) {
  return as<TomlTable>(name, "a table");
}

std::vector<std::pair<const TomlTable*, TomlPlace>> Fields::tables(const std::string& name) {
  std::vector<std::pair<const TomlTable*, TomlPlace>> out;
  const auto* list = as<std::vector<TomlValue>>(name, "a list of tables");
  if (!list) return out;
  for (const TomlValue& value : *list) {
    const auto* table = std::get_if<TomlTable>(&value.is);
    if (!table) return refuse(name, "'" + name + "' must be a list of tables"), out;
    out.emplace_back(table, value.place);
  }
  return out;
}

void Fields::sections(
    const std::string& name,
    const std::function<void(const std::string&, const std::string&, Fields&)>& read) {
  const TomlTable* sections = table(name);
  if (!sections) return;
  for (const TomlEntry& entry : *sections) {
    const auto* entries = std::get_if<TomlTable>(&entry.value.is);
    if (!entries) return refuse(name, "'" + entry.key + "' must be a table of its own");
    Fields fields(*entries, entry.place, path_);
    read(entry.key, at(path_, entry.place), fields);
    if (Status done = fields.finish(); !done && !wrong_) wrong_ = done.error();
  }
}

void Fields::no_such_word(const std::string& name, const std::string& given,
                          const std::vector<std::string>& words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i)
    list += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  refuse(name,
         "'" + name + "' is '" + given + "' and must be " + list + "; " + suggestion(given, words));
}

Status Fields::finish() {
  for (const TomlEntry& entry : table_) {
    if (wrong_) break;
    if (asked_.contains(entry.key)) continue;
    const std::vector<std::string> names(asked_.begin(), asked_.end());
    refuse(entry.key, "'" + entry.key + "' has no meaning here; " + suggestion(entry.key, names));
  }
  if (wrong_) return *wrong_;
  return ok();
}

}  // namespace sfumato
