#pragma once

#include <ctime>

namespace sfumato {

/// Seconds of the processor that this thread has had.
inline double cpu() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// What is done a second of the processor, in as many turns as last so long.
template <class Turn>
double rate(double seconds, double done_a_turn, Turn turn) {
  const double begin = cpu();
  double taken = 0, done = 0;
  for (; taken < seconds; taken = cpu() - begin, done += done_a_turn) turn();
  return done / taken;
}

}  // namespace sfumato
