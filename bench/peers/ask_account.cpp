// Asks our accountant as a program would that is linked with it, and times the question alone:
//
//     ask_account 'EVENTS' DELTA [TIMES]
//
// Prints a line of JSON: both bounds of ε; seconds of the first answer, when nothing was asked before, and the
// median of TIMES answers, by the clock and of the processor; the peak of memory in MB.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "sfumato/account/composition.h"
#include "sfumato/account/event_text.h"

namespace {

using namespace sfumato;

double now(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Seconds {
  double clock;
  double processor;
};

Guarantee answer(const std::string& events, const Exact& delta, Seconds& took) {
  const Seconds begin{now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID)};
  const auto composed = Composition::make({.events = parse_events(events).value()}).value();
  const Guarantee given = composed.epsilon(delta).value();
  took = {now(CLOCK_MONOTONIC) - begin.clock, now(CLOCK_PROCESS_CPUTIME_ID) - begin.processor};
  return given;
}

double median(std::vector<Seconds> all, double Seconds::*which) {
  std::ranges::sort(all, {}, which);
  return all[all.size() / 2].*which;
}

double megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    std::fputs("ask_account 'EVENTS' DELTA [TIMES]\n", stderr);
    return 2;
  }
  const Exact delta = Exact::parse(words[2]).value();
  std::vector<Seconds> all(static_cast<std::size_t>(count > 3 ? std::atoi(words[3]) : 7));
  Guarantee given{};
  for (Seconds& took : all) given = answer(words[1], delta, took);
  std::printf("{\"lower\": %.17g, \"upper\": %.17g, \"first\": %.6f, \"first_processor\": %.6f, ",
              given.bound.lower, given.bound.upper, all[0].clock, all[0].processor);
  std::printf("\"seconds\": %.6f, \"processor\": %.6f, \"megabytes\": %.1f}\n",
              median(all, &Seconds::clock), median(all, &Seconds::processor), megabytes());
  return 0;
}
