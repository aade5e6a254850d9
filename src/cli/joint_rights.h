#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sfumato/secagg/query_plan.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// What each member of a roster may fetch from the mail of one plan, and what it may leave there: what is for all or
/// for itself, and what it says itself. Nobody gets a letter of somebody else's, speaks in another's place, or names a
/// file that is none of the plan's.
class MailRights {
 public:
  MailRights(Roster roster, QueryPlan plan);

  /// `session` is what the words of all lead to; none before. What it said itself a member may fetch, too: by that
  /// it knows whether it was set back.
  bool may_get(std::size_t member, std::string_view name,
               const std::optional<Digest>& session) const;

  /// How long it may be; none where the member may not leave it there.
  std::optional<std::size_t> may_put(std::size_t member, std::string_view name,
                                     const std::optional<Digest>& session) const;

  /// Whether it is a message of some session of the plan's, as a party's that knows its name sooner than we.
  bool is_of_a_session(std::string_view name) const;

  /// What may be left there is what its member signed, as far as that can be told by itself. What stood there
  /// `before` stays: a message is said once, and a word may tell more of ledgers, and not make another session.
  Status check(std::size_t member, std::string_view name, std::string_view bytes,
               const std::optional<std::string>& before) const;

 private:
  std::optional<std::size_t> longest_said(std::size_t member, std::size_t round) const;
  Status check_word(std::size_t member, std::string_view bytes,
                    const std::optional<std::string>& before) const;

  Roster roster_;
  QueryPlan plan_;
  std::string roster_folder_, plan_folder_;
};

}  // namespace sfumato
