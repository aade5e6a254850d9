#pragma once

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

/// A file that a policy names: it lies beside the policy where its path is not absolute.
std::string beside(const std::string& directory, const std::string& file);

/// Reads `[release]`, which begins at `place`, and checks it against the columns.
Result<ReleasePolicy> read_release(const TomlTable& table, TomlPlace place, const std::string& path,
                                   const std::vector<ColumnPolicy>& columns);

/// Where files lie that a policy names.
std::string directory_of(const std::string& path);

std::vector<Normaliser> read_normalisers(Fields& fields);

/// Reads what a transform takes, of those named or of all. `directory` is where files are that a policy names.
TransformParams read_transform(Fields& fields, const std::string& directory,
                               std::span<const std::string_view> among = {});

/// What is looked for in a text, and what becomes of it.
TransformParams read_text(Fields& fields, const std::string& directory);

/// The lines of a file that a policy names, but for empty ones.
std::vector<std::string> read_lines(Fields& fields, const std::string& directory,
                                    const std::string& file);

}  // namespace sfumato
