#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "cli/display.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostDraws = std::int64_t{1} << 40;
constexpr std::int64_t kChunk = 1 << 14;  // draws that are held at once: they stay in the cache

static_assert(std::endian::native == std::endian::little, "f64 and i64 are written as they lie");

Error invalid(const char* where, std::string message) {
  return {Errc::invalid_parameter, where, std::move(message)};
}

// ---- one number as bytes

std::int64_t whole(double x) {  // of a number that a grid of 2^0 or more made whole
  constexpr double kEnd = 9223372036854775808.0;
  if (x >= kEnd) return std::numeric_limits<std::int64_t>::max();
  if (x < -kEnd) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(x);
}

/// Draws as they lie in memory.
template <class Number>
std::string_view bytes_of(const std::vector<Number>& draws) {
  return {reinterpret_cast<const char*>(draws.data()), draws.size() * sizeof(Number)};
}

template <class Number>
void append_line(Number x, std::string& out) {
  std::array<char, 32> text;
  char* const end = std::to_chars(text.data(), text.data() + text.size() - 1, x).ptr;
  *end = '\n';
  out.append(text.data(), end + 1);
}

/// Draws in the format that was asked for: as they are where it is their own, else put into `out`.
template <class Number>
class Written {
 public:
  explicit Written(std::string_view format) : format_(format) {}

  std::string_view operator()(const std::vector<Number>& draws) {
    constexpr std::string_view kOwn = std::is_same_v<Number, double> ? "f64" : "i64";
    if (format_ == kOwn) return bytes_of(draws);
    if (format_ == "text") return lines(draws);
    other_.resize(draws.size());
    std::ranges::transform(draws, other_.begin(), other);
    return bytes_of(other_);
  }

 private:
  using Other = std::conditional_t<std::is_same_v<Number, double>, std::int64_t, double>;

  static Other other(Number x) {
    if constexpr (std::is_same_v<Number, double>) return whole(x);
    return static_cast<Other>(x);
  }

  std::string_view lines(const std::vector<Number>& draws) {
    text_.clear();
    for (const Number draw : draws) append_line(draw, text_);
    return text_;
  }

  std::string format_, text_;
  std::vector<Other> other_;
};

// ---- the true answer

/// The decimal exactly, where it is a dyadic number that fits: 10^e is 5^e · 2^e.
std::optional<Dyadic> exactly(const Decimal& number) {
  int128 units = number.coefficient();
  constexpr int128 kLargest = int128{1} << 122;  // so that five times it fits
  for (int i = 0; i < number.exponent(); ++i) {
    if (units > kLargest || units < -kLargest) return std::nullopt;
    units *= 5;
  }
  for (int i = 0; i > number.exponent(); --i) {
    if (units % 5 != 0) return std::nullopt;
    units /= 5;
  }
  return Dyadic{units, number.exponent()};
}

/// The answer of a real law: exact in `finer` where no double holds it, but a dyadic number does.
struct RealAnswer {
  double nearest;
  std::optional<Dyadic> finer;
};

Result<RealAnswer> real_answer(const Decimal& number) {
  const double below = number.to_double_down(), above = number.to_double_up();
  if (std::isinf(below) || std::isinf(above))
    return invalid("at", "must lie within the range of doubles");
  if (below == above) return RealAnswer{above, {}};
  double nearest = 0;  // from_chars leaves it where the number is too small for a double
  const std::string text = number.to_string();
  std::from_chars(text.data(), text.data() + text.size(), nearest);
  return RealAnswer{nearest, exactly(number)};
}

// ---- the laws

/// The next so many draws, as they are written; they stay until the next call.
using Fill = std::function<std::string_view(std::int64_t count)>;

template <class Law>
Fill real_draws(const Law& law, const RealAnswer& at, const std::string& format, BitSource& bits) {
  return [law, at, &bits, written = Written<double>(format),
          draws = std::vector<double>()](std::int64_t count) mutable {
    draws.assign(static_cast<std::size_t>(count), at.nearest);
    if (at.finer)
      for (double& draw : draws) draw = law.release(*at.finer, bits);
    else
      law.release(draws, draws, bits);
    return written(draws);
  };
}

template <class Law>
Fill whole_draws(const Law& law, std::int64_t at, const std::string& format, BitSource& bits) {
  return [law, at, &bits, written = Written<std::int64_t>(format),
          draws = std::vector<std::int64_t>()](std::int64_t count) mutable {
    draws.assign(static_cast<std::size_t>(count), at);
    law.release(draws, draws, bits);
    return written(draws);
  };
}

template <class Law>
Result<Fill> real_law(const NoiseArguments& given, const Scale& scale, const Decimal& at,
                      BitSource& bits) {
  std::optional<int> grid;
  if (given.grid) {
    const auto exponent = read_whole(*given.grid, "grid", -1074, 1000);
    if (!exponent) return exponent.error();
    grid = static_cast<int>(*exponent);
  }
  if (given.format == "i64" && grid.value_or(-1) < 0)
    return invalid("format", "can be i64 only with --grid 0 or more: other draws are not whole");
  const Result<RealAnswer> answer = real_answer(at);
  if (!answer) return answer.error();
  const Result<Law> law = Law::make(scale, grid);
  if (!law) return law.error();
  return real_draws(*law, *answer, given.format, bits);
}

template <class Law>
Result<Fill> whole_law(const NoiseArguments& given, const Scale& scale, BitSource& bits) {
  if (given.grid)
    return invalid("grid", "belongs to laplace and gaussian: the discrete laws are whole");
  using Limits = std::numeric_limits<std::int64_t>;
  const auto answer = read_whole(given.at.value_or("0"), "at", Limits::min(), Limits::max());
  if (!answer) return answer.error();
  const Result<Law> law = Law::make(scale);
  if (!law) return law.error();
  return whole_draws(*law, *answer, given.format, bits);
}

Result<Fill> law_of(const NoiseArguments& given, BitSource& bits) {
  const Result<Decimal> written = read_decimal(given.scale, "scale");
  if (!written) return written.error();
  const Result<Scale> scale = Scale::make(*written);
  if (!scale) return scale.error();
  const Result<Decimal> at = read_decimal(given.at.value_or("0"), "at");
  if (!at) return at.error();
  if (given.law == "laplace") return real_law<Laplace>(given, *scale, *at, bits);
  if (given.law == "gaussian") return real_law<Gaussian>(given, *scale, *at, bits);
  if (given.law == "discrete-laplace") return whole_law<DiscreteLaplace>(given, *scale, bits);
  return whole_law<DiscreteGaussian>(given, *scale, bits);
}

/// `left` draws, a chunk at a time.
Chunks in_chunks(std::int64_t left, Fill fill) {
  return [left, fill = std::move(fill)]() mutable {
    const std::int64_t count = std::min(left, kChunk);
    left -= count;
    return fill(count);
  };
}

}  // namespace

Result<int> run_noise(CommandLine words) {
  const auto parsed = parse_noise(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<NoiseArguments>(parsed);

  const auto count = read_whole(given.count, "n", 0, kMostDraws);
  if (!count) return count.error();
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  Result<Fill> fill = law_of(given, *bits);
  if (!fill) return std::move(fill).error();
  return deliver(given.output, in_chunks(*count, *std::move(fill)));
}

}  // namespace sfumato
