#include "ledger/schema.h"

#include <string>
#include <string_view>
#include <utility>

#include "sfumato/ledger/cost.h"

namespace sfumato {
namespace {

// "sfum" in ASCII: what `file` and we know a ledger by.
constexpr StoreMark kMark{.application = 0x7366756d, .form = 3};

// {id}, {whole}, {text} and {bytes} are the store's types. Amounts are whole: `loss` and divergences in
// 10^-12, `delta` in 10^-15 and `delta_rest` in 10^-30. That no budget is overspent is said by the tables
// too, whatever statement comes: {axes} are what each order allows, -1 where it is closed for good, and
// what was spent at it, and {open} says that at one order at least what was spent is within the cap.
// `charge` lies by its key, the plan, since each charge looks for it and each page that is written costs:
// its number is that of an entry of `chain`, which knows plan and attempt.
constexpr const char* kTables[] = {
    "CREATE TABLE chain("
    " number {whole} PRIMARY KEY, time {whole} NOT NULL, kind {text} NOT NULL,"
    " actor {text} NOT NULL, dataset {text} NOT NULL, account {text} NOT NULL,"
    " loss {whole} NOT NULL, delta {whole} NOT NULL, delta_rest {whole} NOT NULL,"
    " until {whole} NOT NULL, about {whole} NOT NULL, words {text} NOT NULL,"
    " version {text} NOT NULL, plan {bytes} NOT NULL, digest {bytes} NOT NULL,"
    " public_key {bytes} NOT NULL, request {bytes} NOT NULL, signature {bytes} NOT NULL,"
    " curve {bytes} NOT NULL, hash {bytes} NOT NULL) {options}",
    "CREATE TABLE member("
    " name {text} PRIMARY KEY,"
    " role {text} NOT NULL CHECK (role IN ('owner', 'analyst', 'auditor')),"
    " public_key {bytes} UNIQUE, sequence {whole} NOT NULL DEFAULT 0) {keyed}",
    "CREATE TABLE nonce("
    " expires {whole} NOT NULL, nonce {bytes} NOT NULL, PRIMARY KEY (expires, nonce)) {keyed}",
    "CREATE TABLE account("
    " id {id}, dataset {text} NOT NULL,"
    " kind {whole} NOT NULL CHECK (kind BETWEEN 0 AND 2), name {text} NOT NULL,"
    " parent {whole} REFERENCES account(id),"
    " measure {whole} NOT NULL CHECK (measure BETWEEN 0 AND 2),"
    " loss_cap {whole} NOT NULL, delta_cap {whole} NOT NULL, delta_rest_cap {whole} NOT NULL,"
    " loss {whole} NOT NULL DEFAULT 0 CHECK (loss BETWEEN 0 AND loss_cap),"
    " delta {whole} NOT NULL DEFAULT 0,"
    " delta_rest {whole} NOT NULL DEFAULT 0 CHECK (delta_rest BETWEEN 0 AND 999999999999999),"
    " frozen {whole} NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1)), until {whole} NOT NULL,"
    " orders {bytes} NOT NULL, {axes},"
    " CHECK ({open}),"
    " UNIQUE (dataset, kind, name),"
    " CHECK (delta >= 0 AND (delta, delta_rest) <= (delta_cap, delta_rest_cap))) {options}",
    "CREATE TABLE charge("
    " number {whole} NOT NULL REFERENCES chain(number),"
    " account {whole} NOT NULL REFERENCES account(id),"
    " plan {bytes} NOT NULL, attempt {whole} NOT NULL,"
    " state {whole} NOT NULL CHECK (state BETWEEN 0 AND 2),"  // reserved, stored, published
    " release {bytes} CHECK ((release IS NULL) = (state = 0)),"
    " PRIMARY KEY (plan, attempt)) {keyed}",
};

std::string with_types(std::string sql, const ColumnTypes& types) {
  static const std::string axes = for_each_order(
      ", ", "cap_# {whole} NOT NULL, spent_# {whole} NOT NULL DEFAULT 0 CHECK (spent_# >= 0)");
  static const std::string open = for_each_order(" OR ", "spent_# <= cap_#");
  const std::pair<std::string_view, const char*> places[] = {
      {"{axes}", axes.c_str()},     {"{open}", open.c_str()}, {"{id}", types.id},
      {"{whole}", types.whole},     {"{text}", types.text},   {"{bytes}", types.bytes},
      {"{options}", types.options}, {"{keyed}", types.keyed}};
  for (const auto& [place, type] : places)
    for (std::size_t at; (at = sql.find(place)) != sql.npos;) sql.replace(at, place.size(), type);
  return sql;
}

}  // namespace

std::string for_each_order(std::string_view between, std::string_view part) {
  std::string all;
  for (std::size_t order = 0; order < kMostOrders; ++order) {
    if (order > 0) all += between;
    for (const char letter : part) {
      if (letter == '#')
        all += std::to_string(order);
      else if (letter == '@')
        all += std::to_string(order + 6);
      else
        all += letter;
    }
  }
  return all;
}

Status make_tables(Store& store) {
  const Result<bool> empty = store.is_empty();
  if (!empty) return empty.error();
  if (!*empty)
    return Error{Errc::refused, store.name(), "is there already: a ledger is never made anew"};
  if (Status marked = store.set_mark(kMark); !marked) return marked;
  for (const char* table : kTables)
    if (Status made = store.execute(with_types(table, store.types())); !made) return made;
  return ok();
}

Status check_tables(Store& store) {
  const Result<StoreMark> mark = store.mark();
  if (!mark) return mark.error();
  if (mark->application != kMark.application)
    return Error{Errc::malformed, store.name(),
                 "is no ledger: name one that `sfumato budget create` made"};
  if (mark->form == 1 || mark->form == 2)
    return Error{Errc::unsupported, store.name(),
                 "is a ledger of form " + std::to_string(mark->form) +
                     ", which no released version wrote: make a new one, and enter what is left"};
  if (mark->form != kMark.form)
    return Error{Errc::unsupported, store.name(),
                 "is a ledger of another form: open it with the version of sfumato that wrote it"};
  return ok();
}

}  // namespace sfumato
