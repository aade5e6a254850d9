#pragma once

#include <cstdint>
#include <string>

#include "sfumato/base/result.h"
#include "sfumato/mechanism/binary_tree.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// A stream by BinaryTreeMechanism that lives in a file, across restarts of whoever counts.
///
/// **Answered once** a step's answer is given only after the file says that the step is taken, with the noisy sums that it
/// drew: whoever comes after finds the step answered, and the answer as `latest`. The file is replaced whole, under
/// a lock, and only where it still says what it said before: of several processes that take the same step, one
/// answers and the others are refused. A process that is killed before that has told nothing, and the step is taken anew.
///
/// **The file** is as secret as the data: it holds exact sums of what has not been cut off by later steps. It is made for its owner's eyes
/// alone. Its bytes are a version, the parameters, the memory of the stream and a SHA-256 of them all; one list of bytes for each state.
/// Bytes that are cut or altered are refused; whoever may write the file can of course make others.
///
/// **Who keeps copies** must not put an older one in its place: steps would be answered again with fresh noise. `steps`
/// tells how many were, to be compared with what is known elsewhere.
///
/// Proof   docs/proofs/aggregate/kept_stream.md
class KeptStream {
 public:
  /// In a new file; one that is there is refused. What it costs is to be charged before.
  static Result<KeptStream> create(const std::string& path, const ContinualParams& params);

  static Result<KeptStream> open(const std::string& path);

  /// As BinaryTreeMechanism::release. After an error nothing more is answered: open it again, and see how far it is.
  Result<double> release(int128 total, BitSource& bits);

  const BinaryTreeMechanism& stream() const noexcept { return stream_; }
  std::int64_t steps() const noexcept { return stream_.steps(); }  ///< that were answered so far
  double latest() const noexcept { return stream_.latest(); }      ///< the last answer, once more

 private:
  KeptStream(std::string path, std::string bytes, BinaryTreeMechanism stream)
      : path_(std::move(path)), bytes_(std::move(bytes)), stream_(std::move(stream)) {}

  static std::string bytes_of(const BinaryTreeMechanism& stream);
  static Result<BinaryTreeMechanism> stream_of(const std::string& path, const std::string& bytes);

  std::string path_;
  std::string bytes_;  // of the file
  BinaryTreeMechanism stream_;
  bool failed_ = false;
};

}  // namespace sfumato
