// The commands that only read: check, route, explain, schema, profiles, completion.
#include <nlohmann/json.hpp>

#include "tests/integration/program.h"

namespace spillway::integration {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;
using Json = nlohmann::json;

constexpr const char* kManifests = R"(apiVersion: v1
kind: Service
metadata: {name: b, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: any
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {type: PathPrefix, value: /pay}, headers: [{name: x-tier, value: gold}]}]
      backendRefs: [{name: b, port: 80}]
      filters:
        - type: RequestHeaderModifier
          requestHeaderModifier: {set: [{name: x-seen, value: "yes"}]}
    - matches: [{path: {type: PathPrefix, value: /old}}]
      filters:
        - type: RequestRedirect
          requestRedirect: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: mesh, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: b}]
  rules: [{backendRefs: [{name: b, port: 80}]}]
)";

class CommandsTest : public ProgramTest {
 protected:
  Json json_of(const std::vector<std::string>& arguments) const {
    const Ended ended = spillway(arguments);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return Json::parse(ended.out);
  }
  Json routed(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"route", "-f", "m.yaml", "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return json_of(arguments);
  }
};

TEST_F(CommandsTest, RouteAnswersForAGateway) {
  write("m.yaml", kManifests);
  const Json answer = routed(
      {"--url", "http://shop.example.com/pay?x=1", "-H", "x-tier: gold", "--gateway", "shop/edge"});
  EXPECT_EQ(answer["status"], 200);
  EXPECT_EQ(answer["route"], "shop/r");
  EXPECT_EQ(answer["rule"], 0);
  EXPECT_EQ(answer["match"], 0);
  EXPECT_EQ(answer["backends"][0]["service"], "shop/b");
  EXPECT_EQ(answer["backends"][0]["port"], 80);
  EXPECT_EQ(answer["backends"][0]["weight"], 1);
  EXPECT_EQ(answer["backends"][0]["share"], 1.0);
  EXPECT_EQ(answer["request"]["host"], "shop.example.com");
  EXPECT_EQ(answer["request"]["path"], "/pay?x=1");
  EXPECT_EQ(answer["request"]["headers"]["x-seen"], "yes");
  EXPECT_EQ(answer["mirrors"], Json::array());
}

TEST_F(CommandsTest, RouteTakesTheOnlyGatewayByDefault) {
  write("m.yaml", kManifests);
  EXPECT_EQ(routed({"--url", "http://shop.example.com/none"})["status"], 404);
}

TEST_F(CommandsTest, RouteTellsWhereARedirectLeads) {
  write("m.yaml", kManifests);
  const Json answer =
      routed({"--url", "http://shop.example.com/old/a", "--gateway", "shop/edge:80"});
  EXPECT_EQ(answer["status"], 302);
  EXPECT_EQ(answer["location"], "http://shop.example.com/new/a");
}

TEST_F(CommandsTest, RouteAnswersForAServiceOfTheMesh) {
  write("m.yaml", kManifests);
  const Json answer =
      routed({"--url", "http://b.shop/", "--service", "b.shop:80", "--from-namespace", "shop"});
  EXPECT_EQ(answer["route"], "shop/mesh");
}

TEST_F(CommandsTest, RouteReadsStandardInput) {
  const Ended ended =
      spillway({"route", "-f", "-", "--url", "http://shop.example.com/none"}, kManifests);
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, StartsWith("status    404, answered by the proxy itself\n"));
}

TEST_F(CommandsTest, RouteKnowsTheServicesOfAScenario) {
  write("a.yaml", scenario("shop"));
  const Ended ended =
      spillway({"route", "-f", "a.yaml", "--url", "http://b/", "--service", "b.default"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("backend   default/b:80, weight 1, 100 %\n"));
}

TEST_F(CommandsTest, RouteSuggestsTheGatewayOrServiceThatWasMeant) {
  write("m.yaml", kManifests);
  const auto complaint = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"route", "-f", "m.yaml", "--url", "http://a/"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = spillway(arguments);
    EXPECT_EQ(ended.exit_code, 1);
    return ended.err.substr(ended.err.find("spillway:"));
  };
  EXPECT_EQ(complaint({"--gateway", "shop/egde"}),
            "spillway: error: no Gateway shop/egde in these files; did you mean \"shop/edge\"?\n");
  EXPECT_EQ(complaint({"--gateway", "other/thing"}),
            "spillway: error: no Gateway other/thing in these files (there is shop/edge)\n");
  EXPECT_EQ(complaint({"--service", "bb.shop"}),
            "spillway: error: no Service shop/bb in these files; did you mean \"shop/b\"?\n");
}

TEST_F(CommandsTest, ExplainTellsAFailedRequest) {
  write("a.yaml", scenario("shop"));
  const Json json = json_of({"explain", "a.yaml", "--format", "json"});
  const Json& request = json["requests"][0];
  for (const char* key :
       {"request", "traffic", "arrival_ms", "latency_ms", "status", "flags", "call"})
    EXPECT_TRUE(request.contains(key)) << key;
  EXPECT_EQ(request["status"], 503);
  const Json& call = request["call"];
  for (const char* key : {"to", "route", "rule", "proxy", "start_ms", "end_ms", "status", "flags",
                          "retry_stopped", "attempts"})
    EXPECT_TRUE(call.contains(key)) << key;
  for (const char* key : {"attempt", "start_ms", "end_ms", "backend", "replica", "outcome",
                          "status", "backoff_ms", "calls"})
    EXPECT_TRUE(call["attempts"][0].contains(key)) << key;
}

TEST_F(CommandsTest, ExplainTellsTheRequestThatWasAskedFor) {
  write("a.yaml", scenario("shop"));
  EXPECT_EQ(json_of({"explain", "a.yaml", "--request", "5", "--format",
                     "json"})["requests"][0]["request"],
            5);
  EXPECT_THAT(spillway({"explain", "a.yaml", "--request", "5"}).out,
              StartsWith("request 5 of clients, arrived at "));
}

TEST_F(CommandsTest, ExplainFindsTheFirstRequestThatFailed) {
  write("a.yaml", scenario("shop"));
  const Json all = json_of({"explain", "a.yaml", "--request", "all", "--format", "json"});
  std::uint64_t first = 0;
  while (all["requests"][first]["status"] < 500) ++first;
  const Json one = json_of({"explain", "a.yaml", "--format", "json"});
  ASSERT_EQ(one["requests"].size(), 1u);
  EXPECT_EQ(one["requests"][0], all["requests"][first]);
}

TEST_F(CommandsTest, ExplainRefusesWhatIsNotThere) {
  write("a.yaml", scenario("shop"));
  const Ended request = spillway({"explain", "a.yaml", "--request", "999999"});
  EXPECT_EQ(request.exit_code, 1);
  EXPECT_THAT(request.err, HasSubstr("spillway: error: the replication has no request 999999\n"));
  const Ended replication = spillway({"explain", "a.yaml", "--replication", "2"});
  EXPECT_EQ(replication.exit_code, 1);
  EXPECT_THAT(replication.err,
              HasSubstr("spillway: error: the scenario has no replication 2: they are 0 to 1\n"));
}

TEST_F(CommandsTest, ExplainWritesTracesForPerfetto) {
  write("a.yaml", scenario("shop"));
  const Json json = json_of({"explain", "a.yaml", "--format", "perfetto"});
  EXPECT_GE(json["traceEvents"].size(), 2u);
}

TEST_F(CommandsTest, CheckPassesGoodFilesAndCounts) {
  write("m.yaml", kManifests);
  const Ended ended = spillway({"check", "m.yaml"});
  EXPECT_EQ(ended.exit_code, 0) << ended.out;
  EXPECT_THAT(ended.err, StartsWith("spillway: "));
  EXPECT_EQ(spillway({"check", "m.yaml", "--quiet"}).err, "");
}

TEST_F(CommandsTest, CheckPlacesErrorsAndShowsTheLine) {
  write("m.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec:\n  prots: []\n");
  const Ended ended = spillway({"check", "m.yaml"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.out, StartsWith("m.yaml:5:3: error: "));
  EXPECT_THAT(ended.out, HasSubstr("     5 |   prots: []\n       |   ^\n"));
  EXPECT_THAT(ended.err, HasSubstr("error"));
}

TEST_F(CommandsTest, CheckWritesEveryFormat) {
  write("m.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec:\n  prots: []\n");
  const Json findings = Json::parse(spillway({"check", "m.yaml", "--format", "json"}).out);
  EXPECT_EQ(findings[0]["file"], "m.yaml");
  EXPECT_EQ(findings[0]["line"], 5);
  const Json sarif = Json::parse(spillway({"check", "m.yaml", "--format", "sarif"}).out);
  EXPECT_EQ(sarif["runs"][0]["results"][0]["level"], "error");
  EXPECT_THAT(spillway({"check", "m.yaml", "--format", "markdown"}).out,
              HasSubstr("| error | `m.yaml:5:3` |"));
}

TEST_F(CommandsTest, CheckJudgesByTheChannel) {
  const std::string route = R"(apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec:
  parentRefs: [{group: "", kind: Service, name: b}]
  rules:
    - backendRefs: [{name: b, port: 80}]
      retry: {attempts: 3}
)";
  write("m.yaml", route);
  EXPECT_EQ(spillway({"check", "m.yaml", "--channel", "experimental"}).exit_code, 0);
  const Ended standard = spillway({"check", "m.yaml", "--channel", "standard"});
  EXPECT_EQ(standard.exit_code, 1);
  EXPECT_THAT(standard.out, HasSubstr("m.yaml:8:7: error: "));
}

TEST_F(CommandsTest, CheckTellsWhatTheRetryOfTheExampleDoes) {
  const std::string example =
      SPILLWAY_SOURCE_DIR "/scenarios/examples/service-b-retry/service-b-retry.yaml";
  const Ended ended = spillway({"check", "--channel", "experimental", example});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.out,
              HasSubstr(example + ":9:5: warning: no status code is retried: without codes only "
                                  "connection errors are [retry-no-codes]\n"));
  EXPECT_THAT(ended.out,
              HasSubstr(example + ":9:13: warning: 3 attempts mean up to 4 tries of each request: "
                                  "the first is not counted [retry-attempts-are-retries]\n"));
}

TEST_F(CommandsTest, CheckRefusesTheRetryOfTheExampleInTheStandardChannel) {
  const std::string folder = SPILLWAY_SOURCE_DIR "/scenarios/examples/service-b-retry/";
  const Ended ended = spillway({"check", "--channel", "standard", folder});
  EXPECT_EQ(ended.exit_code, 1);
  for (const char* file : {"service-b-retry.yaml", "service-b-retry-with-codes.yaml"})
    EXPECT_THAT(ended.out,
                HasSubstr(folder + file + ":9:5: error: unknown field \"spec.rules[0].retry\""));
}

TEST_F(CommandsTest, CheckCompilesScenarios) {
  write("a.yaml", scenario("shop", "2s", "  objectives: [requests@nobody > 1]\n"));
  const Ended ended = spillway({"check", "a.yaml"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.out, HasSubstr("a.yaml:14:"));
}

TEST_F(CommandsTest, CheckRefusesProfilesThatDoNotExist) {
  write("m.yaml", kManifests);
  const Ended ended = spillway({"check", "m.yaml", "--profile", "istio"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.out, StartsWith("error: unknown profile (got \"istio\", expected one of "));
}

TEST_F(CommandsTest, CheckTakesAManifestByItself) {
  write("m.yaml", R"(apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec:
  parentRefs: [{group: "", kind: Service, name: b}]
  rules: [{backendRefs: [{name: b, port: 80}]}]
)");
  const Ended ended = spillway({"check", "m.yaml"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "spillway: no findings\n");
}

TEST_F(CommandsTest, RouteTakesAManifestByItself) {
  write("m.yaml", R"(apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec:
  parentRefs: [{group: "", kind: Service, name: b}]
  rules: [{backendRefs: [{name: b, port: 80}]}]
)");
  const Ended assumed = spillway({"route", "-f", "m.yaml", "--url", "http://b/", "--service", "b"});
  EXPECT_EQ(assumed.exit_code, 0);
  EXPECT_THAT(assumed.out, HasSubstr("backend   default/b:80, weight 1, 100 %\n"));
  EXPECT_EQ(assumed.err,
            "spillway: no file holds a Service: references to Services are taken as valid\n");
  const Ended strict = spillway(
      {"route", "-f", "m.yaml", "--url", "http://b/", "--service", "b", "--no-assume-services"});
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_EQ(strict.err, "spillway: error: no Service default/b in these files\n");
}

TEST_F(CommandsTest, SchemaIsJson) {
  EXPECT_TRUE(json_of({"schema"}).contains("$schema"));
  EXPECT_THAT(spillway({"schema", "--reference"}).out, HasSubstr("# "));
}

TEST_F(CommandsTest, ProfilesListsThem) {
  EXPECT_THAT(spillway({"profiles"}).out, StartsWith("gateway-api  "));
  EXPECT_THAT(spillway({"profiles", "gateway-api"}).out, HasSubstr("networkLatency"));
  const Ended unknown = spillway({"profiles", "gateway-apt"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_EQ(unknown.err,
            "spillway: error: unknown profile \"gateway-apt\"; did you mean \"gateway-api\"?\n");
}

TEST_F(CommandsTest, CompletionScriptsAreValid) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Ended ended = spillway({"completion", shell});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.out, HasSubstr("replications"));
  }
  write("completion.bash", spillway({"completion", "bash"}).out);
  const std::string command = "bash -c '. " + (folder_ / "completion.bash").string() +
                              "; COMP_WORDS=(spillway run --fo); COMP_CWORD=2; _spillway;"
                              " echo \"${COMPREPLY[*]}\"' > " +
                              (folder_ / "answer").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(read("answer"), "--force --format\n");
}

TEST_F(CommandsTest, CompletionKnowsTheWordsOfAnOption) {
  write("completion.bash", spillway({"completion", "bash"}).out);
  const std::string command = "bash -c '. " + (folder_ / "completion.bash").string() +
                              "; COMP_WORDS=(spillway explain --format \"\"); COMP_CWORD=3;"
                              " _spillway; echo \"${COMPREPLY[*]}\"' > " +
                              (folder_ / "answer").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(read("answer"), "text json perfetto\n");
}

}  // namespace
}  // namespace spillway::integration
