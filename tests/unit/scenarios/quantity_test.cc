#include "scenarios/quantity.h"

#include <gtest/gtest.h>

namespace spillway::scenarios {
namespace {

using sim::Duration;

TEST(ParseDuration, AddsUpComponents) {
  EXPECT_EQ(parse_duration("0s").value, Duration{0});
  EXPECT_EQ(parse_duration("0h0m0s").value, Duration{0});
  EXPECT_EQ(parse_duration("1h30m").value, Duration{5'400'000'000'000});
  EXPECT_EQ(parse_duration("250ms").value, Duration{250'000'000});
  EXPECT_EQ(parse_duration("20us").value, Duration{20'000});
  EXPECT_EQ(parse_duration("7ns").value, Duration{7});
  EXPECT_EQ(parse_duration("10s30m1h").value, Duration{5'410'000'000'000});
  EXPECT_EQ(parse_duration("100ms200ms300ms").value, Duration{600'000'000});
  EXPECT_EQ(parse_duration("120000ms").value, Duration{120'000'000'000});
}

TEST(ParseDuration, ReadsFractionsExactly) {
  EXPECT_EQ(parse_duration("1.5s").value, Duration{1'500'000'000});
  EXPECT_EQ(parse_duration("0.1s").value, Duration{100'000'000});
  EXPECT_EQ(parse_duration("0.000000001s").value, Duration{1});
  EXPECT_EQ(parse_duration("2.50ms").value, Duration{2'500'000});
  EXPECT_EQ(parse_duration("1.25h0.5m").value, Duration{4'530'000'000'000});
  EXPECT_EQ(parse_duration("9007199.254740993s").value, Duration{9'007'199'254'740'993});
}

TEST(ParseDuration, SaysWhatIsWrong) {
  const auto wrong = [](const char* text) { return std::string(parse_duration(text).wrong); };
  EXPECT_EQ(wrong(""), "not a duration");
  EXPECT_EQ(wrong("abc"), "not a duration");
  EXPECT_EQ(wrong("s"), "not a duration");
  EXPECT_EQ(wrong(".5s"), "not a duration");
  EXPECT_EQ(wrong("1.s"), "not a duration");
  EXPECT_EQ(wrong("+1s"), "not a duration");
  EXPECT_EQ(wrong("0"), "a duration without a unit");
  EXPECT_EQ(wrong("300"), "a duration without a unit");
  EXPECT_EQ(wrong("1m1"), "a duration without a unit");
  EXPECT_EQ(wrong("-15m"), "a negative duration");
  EXPECT_EQ(wrong("1d"), "a duration with an unknown unit");
  EXPECT_EQ(wrong("5 ms"), "a duration with an unknown unit");
  EXPECT_EQ(wrong("5S"), "a duration with an unknown unit");
  EXPECT_EQ(wrong("1s "), "a duration with an unknown unit");
  EXPECT_EQ(wrong("0.5ns"), "a duration finer than a nanosecond");
  EXPECT_EQ(wrong("0.0000000001s"), "a duration finer than a nanosecond");
  EXPECT_EQ(wrong("0.0000000000000000000001h"), "a duration finer than a nanosecond");
  EXPECT_EQ(wrong("87601h"), "too long a duration");
  EXPECT_EQ(wrong("87600h1ns"), "too long a duration");
  EXPECT_EQ(wrong("99999999999999999999999999999999999999999999999s"), "too long a duration");
}

TEST(ParseDuration, AcceptsTheLongestOne) {
  EXPECT_EQ(parse_duration("87600h").value, kLongestDuration);
}

TEST(FormatDuration, IsReadBackAsTheSame) {
  EXPECT_EQ(format_duration({0}), "0s");
  EXPECT_EQ(format_duration({5'400'000'000'000}), "1h30m");
  EXPECT_EQ(format_duration({1'500'000'000}), "1s500ms");
  EXPECT_EQ(format_duration({1'001}), "1us1ns");
  EXPECT_EQ(format_duration(sim::kForever), "unlimited");
  for (std::int64_t ns = 1; ns < kLongestDuration.ns / 7; ns = ns * 7 + 3)
    EXPECT_EQ(parse_duration(format_duration({ns})).value.ns, ns);
}

TEST(ParseRate, ReadsPerSecondMinuteAndHour) {
  EXPECT_EQ(parse_rate("200/s").value, 200);
  EXPECT_EQ(parse_rate("12000/m").value, 200);
  EXPECT_EQ(parse_rate("7200/h").value, 2);
  EXPECT_EQ(parse_rate("0.5/s").value, 0.5);
  EXPECT_EQ(parse_rate("0/s").value, 0);
}

TEST(ParseRate, SaysWhatIsWrong) {
  const auto wrong = [](const char* text) { return std::string(parse_rate(text).wrong); };
  EXPECT_EQ(wrong("200"), "a rate without a unit");
  EXPECT_EQ(wrong("-1/s"), "a negative rate");
  EXPECT_EQ(wrong("5/d"), "a rate with an unknown unit");
  EXPECT_EQ(wrong("5rps"), "not a rate");
  EXPECT_EQ(wrong("/s"), "not a rate");
  EXPECT_EQ(wrong("010/s"), "not a rate");
  EXPECT_EQ(wrong(""), "not a rate");
}

TEST(ParsePercent, ReadsWithAndWithoutSign) {
  EXPECT_EQ(parse_percent("50").value, 50);
  EXPECT_EQ(parse_percent("50%").value, 50);
  EXPECT_EQ(parse_percent("0.5%").value, 0.5);
  EXPECT_EQ(parse_percent("0").value, 0);
}

TEST(ParsePercent, SaysWhatIsWrong) {
  const auto wrong = [](const char* text) { return std::string(parse_percent(text).wrong); };
  EXPECT_EQ(wrong("-5%"), "a negative percentage");
  EXPECT_EQ(wrong("5%%"), "not a percentage");
  EXPECT_EQ(wrong("%"), "not a percentage");
  EXPECT_EQ(wrong("half"), "not a percentage");
  EXPECT_EQ(wrong("1_0"), "not a percentage");
}

}  // namespace
}  // namespace spillway::scenarios
