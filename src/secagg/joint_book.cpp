#include "sfumato/secagg/joint_book.h"

#include <filesystem>
#include <span>

#include "base/own_file.h"
#include "ledger/canonical.h"
#include "sfumato/base/hexadecimal.h"

namespace sfumato {
namespace {

constexpr std::string_view kTitle = "sfumato joint book v1\n";
constexpr std::size_t kLongestBook = std::size_t{1} << 30;

/// Up to the next `end`, which is taken, too; none where there is none.
std::optional<std::string_view> take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == text.npos) return std::nullopt;
  const std::string_view found = text.substr(0, at);
  text.remove_prefix(at + 1);
  return found;
}

std::optional<std::string> bytes_from(std::string_view digits) {
  std::string bytes(digits.size() / 2, '\0');
  const std::span<unsigned char> into{reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()};
  if (!read_hexadecimal(digits, into)) return std::nullopt;
  return bytes;
}

}  // namespace

Result<JointBook> JointBook::open(const std::string& path) {
  JointBook book(path);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored) && !ignored) return book;
  const auto text = read_own_file(path, kLongestBook);
  if (!text) return text.error();
  if (!book.read(*text))
    return Error{Errc::malformed, path, "is no book of joint statistics, or a damaged one"};
  return book;
}

/// The title; then lines "head KEY HEAD" and "word PLAN BYTES".
bool JointBook::read(std::string_view text) {
  if (!text.starts_with(kTitle)) return false;
  text.remove_prefix(kTitle.size());
  while (!text.empty()) {
    const auto what = take_until(text, ' '), name = take_until(text, ' '),
               value = take_until(text, '\n');
    if (!what || !name || !value) return false;
    if (*what == "head") {
      const auto key = PublicKey::parse(*name);
      const auto head = LedgerHead::parse(*value);
      if (!key || !head || !heads_.emplace(*key, *head).second) return false;
    } else {
      Digest plan{};
      const auto word = bytes_from(*value);
      const bool whole = *what == "word" && read_hexadecimal(*name, plan) && word;
      if (!whole || !words_.emplace(plan, *word).second) return false;
    }
  }
  return true;
}

std::optional<std::string> JointBook::word(const Digest& plan) const {
  const auto found = words_.find(plan);
  if (found == words_.end()) return std::nullopt;
  return found->second;
}

Status JointBook::keep_word(const Digest& plan, const std::string& word) {
  words_.emplace(plan, word);
  return save();
}

Status JointBook::learn(const KnownHeads& heads) {
  for (const auto& [key, head] : heads) heads_.insert_or_assign(key, head);
  return save();
}

Status JointBook::save() const {
  std::string text(kTitle);
  for (const auto& [key, head] : heads_)
    text += "head " + key.to_string() + " " + head.to_string() + "\n";
  for (const auto& [plan, word] : words_)
    text += "word " + hexadecimal(plan) + " " + hexadecimal(word) + "\n";
  auto file = OwnFile::beside(path_);
  if (!file) return std::move(file).error();
  if (const Status written = file->write(text); !written) return written;
  return file->replace();
}

}  // namespace sfumato
