#include "reports/route.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using model::Routed;

Routed routed(const model::HttpRoute& route) {
  Routed answer;
  answer.route = &route;
  answer.rule = 1;
  answer.match = 0;
  answer.request = {.method = "GET", .host = "b", .path = "/pay", .headers = {{"x-tier", "gold"}}};
  answer.backends = {{.service = "shop/b",
                      .port = 8080,
                      .weight = 3,
                      .share = 0.75,
                      .fault = {},
                      .request = answer.request,
                      .reply = {},
                      .mirrors = {}},
                     {.service = "shop/c",
                      .port = 8080,
                      .weight = 1,
                      .share = 0.25,
                      .fault = {},
                      .request = answer.request,
                      .reply = model::ProxyReply{500, "", "no such Service"},
                      .mirrors = {}}};
  answer.mirrors = {{.service = "shop/m", .port = 80, .share = 0.1, .request = {}}};
  answer.reason = "the path matches";
  return answer;
}

model::HttpRoute named_route() {
  model::HttpRoute route;
  route.meta.name = "b-retry";
  route.meta.namespace_ = "shop";
  return route;
}

TEST(RouteJson, HasTheFieldsOfAnAnswer) {
  const model::HttpRoute route = named_route();
  const auto json = nlohmann::ordered_json::parse(
      written([&](auto& out) { write_route_json(out, routed(route)); }));
  EXPECT_EQ(json.dump(),
            R"({"status":200,"route":"shop/b-retry","rule":1,"match":0,"backends":[)"
            R"({"service":"shop/b","port":8080,"weight":3,"share":0.75},)"
            R"({"service":"shop/c","port":8080,"weight":1,"share":0.25,"status":500,)"
            R"("reason":"no such Service"}],"request":{"method":"GET","host":"b","path":"/pay",)"
            R"("headers":{"x-tier":"gold"}},"mirrors":["shop/m"],"reason":"the path matches",)"
            R"("dependsOn":[]})");
}

TEST(RouteJson, HasNullsWithoutARoute) {
  Routed answer;
  answer.status = 404;
  answer.by_proxy = true;
  answer.reason = "no listener";
  const auto json =
      nlohmann::json::parse(written([&](auto& out) { write_route_json(out, answer); }));
  EXPECT_TRUE(json["route"].is_null());
  EXPECT_TRUE(json["rule"].is_null());
  EXPECT_TRUE(json["match"].is_null());
  EXPECT_EQ(json["status"], 404);
  EXPECT_FALSE(json.contains("location"));
}

TEST(RouteJson, JoinsHeadersOfOneName) {
  Routed answer;
  answer.request.headers = {{"x-a", "1"}, {"x-a", "2"}};
  const auto json =
      nlohmann::json::parse(written([&](auto& out) { write_route_json(out, answer); }));
  EXPECT_EQ(json["request"]["headers"]["x-a"], "1, 2");
}

TEST(RouteText, ReadsTopDown) {
  const model::HttpRoute route = named_route();
  EXPECT_EQ(written([&](auto& out) { write_route_text(out, routed(route)); }),
            "status    200\n"
            "route     HTTPRoute shop/b-retry, rule 1, match 0\n"
            "backend   shop/b:8080, weight 3, 75 %\n"
            "backend   shop/c:8080, weight 1, 25 %: answered 500 (no such Service)\n"
            "request   GET b/pay\n"
            "          x-tier: gold\n"
            "mirror    shop/m:80, 10 % of the requests\n"
            "reason    the path matches\n");
}

}  // namespace
}  // namespace spillway::reports
