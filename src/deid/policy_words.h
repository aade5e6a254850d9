#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deid/fields.h"
#include "sfumato/deid/policy.h"

namespace sfumato {

template <class Value>
using Words = std::pair<std::string_view, Value>;

constexpr Words<ColumnRole> kRoles[] = {{"identifier", ColumnRole::identifier},
                                        {"quasi", ColumnRole::quasi},
                                        {"sensitive", ColumnRole::sensitive},
                                        {"insensitive", ColumnRole::insensitive}};
constexpr Words<Action> kActions[] = {
    {"error", Action::error}, {"null", Action::null}, {"suppress", Action::suppress}};
constexpr Words<Normaliser> kNormalisers[] = {{"trim-1", Normaliser::trim},
                                              {"ascii-lower-1", Normaliser::lower},
                                              {"digits-only-1", Normaliser::digits}};

/// Whether a key may be derived by a name: no control characters, so that two lists of names cannot be
/// one.
bool is_name(std::string_view text);

/// The files that a policy names: they lie beside it where their paths are not absolute. Each is read once.
class PolicyFiles {
 public:
  explicit PolicyFiles(const std::string& policy)
      : directory_(policy.substr(0, policy.rfind('/') + 1)) {}  // npos + 1 is 0

  std::string place_of(const std::string& file) const;

  /// Its bytes; null where it cannot be read.
  std::shared_ptr<const std::string> read(const std::string& file);

  /// What was read, in that order.
  std::vector<PolicyFile> take() { return std::move(read_); }

 private:
  std::string directory_;
  std::vector<PolicyFile> read_;
};

/// Reads `[release]`, which begins at `place`, and checks it against the columns.
Result<ReleasePolicy> read_release(const TomlTable& table, TomlPlace place, const std::string& path,
                                   const std::vector<ColumnPolicy>& columns, PolicyFiles& files);

/// Reads the rest of one whose method is safepub.
Result<ReleasePolicy> read_sampled(Fields& fields, ReleasePolicy release,
                                   const std::vector<ColumnPolicy>& columns);

std::vector<Normaliser> read_normalisers(Fields& fields);

/// Reads what a transform takes, of those named or of all.
TransformParams read_transform(Fields& fields, PolicyFiles& files,
                               std::span<const std::string_view> among = {});

/// What is looked for in a text, and what becomes of it.
TransformParams read_text(Fields& fields, PolicyFiles& files);

/// The lines of a file that a policy names, but for empty ones.
std::vector<std::string> read_lines(Fields& fields, PolicyFiles& files, const std::string& file);

}  // namespace sfumato
