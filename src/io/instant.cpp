#include "sfumato/io/instant.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace sfumato {
namespace {

constexpr std::int64_t kDay = 86'400;

constexpr std::int64_t days_before(int year, unsigned month, unsigned day) {
  using namespace std::chrono;
  return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day))
      .time_since_epoch()
      .count();
}

constexpr std::int64_t kFirst = days_before(0, 1, 1) * kDay;
constexpr std::int64_t kBeyond = (days_before(9999, 12, 31) + 1) * kDay;

/// Takes what it knows from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }

  bool mark(char wanted) {
    if (rest_.empty() || rest_[0] != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly so many digits; -1 where there are fewer.
  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return -1;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return -1;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  /// The decimals after a point, in nanoseconds: one to nine; -1 where there are none, or more.
  int decimals() {
    int value = 0, weight = 100'000'000, count = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; ++count, weight /= 10) {
      value += weight * (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return count >= 1 && count <= 9 ? value : -1;
  }

 private:
  std::string_view rest_;
};

/// Days since 1970; none where it is no day of the calendar.
std::optional<std::int64_t> read_day(Reader& text) {
  const int year = text.digits(4);
  if (year < 0 || !text.mark('-')) return {};
  const int month = text.digits(2);
  if (month < 0 || !text.mark('-')) return {};
  const int day = text.digits(2);
  if (day < 0) return {};
  const auto date = std::chrono::year(year) / month / day;
  if (!date.ok()) return {};
  return days_before(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

/// Hours and minutes, as seconds; the minutes may be absent where `short_form`, and so may be the
/// colon before them. -1 where they are none.
int read_minutes(Reader& text, bool short_form) {
  const int hours = text.digits(2);
  if (hours < 0 || hours > 23) return -1;
  const bool colon = text.mark(':');
  if (short_form && !colon && text.done()) return hours * 3600;
  if (!short_form && !colon) return -1;
  const int minutes = text.digits(2);
  if (minutes < 0 || minutes > 59) return -1;
  return hours * 3600 + minutes * 60;
}

/// What a zone is ahead of UTC, in seconds; none where it is no zone.
std::optional<int> read_zone(Reader& text) {
  if (text.done() || text.mark('Z')) return 0;
  const bool ahead = text.mark('+');
  if (!ahead && !text.mark('-')) return {};
  const int offset = read_minutes(text, true);
  if (offset < 0) return {};
  return ahead ? offset : -offset;
}

}  // namespace

std::optional<Instant> Instant::make(std::int64_t seconds, std::int32_t nanoseconds) noexcept {
  if (seconds < kFirst || seconds >= kBeyond) return {};
  return Instant{seconds, nanoseconds};
}

std::optional<Instant> Instant::parse(std::string_view text) noexcept {
  Reader reader(text);
  const std::optional<std::int64_t> day = read_day(reader);
  if (!day) return {};
  if (reader.done()) return Instant{*day * kDay, 0};
  if (!reader.mark('T') && !reader.mark(' ')) return {};

  int seconds = read_minutes(reader, false);
  int nanoseconds = 0;
  if (seconds < 0) return {};
  if (reader.mark(':')) {
    const int more = reader.digits(2);
    if (more < 0 || more > 59) return {};
    seconds += more;
    if (reader.mark('.') && (nanoseconds = reader.decimals()) < 0) return {};
  }
  const std::optional<int> zone = read_zone(reader);
  if (!zone || !reader.done()) return {};
  return make(*day * kDay + seconds - *zone, nanoseconds);
}

std::string Instant::to_string() const {
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds(seconds)};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const auto second = static_cast<int>((time - day).count());
  std::array<char, 80> text{};
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month());
  const auto number = static_cast<unsigned>(date.day());
  if (second == 0 && nanoseconds == 0) {
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", year, month, number);
    return text.data();
  }
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09d", year, month, number,
                second / 3600, second / 60 % 60, second % 60, nanoseconds);
  std::string out = text.data();
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out + "Z";
}

}  // namespace sfumato
