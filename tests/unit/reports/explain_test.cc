#include "reports/explain.h"

#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using model::AttemptTrace;
using model::CallTrace;
using model::RequestTrace;

sim::Time at_ms(double ms) { return {static_cast<std::int64_t>(ms * 1e6)}; }

CallTrace inner_call(double start, double end) {
  CallTrace call;
  call.to = "ledger.shop:80";
  call.start = at_ms(start);
  call.end = at_ms(end);
  call.status = 200;
  call.retry_stopped = "none";
  return call;
}

// Arrives at 5 ms; the first try fails after a call of its own, the second overlaps nothing.
RequestTrace request() {
  AttemptTrace first{.attempt = 1,
                     .start = at_ms(6),
                     .end = at_ms(8),
                     .backend = "shop/b:80",
                     .replica = 2,
                     .outcome = "status",
                     .status = 503,
                     .backoff = {},
                     .notes = {"waited 0.5 ms for a worker"},
                     .leg = {},
                     .calls = {inner_call(6.5, 7)}};
  AttemptTrace second{.attempt = 2,
                      .start = at_ms(33),
                      .end = at_ms(43),
                      .backend = "shop/b:80",
                      .replica = -1,
                      .outcome = "per-try-timeout",
                      .status = 0,
                      .backoff = {25'000'000},
                      .notes = {},
                      .leg = {},
                      .calls = {}};
  CallTrace call;
  call.to = "b.shop:80";
  call.route = "shop/b-retry";
  call.rule = 0;
  call.proxy = "proxy/0";
  call.start = at_ms(5);
  call.end = at_ms(44);
  call.status = 504;
  call.flags = {"UT", "URX"};
  call.retry_stopped = "limit";
  call.reason = "1 of 1 retries used";
  call.attempts = {first, second};
  return {.request = 3,
          .traffic = "shoppers",
          .arrival = at_ms(5),
          .latency = {39'000'000},
          .status = 504,
          .flags = {"UT", "URX"},
          .call = call};
}

TEST(ExplainText, TellsEveryAttemptAndWhyItStopped) {
  EXPECT_EQ(
      written([](auto& out) { write_explain_text(out, std::vector{request()}); }),
      "request 3 of shoppers, arrived at 5 ms: 504 [UT,URX] after 39 ms\n"
      "      +0.000  call b.shop:80, route shop/b-retry rule 0, by proxy/0\n"
      "      +1.000    attempt 1 -> shop/b:80, replica 2\n"
      "                  waited 0.5 ms for a worker\n"
      "      +1.500      call ledger.shop:80\n"
      "      +2.000      call ledger.shop:80: 200\n"
      "      +3.000    attempt 1: status 503 after 2 ms\n"
      "     +28.000    attempt 2 after 25 ms of backoff -> shop/b:80\n"
      "     +38.000    attempt 2: per-try-timeout after 10 ms\n"
      "     +39.000  call b.shop:80: 504 [UT,URX], no further try: limit (1 of 1 retries used)\n");
}

TEST(ExplainJson, HasTheFieldsOfRequestsCallsAndAttempts) {
  const auto json = nlohmann::ordered_json::parse(
      written([](auto& out) { write_explain_json(out, std::vector{request()}); }));
  auto r = json["requests"][0];
  auto call = r["call"];
  auto attempt = call["attempts"][0];
  auto inner = attempt["calls"][0];
  call.erase("attempts");
  attempt.erase("calls");
  r.erase("call");
  EXPECT_EQ(r.dump(),
            R"({"request":3,"traffic":"shoppers","arrival_ms":5.0,"latency_ms":39.0,"status":504,)"
            R"("flags":["UT","URX"]})");
  EXPECT_EQ(call.dump(),
            R"({"to":"b.shop:80","route":"shop/b-retry","rule":0,"proxy":"proxy/0",)"
            R"("start_ms":5.0,"end_ms":44.0,"status":504,"flags":["UT","URX"],)"
            R"("retry_stopped":"limit","reason":"1 of 1 retries used","finished":true})");
  EXPECT_EQ(attempt.dump(),
            R"({"attempt":1,"start_ms":6.0,"end_ms":8.0,"backend":"shop/b:80","replica":2,)"
            R"("outcome":"status","status":503,"backoff_ms":0.0,)"
            R"("notes":["waited 0.5 ms for a worker"]})");
  EXPECT_TRUE(inner["route"].is_null());
  EXPECT_TRUE(inner["rule"].is_null());
}

TEST(ExplainJson, HoldsTheNextProxyUnderLeg) {
  RequestTrace r = request();
  r.call.attempts[0].leg = {inner_call(6, 8)};
  const auto json =
      nlohmann::json::parse(written([&](auto& out) { write_explain_json(out, std::vector{r}); }));
  EXPECT_EQ(json["requests"][0]["call"]["attempts"][0]["leg"]["to"], "ledger.shop:80");
}

TEST(ExplainJson, IsAnEmptyListWithoutRequests) {
  EXPECT_EQ(written([](auto& out) { write_explain_json(out, {}); }), "{\"requests\": []}\n");
}

TEST(ExplainPerfetto, KeepsSlicesOfATrackNested) {
  RequestTrace r = request();
  // Two calls side by side, the second outliving its attempt.
  r.call.attempts[0].calls = {inner_call(6.2, 7.5), inner_call(6.3, 9)};
  const auto json = nlohmann::json::parse(
      written([&](auto& out) { write_explain_perfetto(out, std::vector{r}); }));
  std::map<int, std::vector<std::pair<double, double>>> tracks;
  int slices = 0;
  for (const auto& event : json["traceEvents"]) {
    if (event["ph"] != "X") continue;
    ++slices;
    const double start = event["ts"], end = start + event["dur"].get<double>();
    for (const auto& [from, to] : tracks[event["tid"]]) {
      const bool apart = start >= to || end <= from;
      const bool within = start >= from && end <= to;
      EXPECT_TRUE(apart || within) << event.dump();
    }
    tracks[event["tid"]].push_back({start, end});
  }
  EXPECT_EQ(slices, 5);
  EXPECT_EQ(json["traceEvents"][0]["args"]["name"], "request 3 of shoppers");
}

}  // namespace
}  // namespace spillway::reports
