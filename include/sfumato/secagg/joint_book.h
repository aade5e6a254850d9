#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "sfumato/base/result.h"
#include "sfumato/secagg/signed_head.h"

namespace sfumato {

/// What an organisation remembers of joint statistics, in a file of its own: the ends of ledgers, the reservation
/// that it signed for each plan, and the plan that it signed for each round of a training, so that it signs no other
/// one after a restart.
///
/// Several programs may use one book at a time: each change begins with what the file says, under a lock beside it,
/// and nothing is ever taken out. On an error a book in hand is as it was.
///
/// Whoever changes the file makes it forget: it is as much to be kept as the ledger beside it.
class JointBook {
 public:
  /// Reads the file, which is for its owner alone; one that is not there is an empty book. Refuses what is no such
  /// book.
  static Result<JointBook> open(const std::string& path);

  /// Reads what others wrote meanwhile.
  Status refresh();

  /// As of the last look at the file.
  const KnownHeads& heads() const noexcept { return pages_.heads; }
  std::optional<std::string> reservation(const Digest& plan) const;

  /// Durable when it returns, as is all before: this reservation, or the one that was there. That one is given.
  Result<std::string> keep_reservation(const Digest& plan, const std::string& reservation);

  /// Durable when it returns: that a round of a training, of that name, has this plan. Refuses where it has another.
  Status keep_round(const Digest& round, const Digest& plan);

  /// The same of ends of ledgers: of each the later one stays. Refuses another one of the same number.
  Status learn(const KnownHeads& heads);

 private:
  struct Pages {
    KnownHeads heads;
    std::map<Digest, std::string> reservations;
    std::map<Digest, Digest> rounds;
  };

  explicit JointBook(std::string path) : path_(std::move(path)) {}
  Result<Pages> read() const;
  Status change(const std::function<Status(Pages&)>& change);
  Status write(const Pages& pages) const;

  std::string path_;
  Pages pages_;
};

}  // namespace sfumato
