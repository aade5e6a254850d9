#pragma once

#include <map>
#include <optional>
#include <string>

#include "sfumato/base/result.h"
#include "sfumato/secagg/reservation.h"

namespace sfumato {

/// What an organisation remembers of joint statistics, in a file of its own: the ends of others' ledgers, and the word
/// that it gave for each plan, so that it gives no other one after a restart.
///
/// Whoever changes the file makes it forget: it is as much to be kept as the ledger beside it.
class JointBook {
 public:
  /// Reads the file, which is for its owner alone; one that is not there is an empty book. Refuses what is no such
  /// book.
  static Result<JointBook> open(const std::string& path);

  const KnownHeads& heads() const noexcept { return heads_; }
  std::optional<std::string> word(const Digest& plan) const;

  /// Durable when it returns, as is all before.
  Status keep_word(const Digest& plan, const std::string& word);
  /// The same of later ends of ledgers.
  Status learn(const KnownHeads& heads);

 private:
  explicit JointBook(std::string path) : path_(std::move(path)) {}
  bool read(std::string_view text);
  Status save() const;

  std::string path_;
  KnownHeads heads_;
  std::map<Digest, std::string> words_;
};

}  // namespace sfumato
