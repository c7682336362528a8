#include "sim/ring.h"

#include <gtest/gtest.h>

namespace spillway::sim {
namespace {

TEST(Ring, IsFirstInFirstOutFromTheFront) {
  Ring<int> ring;
  for (int i = 0; i < 3; ++i) ring.push_back(i);
  EXPECT_EQ(ring.front(), 0);
  ring.pop_front();
  EXPECT_EQ(ring.front(), 1);
  EXPECT_EQ(ring.size(), 2u);
}

TEST(Ring, IsLastInFirstOutFromTheBack) {
  Ring<int> ring;
  for (int i = 0; i < 3; ++i) ring.push_back(i);
  EXPECT_EQ(ring.back(), 2);
  ring.pop_back();
  EXPECT_EQ(ring.back(), 1);
}

TEST(Ring, KeepsItsOrderWhenItGrowsWhileWrapped) {
  Ring<int> ring;
  for (int i = 0; i < 8; ++i) ring.push_back(i);
  for (int i = 0; i < 5; ++i) ring.pop_front();
  for (int i = 8; i < 30; ++i) ring.push_back(i);
  ASSERT_EQ(ring.size(), 25u);
  for (std::size_t i = 0; i < ring.size(); ++i) EXPECT_EQ(ring[i], static_cast<int>(i) + 5);
}

TEST(Ring, StartsAgainAfterClear) {
  Ring<int> ring;
  EXPECT_TRUE(ring.empty());
  ring.push_back(1);
  ring.clear();
  EXPECT_TRUE(ring.empty());
  ring.push_back(2);
  EXPECT_EQ(ring.front(), 2);
  EXPECT_EQ(ring.back(), 2);
}

}  // namespace
}  // namespace spillway::sim
