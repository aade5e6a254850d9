#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deid/toml.h"
#include "sfumato/deid/fraction.h"

namespace sfumato {

/// The entries of a table, taken one by one. The first that is wrong is kept, with its place; from then on
/// what is taken stands for nothing, and `finish` says why.
class Fields {
 public:
  Fields(const TomlTable& table, TomlPlace place, const std::string& path)
      : table_(table), place_(place), path_(path) {}

  std::optional<std::string> text(const std::string& name);
  std::string needed_text(const std::string& name);
  std::optional<Decimal> number(const std::string& name);
  Decimal needed_number(const std::string& name);
  std::optional<std::int64_t> whole(const std::string& name, std::int64_t low, std::int64_t high);
  std::int64_t needed_whole(const std::string& name, std::int64_t low, std::int64_t high);
  /// A number, or a text such as "1/3".
  std::optional<Fraction> fraction(const std::string& name);
  Fraction needed_fraction(const std::string& name);
  std::optional<bool> flag(const std::string& name);
  std::vector<std::string> texts(const std::string& name);
  std::vector<Decimal> numbers(const std::string& name);
  const TomlTable* table(const std::string& name);
  /// The tables of a list, each with its place.
  std::vector<std::pair<const TomlTable*, TomlPlace>> tables(const std::string& name);

  /// Where an entry begins; of one that is not there, where the table does.
  TomlPlace place(const std::string& name);

  /// Each section of a table: `read` is called with its name, where it stands, and its entries.
  void sections(const std::string& name,
                const std::function<void(const std::string&, const std::string&, Fields&)>& read);

  /// One of some words.
  template <class Value>
  std::optional<Value> word(const std::string& name,
                            std::span<const std::pair<std::string_view, Value>> words) {
    const std::optional<std::string> given = text(name);
    if (!given) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& [word, value] : words) {
      if (*given == word) return value;
      names.emplace_back(word);
    }
    no_such_word(name, *given, names);
    return std::nullopt;
  }

  /// Notes that an entry, or the table where it has none of that name, is wrong; what a message quotes of the file is
  /// one line of it.
  void refuse(const std::string& name, const std::string& message);

  /// Refuses entries that nobody asked for, too.
  Status finish();

 private:
  const TomlEntry* find(const std::string& name);
  template <class T>
  const T* as(const std::string& name, const char* what);
  void no_such_word(const std::string& name, const std::string& given,
                    const std::vector<std::string>& words);

  const TomlTable& table_;
  TomlPlace place_;
  const std::string& path_;
  std::set<std::string> asked_;
  std::optional<Error> wrong_;
};

}  // namespace sfumato
