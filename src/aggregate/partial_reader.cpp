#include "aggregate/partial_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace sfumato {
namespace {

static_assert(std::endian::native == std::endian::little, "ids of units are blocks of such bytes");

constexpr std::size_t kPageBytes = std::size_t{1} << 16;
constexpr std::size_t kWordsAtOnce = 1024;

}  // namespace

void PartialReader::fail(std::string message) {
  if (!failed_) failed_ = Error{Errc::malformed, name_, std::move(message)};
}

void PartialReader::expect(bool right, const char* wrong) {
  if (!right) fail(std::string("is damaged: ") + wrong);
}

Status PartialReader::state() const {
  return failed_ ? Status(*failed_) : ok();
}

/// Turns the page, which is used up; false at the end.
bool PartialReader::more() {
  digest_.add({page_.data() + digested_, at_ - digested_});
  at_ = end_ = digested_ = 0;
  page_.resize(kPageBytes);
  const Result<std::size_t> got = source_(page_);
  if (!got && !failed_) failed_ = got.error();
  if (got) end_ = *got;
  return end_ != 0;
}

void PartialReader::take_bytes(void* to, std::size_t size) {
  auto* out = static_cast<char*>(to);
  while (size != 0 && !failed_) {
    if (at_ == end_ && !more()) return fail("is cut short");
    const std::size_t step = std::min(size, end_ - at_);
    std::memcpy(out, page_.data() + at_, step);
    at_ += step;
    out += step;
    size -= step;
  }
}

template <class T>
T PartialReader::take() {
  T number{};
  if (end_ - at_ >= sizeof number) {
    std::memcpy(&number, page_.data() + at_, sizeof number);
    at_ += sizeof number;
    return number;
  }
  take_bytes(&number, sizeof number);
  return failed_ ? T{} : number;
}

std::string PartialReader::take_text() {
  std::string text;
  for (std::size_t left = take<std::uint32_t>(); left != 0 && !failed_;) {
    const std::size_t step = std::min(left, kPageBytes);
    text.resize(text.size() + step);
    take_bytes(text.data() + text.size() - step, step);
    left -= step;
  }
  return text;
}

std::vector<std::string> PartialReader::take_texts(const char* what) {
  std::vector<std::string> texts;
  for (std::size_t left = take<std::uint32_t>(); left != 0 && !failed_; --left) {
    std::string text = take_text();
    if (!texts.empty() && texts.back() >= text)
      fail(std::string("is damaged: its ") + what + " are out of order");
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<PartialReader> PartialReader::open(std::string name, Source source) {
  PartialReader reader(std::move(name), std::move(source));
  char magic[kPartialMagic.size()];
  reader.take_bytes(magic, sizeof magic);
  if (reader.failed_ && reader.failed_->code != Errc::malformed) return *reader.failed_;
  if (reader.failed_ || std::string_view(magic, sizeof magic) != kPartialMagic)
    return Error{Errc::malformed, reader.name_, "is no partial state of sfumato"};
  const auto version = reader.take<std::uint32_t>();
  if (!reader.failed_ && version != kPartialVersion)
    return Error{Errc::unsupported, reader.name_,
                 "is a partial state of form " + std::to_string(version) +
                     ", and this program reads form " + std::to_string(kPartialVersion)};
  reader.header_.plan = reader.take_text();
  if (reader.failed_) return *reader.failed_;
  return reader;
}

Status PartialReader::begin(PartialShape shape) {
  shape_ = std::move(shape);
  take_bytes(header_.order.cipher.data(), header_.order.cipher.size());
  take_bytes(header_.order.hash.data(), header_.order.hash.size());
  header_.shards = take_texts("shards");
  header_.groups = take_texts("groups");
  expect(!header_.shards.empty() && !header_.shards.front().empty(), "a shard has no name");
  return state();
}

void PartialReader::take_name(UnitName& name, unsigned char form) {
  expect(form == 1 || form == 2, "a unit has an unknown form");
  name.block.high = take<std::uint64_t>();
  name.block.low = take<std::uint64_t>();
  name.long_id = form == 2;
  name.digest = {};
  if (name.long_id) take_bytes(name.digest.data(), name.digest.size());
  if (last_) expect(*last_ < name, "its units are out of order");
  last_ = name;
}

/// Rows ascend, and their values lie within the plan's.
void PartialReader::check_rows(std::span<const std::uint64_t> words) {
  const std::size_t row_words = shape_.row_words();
  for (std::size_t at = 0; at < words.size(); at += row_words) {
    const auto row = words.subspan(at, row_words);
    if (at != 0)
      expect(!std::ranges::lexicographical_compare(row, words.subspan(at - row_words, row_words)),
             "rows are out of order");
    for (std::size_t c = 0; c < shape_.columns.size(); ++c) {
      const auto value = std::bit_cast<Units>(row[1 + c]);
      const auto [lower, upper] = shape_.columns[c];
      expect(value == kNullUnits || (lower <= value && value <= upper),
             "a value lies outside its bounds");
    }
  }
}

void PartialReader::take_pair(PartialUnit& unit) {
  const auto group = take<std::uint32_t>();
  const auto rows = take<std::uint32_t>();
  expect(group < header_.groups.size(), "a group is not in its list");
  expect(unit.pairs.empty() || unit.pairs.back().group < group, "a unit's groups are out of order");
  expect(rows >= 1 && rows <= shape_.bounds.max_rows, "a unit has too many rows in a group");
  unit.pairs.push_back({group, rows});
  const std::size_t begin = unit.words.size();
  for (std::size_t left = rows * shape_.row_words(); left != 0 && !failed_;) {
    const std::size_t step = std::min(left, kWordsAtOnce);
    unit.words.resize(unit.words.size() + step);
    take_bytes(unit.words.data() + unit.words.size() - step, 8 * step);
    left -= step;
  }
  if (!failed_) check_rows(std::span(unit.words).subspan(begin));
}

/// What comes after the last unit; true where it is right.
bool PartialReader::take_end() {
  digest_.add({page_.data() + digested_, at_ - digested_});
  digested_ = at_;
  const Digest256 computed = digest_.finish();
  digest_ = RunningDigest();
  Digest256 written{};
  take_bytes(written.data(), written.size());
  if (!failed_ && computed != written)
    fail("is damaged: it is not what was written, as its digest says");
  if (!failed_ && (at_ != end_ || more())) fail("is damaged: something follows its end");
  ended_ = true;
  return !failed_;
}

Result<bool> PartialReader::next(PartialUnit& unit) {
  if (failed_) return *failed_;
  if (ended_) return false;
  unit.pairs.clear();
  unit.words.clear();
  const auto form = take<unsigned char>();
  if (form == 0 && !failed_) {
    if (take_end()) return false;
    return *failed_;
  }
  if (!failed_) take_name(unit.name, form);
  const auto pairs = take<std::uint32_t>();
  expect(pairs >= 1 && pairs <= shape_.bounds.max_groups, "a unit is in too many groups");
  for (std::size_t left = pairs; left != 0 && !failed_; --left) take_pair(unit);
  if (failed_) return *failed_;
  return true;
}

}  // namespace sfumato
