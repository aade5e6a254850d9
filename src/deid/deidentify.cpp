#include "sfumato/deid/deidentify.h"

#include <algorithm>
#include <filesystem>

#include "deid/gather_rows.h"
#include "deid/release.h"
#include "deid/table_work.h"
#include "sfumato/io/atomic_file.h"

namespace sfumato {
namespace {

using Progress = std::function<void(double)>;

/// Hears of a part of the way from 0 to 1.
Progress part_of(const Progress& progress, double from, double to) {
  if (!progress) return {};
  return [=](double share) { progress(from + share * (to - from)); };
}

/// When a file was changed last, and its size: that it is the same when it is read again.
struct FileState {
  std::filesystem::file_time_type changed;
  std::uintmax_t size = 0;

  static std::optional<FileState> of(const std::string& file) {
    std::error_code unknown;
    FileState state{std::filesystem::last_write_time(file, unknown), 0};
    if (!unknown) state.size = std::filesystem::file_size(file, unknown);
    return unknown ? std::nullopt : std::optional(state);
  }
  friend bool operator==(const FileState&, const FileState&) = default;
};

/// Whether all cells become the same.
bool is_constant(const TransformParams& transform) {
  return std::holds_alternative<RedactParams>(transform) ||
         std::holds_alternative<ReplaceParams>(transform);
}

/// The columns that a release looks at: quasi-identifiers that are told, in the order of the table, and those
/// that are sensitive, in that of the models.
std::vector<ColumnPolicy> columns_of(const ReleasePolicy& release, const TableWork& work) {
  std::vector<ColumnPolicy> columns;
  for (const ColumnReport& column : work.report().columns)
    if (column.policy.role == ColumnRole::quasi && column.named &&
        !is_constant(column.policy.transform) && work.place_of(column.policy.column))
      columns.push_back(column.policy);
  for (const std::string& sensitive : release.sensitive())
    for (const ColumnReport& column : work.report().columns)
      if (column.policy.column == sensitive) columns.push_back(column.policy);
  return columns;
}

/// The quasi-identifiers of a policy, of a table that has others, too.
Policy of_population(const Policy& policy, const std::vector<ColumnPolicy>& columns) {
  Policy made = policy;
  made.keep_others = false;
  made.columns.clear();
  for (const ColumnPolicy& column : columns)
    if (column.role == ColumnRole::quasi) made.columns.push_back(column);
  return made;
}

}  // namespace

class Deidentifier::Work {
 public:
  /// Turns back where there is a `note` of it.
  Work(const KeyRing* ring, NoteReidentification note)
      : ring_(ring), note_(std::move(note)), work_(ring, note_ != nullptr) {}

  Status open(const Policy& policy, const std::string& file, const RewriteParams& params);
  const DeidReport& plan() const noexcept { return work_.report(); }
  Result<DeidReport> write(const std::string& path, const Progress& progress);

 private:
  Status begin(TableWork& work);
  Result<std::unique_ptr<GatheredColumns>> gather_population(
      const std::vector<ColumnPolicy>& columns, const Progress& progress) const;
  Result<Release> find_release(const Progress& progress);
  Result<DeidReport> write_release(const std::string& path, const Progress& progress);

  const KeyRing* ring_;
  NoteReidentification note_;
  TableWork work_;
  std::optional<TableRewriter> table_;
  Policy policy_;
  RewriteParams params_;
  std::string file_;
};

/// Opens the table for work that begins.
Status Deidentifier::Work::begin(TableWork& work) {
  Result<TableRewriter> table = TableRewriter::open(
      file_, [&](const auto& names) { return work.choose(policy_, names); }, params_);
  if (!table) return std::move(table).error();
  table_ = *std::move(table);
  work.report().format = table_->format();
  work.share_among(params_.threads);
  return ok();
}

Status Deidentifier::Work::open(const Policy& policy, const std::string& file,
                                const RewriteParams& params) {
  policy_ = policy, params_ = params, file_ = file;
  std::error_code unknown;
  if (policy.release && !note_ && std::filesystem::exists(file, unknown) + (file == "-") > 0 &&
      !std::filesystem::is_regular_file(file, unknown))
    return Error{Errc::invalid_parameter, file, "is read twice by a [release]: name a file"};
  if (Status begun = begin(work_); !begun) return begun;
  if (!policy.release || note_) return ok();
  const ReleasePolicy& release = *policy.release;
  if (columns_of(release, work_).size() == release.sensitive().size())
    return Error{Errc::invalid_parameter, release.where,
                 "needs a quasi-identifier that the table has and that is released"};
  return ok();
}

Result<std::unique_ptr<GatheredColumns>> Deidentifier::Work::gather_population(
    const std::vector<ColumnPolicy>& columns, const Progress& progress) const {
  const std::optional<std::string>& file = policy_.release->population;
  if (!file) return std::unique_ptr<GatheredColumns>();
  const Policy policy = of_population(policy_, columns);
  TableWork work(ring_, false);
  Result<TableRewriter> table = TableRewriter::open(
      *file, [&](const auto& names) { return work.choose(policy, names); }, params_);
  if (!table) return std::move(table).error();
  work.share_among(params_.threads);
  std::vector<ColumnPolicy> quasi = columns;
  quasi.resize(columns.size() - policy_.release->sensitive().size());
  return gather_rows(*std::move(table), work, *file, quasi, progress);
}

Result<Release> Deidentifier::Work::find_release(const Progress& progress) {
  const std::vector<ColumnPolicy> columns = columns_of(*policy_.release, work_);
  TableWork work(ring_, false);
  if (Status begun = begin(work); !begun) return std::move(begun).error();
  auto table = gather_rows(*std::move(table_), work, file_, columns, part_of(progress, 0, 0.4));
  if (!table) return std::move(table).error();
  auto population = gather_population(columns, part_of(progress, 0.4, 0.5));
  if (!population) return std::move(population).error();
  return Release::find(*policy_.release, columns, **table, population->get());
}

/// Reads the table to find a release, and once more to write it; what is written is read, too.
Result<DeidReport> Deidentifier::Work::write_release(const std::string& path,
                                                     const Progress& progress) {
  const auto changed = [&] {
    return Error{Errc::unavailable, file_, "was changed while it was read: try again"};
  };
  const std::optional<FileState> before = FileState::of(file_);
  Result<Release> release = find_release(progress);
  if (!release) return std::move(release).error();
  work_ = TableWork(ring_, false);
  if (Status begun = begin(work_); !begun) return std::move(begun).error();
  std::vector<std::optional<std::size_t>> places;
  for (const ReleasedColumn& column : release->report().columns) {
    const auto place = work_.place_of(column.column);
    places.push_back(place && place->replaced ? std::optional(place->at) : std::nullopt);
  }
  const auto rewrite = [&](std::size_t thread, const TextRows& some, NewRows& out) -> Status {
    if (some.first + some.rows > release->rows()) return changed();
    if (Status done = work_.rewrite(thread, some, out, file_); !done) return done;
    return release->apply(some.first, some.rows, places, out), ok();
  };
  const auto verify = [&](const std::string& written) -> Status {
    if (!before || FileState::of(file_) != before) return changed();
    return release->verify(written);
  };
  const auto rows =
      (*std::move(table_)).write(path, rewrite, part_of(progress, 0.5, 1), {}, verify);
  if (!rows) return rows.error();
  work_.add_up(*rows);
  work_.report().release = release->report();
  work_.report().release->policy = *policy_.release;
  return work_.report();
}

Result<DeidReport> Deidentifier::Work::write(const std::string& path, const Progress& progress) {
  if (policy_.release && !note_) {
    if (Status whole = check_put_whole(path, "a [release] is read back first"); !whole)
      return std::move(whole).error();
    return write_release(path, progress);
  }
  // Rows come to lie on the disk from here on: that it begins is noted before, and how many there were after.
  if (note_) {
    if (Status whole =
            check_put_whole(path, "what is turned back is noted before any of it is seen");
        !whole)
      return std::move(whole).error();
    if (Status begun = note_(work_.report()); !begun) return std::move(begun).error();
  }
  const auto rewrite_some = [&](std::size_t thread, const TextRows& some, NewRows& out) {
    return work_.rewrite(thread, some, out, file_);
  };
  const auto done = [&](const RewriteTally& rows) {
    work_.add_up(rows);
    return note_ ? note_(work_.report()) : ok();
  };
  const auto rows = (*std::move(table_)).write(path, rewrite_some, progress, done);
  if (!rows) return rows.error();
  return work_.report();
}

Deidentifier::Deidentifier(std::unique_ptr<Work> work) noexcept : work_(std::move(work)) {}
Deidentifier::Deidentifier(Deidentifier&&) noexcept = default;
Deidentifier& Deidentifier::operator=(Deidentifier&&) noexcept = default;
Deidentifier::~Deidentifier() = default;

Result<Deidentifier> Deidentifier::open(const Policy& policy, const std::string& file,
                                        const RewriteParams& params, const KeyRing* ring) {
  if (policy.release && policy.release->sampled)
    return Error{Errc::invalid_parameter, policy.release->where,
                 "is paid for from a privacy budget: SampledRelease takes the permit"};
  auto work = std::make_unique<Work>(ring, nullptr);
  if (Status opened = work->open(policy, file, params); !opened) return std::move(opened).error();
  return Deidentifier(std::move(work));
}

Result<Deidentifier> Deidentifier::reverse(const Policy& policy, const std::string& file,
                                           const RewriteParams& params, const KeyRing& ring,
                                           NoteReidentification note) {
  if (!note)
    return Error{Errc::invalid_parameter, "note",
                 "must say where it is noted that tokens are opened"};
  if (!ring.may_reidentify())
    return Error{Errc::refused, "keys",
                 "may not reidentify: ask for a ring that carries the right"};
  auto work = std::make_unique<Work>(&ring, std::move(note));
  if (Status opened = work->open(policy, file, params); !opened) return std::move(opened).error();
  return Deidentifier(std::move(work));
}

const DeidReport& Deidentifier::plan() const noexcept {
  return work_->plan();
}

Result<DeidReport> Deidentifier::write(const std::string& path,
                                       const std::function<void(double)>& progress) && {
  return work_->write(path, progress);
}

}  // namespace sfumato
