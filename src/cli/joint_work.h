#pragma once

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/display.h"
#include "cli/joint_home.h"
#include "cli/output.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {

/// Seconds as a flag tells them, 0 where it does not; no more than a clock can add.
Result<double> seconds_of(const std::optional<std::string>& text, const char* where);

/// The ledger of a home, opened by the home's key where it holds keys.
Result<Ledger> ledger_of(const JointPolicy& policy, const SigningKey& key);

/// Calls `step` until it is done, or for `wait` seconds; says what is awaited.
template <class Work, class Step>
Result<int> go_on(Work& work, JointMail& mail, double wait, const Step& step) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  std::string said;
  for (;;) {
    if (const Status done = step(); !done) return done.error();
    if (work.is_done()) return deliver({}, "Done.\n");
    const std::string awaits = printable(work.awaits());
    if (wait == 0) return deliver({}, fmt::format("Waits for {}.\n", awaits));
    if (std::chrono::duration<double>(Clock::now() - begin).count() > wait)
      return Error{Errc::unavailable, "wait", "is over: still awaited: " + awaits};
    if (awaits != said) fmt::print(stderr, "waits for {}\n", awaits);
    said = awaits;
    mail.await_news();
  }
}

/// Goes on with a server, and closes rounds of which somebody is late.
template <class Server>
Result<int> collect(Server& server, JointMail& mail, double wait, const JointArguments& given,
                    double most) {
  using Clock = std::chrono::steady_clock;
  int round = 0;
  bool close = given.close;
  Clock::time_point began = Clock::now();
  return go_on(server, mail, wait, [&] {
    const bool late = given.round && round > 0 &&
                      std::chrono::duration<double>(Clock::now() - began).count() > most;
    const Status done = server.advance(std::exchange(close, false) || (late && server.may_close()));
    if (round != server.round()) began = Clock::now();
    round = server.round();
    return done;
  });
}

}  // namespace sfumato
