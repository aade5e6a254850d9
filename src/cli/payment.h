#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/question.h"
#include "sfumato/ledger/ledger.h"
#include "sfumato/table/plan.h"

namespace sfumato {

/// Opens a ledger for who is named, else for whose key it is, else for its owner; refuses it where it
/// lacks a head that is expected.
Result<Ledger> open_ledger(const std::string& path, const std::optional<std::string>& actor,
                           const KeySource& key, const std::optional<std::string>& expected_head);

/// What was written, in the terms in which it was written.
StatedCost stated(bool concentrated, const Decimal& loss, const Decimal& delta);

/// Canonical bytes of all that decides what a query releases, as JSON: not how it is told, nor how
/// fast. `list` is the public list of groups as it was read for the release (`Plan::list`), and `form` what is asked
/// of the tables. Refuses what is no UTF-8, since JSON could not tell it apart.
Result<std::string> plan_bytes(const Question& question, const std::string& list,
                               const std::string& form = "sfumato query 1");

/// What a query releases: rows, and of a query with automatic clamps all of its clamps.
struct Released {
  std::vector<AnswerRow> rows;
  std::vector<Clamp> clamps = {};
};

/// That stored bytes of a release are not what this program reads.
Error stored_otherwise();

/// As bytes, which `released_of` reads back to the last bit.
std::string bytes_of(const Released& released);
Result<Released> released_of(const std::string& bytes);

/// What was charged and stored, and the ledger to be told when they have left.
struct Paid {
  Ledger ledger;
  StoredRelease release;
  Released released;
};

using Compute = std::function<Result<Released>(Permit)>;

/// What is charged, and by which bytes a ledger knows it.
struct Purchase {
  std::string plan;
  std::string title;  ///< for people
  StatedCost cost;
  ReleaseLoss loss;  ///< what it gives away, part by part
};

/// "count, mean(visits) by site where year = 3": a title for people, without what steers a terminal.
std::string title_of(const Query& query);

/// Bytes that were charged and stored, and the ledger to be told when they have left.
struct PaidBytes {
  Ledger ledger;
  StoredRelease release;
};

/// Charges, computes and stores; or finds what was stored before.
Result<PaidBytes> pay(const QueryArguments& given, const Purchase& purchase,
                      const std::function<Result<std::string>(Permit)>& compute);

/// Charges the query, whose bytes are `plan`, computes it and stores what came out; or finds what was
/// stored before. `loss` is what it gives away, part by part.
Result<Paid> pay(const QueryArguments& given, const Question& question, const std::string& plan,
                 const ReleaseLoss& loss, const Compute& compute);

}  // namespace sfumato
