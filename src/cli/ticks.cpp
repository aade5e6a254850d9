#include "cli/ticks.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

namespace sfumato {
namespace {

constexpr std::int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;

struct Spacing {
  std::int64_t step;
  const char* form;
};

constexpr Spacing kEven[] = {{1, "{:%H:%M:%S}"},         {2, "{:%H:%M:%S}"},
                             {5, "{:%H:%M:%S}"},         {15, "{:%H:%M:%S}"},
                             {30, "{:%H:%M:%S}"},        {kMinute, "{:%H:%M}"},
                             {2 * kMinute, "{:%H:%M}"},  {5 * kMinute, "{:%H:%M}"},
                             {15 * kMinute, "{:%H:%M}"}, {30 * kMinute, "{:%H:%M}"},
                             {kHour, "{:%H:%M}"},        {2 * kHour, "{:%H:%M}"},
                             {6 * kHour, "{:%H:%M}"},    {12 * kHour, "{:%d %b %H:%M}"},
                             {kDay, "{:%d %b}"},         {2 * kDay, "{:%d %b}"},
                             {7 * kDay, "{:%d %b}"},     {14 * kDay, "{:%d %b}"}};

std::string named(const char* form, std::int64_t second) {
  return fmt::format(fmt::runtime(form), fmt::gmtime(std::time_t{second}));
}

std::vector<TimeTick> even_ticks(std::int64_t begin, std::int64_t end, const Spacing& spacing) {
  std::vector<TimeTick> ticks;
  for (std::int64_t second = (begin + spacing.step - 1) / spacing.step * spacing.step;
       second <= end; second += spacing.step)
    ticks.push_back({second, named(spacing.form, second)});
  return ticks;
}

/// The first seconds of each `months`-th month.
std::vector<TimeTick> month_ticks(std::int64_t begin, std::int64_t end, int months) {
  using namespace std::chrono;
  std::vector<TimeTick> ticks;
  const year_month_day from{floor<days>(sys_seconds(seconds(begin)))};
  const int years = std::max(months / 12, 1);
  const year first{static_cast<int>(from.year()) / years * years};
  for (year_month month = first / January;; month += std::chrono::months(months)) {
    const auto second = sys_seconds(sys_days(month / 1)).time_since_epoch().count();
    if (second > end) return ticks;
    if (second >= begin)
      ticks.push_back({second, named(months % 12 == 0 ? "{:%Y}" : "{:%b %Y}", second)});
  }
}

}  // namespace

double tick_step(double width, int most) {
  const double power = std::pow(10, std::floor(std::log10(width / most)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (width <= factor * power * most) return factor * power;
  return 10 * power;
}

std::vector<TimeTick> time_ticks(std::int64_t begin, std::int64_t end, int most) {
  for (const Spacing& spacing : kEven)
    if ((end - begin) / spacing.step < most) return even_ticks(begin, end, spacing);
  const double in_months = static_cast<double>(end - begin) / (30.44 * static_cast<double>(kDay));
  for (const int months : {1, 2, 3, 6})
    if (in_months < months * (most - 0.1)) return month_ticks(begin, end, months);
  return month_ticks(begin, end,
                     12 * static_cast<int>(std::ceil(tick_step(in_months / 12, most - 1))));
}

}  // namespace sfumato
