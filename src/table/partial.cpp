#include "sfumato/table/partial.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "aggregate/partial_merge.h"
#include "aggregate/running_digest.h"
#include "base/own_file.h"
#include "table/known_question.h"
#include "table/plain_bytes.h"
#include "table/run_keys.h"

namespace sfumato {
namespace {

constexpr std::string_view kRunMagic = "sfumato run 2\n\n\n";
constexpr std::size_t kMostRunFile = std::size_t{1} << 30;
constexpr std::string_view kState = "a partial state";
constexpr std::size_t kMostShardName = 200;

Error malformed(const std::string& where, const char* message) {
  return {Errc::malformed, where, message};
}

void draw(std::span<unsigned char> key, BitSource& bits) {
  for (std::size_t i = 0; i < key.size(); i += 8) {
    std::uint64_t word = bits.next();
    std::memcpy(key.data() + i, &word, 8);
    OPENSSL_cleanse(&word, sizeof word);
  }
}

/// Calls `visit` with each key, in the order in which they stand in a run file.
template <class Keys, class Visit>
void each_key(Keys& keys, Visit visit) {
  visit(std::span(keys.units));
  visit(std::span(keys.long_ids));
  visit(std::span(keys.order.cipher));
  visit(std::span(keys.order.hash));
}

std::string_view view_of(std::span<const unsigned char> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Digest256 digest_of(std::string_view bytes) {
  RunningDigest digest;
  digest.add(bytes);
  return digest.finish();
}

/// A state's file, as far as its question.
Result<PartialReader> open_state(const std::string& path) {
  Result<Descriptor> file = open_own_file(path);
  if (!file) return std::move(file).error();
  const auto shared = std::make_shared<Descriptor>(*std::move(file));
  return PartialReader::open(
      path, [shared, path](std::span<char> bytes) { return read_some(*shared, path, bytes); });
}

/// States that have begun to be merged, and what they are about.
struct Merging {
  KnownQuestion question;
  PartialShape shape;
  Layout layout;
  std::string plan;
  PartialMerge merge;
};

Status check_groups(const PartialReader& state, const KnownQuestion& known) {
  const std::vector<std::string>& groups = state.header().groups;
  const std::size_t columns = known.question.by.size();
  const bool sound = known.listed ? groups == *known.listed
                                  : std::ranges::all_of(groups, [&](const std::string& group) {
                                      return is_canonical(group, columns);
                                    });
  if (sound) return ok();
  return malformed(state.name(), "is damaged: its groups are not of its question");
}

Result<Merging> open_states(const std::vector<std::string>& paths) {
  if (paths.empty()) return Error{Errc::invalid_parameter, "states", "must be one file at least"};
  std::vector<PartialReader> states;
  std::optional<KnownQuestion> known;
  PartialShape shape;
  Layout layout;
  for (const std::string& path : paths) {
    Result<PartialReader> state = open_state(path);
    if (!state) return std::move(state).error();
    std::optional<KnownQuestion> asked = question_of(state->header().plan);
    if (!asked) return malformed(path, "is damaged: its question is none");
    Result<Reading> reading = reading_of(*asked);
    if (!reading) return std::move(reading).error();
    PartialShape own = shape_of(*reading, asked->question.bounds);
    if (Status begun = state->begin(own); !begun) return std::move(begun).error();
    if (Status groups = check_groups(*state, *asked); !groups) return std::move(groups).error();
    if (!known) {
      known = std::move(asked);
      shape = std::move(own);
      layout = std::move(reading->layout);
    }
    states.push_back(*std::move(state));
  }
  std::string plan = states.front().header().plan;
  Result<PartialMerge> merge = PartialMerge::make(std::move(states), shape);
  if (!merge) return std::move(merge).error();
  return Merging{*std::move(known), std::move(shape), std::move(layout), std::move(plan),
                 *std::move(merge)};
}

}  // namespace

struct PartialRun::State {
  KnownQuestion known;
  RunKeys keys;
};

PartialRun::PartialRun(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
PartialRun::PartialRun(PartialRun&&) noexcept = default;
PartialRun& PartialRun::operator=(PartialRun&&) noexcept = default;
PartialRun::~PartialRun() = default;

Result<PartialRun> PartialRun::make(const PartialQuestion& question, BitSource& bits) {
  Result<KnownQuestion> checked = known(question);
  if (!checked) return std::move(checked).error();
  auto state = std::make_unique<State>(State{*std::move(checked), {}});
  each_key(state->keys, [&](std::span<unsigned char> key) { draw(key, bits); });
  return PartialRun(std::move(state));
}

Status PartialRun::write(const std::string& path) const {
  PlainWriter out;
  out.plain(kRunMagic);
  out.text(bytes_of(state_->known));
  each_key(std::as_const(state_->keys),
           [&](std::span<const unsigned char> key) { out.plain(view_of(key)); });
  out.plain(view_of(digest_of(out.bytes())));
  std::string bytes = std::move(out).bytes();
  Status written = write_own_file(path, "a run file", bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return written;
}

Result<PartialRun> PartialRun::read(const std::string& path) {
  Result<std::string> bytes = read_own_file(path, kMostRunFile);
  if (!bytes) return std::move(bytes).error();
  PlainReader in(*bytes);
  if (in.plain(kRunMagic.size()) != kRunMagic)
    return malformed(path, "is no run file: sfumato partial --new-run makes one");
  std::optional<KnownQuestion> known = question_of(in.text());
  auto state = std::make_unique<State>();
  if (known) state->known = *std::move(known);
  each_key(state->keys, [&](std::span<unsigned char> key) {
    const std::string_view drawn = in.plain(key.size());
    std::ranges::copy(drawn, key.begin());
  });
  const std::size_t size = bytes->size() - std::min(bytes->size(), sizeof(Digest256));
  const Digest256 digest = digest_of(std::string_view(*bytes).substr(0, size));
  const bool whole = in.plain(digest.size()) == view_of(digest) && in.sound() && in.at_end();
  OPENSSL_cleanse(bytes->data(), bytes->size());
  if (!whole || !known) return malformed(path, "is damaged: it is not what was written");
  return PartialRun(std::move(state));
}

Status PartialRun::shard(const Shard& shard, const std::string& path, BitSource& bits,
                         const Progress& progress) const {
  if (shard.name.empty() || shard.name.size() > kMostShardName)
    return Error{Errc::invalid_parameter, "shard", "must have a name of 1 to 200 bytes"};
  if (shard.threads < 1) return Error{Errc::invalid_parameter, "threads", "must be at least 1"};
  const KnownQuestion& known = state_->known;
  Query query = query_of(known, shard.tables);
  query.threads = shard.threads;
  query.memory = shard.memory;
  Result<Reading> reading = reading_of(known);
  if (!reading) return std::move(reading).error();
  const PartialShape shape = shape_of(*reading, query.bounds);
  Result<TableReader> reader =
      TableReader::open(shard.tables, std::move(reading->request), shard.threads);
  if (!reader) return std::move(reader).error();
  Result<OwnFile> file = OwnFile::make(path, kState);
  if (!file) return std::move(file).error();

  auto engine = Engine::make_shard(std::move(reading->layout), query.bounds, resources_of(query),
                                   state_->keys, bits);
  if (!engine) return std::move(engine).error();
  for (const std::string& group : reading->listed) (*engine)->list(group);
  if (Status all = (*engine)->read(*reader, progress); !all) return all;
  PartialWriter writer(shape.row_words(),
                       [&](std::string_view bytes) { return file->write(bytes); });
  const PartialHeader header{bytes_of(known), state_->keys.order, {shard.name}, {}};
  if (Status written = (*engine)->write(header, writer); !written) return written;
  return file->keep();
}

Status merge_partials(const std::vector<std::string>& states, const std::string& path) {
  Result<Merging> merging = open_states(states);
  if (!merging) return std::move(merging).error();
  Result<OwnFile> file = OwnFile::make(path, kState);
  if (!file) return std::move(file).error();
  PartialWriter writer(merging->shape.row_words(),
                       [&](std::string_view bytes) { return file->write(bytes); });
  if (Status begun = writer.begin(merging->merge.header()); !begun) return begun;
  for (PartialUnit unit;;) {
    const Result<bool> more = merging->merge.next(unit);
    if (!more) return more.error();
    if (!*more) break;
    if (Status added = writer.add(unit); !added) return added;
  }
  if (Status all = writer.finish(); !all) return all;
  return file->keep();
}

Result<FinalPlan> plan_of_partials(const std::vector<std::string>& states,
                                   const FinalTerms& terms) {
  Result<Merging> merging = open_states(states);
  if (!merging) return std::move(merging).error();
  const PartialHeader& header = merging->merge.header();
  const Layout& layout = merging->layout;
  const std::vector<std::string_view> names(header.groups.begin(), header.groups.end());
  const GroupSets sets(names, layout.group_columns, layout.coarser);
  CoarseUnits units(sets.coarser());
  const Result<GroupTotals> finest = add_up(merging->merge, layout.nothing(), units);
  if (!finest) return finest.error();
  Result<Plan> plan =
      Plan::of_exact(query_of(merging->question, header.shards, terms), sets.exact(*finest, units));
  if (!plan) return std::move(plan).error();
  return FinalPlan{*std::move(plan), std::move(merging->plan)};
}

}  // namespace sfumato
