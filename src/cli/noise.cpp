#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string_view>
#include <utility>

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
constexpr std::int64_t kChunk = 1 << 16;  // draws that are held at once

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
std::int64_t whole(std::int64_t x) {
  return x;
}

template <class Number>
void append_bytes(Number x, std::string& out) {
  std::array<char, sizeof x> bytes;
  std::memcpy(bytes.data(), &x, sizeof x);
  out.append(bytes.data(), bytes.size());
}

template <class Number>
void append_line(Number x, std::string& out) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  out.append(text.data(), end);
  out += '\n';
}

template <class Number>
void append(Number x, const std::string& format, std::string& out) {
  if (format == "f64") return append_bytes(static_cast<double>(x), out);
  if (format == "i64") return append_bytes(whole(x), out);
  append_line(x, out);
}

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

using Fill = std::function<void(std::int64_t count, std::string& out)>;

template <class Law>
Fill real_draws(const Law& law, const RealAnswer& at, const std::string& format, BitSource& bits) {
  return [law, at, format, &bits, draws = std::vector<double>()](std::int64_t count,
                                                                 std::string& out) mutable {
    draws.assign(static_cast<std::size_t>(count), at.nearest);
    if (at.finer)
      for (double& draw : draws) draw = law.release(*at.finer, bits);
    else
      law.release(draws, draws, bits);
    for (const double draw : draws) append(draw, format, out);
  };
}

template <class Law>
Fill whole_draws(const Law& law, std::int64_t at, const std::string& format, BitSource& bits) {
  return [law, at, format, &bits, draws = std::vector<std::int64_t>()](std::int64_t count,
                                                                       std::string& out) mutable {
    draws.assign(static_cast<std::size_t>(count), at);
    law.release(draws, draws, bits);
    for (const std::int64_t draw : draws) append(draw, format, out);
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
  return [left, fill = std::move(fill), out = std::string()]() mutable -> std::string_view {
    const std::int64_t count = std::min(left, kChunk);
    left -= count;
    out.clear();
    fill(count, out);
    return out;
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
