// Histogram, time average, slot pool and ring against the simplest models of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <vector>

#include "sim/histogram.h"
#include "sim/random.h"
#include "sim/ring.h"
#include "sim/slot_pool.h"
#include "sim/statistics.h"

namespace spillway::sim {
namespace {

/// Positive integers over all magnitudes up to 2^`bits`.
std::int64_t any_magnitude(Draw& draw, std::uint32_t bits) {
  return static_cast<std::int64_t>(draw.next() >> (64 - draw.below(bits) - 1));
}

Histogram histogram_of(const std::vector<std::int64_t>& values) {
  Histogram histogram;
  for (const std::int64_t v : values) histogram.record(v);
  return histogram;
}

class HistogramSeed : public testing::TestWithParam<Key> {
 protected:
  std::vector<std::int64_t> random_values(std::uint32_t most, std::uint32_t bits) {
    std::vector<std::int64_t> values(draw_.below(most));
    for (std::int64_t& v : values) v = any_magnitude(draw_, bits);
    return values;
  }

  Draw draw_{combine(hash_name("histogram"), GetParam())};
};

TEST_P(HistogramSeed, AgreesWithAVector) {
  std::vector<std::int64_t> values = random_values(3000, 1 + draw_.below(62));
  values.push_back(1);
  const Histogram histogram = histogram_of(values);
  std::sort(values.begin(), values.end());
  EXPECT_EQ(histogram.count(), values.size());
  EXPECT_EQ(histogram.min(), values.front());
  EXPECT_EQ(histogram.max(), values.back());
  long double sum = 0;
  for (const std::int64_t v : values) sum += static_cast<long double>(v);
  const auto mean = static_cast<double>(sum / static_cast<long double>(values.size()));
  EXPECT_NEAR(histogram.mean() / mean, 1, 1e-14);
  for (const double q : {0.0, 0.01, 0.5, 0.9, 0.99, 1.0}) {
    const double place = std::ceil(q * static_cast<double>(values.size()));
    const auto rank = static_cast<std::size_t>(std::max(1.0, place)) - 1;
    const auto exact = static_cast<double>(values[rank]);
    EXPECT_NEAR(histogram.quantile(q), exact, exact / 128) << q;
  }
}

TEST_P(HistogramSeed, HasBinsThatHoldTheirValues) {
  const std::vector<std::int64_t> values = random_values(2000, 62);
  const Histogram histogram = histogram_of(values);
  std::uint64_t total = 0;
  std::int64_t end = -1;
  histogram.for_each_bin([&](std::int64_t lower, std::int64_t upper, std::uint64_t n) {
    EXPECT_GT(lower, end);
    EXPECT_GE(upper, lower);
    const auto inside = std::count_if(values.begin(), values.end(),
                                      [&](std::int64_t v) { return lower <= v && v <= upper; });
    EXPECT_EQ(n, static_cast<std::uint64_t>(inside));
    end = upper;
    total += n;
  });
  EXPECT_EQ(total, values.size());
}

TEST_P(HistogramSeed, MergesInAnyOrderToTheSame) {
  const std::vector<std::int64_t> a = random_values(500, 40);
  const std::vector<std::int64_t> b = random_values(500, 62);
  const std::vector<std::int64_t> c = random_values(5, 10);
  std::vector<std::int64_t> all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());

  Histogram left = histogram_of(a);  // (a + b) + c
  left.merge(histogram_of(b));
  left.merge(histogram_of(c));
  Histogram tail = histogram_of(c);  // a + (c + b)
  tail.merge(histogram_of(b));
  Histogram right = histogram_of(a);
  right.merge(tail);
  EXPECT_EQ(left, right);
  EXPECT_EQ(left, histogram_of(all));
  EXPECT_EQ(left.mean(), histogram_of(all).mean());
}

TEST_P(HistogramSeed, IsLikeNewAfterClear) {
  Histogram used = histogram_of(random_values(500, 62));
  used.clear();
  const std::vector<std::int64_t> values = random_values(500, 50);
  for (const std::int64_t v : values) used.record(v);
  EXPECT_EQ(used, histogram_of(values));
}

INSTANTIATE_TEST_SUITE_P(Seeds, HistogramSeed, testing::Range<Key>(0, 25));

TEST(TimeAverageProperty, AgreesWithAListOfSteps) {
  for (Key seed = 0; seed < 50; ++seed) {
    Draw draw(combine(hash_name("time average"), seed));
    std::vector<std::pair<Time, std::int64_t>> steps{{Time{0}, 0}};  // from when, which level
    const auto average = [&](Time from, Time to) {
      double area = 0;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        const Time begin = std::max(from, steps[i].first);
        const Time end = i + 1 < steps.size() ? std::min(to, steps[i + 1].first) : to;
        if (end > begin)
          area += static_cast<double>(steps[i].second) * static_cast<double>((end - begin).ns);
      }
      return to > from ? area / static_cast<double>((to - from).ns)
                       : static_cast<double>(steps.back().second);
    };
    TimeAverage level;
    Time now;
    Time reset;
    Time mark;
    for (int i = 0; i < 300; ++i) {
      now = now + Duration{draw.below(10)};
      const std::uint32_t action = draw.below(20);
      if (action == 0) {
        level.reset(now);
        reset = mark = now;
      } else if (action < 3) {
        level.mark(now);
        mark = now;
      } else if (action < 10) {
        const auto delta = static_cast<std::int64_t>(draw.below(9)) - 4;
        level.add(now, delta);
        steps.emplace_back(now, steps.back().second + delta);
      } else {
        level.set(now, draw.below(100));
        steps.emplace_back(now, level.level());
      }
      const Time later = now + Duration{draw.below(5)};
      ASSERT_NEAR(level.average(later), average(reset, later), 1e-9);
      ASSERT_NEAR(level.average_since_mark(later), average(mark, later), 1e-9);
    }
  }
}

TEST(SlotPoolProperty, NeverSharesASlotAndKnowsWhatIsAlive) {
  Draw draw(hash_name("slot pool"));
  SlotPool<std::uint64_t> pool;
  std::map<std::uint32_t, std::pair<std::uint32_t, std::uint64_t>>
      alive;  // slot -> generation, content
  std::vector<std::pair<std::uint32_t, std::uint32_t>> dead;
  for (int i = 0; i < 50'000; ++i) {
    if (alive.empty() || draw.below(100) < 52) {
      const std::uint32_t slot = pool.allocate();
      const std::uint64_t content = pool[slot] = draw.next();
      ASSERT_TRUE(alive.emplace(slot, std::pair{pool.generation(slot), content}).second);
    } else {
      const auto victim = std::next(
          alive.begin(),
          draw.below(static_cast<std::uint32_t>(std::min<std::size_t>(alive.size(), 64))));
      ASSERT_TRUE(pool.alive(victim->first, victim->second.first));
      ASSERT_EQ(pool[victim->first], victim->second.second);
      pool.release(victim->first);
      dead.emplace_back(victim->first, victim->second.first);
      alive.erase(victim);
    }
    ASSERT_EQ(pool.live(), alive.size());
  }
  for (const auto& [slot, generation] : dead) EXPECT_FALSE(pool.alive(slot, generation));
}

TEST(RingProperty, BehavesLikeADeque) {
  Draw draw(hash_name("ring"));
  Ring<std::uint64_t> ring;
  std::deque<std::uint64_t> deque;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint32_t action = draw.below(100);
    if (deque.empty() || action < 51) {
      deque.push_back(draw.next());
      ring.push_back(deque.back());
    } else if (action < 80) {
      deque.pop_front();
      ring.pop_front();
    } else {
      deque.pop_back();
      ring.pop_back();
    }
    ASSERT_EQ(ring.size(), deque.size());
    if (deque.empty()) continue;
    ASSERT_EQ(ring.front(), deque.front());
    ASSERT_EQ(ring.back(), deque.back());
    const std::uint32_t place = draw.below(static_cast<std::uint32_t>(deque.size()));
    ASSERT_EQ(ring[place], deque[place]);
  }
}

}  // namespace
}  // namespace spillway::sim
