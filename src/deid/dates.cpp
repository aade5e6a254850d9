#include "deid/dates.h"

#include <cstdio>

#include "sfumato/io/instant.h"

namespace sfumato {
namespace {

using Part = DatePartParams::Part;
using std::chrono::days;
using std::chrono::sys_days;

int number(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = 10 * value + (digit - '0');
  return value;
}

std::string printed(const char* format, int first, int second = 0, int third = 0) {
  char text[32];
  const int size = std::snprintf(text, sizeof text, format, first, second, third);
  return {text, static_cast<std::size_t>(size)};
}

/// The week of ISO 8601: that of its Thursday, counted from the first of that year.
std::string_view week(sys_days day, TextStore& store) {
  const unsigned since_monday = std::chrono::weekday(day).iso_encoding() - 1;
  const sys_days thursday = day - days(since_monday) + days(3);
  const std::chrono::year year = std::chrono::year_month_day(thursday).year();
  const auto passed = thursday - sys_days(year / std::chrono::January / 1);
  return store.keep(
      printed("%04d-W%02d", static_cast<int>(year), static_cast<int>(passed.count()) / 7 + 1));
}

std::string_view part_of(Part part, std::string_view value, TextStore& store) {
  const std::optional<WrittenDate> date = WrittenDate::parse(value);
  if (!date) return {};
  const int year = static_cast<int>(date->day.year());
  const int month = static_cast<int>(static_cast<unsigned>(date->day.month()));
  switch (part) {
    case Part::year:
      return value.substr(0, 4);
    case Part::quarter:
      return store.keep(printed("%04d-Q%d", year, (month + 2) / 3));
    case Part::month:
      return value.substr(0, 7);
    case Part::week:
      return week(date->day, store);
    case Part::day:
      return value.substr(0, 10);
    case Part::month_of_year:
      return value.substr(5, 2);
    case Part::day_of_week:
      return store.keep(
          printed("%d", static_cast<int>(std::chrono::weekday(date->day).iso_encoding())));
    case Part::hour:
      break;
  }
  return date->rest.empty() ? std::string_view() : date->rest.substr(1, 2);
}

}  // namespace

std::optional<WrittenDate> WrittenDate::parse(std::string_view text) {
  if (!Instant::parse(text)) return std::nullopt;
  const std::chrono::year_month_day day{
      std::chrono::year(number(text.substr(0, 4))),
      std::chrono::month(static_cast<unsigned>(number(text.substr(5, 2)))),
      std::chrono::day(static_cast<unsigned>(number(text.substr(8, 2))))};
  return WrittenDate{day, text.substr(10)};
}

std::string_view shifted(const WrittenDate& date, days by, TextStore& store) {
  const std::chrono::year_month_day day(sys_days(date.day) + by);
  const int year = static_cast<int>(day.year());
  if (year < 0 || year > 9999) return {};
  std::string text =
      printed("%04d-%02d-%02d", year, static_cast<int>(static_cast<unsigned>(day.month())),
              static_cast<int>(static_cast<unsigned>(day.day())));
  return store.keep(text.append(date.rest));
}

TransformPointer date_part_transform(const DatePartParams& params) {
  const std::string before = "<" + printed("%04d", params.earliest.value_or(0));
  return each_value([params, before](std::string_view value, TextStore& store) {
    const std::string_view part = part_of(params.part, value, store);
    const bool early = params.earliest && part.data() && number(part) < *params.earliest;
    return early ? store.keep(before) : part;
  });
}

}  // namespace sfumato
