#include <algorithm>
#include <string>

#include "io/quoted_name.h"
#include "sfumato/io/condition.h"

namespace sfumato {
namespace {

using Kind = Condition::Kind;

constexpr std::string_view kBlanks = " \t\n";
constexpr std::string_view kNoWord = " \t\n'\"=<>!(),";  // what ends a word without quotes

struct Operator {
  std::string_view sign;
  Kind kind;
};

/// Those of two characters first.
constexpr Operator kOperators[] = {
    {"!=", Kind::unequal}, {"<=", Kind::at_most}, {">=", Kind::at_least},
    {"=", Kind::equal},    {"<", Kind::less},     {">", Kind::greater},
};

constexpr const char* kOperatorNeeded =
    "expected one of = != < <= > >=, 'in (…)', 'not in (…)', 'is null' or 'is not null'";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Whether `word` is `keyword`, which is in small letters, in whatever letters.
bool is_word(std::string_view word, std::string_view keyword) {
  return std::ranges::equal(word, keyword, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : +c; });
}

bool is_order(Kind kind) {
  return kind == Kind::less || kind == Kind::at_most || kind == Kind::greater ||
         kind == Kind::at_least;
}

/// Reads one condition from front to back. What goes wrong is noted once, and ends it.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), rest_(text) {}

  Result<Condition> condition() {
    skip_blanks();
    Condition condition{.column = column(), .kind = Kind::equal};
    if (!wrong_) comparison(condition);
    if (!wrong_ && !at_end())
      fail("has more to say: a condition is one comparison, and each has a --where of its own");
    if (wrong_) return *wrong_;
    return condition;
  }

 private:
  void fail(const std::string& why) {
    if (wrong_) return;
    const std::string_view before = text_.substr(0, text_.size() - rest_.size());
    const auto characters = std::ranges::count_if(
        before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    wrong_ = Error{Errc::invalid_parameter, "where",
                   "at character " + std::to_string(characters + 1) + ": " + why};
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
  }
  bool at_end() { return skip_blanks(), rest_.empty(); }

  std::string_view peek_word() const { return rest_.substr(0, rest_.find_first_of(kNoWord)); }
  std::string_view take(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  bool keyword(std::string_view wanted) {
    skip_blanks();
    if (!is_word(peek_word(), wanted)) return false;
    take(wanted.size());
    return true;
  }
  bool mark(char wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    take(1);
    return true;
  }

  std::string column() {
    if (rest_.starts_with('"')) {
      auto name = take_quoted(rest_, '"');
      if (!name) fail("has a double quote that is never closed");
      return name.value_or("");
    }
    const std::string_view name = peek_word();
    if (name.empty())
      fail("expected a column; one that is no plain word stands in \"double quotes\"");
    return std::string(take(name.size()));
  }

  void comparison(Condition& condition) {
    skip_blanks();
    for (const Operator& candidate : kOperators)
      if (rest_.starts_with(candidate.sign)) {
        take(candidate.sign.size());
        condition.kind = candidate.kind;
        return value(condition);
      }
    if (keyword("is")) {
      condition.kind = keyword("not") ? Kind::not_null : Kind::null;
      if (!keyword("null")) fail("expected 'null'");
      return;
    }
    const std::string_view before = rest_;
    condition.kind = keyword("not") ? Kind::not_in : Kind::in;
    if (keyword("in")) return list(condition);
    rest_ = before;
    fail(kOperatorNeeded);
  }

  void list(Condition& condition) {
    if (!mark('(')) return fail("expected '('");
    do value(condition);
    while (!wrong_ && mark(','));
    if (!wrong_ && !mark(')')) fail("expected ',' or ')'");
  }

  void value(Condition& condition) {
    skip_blanks();
    if (rest_.starts_with('\'')) {
      auto text = take_quoted(rest_, '\'');
      if (!text) return fail("has a quote that is never closed");
      condition.values.emplace_back(*std::move(text));
      return;
    }
    if (rest_.starts_with('"')) return fail("expected a value; text stands in 'single quotes'");
    const std::string_view word = peek_word();
    if (word.empty())
      return fail("expected a value: a number, a date such as 2024-06-01, or 'text'");
    if (is_word(word, "null"))
      return fail("nothing compares with null: say 'is null' or 'is not null'");
    plain(word, condition);
  }

  /// A value without quotes.
  void plain(std::string_view word, Condition& condition) {
    if (const auto number = Decimal::parse(word)) {
      condition.values.emplace_back(*number);
      take(word.size());
    } else if (const std::size_t length = instant_length(word)) {
      condition.values.emplace_back(*Instant::parse(rest_.substr(0, length)));
      take(length);
    } else if (!is_letter(word[0])) {
      fail("'" + std::string(word) +
           "' is neither a number of at most 36 digits nor a date or time "
           "such as 2024-06-01 or 2024-06-01T12:30Z; text stands in 'quotes'");
    } else if (is_order(condition.kind)) {
      fail("'" + std::string(word) +
           "' is no number and no date; text that is to be ordered stands "
           "in 'quotes'");
    } else {
      condition.values.emplace_back(std::string(take(word.size())));
    }
  }

  /// How much of the rest is an instant, which may have a blank before the time of day; 0 for none.
  std::size_t instant_length(std::string_view word) const {
    const std::size_t end = rest_.substr(word.size()).starts_with(' ')
                                ? rest_.find_first_of(kNoWord, word.size() + 1)
                                : word.size();
    const std::string_view both = rest_.substr(0, end);
    if (Instant::parse(both)) return both.size();
    return Instant::parse(word) ? word.size() : 0;
  }

  std::string_view text_, rest_;
  std::optional<Error> wrong_;
};

struct ValueText {
  std::string operator()(const Decimal& number) const { return number.to_string(); }
  std::string operator()(const Instant& instant) const { return instant.to_string(); }
  std::string operator()(const std::string& text) const { return in_quotes(text, '\''); }
};

std::string name_text(const std::string& column) {
  const bool plain = !column.empty() && column.find_first_of(kNoWord) == std::string::npos;
  return plain ? column : in_quotes(column, '"');
}

}  // namespace

std::string Condition::to_string() const {
  std::string text = name_text(column);
  if (kind == Kind::null) return text + " is null";
  if (kind == Kind::not_null) return text + " is not null";
  const auto sign = std::ranges::find(kOperators, kind, &Operator::kind);
  if (sign != std::end(kOperators))
    return text + " " + std::string(sign->sign) + " " + std::visit(ValueText{}, values.front());
  text += kind == Kind::in ? " in (" : " not in (";
  for (std::size_t i = 0; i < values.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::visit(ValueText{}, values[i]);
  return text + ")";
}

Result<Condition> parse_condition(std::string_view text) {
  return Parser(text).condition();
}

}  // namespace sfumato
