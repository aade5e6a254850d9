#include "sfumato/deid/policy.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "deid/policy_words.h"

namespace sfumato {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kMostLongest = 1 << 16, kLongestText = 1 << 20;

template <class Value, std::size_t n>
std::string_view word_among(const Words<Value> (&words)[n], Value value) {
  return std::ranges::find(words, value, &Words<Value>::second)->first;
}

/// What is done with values that cannot be transformed, if no column says otherwise.
struct Defaults {
  Action missing = Action::error, overlong = Action::error, invalid = Action::error;
};

Defaults read_actions(Fields& fields, const Defaults& defaults) {
  return {fields.word<Action>("missing", kActions).value_or(defaults.missing),
          fields.word<Action>("overlong", kActions).value_or(defaults.overlong),
          fields.word<Action>("invalid", kActions).value_or(defaults.invalid)};
}

/// Whether the values are looked at, so that some can be wrong.
bool looks(const TransformParams& transform) {
  return !std::holds_alternative<KeepParams>(transform) &&
         !std::holds_alternative<DropParams>(transform) &&
         !std::holds_alternative<RedactParams>(transform) &&
         !std::holds_alternative<ReplaceParams>(transform);
}

Result<ColumnPolicy> read_column(const TomlEntry& entry, const std::string& path,
                                 const Defaults& defaults, PolicyFiles& files) {
  const auto* table = std::get_if<TomlTable>(&entry.value.is);
  if (!table)
    return Error{Errc::invalid_parameter, at(path, entry.place),
                 "must be a table: [columns." + entry.key + "]"};
  Fields fields(*table, entry.place, path);
  const std::optional<ColumnRole> role = fields.word<ColumnRole>("role", kRoles);
  if (!role) fields.refuse("role", "needs 'role': identifier, quasi, sensitive or insensitive");
  ColumnPolicy column{.column = entry.key,
                      .role = role.value_or(ColumnRole::identifier),
                      .transform = read_transform(fields, files),
                      .where = at(path, entry.place)};
  if (looks(column.transform)) {
    const bool text = std::holds_alternative<TextParams>(column.transform);
    if (!text) column.normalise = read_normalisers(fields);
    const Defaults actions = read_actions(fields, defaults);
    column.missing = actions.missing;
    column.overlong = actions.overlong;
    column.invalid = actions.invalid;
    const std::int64_t most = text ? kLongestText : kMostLongest;
    column.longest = static_cast<std::size_t>(
        fields.whole("longest", 1, most).value_or(text ? kLongestText : 256));
  }
  if (column.role == ColumnRole::identifier && std::holds_alternative<KeepParams>(column.transform))
    fields.refuse("transform", "an identifier cannot be kept: transform or drop it");
  if (column.role == ColumnRole::identifier && std::holds_alternative<TextParams>(column.transform))
    fields.refuse("role",
                  "of a text in which identifiers are found, what is not found is kept: it "
                  "is sensitive, quasi or insensitive");
  if (Status done = fields.finish(); !done) return std::move(done).error();
  return column;
}

/// A hierarchy without a level needs somebody who finds it.
Status check_levels(const Policy& policy) {
  const bool cuts = policy.release && policy.release->method == ReleasePolicy::Method::mondrian;
  for (const ColumnPolicy& column : policy.columns) {
    if (std::holds_alternative<RangeParams>(column.transform) &&
        (!cuts || column.role != ColumnRole::quasi))
      return Error{
          Errc::invalid_parameter, column.where,
          "needs a [release] by method = \"mondrian\", and role quasi: it finds the ranges"};
    const auto* hierarchy = std::get_if<HierarchyParams>(&column.transform);
    if (!hierarchy || hierarchy->level) continue;
    if (!policy.release || column.role != ColumnRole::quasi)
      return Error{Errc::invalid_parameter, column.where,
                   "needs 'level', a whole number; a [release] finds it for columns of role quasi"};
  }
  return ok();
}

}  // namespace

std::vector<Normaliser> read_normalisers(Fields& fields) {
  std::vector<Normaliser> rules;
  for (const std::string& word : fields.texts("normalise")) {
    const auto* found = std::ranges::find(kNormalisers, word, &Words<Normaliser>::first);
    if (found == std::end(kNormalisers))
      fields.refuse("normalise", "'normalise' takes trim-1, ascii-lower-1 and digits-only-1");
    else
      rules.push_back(found->second);
  }
  return rules;
}

Result<Policy> Policy::parse(std::string_view toml, const std::string& path) {
  const Result<TomlTable> table = read_toml(toml, path);
  if (!table) return table.error();
  Fields fields(*table, {}, path);
  (void)fields.needed_whole("version", kVersion, kVersion);
  Policy policy;
  PolicyFiles files(path);
  constexpr Words<bool> kOthers[] = {{"keep", true}, {"drop", false}};
  policy.keep_others = fields.word<bool>("default", kOthers);
  if (const auto ring = fields.text("keys")) policy.ring = files.place_of(*ring);
  if (const auto ledger = fields.text("ledger"))
    policy.ledger = ledger->find("://") == std::string::npos ? files.place_of(*ledger) : *ledger;
  policy.recipient = fields.text("recipient");
  if (policy.recipient && !is_name(*policy.recipient))
    fields.refuse("recipient", "'recipient' must have 1 to 100 bytes and no control characters");
  const Defaults defaults = read_actions(fields, {});
  const TomlTable* columns = fields.table("columns");
  if (!columns || columns->empty())
    fields.refuse("columns", "needs a section for each column, as in [columns.name]");
  const TomlTable* release = fields.table("release");
  const TomlPlace place = fields.place("release");
  if (Status done = fields.finish(); !done) return std::move(done).error();
  for (const TomlEntry& entry : *columns) {
    Result<ColumnPolicy> column = read_column(entry, path, defaults, files);
    if (!column) return std::move(column).error();
    policy.columns.push_back(*std::move(column));
  }
  if (release) {
    Result<ReleasePolicy> read = read_release(*release, place, path, policy.columns, files);
    if (!read) return std::move(read).error();
    policy.release = *std::move(read);
  }
  if (Status checked = check_levels(policy); !checked) return std::move(checked).error();
  policy.text = toml;
  policy.files = files.take();
  return policy;
}

Result<Policy> Policy::load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad())
    return Error{Errc::unavailable, path, "cannot be read: name a policy, a TOML file"};
  return parse(bytes, path);
}

std::string PolicyFiles::place_of(const std::string& file) const {
  return file.starts_with('/') ? file : directory_ + file;
}

std::shared_ptr<const std::string> PolicyFiles::read(const std::string& file) {
  const std::string path = place_of(file);
  const auto known = std::ranges::find(read_, path, &PolicyFile::path);
  if (known != read_.end()) return known->bytes;
  std::ifstream in(path, std::ios::binary);
  const auto bytes = std::make_shared<const std::string>(std::istreambuf_iterator<char>(in),
                                                         std::istreambuf_iterator<char>());
  if (!in.is_open() || in.bad()) return nullptr;
  read_.push_back({path, bytes});
  return bytes;
}

std::string_view word_of(ColumnRole role) {
  return word_among(kRoles, role);
}
std::string_view word_of(Action action) {
  return word_among(kActions, action);
}
std::string_view word_of(Normaliser normaliser) {
  return word_among(kNormalisers, normaliser);
}

}  // namespace sfumato
