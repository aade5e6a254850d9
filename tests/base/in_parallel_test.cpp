#include "base/in_parallel.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(InParallel, EachNumberIsRunOnceAndTheFirstByTheCaller) {
  std::vector<std::atomic<int>> runs(8);
  std::thread::id first;
  in_parallel(8, [&](std::size_t i) {
    ++runs[i];
    if (i == 0) first = std::this_thread::get_id();
  });
  for (const auto& count : runs) EXPECT_EQ(count.load(), 1);
  EXPECT_EQ(first, std::this_thread::get_id());
}

TEST(InParallel, WhatOneThrowsIsThrownOnceAllAreDone) {
  std::atomic<int> done = 0;
  EXPECT_THROW(in_parallel(4,
                           [&](std::size_t i) {
                             ++done;
                             if (i % 2 == 1) throw std::runtime_error("odd");
                           }),
               std::runtime_error);
  EXPECT_EQ(done.load(), 4);
}

}  // namespace
}  // namespace sfumato
