#include "sim/slot_pool.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace spillway::sim {
namespace {

TEST(SlotPool, CountsLiveSlots) {
  SlotPool<int> pool;
  EXPECT_EQ(pool.live(), 0u);
  const std::uint32_t a = pool.allocate();
  const std::uint32_t b = pool.allocate();
  EXPECT_NE(a, b);
  EXPECT_EQ(pool.live(), 2u);
  pool.release(a);
  EXPECT_EQ(pool.live(), 1u);
}

TEST(SlotPool, EndsAGenerationOnRelease) {
  SlotPool<int> pool;
  const std::uint32_t slot = pool.allocate();
  const std::uint32_t generation = pool.generation(slot);
  EXPECT_TRUE(pool.alive(slot, generation));
  pool.release(slot);
  EXPECT_FALSE(pool.alive(slot, generation));
  EXPECT_EQ(pool.allocate(), slot);
  EXPECT_FALSE(pool.alive(slot, generation));
  EXPECT_TRUE(pool.alive(slot, pool.generation(slot)));
}

TEST(SlotPool, ReusesTheLastReleasedFirst) {
  SlotPool<int> pool;
  const std::uint32_t a = pool.allocate();
  const std::uint32_t b = pool.allocate();
  pool.release(a);
  pool.release(b);
  EXPECT_EQ(pool.allocate(), b);
  EXPECT_EQ(pool.allocate(), a);
}

TEST(SlotPool, LeavesTheContentAsTheLastOwnerLeftIt) {
  SlotPool<int> pool;
  const std::uint32_t slot = pool.allocate();
  EXPECT_EQ(pool[slot], 0);
  pool[slot] = 42;
  pool.release(slot);
  EXPECT_EQ(pool[pool.allocate()], 42);
}

TEST(SlotPool, KeepsReferencesWhileItGrows) {
  SlotPool<int> pool;
  int& first = pool[pool.allocate()];
  first = 7;
  std::set<std::uint32_t> slots;
  for (int i = 0; i < 100'000; ++i) slots.insert(pool.allocate());
  EXPECT_EQ(slots.size(), 100'000u);
  EXPECT_EQ(&first, &pool[0]);
  EXPECT_EQ(first, 7);
}

TEST(SlotPool, CopyIsASnapshot) {
  SlotPool<std::vector<int>> pool;
  const std::uint32_t slot = pool.allocate();
  pool[slot] = {1, 2, 3};
  SlotPool<std::vector<int>> snapshot = pool;
  pool[slot].clear();
  pool.release(slot);
  EXPECT_EQ(snapshot[slot], (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(snapshot.live(), 1u);
  EXPECT_NE(snapshot.generation(slot), pool.generation(slot));
}

}  // namespace
}  // namespace spillway::sim
