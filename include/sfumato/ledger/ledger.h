#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/ledger/account.h"
#include "sfumato/ledger/cost.h"
#include "sfumato/ledger/entry.h"
#include "sfumato/ledger/request.h"
#include "sfumato/privacy/permit.h"

namespace sfumato {

struct LedgerState;

/// The files of a ledger by its name, its own first and then those that SQLite puts beside it; none where the name is the
/// URL of a database.
std::vector<std::string> files_of_ledger(const std::string& name);

/// A release that is to be paid for.
struct SpendRequest {
  std::string dataset;
  std::string version;  ///< which state of the dataset, as its keeper declares; data that changed
                        ///< under an old version is answered by the old release
  std::string plan;     ///< canonical bytes of all that decides what is released
  std::string title;    ///< a few words for people, such as "count by region"
  StatedCost cost;
  std::optional<ReleaseLoss> loss =
      {};              ///< the same, part by part: what is charged where the dataset
                       ///< counts Rényi divergences, which are those of `cost` if
                       ///< nothing is said
  bool again = false;  ///< a new charge and a new release, though the plan was charged before
};

/// What was paid for and is not stored yet. Consumed by `Ledger::store`.
class [[nodiscard]] Charge {
 public:
  Charge(Charge&&) noexcept = default;
  Charge& operator=(Charge&&) noexcept = default;
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;

  std::int64_t number() const noexcept { return number_; }  ///< of its entry

 private:
  friend class Ledger;
  Charge(std::int64_t number, const Digest& entry) noexcept : number_(number), entry_(entry) {}

  std::int64_t number_;
  Digest entry_;  // so that no other ledger takes it for its own
};

/// Leave to compute a release, and the charge to store it under.
struct Reservation {
  Permit permit;
  Charge charge;
};

/// Bytes that are durably stored: the only ones that are ever published for their charge.
struct StoredRelease {
  std::int64_t charge;
  std::string bytes;
};

/// A budget within a dataset's.
struct GrantParams {
  AccountName account;  ///< of an analyst or project
  StatedCost cap;       ///< where the account is there, its new cap: not below what was spent. In
                        ///< ε and δ where the dataset counts Rényi divergences
  std::optional<std::int64_t> until = {};  ///< can be brought forward later, never put off
  std::string project = {};                ///< that an analyst's budget is part of, for good
};

/// That tokens of a table are turned back into what they stand for. It costs nothing, and holds nothing
/// that stood in the table: the log says that it was done, by whom, and how much of it.
struct Reidentification {
  std::string ring;       ///< by whose keys
  std::string columns;    ///< a few words for people, such as "patient, card"
  std::string plan;       ///< canonical bytes of what is done
  std::int64_t rows = 0;  ///< of the table
};

/// What was spent of a budget, told as an ε. It informs; the guarantee is the cap.
struct RunningLoss {
  double epsilon;  ///< of all of it together, had the costs been fixed ahead
  double added;    ///< the sum of what each release has by itself, at an equal share of δ
};

/// At which δ what was spent of a budget is to be told.
struct RunningQuestion {
  AccountName account;
  Exact delta;
};

/// All budgets, and the last entry of the log, at one instant.
struct LedgerSurvey {
  std::vector<LedgerAccount> accounts;
  LedgerHead head;
};

/// Seconds since 1970.
using LedgerClock = std::function<std::int64_t()>;
std::int64_t system_seconds();

/// Durable budgets: what datasets may still lose, who may spend it, and what was released for it.
///
/// The order of a release is: `spend` checks and charges, durably; the caller computes; `store` makes
/// the bytes durable; the caller publishes what `store` returned, and says so by `published`. So
/// nothing is ever published uncharged, nor two things for one charge: where a crash came before
/// `store`, the same plan may be computed afresh under the same charge, and after it only the stored
/// bytes are given.
///
/// A charge passes all budgets that it draws on, or none of them changes. Several programs may use
/// one ledger at a time; a Ledger is for one thread, and not for the children of a fork.
///
/// A ledger that is made with a key holds keys for good: each member has one, and all that it asks is
/// signed by it, used once, and refused where a bit of it is another. Without keys the names of actors
/// are taken on trust: who can write the file could write anything.
///
/// A ledger is named by the path of a file, which SQLite keeps, or by a URL of PostgreSQL with a
/// schema behind, `postgresql://user@host/database#schema`, where programs on several hosts share it.
///
/// Proof   docs/proofs/ledger/ledger.md
/// Proof   docs/proofs/ledger/request.md
/// Origin  Rogers, Roth, Ullman, Vadhan: Privacy Odometers and Filters, 2016 (the filter of ε and δ);
///         Whitehouse, Ramdas, Rogers, Wu 2023 (of ρ and δ); Feldman, Zrnic 2021 (of Rényi divergences)
class Ledger {
 public:
  /// Makes one with nothing in it but its owner. Refuses a file or schema that holds something.
  static Result<Ledger> create(const std::string& ledger, const std::string& owner,
                               LedgerClock clock = system_seconds);
  /// The same of a ledger that holds keys: the owner's is the signer's.
  static Result<Ledger> create(const std::string& ledger, const std::string& owner,
                               LedgerSigner signer, LedgerClock clock = system_seconds);

  /// `actor` is who acts by this object. Refuses what is no ledger, or a damaged one.
  static Result<Ledger> open(const std::string& ledger, const std::string& actor,
                             LedgerClock clock = system_seconds);
  /// The same of a ledger that holds keys; refuses one that holds none.
  static Result<Ledger> open(const std::string& ledger, const std::string& actor,
                             LedgerSigner signer, LedgerClock clock = system_seconds);
  /// Who acts is the member whose key is the signer's. If it is nobody's, all will be refused.
  static Result<Ledger> open(const std::string& ledger, LedgerSigner signer,
                             LedgerClock clock = system_seconds);

  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  /// What messages call it: its path, or its URL without password and parameters.
  const std::string& name() const noexcept;

  /// Enters a dataset, whose cap and measure then stay.
  Status add_dataset(const std::string& dataset, const StatedCost& cap,
                     std::int64_t until = kForever);
  /// The same of a dataset that counts Rényi divergences: all charges together are (ε, δ)-private. Half of δ is
  /// for what the releases need of it, and half for the orders, as a `RenyiFilter` uses it.
  ///
  /// Origin  Feldman, Zrnic: Individual Privacy Accounting via a Rényi Filter, 2021, theorem 4.3
  Status add_dataset(const std::string& dataset, const RenyiFilterParams& cap,
                     std::int64_t until = kForever);
  /// Gives `name` a role, or another one; where the ledger holds keys, and one is given, that key in
  /// place of the one before. Without a key of its own a member can ask nothing there.
  Status appoint(const std::string& name, Role role, const std::optional<PublicKey>& key = {});
  /// Takes a member's key away: what it signed stays, and what it signs from now on is refused.
  Status revoke(const std::string& name);
  /// Opens a budget, or sets its cap. Who has no role becomes an analyst.
  Status grant(const GrantParams& params);
  /// Stops, or allows again, all charges that draw on the account.
  Status freeze(const AccountName& account, bool frozen = true);

  /// Charges the dataset's own budget if the actor is an owner, else the actor's. A plan that was
  /// charged before, at this version and cost, is not charged: its release is returned, or, where
  /// none was stored, the reservation once more.
  ///
  /// A refusal names the budget that lacks something, what was spent, asked and left of it, and the
  /// charges that took most.
  Result<std::variant<Reservation, StoredRelease>> spend(const SpendRequest& request);

  /// Stores the release of a charge; if one was stored meanwhile, returns that, and `bytes` must be
  /// forgotten.
  Result<StoredRelease> store(Charge charge, std::string_view bytes);

  /// Notes that a stored release has left.
  Status published(const StoredRelease& release);

  /// Notes, durably, that who acts turns tokens back, before anybody sees what they stand for; gives the
  /// entry. For owners and analysts; others are refused, and that is noted.
  Result<LedgerHead> reidentifies(const Reidentification& what);

  /// All budgets; for an analyst its own and those that it draws on.
  Result<std::vector<LedgerAccount>> accounts();

  /// What was spent of each budget so far, told as (ε, δ): infinity where δ is not above the δ that was spent.
  /// Budgets that count ε add it up, and need no conversion. The log is gone through once for all of them.
  ///
  /// Origin  sfumato/account/odometer.h, `running_epsilon`
  Result<std::vector<RunningLoss>> running(std::span<const RunningQuestion> questions);
  /// The same of one.
  Result<RunningLoss> running(const AccountName& account, const Exact& delta);

  /// Whether each request must be signed.
  bool holds_keys() const noexcept;

  Result<LedgerHead> head();
  /// Refuses a ledger that does not hold this head.
  Status expect(const LedgerHead& head);
  /// Computes all hashes and all budgets anew from the log, and compares. Names the first entry that
  /// is not as it was written.
  Status verify();
  /// Shows all entries, in their order; an analyst is shown none.
  Status each_entry(const std::function<void(const LedgerEntry&)>& see);
  /// The same, with the budgets that these entries make, for owners and auditors.
  Result<LedgerSurvey> survey(const std::function<void(const LedgerEntry&)>& see);
  /// The stored release of a charge, for owners and auditors.
  Result<StoredRelease> release_of(std::int64_t charge);

 private:
  explicit Ledger(std::unique_ptr<LedgerState> state) noexcept;
  static Result<Ledger> make(const std::string& ledger, const std::string& owner,
                             std::optional<LedgerSigner> signer, LedgerClock clock);
  static Result<Ledger> open_as(const std::string& ledger, const std::string& actor,
                                std::optional<LedgerSigner> signer, LedgerClock clock);
  Status add_dataset(const std::string& dataset, const LedgerCost& cap,
                     std::vector<RenyiFilter::Order> orders, std::int64_t until);
  Reservation reservation(const LedgerHead& entry) const;
  Result<StoredRelease> stored_meanwhile(const Charge& charge);
  Status published_before(const StoredRelease& release);

  std::unique_ptr<LedgerState> state_;
};

}  // namespace sfumato
