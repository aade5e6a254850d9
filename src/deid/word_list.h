#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

/// A place where a text holds a word of a list: bytes [begin, end).
struct WordFound {
  std::size_t begin, end;
};

inline bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Makes runs of white space one space each. Tells where each byte that is left stood, or nothing where all is as it was.
std::vector<std::size_t> squeeze(std::string& text);

/// Finds words of a list in one pass, however many there are. It reads from the end of a text to its beginning,
/// with the words turned round as well, so that after each character it knows which words begin there.
///
/// Origin  Aho, Corasick: Efficient string matching: an aid to bibliographic search, 1975
class WordList {
 public:
  /// No word is empty; one that is given twice is there once. `whole`: only where a word stands apart (see `stands_apart`).
  WordList(std::vector<std::string> words, bool whole);

  /// Of the words that begin at a place the longest, for each place, in the order of places.
  void find(std::string_view text, std::vector<WordFound>& found) const;

 private:
  std::uint32_t child(std::uint32_t node, char byte) const noexcept;
  std::uint32_t step(std::uint32_t node, char byte) const noexcept;
  void grow(const std::vector<std::string>& turned);

  bool whole_;
  // Nodes in order of depth, so that the children of one stand side by side.
  static constexpr std::uint32_t kDense = 1024;  // the first have a table of their children, too
  std::vector<std::uint32_t> dense_;
  std::vector<std::uint32_t> first_;  // child of each node, and of the one after the last
  std::vector<char> bytes_;           // by which each node is reached
  std::vector<std::uint32_t> fails_;  // the longest other node that ends as this one does
  std::vector<std::uint32_t> ends_;   // the longest node, itself or such, that is a word; 0 is none
  std::vector<std::uint32_t> depths_;
};

}  // namespace sfumato
