#include "model/spec/gep2257.h"

#include <gtest/gtest.h>

namespace spillway::model {
namespace {

using sim::operator""_ms;

constexpr sim::Duration hms(std::int64_t hours, std::int64_t minutes, std::int64_t seconds,
                            std::int64_t milliseconds = 0) {
  return 1_ms * (((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds);
}

// The vectors of GEP-2257, "Test Vectors".
struct Valid {
  const char* text;
  sim::Duration duration;
  const char* standard_form;
};
class Gep2257Valid : public testing::TestWithParam<Valid> {};

TEST_P(Gep2257Valid, IsReadAsTheSumOfItsComponents) {
  EXPECT_EQ(parse_gep2257(GetParam().text), GetParam().duration);
}
TEST_P(Gep2257Valid, IsWrittenInStandardForm) {
  EXPECT_EQ(format_gep2257(GetParam().duration), GetParam().standard_form);
}
INSTANTIATE_TEST_SUITE_P(
    Vectors, Gep2257Valid,
    testing::Values(Valid{"0h", {}, "0s"}, Valid{"0s", {}, "0s"}, Valid{"0h0m0s", {}, "0s"},
                    Valid{"1h", hms(1, 0, 0), "1h"}, Valid{"30m", hms(0, 30, 0), "30m"},
                    Valid{"10s", hms(0, 0, 10), "10s"}, Valid{"500ms", hms(0, 0, 0, 500), "500ms"},
                    Valid{"2h30m", hms(2, 30, 0), "2h30m"}, Valid{"150m", hms(0, 150, 0), "2h30m"},
                    Valid{"7230s", hms(0, 0, 7230), "2h30s"},
                    Valid{"1h30m10s", hms(1, 30, 10), "1h30m10s"},
                    Valid{"10s30m1h", hms(1, 30, 10), "1h30m10s"},
                    Valid{"100ms200ms300ms", hms(0, 0, 0, 600), "600ms"},
                    Valid{"01h", hms(1, 0, 0), "1h"}, Valid{"00060m", hms(1, 0, 0), "1h"},
                    Valid{"1h2h20m10m", hms(3, 30, 0), "3h30m"},
                    Valid{"99999h", hms(99'999, 0, 0), "99999h"}),
    [](const auto& param) { return std::string("v") + param.param.text; });

class Gep2257Invalid : public testing::TestWithParam<const char*> {};
TEST_P(Gep2257Invalid, IsRefused) { EXPECT_EQ(parse_gep2257(GetParam()), std::nullopt); }
INSTANTIATE_TEST_SUITE_P(Vectors, Gep2257Invalid,
                         testing::Values("1", "1m1", "1d", "1h30m10s20ms50h", "999999h", "1.5h",
                                         "-15m", "", "0", "s", "1 s", " 1s", "1s ", "1S", "1us",
                                         "+1s", "1mms"));

struct Formatted {
  sim::Duration duration;
  const char* text;
};
class Gep2257Format : public testing::TestWithParam<Formatted> {};
TEST_P(Gep2257Format, UsesDescendingUnits) {
  EXPECT_EQ(format_gep2257(GetParam().duration), GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(Vectors, Gep2257Format,
                         testing::Values(Formatted{hms(2, 0, 0, 600), "2h600ms"},
                                         Formatted{hms(2, 30, 0, 600), "2h30m600ms"},
                                         Formatted{hms(2, 30, 10, 600), "2h30m10s600ms"},
                                         Formatted{hms(0, 0, 30), "30s"},
                                         Formatted{hms(240, 0, 0), "240h"}),
                         [](const auto& param) { return std::string(param.param.text); });

TEST(Gep2257, HasNoFormBelowAMillisecond) {
  EXPECT_EQ(format_gep2257({100'000}), "");
  EXPECT_EQ(format_gep2257({500'000}), "");
}
TEST(Gep2257, HasNoFormAbove99999Hours) { EXPECT_EQ(format_gep2257(hms(240'000, 0, 0)), ""); }
TEST(Gep2257, HasNoFormForNegativeDurations) { EXPECT_EQ(format_gep2257(hms(0, -15, 0)), ""); }

}  // namespace
}  // namespace spillway::model
