#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "secagg/wire.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// What a member signs, and by which place. Refused to a key that is none of the roster's.
Result<Endorsement> endorse(const Roster& roster, const SigningKey& key, std::string_view meaning,
                            std::string_view bytes);

/// Refuses signatures fewer than the quorum, not of rising members, of nobody, or not of these bytes in
/// this meaning by their member's key.
Status check_endorsements(const Roster& roster, std::span<const Endorsement> signatures,
                          std::string_view meaning, std::string_view bytes);

/// Refuses one that is of nobody, or not of these bytes in this meaning by its member's key.
Status check_endorsement(const Roster& roster, const Endorsement& endorsement,
                         std::string_view meaning, std::string_view bytes);

void sort_endorsements(std::vector<Endorsement>& signatures);

void write_endorsements(WireWriter& writer, std::span<const Endorsement> signatures);
std::vector<Endorsement> read_endorsements(WireReader& reader);

}  // namespace sfumato
