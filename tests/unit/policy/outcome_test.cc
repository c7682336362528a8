#include "model/policy/outcome.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace spillway::model {
namespace {

TEST(Outcome, IsNamedAsInTraces) {
  constexpr std::array<std::string_view, 8> kNames = {
      "status",          "refused",  "reset",       "per-try-timeout",
      "request-timeout", "overflow", "no-endpoint", "cancelled"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    EXPECT_EQ(to_string(static_cast<Outcome>(i)), kNames[i]);
  }
}

TEST(RetryStopped, IsNamedAsInTraces) {
  constexpr std::array<std::string_view, 6> kNames = {"none",   "not-retriable", "limit",
                                                      "budget", "breaker",       "timeout"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    EXPECT_EQ(to_string(static_cast<RetryStopped>(i)), kNames[i]);
  }
}

TEST(Flags, AreADashWhenThereAreNone) {
  EXPECT_EQ(to_text({}), "-");
  EXPECT_TRUE(Flags().empty());
}

TEST(Flags, PutTheRetryDecisionBeforeTheFailure) {
  EXPECT_EQ(to_text(Flags::kUT | Flags::kURX), "URX,UT");
  EXPECT_EQ(to_text(Flags::kUF | Flags::kURX), "URX,UF");
  EXPECT_EQ(to_text(Flags::kUC | Flags::kURX), "URX,UC");
  EXPECT_EQ(to_text(Flags::kUT | Flags::kUO), "UO,UT");
  EXPECT_EQ(to_text(Flags::kURX | Flags::kUO), "UO,URX");
}

TEST(Flags, PutInjectedFaultsFirst) {
  EXPECT_EQ(to_text(Flags::kFI | Flags::kDI), "DI,FI");
  EXPECT_EQ(to_text(Flags::kUT | Flags::kDI), "DI,UT");
}

TEST(Flags, AreASet) {
  Flags flags = Flags::kUO;
  flags |= Flags::kUO;
  flags |= Flags::kDC;
  EXPECT_TRUE(flags.has(Flags::kUO));
  EXPECT_TRUE(flags.has(Flags::kDC));
  EXPECT_FALSE(flags.has(Flags::kUT));
  EXPECT_EQ(to_text(flags), "UO,DC");
}

TEST(Flags, HaveANameEach) {
  EXPECT_EQ(to_text(Flags::kRL | Flags::kNR | Flags::kUH | Flags::kUR | Flags::kLR | Flags::kUPE),
            "RL,NR,UH,UR,LR,UPE");
}

}  // namespace
}  // namespace spillway::model
