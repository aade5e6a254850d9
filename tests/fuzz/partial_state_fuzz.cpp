#include <algorithm>
#include <vector>

#include "aggregate/partial_merge.h"
#include "aggregate/partial_writer.h"
#include "fuzz/target.h"
#include "table/group_keys.h"
#include "table/known_question.h"

namespace sfumato {
namespace {

/// The bytes and their digest, so that what is behind that is fuzzed, too.
PartialReader::Source sealed(std::string bytes) {
  RunningDigest digest;
  digest.add(bytes);
  const Digest256 end = digest.finish();
  bytes.append(end.begin(), end.end());
  return [bytes = std::move(bytes), at = std::size_t{0}](std::span<char> into) mutable {
    const std::size_t size = std::min(into.size(), bytes.size() - at);
    std::copy_n(bytes.data() + at, size, into.data());
    at += size;
    return Result<std::size_t>(size);
  };
}

/// Reads as far as units, which are as the question says; none where that fails.
std::optional<PartialReader> begun(std::string_view bytes) {
  Result<PartialReader> reader = PartialReader::open("state", sealed(std::string(bytes)));
  if (!reader) {
    require(reader.error().where == "state");
    return {};
  }
  const auto known = question_of(reader->header().plan);
  if (!known) return {};
  require(bytes_of(*known) == reader->header().plan);
  const Reading reading = reading_of(*known).value();
  if (!reader->begin(shape_of(reading, known->question.bounds))) return {};
  return *std::move(reader);
}

std::string question_bytes(const char* select, std::vector<std::string> by, bool rollup = false) {
  return bytes_of(known({.unit = "person",
                         .by = std::move(by),
                         .rollup = rollup,
                         .where = {parse_condition("year > 3").value()},
                         .select = parse_select(select).value(),
                         .clamps = {{"x", -1, 8}},
                         .bounds = {2, 3}})
                      .value());
}

/// A question with a public list.
std::string list_bytes(const std::vector<std::string>& groups) {
  KnownQuestion asked = question_of(question_bytes("sum(x)", {"site"})).value();
  asked.question.groups = "sites.csv";
  asked.listed = groups;
  return bytes_of(asked);
}

std::string state(const PartialHeader& header, const std::vector<PartialUnit>& units,
                  std::size_t row_words) {
  std::string bytes;
  PartialWriter writer(row_words, [&bytes](std::string_view more) {
    bytes += more;
    return ok();
  });
  require(writer.begin(header).has_value());
  for (const PartialUnit& unit : units) require(writer.add(unit).has_value());
  require(writer.finish().has_value());
  bytes.resize(bytes.size() - sizeof(Digest256));
  return bytes;
}

}  // namespace

/// What is read to its end is what is written again, stays within its bounds, and is not merged with
/// itself.
void take(std::string_view bytes) {
  std::optional<PartialReader> reader = begun(bytes);
  if (!reader) return;
  const auto known = question_of(reader->header().plan);
  const std::size_t row_words = 1 + reading_of(*known)->layout.grids.size();
  const std::size_t keys = known->question.by.size();
  for (const auto& groups :
       {reader->header().groups, known->listed.value_or(std::vector<std::string>())})
    for (const std::string& group : groups)
      if (is_canonical(group, keys)) {
        require(read_canonical(group).size() == keys);
        require(first_canonical(group, keys) == group);
      }
  if (known->listed)
    for (const std::string& group : *known->listed) require(is_canonical(group, keys));
  std::vector<PartialUnit> units;
  for (PartialUnit unit;;) {
    const Result<bool> more = reader->next(unit);
    if (!more) return require(more.error().where == "state");
    if (!*more) break;
    require(std::ssize(unit.pairs) <= known->question.bounds.max_groups);
    units.push_back(unit);
  }
  require(state(reader->header(), units, row_words) == bytes);
  std::vector<PartialReader> twice;
  for (int i = 0; i < 2; ++i) twice.push_back(*begun(bytes));
  require(!PartialMerge::make(std::move(twice), {known->question.bounds, {}}));
}

std::vector<std::string> seeds() {
  GroupOrderKey order;
  order.cipher.fill('c');
  order.hash.fill('h');
  const PartialUnit one{{{1, 2}, false, {}}, {{0, 1}, {1, 2}}, {7, 1, 8, 2, 9, 3}};
  const PartialUnit two{{{1, 3}, true, {}}, {{1, 1}}, {7, 0}};
  const std::vector<std::string> groups = {std::string("\0", 1),
                                           std::string("\1\7\0\0\0\0\0\0\0", 9)};
  return {
      state({question_bytes("sum(x), count", {"site"}), order, {"a", "b"}, groups}, {one, two}, 2),
      state({question_bytes("mean(x)", {}), order, {"a"}, {""}}, {}, 2),
      state({question_bytes("stddev(x), quantile(x,0.25,0.5), median(x)", {"site"}, true),
             order,
             {"c"},
             groups},
            {two}, 2),
      state({list_bytes(groups), order, {"d"}, groups}, {one}, 2)};
}

}  // namespace sfumato
