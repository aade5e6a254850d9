#include "secagg/plan_bytes.h"

#include "ledger/canonical.h"
#include "secagg/names.h"
#include "secagg/wire.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {
namespace {

constexpr int kFarthestPower = 36;
constexpr std::uint64_t kList = 0xffffffff;  // what a list of a plan may be long at most

void write_number(WireWriter& writer, const Decimal& value) {
  writer.i64(static_cast<std::int64_t>(value.coefficient()))
      .u16(static_cast<std::uint16_t>(value.exponent()));
}

Decimal read_number(WireReader& reader) {
  const std::int64_t coefficient = reader.i64();
  const auto exponent = static_cast<std::int16_t>(reader.u16());
  auto number = Decimal::parse(std::to_string(coefficient) + "e" + std::to_string(exponent));
  if (number && is_plan_number(*number)) return *number;
  reader.fail();
  return {};
}

template <class Items, class Write>
void write_list(WireWriter& writer, const Items& items, Write write) {
  WireWriter list;
  for (const auto& item : items) write(list, item);
  writer.vector(list.bytes(), kList);
}

/// At most so many items; what `read` does not take makes the reader fail.
template <class Item, class Read>
std::vector<Item> read_list(WireReader& reader, std::size_t most, Read read) {
  std::vector<Item> items;
  WireReader list(reader.vector(0, kList));
  while (list.more() && items.size() < most) items.push_back(read(list));
  if (!list.complete()) reader.fail();
  return items;
}

void write_texts(WireWriter& writer, const std::vector<std::string>& texts, std::size_t longest) {
  write_list(writer, texts,
             [&](WireWriter& list, const std::string& text) { list.vector(text, longest); });
}

std::vector<std::string> read_texts(WireReader& reader, std::size_t most, std::size_t longest) {
  return read_list<std::string>(
      reader, most, [&](WireReader& list) { return std::string(list.vector(0, longest)); });
}

void write_operation(WireWriter& writer, const JointOperation& op) {
  writer.u8(static_cast<std::uint8_t>(op.answer));
  write_texts(writer, op.columns, kLongestName);
  for (const Decimal& number : {op.lower, op.upper, op.step, op.noise})
    write_number(writer, number);
  write_list(writer, op.edges, write_number);
}

JointOperation read_operation(WireReader& reader) {
  const std::uint8_t answer = reader.u8();
  if (answer < 1 || answer > static_cast<std::uint8_t>(JointAnswer::vector_sum)) reader.fail();
  JointOperation op{.answer = static_cast<JointAnswer>(answer), .noise = {}};
  op.columns = read_texts(reader, kMostColumns, kLongestName);
  for (Decimal* const number : {&op.lower, &op.upper, &op.step, &op.noise})
    *number = read_number(reader);
  op.edges = read_list<Decimal>(reader, kMostEdges, read_number);
  return op;
}

void write_dataset(WireWriter& writer, const JointDataset& dataset) {
  writer.u8(dataset.member)
      .vector(dataset.name, kLongestName)
      .vector(dataset.version, kLongestName);
}

JointDataset read_dataset(WireReader& reader) {
  const std::size_t member = reader.u8();
  std::string name(reader.vector(0, kLongestName));
  return {member, std::move(name), std::string(reader.vector(0, kLongestName))};
}

void write_numbers(WireWriter& writer, const PlanTerms& terms) {
  writer.i64(terms.expires)
      .u8(static_cast<std::uint8_t>(terms.law))
      .u8(static_cast<std::uint8_t>(terms.measure))
      .u8(static_cast<std::uint8_t>(terms.coordinator))
      .u8(static_cast<std::uint8_t>(terms.modulus_bits))
      .u8(static_cast<std::uint8_t>(terms.path))
      .u8(terms.colluders)
      .u8(terms.dropouts)
      .u8(terms.threshold)
      .u8(static_cast<std::uint64_t>(terms.organisations_per_person))
      .u32(static_cast<std::uint64_t>(terms.bounds.max_groups))
      .u32(static_cast<std::uint64_t>(terms.bounds.max_rows))
      .i64(terms.most_rows);
  write_number(writer, terms.loss);
  write_number(writer, terms.delta);
}

void read_numbers(WireReader& reader, PlanTerms& terms) {
  terms.expires = reader.i64();
  terms.law = static_cast<JointLaw>(reader.u8());
  terms.measure = static_cast<JointMeasure>(reader.u8());
  terms.coordinator = static_cast<JointCoordinator>(reader.u8());
  terms.modulus_bits = reader.u8();
  terms.path = static_cast<JointPath>(reader.u8());
  terms.colluders = reader.u8();
  terms.dropouts = reader.u8();
  terms.threshold = reader.u8();
  terms.organisations_per_person = reader.u8();
  terms.bounds.max_groups = reader.u32();
  terms.bounds.max_rows = reader.u32();
  terms.most_rows = reader.i64();
  terms.loss = read_number(reader);
  terms.delta = read_number(reader);
}

}  // namespace

bool is_plan_number(const Decimal& value) noexcept {
  const int128 coefficient = value.coefficient();
  return coefficient >= INT64_MIN && coefficient <= INT64_MAX &&
         value.exponent() >= -kFarthestPower && value.exponent() <= kFarthestPower;
}

PlanTerms unread_terms(Organisation coordinated_by) {
  return {.title = {},
          .datasets = {},
          .unit = {},
          .operations = {},
          .bounds = {},
          .organisations_per_person = {},
          .most_rows = {},
          .law = {},
          .measure = {},
          .loss = {},
          .delta = {},
          .colluders = {},
          .dropouts = {},
          .threshold = {},
          .coordinator = {},
          .coordinated_by = std::move(coordinated_by),
          .modulus_bits = {},
          .path = {},
          .key_holders = {},
          .expires = {},
          .nonce = {}};
}

std::string bytes_of(const PlanTerms& terms, const Digest& roster) {
  WireWriter writer(WireKind::plan);
  writer.fixed(view_of(roster)).fixed(view_of(terms.nonce));
  writer.vector(terms.coordinated_by.name, kLongestName).fixed(terms.coordinated_by.key.bytes());
  write_numbers(writer, terms);
  writer.vector(terms.title, kLongestTitle).vector(terms.unit, kLongestName);
  write_list(writer, terms.datasets, write_dataset);
  WireWriter holders;
  for (const std::size_t place : terms.key_holders) holders.u8(place);
  writer.vector(holders.bytes(), Roster::kMost);
  write_texts(writer, terms.by, kLongestName);
  write_list(writer, terms.groups, [](WireWriter& list, const std::vector<std::string>& group) {
    for (const std::string& cell : group) list.vector(cell, kLongestCell);
  });
  write_list(writer, terms.operations, write_operation);
  return std::move(writer).bytes();
}

std::optional<ReadPlan> read_plan(std::string_view bytes) {
  WireReader reader(bytes, WireKind::plan);
  const auto roster = reader.array<std::tuple_size_v<Digest>>();
  const auto nonce = reader.array<std::tuple_size_v<Nonce>>();
  std::string name(reader.vector(0, kLongestName));
  const auto key = PublicKey::of(reader.fixed(32));
  if (!key) return std::nullopt;
  ReadPlan plan{roster, unread_terms({std::move(name), *key})};
  PlanTerms& terms = plan.terms;
  terms.nonce = nonce;
  read_numbers(reader, terms);
  terms.title = reader.vector(0, kLongestTitle);
  terms.unit = reader.vector(0, kLongestName);
  terms.datasets = read_list<JointDataset>(reader, Roster::kMost, read_dataset);
  for (const char place : reader.vector(0, Roster::kMost))
    terms.key_holders.push_back(static_cast<unsigned char>(place));
  terms.by = read_texts(reader, kMostGroupColumns, kLongestName);
  terms.groups = read_list<std::vector<std::string>>(reader, kMostGroups, [&](WireReader& list) {
    std::vector<std::string> group;
    for (std::size_t i = 0; i < terms.by.size(); ++i)
      group.emplace_back(list.vector(0, kLongestCell));
    if (group.empty()) list.fail();
    return group;
  });
  terms.operations = read_list<JointOperation>(reader, kMostOperations, read_operation);
  if (!reader.complete()) return std::nullopt;
  return plan;
}

}  // namespace sfumato
