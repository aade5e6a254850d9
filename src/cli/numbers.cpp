#include "cli/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <thread>
#include <utility>

namespace sfumato {

Result<Decimal> read_decimal(const std::string& text, const char* where) {
  Result<Decimal> number = Decimal::parse(text);
  if (number) return number;
  return Error{number.error().code, where,
               fmt::format("{}, is '{}'", number.error().message, text)};
}

Result<std::int64_t> read_whole(const std::string& text, const char* where, std::int64_t least,
                                std::int64_t most) {
  const Error wrong{
      Errc::invalid_parameter, where,
      fmt::format("must be a whole number from {} to {}, is '{}'", least, most, text)};
  const Result<Decimal> number = Decimal::parse(text);
  if (!number || number->exponent() < 0) return wrong;
  int128 whole = number->coefficient();
  for (int i = 0; i < number->exponent() && whole >= least && whole <= most; ++i) whole *= 10;
  if (whole < least || whole > most) return wrong;
  return static_cast<std::int64_t>(whole);
}

Result<std::uint64_t> read_size(const std::string& text, const char* where) {
  constexpr std::string_view kSuffixes = "KMGT";
  constexpr std::int64_t kLeast = std::int64_t{64} << 20;
  const Error wrong{Errc::invalid_parameter, where,
                    fmt::format("must be a size of at least 64M, as in 512M or 4G, is '{}'", text)};
  const std::size_t suffix = text.empty() ? kSuffixes.npos : kSuffixes.find(text.back());
  const bool scaled = suffix != kSuffixes.npos;
  const auto shift = scaled ? 10 * (suffix + 1) : 0;
  const auto number = read_whole(text.substr(0, text.size() - (scaled ? 1 : 0)), where, 1,
                                 (std::int64_t{1} << 50) >> shift);
  if (!number || *number << shift < kLeast) return wrong;
  return static_cast<std::uint64_t>(*number << shift);
}

Result<Epsilon> epsilon_of(const Decimal& written) {
  return Epsilon::make(written.to_double_down());
}

Result<Delta> delta_of(const Decimal& written) {
  return Delta::make(written.to_double_down());
}

Result<Rho> rho_of(const Decimal& written) {
  return Rho::make(written.to_double_down());
}

Result<int> threads_of(const std::optional<std::string>& text) {
  constexpr std::int64_t kMost = 1024;
  if (!text)
    return static_cast<int>(
        std::clamp<std::int64_t>(std::thread::hardware_concurrency(), 1, kMost));
  const auto threads = read_whole(*text, "threads", 1, kMost);
  if (!threads) return threads.error();
  return static_cast<int>(*threads);
}

}  // namespace sfumato
