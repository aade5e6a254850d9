#include "sfumato/secagg/joint_book.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <filesystem>
#include <span>

#include "base/own_file.h"
#include "ledger/canonical.h"
#include "sfumato/base/hexadecimal.h"

namespace sfumato {
namespace {

constexpr std::string_view kTitle = "sfumato joint book v2\n";
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

/// "HEAD SIGNATURE".
std::optional<SignedHead> signed_head(std::string_view text) {
  const auto told = take_until(text, ' ');
  if (!told) return std::nullopt;
  const auto head = LedgerHead::parse(*told);
  SignedHead known{};
  if (!head || !read_hexadecimal(text, known.signature)) return std::nullopt;
  known.head = *head;
  return known;
}

/// A lock on the book of that path, until it is closed.
Result<Descriptor> lock_beside(const std::string& path) {
  const std::string lock = path + ".lock";
  Descriptor file(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.open()) return file_error(lock, "opened", errno);
  while (::flock(file.value(), LOCK_EX) != 0)
    if (errno != EINTR) return file_error(lock, "locked", errno);
  return file;
}

}  // namespace

Result<JointBook> JointBook::open(const std::string& path) {
  JointBook book(path);
  if (const Status read = book.refresh(); !read) return read.error();
  return book;
}

Status JointBook::refresh() {
  auto pages = read();
  if (!pages) return std::move(pages).error();
  pages_ = *std::move(pages);
  return ok();
}

/// The title; then lines "head KEY HEAD SIGNATURE", "reservation PLAN BYTES" and "round NAME PLAN".
Result<JointBook::Pages> JointBook::read() const {
  Pages pages;
  std::error_code ignored;
  if (!std::filesystem::exists(path_, ignored) && !ignored) return pages;
  const auto file = read_own_file(path_, kLongestBook);
  if (!file) return file.error();
  const Error damaged{Errc::malformed, path_, "is no book of joint statistics, or a damaged one"};
  std::string_view text = *file;
  if (!text.starts_with(kTitle)) return damaged;
  text.remove_prefix(kTitle.size());
  while (!text.empty()) {
    const auto what = take_until(text, ' '), name = take_until(text, ' '),
               value = take_until(text, '\n');
    if (!what || !name || !value) return damaged;
    if (*what == "head") {
      const auto key = PublicKey::parse(*name);
      const auto head = signed_head(*value);
      if (!key || !head || !pages.heads.emplace(*key, *head).second) return damaged;
    } else if (*what == "round") {
      Digest round{}, plan{};
      const bool whole = read_hexadecimal(*name, round) && read_hexadecimal(*value, plan);
      if (!whole || !pages.rounds.emplace(round, plan).second) return damaged;
    } else {
      Digest plan{};
      const auto bytes = bytes_from(*value);
      const bool whole = *what == "reservation" && read_hexadecimal(*name, plan) && bytes;
      if (!whole || !pages.reservations.emplace(plan, *bytes).second) return damaged;
    }
  }
  return pages;
}

std::optional<std::string> JointBook::reservation(const Digest& plan) const {
  const auto found = pages_.reservations.find(plan);
  if (found == pages_.reservations.end()) return std::nullopt;
  return found->second;
}

Result<std::string> JointBook::keep_reservation(const Digest& plan,
                                                const std::string& reservation) {
  const Status kept = change([&](Pages& pages) {
    pages.reservations.emplace(plan, reservation);
    return ok();
  });
  if (!kept) return kept.error();
  return pages_.reservations.at(plan);
}

Status JointBook::keep_round(const Digest& round, const Digest& plan) {
  return change([&](Pages& pages) {
    if (pages.rounds.emplace(round, plan).first->second == plan) return ok();
    return Status(Error{Errc::refused, "round",
                        "was signed with other weights: the sums before it were told in two ways, "
                        "or this home or its training was set back"});
  });
}

Status JointBook::learn(const KnownHeads& heads) {
  return change([&](Pages& pages) {
    for (const auto& [key, told] : heads) {
      SignedHead& known = pages.heads.emplace(key, told).first->second;
      if (known.head.number == told.head.number && known.head.hash != told.head.hash)
        return Status(Error{Errc::refused, "ledger of " + key.to_string(),
                            "must be one ledger: it was told of in two ways, and so was forked"});
      if (known.head.number < told.head.number) known = told;
    }
    return ok();
  });
}

Status JointBook::change(const std::function<Status(Pages&)>& change) {
  const auto lock = lock_beside(path_);
  if (!lock) return lock.error();
  auto pages = read();
  if (!pages) return std::move(pages).error();
  if (const Status changed = change(*pages); !changed) return changed;
  if (const Status written = write(*pages); !written) return written;
  pages_ = *std::move(pages);
  return ok();
}

Status JointBook::write(const Pages& pages) const {
  std::string text(kTitle);
  for (const auto& [key, known] : pages.heads)
    text += "head " + key.to_string() + " " + known.head.to_string() + " " +
            hexadecimal(view_of(known.signature)) + "\n";
  for (const auto& [plan, bytes] : pages.reservations)
    text += "reservation " + hexadecimal(plan) + " " + hexadecimal(bytes) + "\n";
  for (const auto& [round, plan] : pages.rounds)
    text += "round " + hexadecimal(round) + " " + hexadecimal(plan) + "\n";
  return rewrite_own_file(path_, text);
}

}  // namespace sfumato
