#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sfumato/deid/deidentify.h"
#include "sfumato/deid/safepub.h"
#include "sfumato/privacy/permit.h"

namespace sfumato {

/// Rows of a released table that are alike: what stands in their cells, and how many they are.
struct SampledClass {
  std::vector<std::optional<std::string>> cells;
  std::uint64_t rows = 0;
  friend auto operator<=>(const SampledClass&, const SampledClass&) = default;
};

/// The level of a column that was drawn from the table.
struct DrawnLevel {
  std::string column;
  std::uint64_t level = 0, highest = 0;
  friend bool operator==(const DrawnLevel&, const DrawnLevel&) = default;
};

/// A table that was released by sampling, in the order of its cells.
struct SampledTable {
  std::vector<std::string> columns;
  std::vector<SampledClass> classes;
  std::vector<DrawnLevel> levels = {};  ///< of columns whose levels the policy leaves open

  std::uint64_t rows() const noexcept;
};

/// Releases a table by a policy whose `[release]` has method safepub: rows are transformed as it says, drawn at
/// random, and those of large classes are told. Levels that it leaves open are drawn first, by the exponential mechanism
/// and the policy's part of ε for it.
///
/// Law     what `draw` returns is (ε, δ)-differentially private, ε and δ being those of the policy: of all that is drawn.
///         Neighbours differ by one row added or removed
/// Proof   docs/proofs/deid/safepub.md
/// Timing  hangs on the table
class SampledRelease {
 public:
  /// Checks all that can be known before a row is read. Keys are those of `ring`, which outlives what is opened.
  static Result<SampledRelease> open(const Policy& policy, const std::string& file,
                                     const RewriteParams& params, const KeyRing* ring = nullptr);

  SampledRelease(SampledRelease&&) noexcept;
  SampledRelease& operator=(SampledRelease&&) noexcept;
  ~SampledRelease();

  const DeidReport& plan() const noexcept;  ///< what is done to each column; nothing is counted
  const SafePub& law() const noexcept;
  std::vector<std::string> columns() const;  ///< those that are released, in the order of the table

  /// Reads the table and draws. `progress`, which may be empty, hears from 0 to 1.
  Result<SampledTable> draw(Permit permit, BitSource& bits,
                            const std::function<void(double)>& progress) &&;

 private:
  struct Work;
  explicit SampledRelease(std::unique_ptr<Work> work) noexcept;

  std::unique_ptr<Work> work_;
};

/// Writes such a table whole or not at all, each cell a text, and reads it back: no class may have fewer than k rows.
Status write_sampled_table(const SampledTable& table, std::uint64_t k, TableFormat format,
                           const std::string& path);

}  // namespace sfumato
