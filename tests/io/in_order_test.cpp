#include "io/in_order.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace sfumato {
namespace {

using Squares = InOrder<int, int>;

/// 0, 1, 2 … below `count`.
Squares::Take counting(int count) {
  return
      [next = 0, count]() mutable { return next < count ? std::optional(next++) : std::nullopt; };
}

TEST(InOrder, ResultsComeInTheOrderOfTheTasks) {
  for (const std::size_t threads : {1u, 2u, 5u})
    for (const int count : {0, 1, 1000}) {
      Squares squares(threads, 3, counting(count), [](std::size_t, int x) { return x * x; });
      for (int x = 0; x < count; ++x) ASSERT_EQ(squares.next(), x * x);
      EXPECT_EQ(squares.next(), std::nullopt);
      EXPECT_EQ(squares.next(), std::nullopt);
    }
}

TEST(InOrder, OnlySoManyTasksAreHeld) {
  std::atomic<int> taken = 0;
  const auto take = [&] { return std::optional(taken++); };
  Squares squares(4, 5, take, [](std::size_t, int x) { return x; });
  for (int given = 1; given < 200; ++given) {
    ASSERT_EQ(squares.next(), given - 1);
    ASSERT_LE(taken, given + 5);
  }
}

TEST(InOrder, EachThreadHasANumberOfItsOwn) {
  std::atomic<int> busy[4] = {};
  std::atomic<bool> shared = false;
  Squares squares(4, 8, counting(500), [&](std::size_t thread, int x) {
    if (busy[thread].exchange(1) != 0) shared = true;
    busy[thread] = 0;
    return x;
  });
  while (squares.next()) {
  }
  EXPECT_FALSE(shared);
}

TEST(InOrder, WhatIsThrownIsThrownByNext) {
  for (const std::size_t threads : {1u, 4u}) {
    Squares squares(threads, 8, counting(100), [](std::size_t, int x) {
      if (x == 50) throw std::runtime_error("fifty");
      return x;
    });
    EXPECT_THROW(while (squares.next()){}, std::runtime_error);
  }
}

TEST(InOrder, MayEndBeforeItsTasks) {
  Squares squares(4, 8, counting(1'000'000), [](std::size_t, int x) { return x; });
  EXPECT_EQ(squares.next(), 0);
}

}  // namespace
}  // namespace sfumato
