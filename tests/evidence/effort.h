#pragma once

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include <gtest/gtest.h>

namespace sfumato {

/// How much is drawn: little in the gate, much where `./dev long` sets SFUMATO_LONG.
inline std::size_t effort(std::size_t in_the_gate, std::size_t where_there_is_time) {
  return std::getenv("SFUMATO_LONG") != nullptr ? where_there_is_time : in_the_gate;
}

/// Runs `check` with each instruction set in turn that this machine has, the portable one included.
template <class Check>
void on_each_target(Check check) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    SCOPED_TRACE(hwy::TargetName(target));
    check();
  }
  hwy::SetSupportedTargetsForTest(0);
}

/// Which instruction sets those are, for the record of a run.
inline void record_targets() {
  std::string names;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets())
    names += std::string(names.empty() ? "" : " ") + hwy::TargetName(target);
  testing::Test::RecordProperty("targets", names);
}

}  // namespace sfumato
