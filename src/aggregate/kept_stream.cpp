#include "sfumato/aggregate/kept_stream.h"

#include <bit>
#include <string_view>
#include <utility>

#include "aggregate/running_digest.h"
#include "base/own_file.h"

namespace sfumato {
namespace {

constexpr std::string_view kForm = "sfumato stream 1\n";
constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kMostBytes = 4096;

void put(std::uint64_t number, std::string& bytes) {
  for (int byte = 0; byte < 8; ++byte) bytes.push_back(static_cast<char>(number >> 8 * byte));
}
void put(double number, std::string& bytes) {
  put(std::bit_cast<std::uint64_t>(number), bytes);
}

/// Takes numbers from the front; zeros where there are none.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t whole() {
    std::uint64_t number = 0;
    if (bytes_.size() < 8) {
      bytes_ = {};
      return 0;
    }
    for (int byte = 7; byte >= 0; --byte)
      number = number << 8 | static_cast<unsigned char>(bytes_[static_cast<std::size_t>(byte)]);
    bytes_.remove_prefix(8);
    return number;
  }
  std::int64_t integer() { return static_cast<std::int64_t>(whole()); }
  double real() { return std::bit_cast<double>(whole()); }
  std::size_t numbers_left() const noexcept { return bytes_.size() / 8; }

 private:
  std::string_view bytes_;
};

std::string digest_of(std::string_view bytes) {
  RunningDigest digest;
  digest.add(bytes);
  const Digest256 made = digest.finish();
  return {reinterpret_cast<const char*>(made.data()), made.size()};
}

Result<ContinualParams> take_params(Taker& from) {
  const bool concentrated = from.whole() != 0;
  const double loss = from.real();
  const auto delta = Delta::make(from.real());
  const std::int64_t horizon = from.integer(), max_steps = from.integer();
  const auto per_step = LInfSensitivity::make(from.real());
  const auto exponent = static_cast<int>(from.integer());
  if (!delta) return delta.error();
  if (!per_step) return per_step.error();
  const auto total = [&]() -> Result<PrivacyTotal> {
    if (concentrated) {
      const auto rho = Rho::make(loss);
      if (!rho) return rho.error();
      return PrivacyTotal(ConcentratedTotal{*rho, *delta});
    }
    const auto epsilon = Epsilon::make(loss);
    if (!epsilon) return epsilon.error();
    return PrivacyTotal(ApproximateTotal{*epsilon, *delta});
  }();
  if (!total) return total.error();
  return ContinualParams{*total, horizon, max_steps, *per_step, exponent};
}

void put_params(const ContinualParams& params, std::string& bytes) {
  const auto* concentrated = std::get_if<ConcentratedTotal>(&params.total);
  put(std::uint64_t{concentrated != nullptr}, bytes);
  put(concentrated != nullptr ? concentrated->rho.value()
                              : std::get<ApproximateTotal>(params.total).epsilon.value(),
      bytes);
  put(std::visit([](const auto& total) { return total.delta.value(); }, params.total), bytes);
  put(static_cast<std::uint64_t>(params.horizon), bytes);
  put(static_cast<std::uint64_t>(params.max_steps), bytes);
  put(params.per_step.value(), bytes);
  put(static_cast<std::uint64_t>(std::int64_t{params.exponent}), bytes);
}

}  // namespace

std::string KeptStream::bytes_of(const BinaryTreeMechanism& stream) {
  std::string bytes(kForm);
  put_params(stream.params(), bytes);
  const BinaryTreeMechanism::Memory memory = stream.memory();
  put(static_cast<std::uint64_t>(memory.steps), bytes);
  for (std::size_t level = 0; level < memory.sums.size(); ++level) {
    const auto sum = static_cast<uint128>(memory.sums[level]);
    put(static_cast<std::uint64_t>(sum), bytes);
    put(static_cast<std::uint64_t>(sum >> 64), bytes);
    put(memory.estimates[level], bytes);
  }
  return bytes + digest_of(bytes);
}

// What is read is written again: so no two files are one state.
Result<BinaryTreeMechanism> KeptStream::stream_of(const std::string& path,
                                                  const std::string& bytes) {
  const Error malformed{Errc::malformed, path,
                        "is no stream that sfumato has kept, or was cut or altered since"};
  if (!bytes.starts_with(kForm) || bytes.size() < kForm.size() + kDigestBytes ||
      bytes.size() > kMostBytes)
    return malformed;
  const std::string_view known = std::string_view(bytes).substr(0, bytes.size() - kDigestBytes);
  if (digest_of(known) != std::string_view(bytes).substr(known.size())) return malformed;
  Taker from(known.substr(kForm.size()));
  const auto params = take_params(from);
  if (!params) return malformed;
  BinaryTreeMechanism::Memory memory{from.integer(), {}, {}};
  while (from.numbers_left() >= 3) {
    const std::uint64_t low = from.whole(), high = from.whole();
    memory.sums.push_back(static_cast<int128>(uint128{high} << 64 | low));
    memory.estimates.push_back(from.real());
  }
  Result<BinaryTreeMechanism> stream = BinaryTreeMechanism::from(*params, memory);
  if (!stream || bytes_of(*stream) != bytes) return malformed;
  return stream;
}

Result<KeptStream> KeptStream::create(const std::string& path, const ContinualParams& params) {
  Result<BinaryTreeMechanism> stream = BinaryTreeMechanism::make(params);
  if (!stream) return std::move(stream).error();
  std::string bytes = bytes_of(*stream);
  if (Status written = write_own_file(path, "a stream", bytes); !written)
    return std::move(written).error();
  return KeptStream(path, std::move(bytes), *std::move(stream));
}

Result<KeptStream> KeptStream::open(const std::string& path) {
  Result<std::string> bytes = read_own_file(path, kMostBytes);
  if (!bytes) return std::move(bytes).error();
  Result<BinaryTreeMechanism> stream = stream_of(path, *bytes);
  if (!stream) return std::move(stream).error();
  return KeptStream(path, *std::move(bytes), *std::move(stream));
}

Result<double> KeptStream::release(int128 total, BitSource& bits) {
  if (failed_) return Error{Errc::refused, path_, "could not be written before: open it again"};
  const Result<double> answer = stream_.release(total, bits);
  if (!answer) return answer;
  failed_ = true;
  std::string after = bytes_of(stream_);
  if (Status kept = replace_own_file(path_, bytes_, after); !kept) return std::move(kept).error();
  failed_ = false;
  bytes_ = std::move(after);
  return answer;
}

}  // namespace sfumato
