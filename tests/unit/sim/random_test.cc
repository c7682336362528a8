#include "sim/random.h"

#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

namespace spillway::sim {
namespace {

// Known answers: every published result of a seed depends on these numbers. A change here is a
// change of all results.
TEST(Combine, GivesTheKnownKeys) {
  EXPECT_EQ(combine(0, 0), 2281126032419167019u);
  EXPECT_EQ(combine(1, 0), 524076530959809600u);
  EXPECT_EQ(combine(0, 1), 2129726405643917294u);
  EXPECT_EQ(combine(combine(42, 7), 1'000'000), 1290935584722043644u);
}

TEST(HashName, GivesTheKnownKeys) {
  EXPECT_EQ(hash_name(""), 11870482701086553955u);
  EXPECT_EQ(hash_name("payment"), 5626191254074743540u);
  EXPECT_EQ(hash_name("payment.default"), 6805204044530454184u);
}

TEST(HashName, DependsOnEachCharacterItsPositionAndTheLength) {
  const std::vector<std::string> names{"",
                                       "a",
                                       "b",
                                       "aa",
                                       "ab",
                                       "ba",
                                       std::string("\0", 1),
                                       "aaaaaaaa",
                                       "aaaaaaab",
                                       "aaaaaaaab",
                                       "baaaaaaaa",
                                       "abcdefgh",
                                       std::string("\0\0", 2),
                                       "abcdefghijklmnop",
                                       "ijklmnopabcdefgh"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_NE(hash_name(names[i]), hash_name(names[j])) << i << j;
  }
}

TEST(HashName, WorksAtCompileTime) {
  constexpr Key key = hash_name("a name of more than eight characters");
  EXPECT_EQ(key, hash_name(std::string("a name of more than eight characters")));
}

TEST(Combine, IsOrderedAndNotAdditive) {
  EXPECT_NE(combine(1, 2), combine(2, 1));
  for (std::uint64_t a = 0; a < 50; ++a) {
    for (std::uint64_t b = 0; b < 50; ++b) {
      EXPECT_NE(combine(a + 1, b), combine(a, b + 1));
      EXPECT_NE(combine(a, b) + 1, combine(a, b + 1));
    }
  }
}

TEST(Draw, GivesTheKnownNumbers) {
  Draw draw(42);
  EXPECT_EQ(draw.next(), 14509113039147564479u);
  EXPECT_EQ(draw.next(), 8495546414017297547u);
  EXPECT_EQ(draw.next(), 1857840019912529723u);
}

TEST(Draw, GivesTheSameNumbersForTheSameKey) {
  Draw first(123);
  Draw second(123);
  Draw other(124);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t number = first.next();
    EXPECT_EQ(number, second.next());
    EXPECT_NE(number, other.next());
  }
}

TEST(Draw, UniformStaysInsideTheOpenInterval) {
  // The extreme cells of the mapping, whatever next() gives.
  EXPECT_GT((0 + 0.5) * 0x1p-52, 0.0);
  EXPECT_LT((static_cast<double>((std::uint64_t{1} << 52) - 1) + 0.5) * 0x1p-52, 1.0);
  Draw draw(5);
  for (int i = 0; i < 100'000; ++i) {
    const double u = draw.uniform();
    EXPECT_GT(u, 0.0);
    EXPECT_LT(u, 1.0);
  }
}

TEST(Draw, BelowReachesEveryValueAndNoOther) {
  Draw draw(6);
  std::vector<int> seen(7);
  for (int i = 0; i < 70'000; ++i) ++seen.at(draw.below(7));
  for (const int n : seen) EXPECT_NEAR(n, 10'000, 500);
  EXPECT_EQ(draw.below(1), 0u);
}

TEST(Exponential, GivesTheKnownNumbers) {
  Draw draw(42);
  EXPECT_EQ(exponential(draw), 0.75555302733213436);
  EXPECT_EQ(exponential(draw), 0.70747806861309326);
}

TEST(Normal, GivesTheKnownNumbers) {
  Draw draw(42);
  EXPECT_EQ(normal(draw), -0.86798032792152424);
  EXPECT_EQ(normal(draw), 0.67298361183906708);
}

/// All bits of many numbers, in one: changes when any number does, also those from the edges of the
/// ziggurats.
template <class Sample>
std::uint64_t fingerprint(int n, Sample sample) {
  std::uint64_t key = 0;
  for (int i = 0; i < n; ++i) key = combine(key, std::bit_cast<std::uint64_t>(sample()));
  return key;
}

TEST(Exponential, HasTheKnownFingerprint) {
  Draw draw(1);
  EXPECT_EQ(fingerprint(1'000'000, [&] { return exponential(draw); }), 6902882396027397513u);
}

TEST(Normal, HasTheKnownFingerprint) {
  Draw draw(1);
  EXPECT_EQ(fingerprint(1'000'000, [&] { return normal(draw); }), 10018532652080025758u);
}

TEST(Gamma, HasTheKnownFingerprint) {
  Draw draw(1);
  EXPECT_EQ(fingerprint(100'000, [&] { return gamma(draw, 2.5); }), 3056591928401942075u);
  EXPECT_EQ(fingerprint(100'000, [&] { return gamma(draw, 0.3); }), 5652030983204877033u);
}

}  // namespace
}  // namespace spillway::sim
