#include "deid/word_list.h"

#include <algorithm>

#include "deid/reading.h"

namespace sfumato {

std::vector<std::size_t> squeeze(std::string& text) {
  const auto is_run = [](char a, char b) { return is_blank(a) && (a != ' ' || is_blank(b)); };
  if (std::ranges::adjacent_find(text, is_run) == text.end()) return {};
  std::vector<std::size_t> places;
  std::string left;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && is_blank(text[i]) && is_blank(text[i - 1])) continue;
    left += is_blank(text[i]) ? ' ' : text[i];
    places.push_back(i);
  }
  text = std::move(left);
  return places;
}

WordList::WordList(std::vector<std::string> words, bool whole) : whole_(whole) {
  for (std::string& word : words) std::ranges::reverse(word);
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  grow(words);
}

/// Lays out the tree level by level: a node is a range of the sorted words that begin alike.
void WordList::grow(const std::vector<std::string>& turned) {
  std::vector<std::pair<std::size_t, std::size_t>> ranges = {{0, turned.size()}};
  bytes_ = {0}, fails_ = {0}, ends_ = {0}, depths_ = {0};
  for (std::uint32_t node = 0; node < ranges.size(); ++node) {
    auto [begin, end] = ranges[node];
    const std::size_t depth = depths_[node];
    first_.push_back(static_cast<std::uint32_t>(ranges.size()));
    if (node < kDense) dense_.resize(dense_.size() + 256);
    if (begin < end && turned[begin].size() == depth) ++begin;  // the word that ends here
    while (begin < end) {
      const char byte = turned[begin][depth];
      std::size_t past = begin;
      while (past < end && turned[past][depth] == byte) ++past;
      const auto grown = static_cast<std::uint32_t>(ranges.size());
      if (node < kDense) dense_[node * 256 + static_cast<unsigned char>(byte)] = grown;
      ranges.emplace_back(begin, past);
      bytes_.push_back(byte);
      depths_.push_back(static_cast<std::uint32_t>(depth + 1));
      // What a node falls back to lies less deep: it, and its children, are there already.
      fails_.push_back(node == 0 ? 0 : step(fails_[node], byte));
      const bool word = turned[begin].size() == depth + 1;
      ends_.push_back(word ? grown : ends_[fails_.back()]);
      begin = past;
    }
  }
  first_.push_back(static_cast<std::uint32_t>(ranges.size()));
}

/// 0 where there is none.
std::uint32_t WordList::child(std::uint32_t node, char byte) const noexcept {
  if (node < kDense) return dense_[node * 256 + static_cast<unsigned char>(byte)];
  const auto begin = bytes_.begin() + first_[node], end = bytes_.begin() + first_[node + 1];
  const auto found = std::lower_bound(begin, end, byte, [](char a, char b) {
    return static_cast<unsigned char>(a) < static_cast<unsigned char>(b);
  });
  return found == end || *found != byte ? 0 : static_cast<std::uint32_t>(found - bytes_.begin());
}

std::uint32_t WordList::step(std::uint32_t node, char byte) const noexcept {
  for (;;) {
    const std::uint32_t next = child(node, byte);
    if (next != 0 || node == 0) return next;
    node = fails_[node];
  }
}

void WordList::find(std::string_view text, std::vector<WordFound>& found) const {
  const std::size_t already = found.size();
  std::uint32_t node = 0;
  for (std::size_t begin = text.size(); begin-- > 0;) {
    node = step(node, text[begin]);
    // What ends within a word of the text is no beginning of a word that stands apart.
    while (whole_ && node != 0 && is_within_word(text, begin + depths_[node])) node = fails_[node];
    for (std::uint32_t word = ends_[node]; word != 0; word = ends_[fails_[word]]) {
      const std::size_t end = begin + depths_[word];
      if (whole_ && !stands_apart(text, begin, end)) continue;
      found.push_back({begin, end});
      break;
    }
  }
  std::reverse(found.begin() + static_cast<std::ptrdiff_t>(already), found.end());
}

}  // namespace sfumato
