#include <gtest/gtest.h>

#include "tests/unit/graph/scenario_builder.h"

namespace spillway::model {
namespace {

Service with_operations(std::vector<OperationMatch> matches) {
  Service result;
  for (OperationMatch& match : matches) {
    result.operations.push_back(operation("o", std::move(match), {}));
  }
  return result;
}

Request get(std::string path, std::vector<Header> headers = {}) {
  return {"GET", "", std::move(path), std::move(headers)};
}

TEST(MatchOperation, TakesTheFirstThatMatches) {
  const Service s = with_operations({{"POST", "", {}}, {"", "/cart", {}}, {"", "", {}}});
  EXPECT_EQ(match_operation(s, get("/cart")), 1u);
  EXPECT_EQ(match_operation(s, get("/home")), 2u);
  EXPECT_EQ(match_operation(s, {"POST", "", "/cart", {}}), 0u);
}

TEST(MatchOperation, ComparesPathPrefixesElementByElement) {
  const Service s = with_operations({{"", "/pay", {}}});
  EXPECT_EQ(match_operation(s, get("/pay")), 0u);
  EXPECT_EQ(match_operation(s, get("/pay/")), 0u);
  EXPECT_EQ(match_operation(s, get("/pay/card")), 0u);
  EXPECT_EQ(match_operation(s, get("/payment")), std::nullopt);
  EXPECT_EQ(match_operation(s, get("/")), std::nullopt);
}

TEST(MatchOperation, IgnoresATrailingSlashOfThePrefix) {
  const Service s = with_operations({{"", "/pay/", {}}});
  EXPECT_EQ(match_operation(s, get("/pay")), 0u);
  EXPECT_EQ(match_operation(s, get("/payment")), std::nullopt);
}

TEST(MatchOperation, LeavesTheQueryOutOfThePath) {
  const Service s = with_operations({{"", "/pay", {}}});
  EXPECT_EQ(match_operation(s, get("/pay?card=1")), 0u);
}

TEST(MatchOperation, WantsEveryHeaderWithItsFirstValue) {
  const Service s = with_operations({{"", "", {{"X-Tier", "gold"}, {"x-beta", "1"}}}});
  EXPECT_EQ(match_operation(s, get("/", {{"x-beta", "1"}, {"x-tier", "gold"}})), 0u);
  EXPECT_EQ(match_operation(s, get("/", {{"x-tier", "gold"}})), std::nullopt);
  EXPECT_EQ(match_operation(s, get("/", {{"x-beta", "1"}, {"x-tier", "no"}, {"x-tier", "gold"}})),
            std::nullopt);
}

TEST(MatchOperation, GivesTheOneOperationOfAServiceThatListsNone) {
  EXPECT_EQ(match_operation(Service{}, get("/anything")), 0u);
}

}  // namespace
}  // namespace spillway::model
