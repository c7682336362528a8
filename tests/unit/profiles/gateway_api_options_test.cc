#include <gtest/gtest.h>

#include "model/profiles/gateway_api/options.h"
#include "tests/support/build.h"

namespace spillway::model::gateway_api {
namespace {

using namespace sim::literals;
using build::option;
using sim::Distribution;

using Value = decltype(MeshOption::value);

/// The options after setting one, and what was wrong with it.
struct Reading {
  Options options;
  std::string complaint;
};

Reading read(const std::string& name, Value value) {
  MeshSpec mesh;
  mesh.options[name] = option(std::move(value));
  Diagnostics diagnostics;
  Reading reading{read_options(mesh, diagnostics), {}};
  for (const Diagnostic& d : diagnostics) reading.complaint += d.message + " [" + d.rule + "]";
  return reading;
}

Options set(const std::string& name, Value value) {
  const Reading reading = read(name, std::move(value));
  EXPECT_EQ(reading.complaint, "");
  return reading.options;
}

Distribution constant(sim::Duration d) { return Distribution::constant(d); }

TEST(GatewayApiOptions, HaveTheDefaultsThatTheyShow) {
  const Options o;
  EXPECT_EQ(o.proxy_latency, Distribution());
  EXPECT_EQ(o.network_latency, Distribution());
  EXPECT_EQ(o.retry_attempts, 2u);
  EXPECT_EQ(o.retry_backoff, 0_ns);
  EXPECT_FALSE(o.request_timeout);
  EXPECT_FALSE(o.backend_request_timeout);
  EXPECT_TRUE(o.retry_on_connect_failure && o.retry_on_reset && o.retry_on_backend_timeout);
  EXPECT_EQ(o.connection_error_status, 503);
  EXPECT_EQ(o.budget_denied_status, 503);
  EXPECT_EQ(o.gateway_replicas, 1u);
  EXPECT_EQ(o.max_call_depth, 64u);
  EXPECT_FALSE(o.budget_override);
}

/// Setting an option to the default that `spillway profiles` shows changes nothing.
TEST(GatewayApiOptions, TakeTheirOwnDefaults) {
  for (const OptionInfo& info : info().options) {
    Value value = info.default_value;
    if (info.default_value == "none") continue;  // an absent budget
    if (info.default_value.ends_with("ms") || info.default_value == "0s")
      value = Distribution();
    else if (info.type == "boolean")
      value = info.default_value == "true";
    else if (info.type.starts_with("number") || info.default_value.starts_with("50") ||
             info.default_value.starts_with("20"))
      value = std::stod(info.default_value);
    const Options o = set(info.name, value);
    const Options d;
    EXPECT_EQ(o.retry_attempts, d.retry_attempts) << info.name;
    EXPECT_EQ(o.retry_backoff, d.retry_backoff) << info.name;
    EXPECT_EQ(o.request_timeout, d.request_timeout) << info.name;
    EXPECT_EQ(o.backend_request_timeout, d.backend_request_timeout) << info.name;
    EXPECT_EQ(o.retry_on_connect_failure, d.retry_on_connect_failure) << info.name;
    EXPECT_EQ(o.retry_on_reset, d.retry_on_reset) << info.name;
    EXPECT_EQ(o.retry_on_backend_timeout, d.retry_on_backend_timeout) << info.name;
    EXPECT_EQ(o.connection_error_status, d.connection_error_status) << info.name;
    EXPECT_EQ(o.budget_denied_status, d.budget_denied_status) << info.name;
    EXPECT_EQ(o.repick_backend, d.repick_backend) << info.name;
    EXPECT_EQ(o.load_balancing, d.load_balancing) << info.name;
    EXPECT_EQ(o.gateway_replicas, d.gateway_replicas) << info.name;
    EXPECT_EQ(o.max_call_depth, d.max_call_depth) << info.name;
    EXPECT_EQ(o.budget_reading, d.budget_reading) << info.name;
    EXPECT_EQ(o.routing.all_zero_weight_status, d.routing.all_zero_weight_status) << info.name;
    EXPECT_EQ(o.routing.cors_preflight_status, d.routing.cors_preflight_status) << info.name;
    EXPECT_EQ(o.routing.regex_precedence, d.routing.regex_precedence) << info.name;
    EXPECT_EQ(o.routing.count_trailing_slash, d.routing.count_trailing_slash) << info.name;
    EXPECT_EQ(o.routing.listener_isolation, d.routing.listener_isolation) << info.name;
  }
}

TEST(GatewayApiOptions, ReadLatencies) {
  const Distribution law = Distribution::exponential(2_ms);
  EXPECT_EQ(set("proxyLatency", law).proxy_latency, law);
  EXPECT_EQ(set("l4Latency", law).l4_latency, law);
  EXPECT_EQ(set("networkLatency", law).network_latency, law);
  EXPECT_EQ(read("networkLatency", 5.0).complaint,
            "spec.mesh.options.networkLatency: wrong value (expected a duration or a "
            "distribution) [option-value]");
}

TEST(GatewayApiOptions, ReadRetryDefaults) {
  EXPECT_EQ(set("retryAttempts", 5.0).retry_attempts, 5u);
  EXPECT_EQ(set("retryBackoff", constant(25_ms)).retry_backoff, 25_ms);
  EXPECT_EQ(set("requestTimeout", constant(15_s)).request_timeout, 15_s);
  EXPECT_EQ(set("backendRequestTimeout", constant(1_s)).backend_request_timeout, 1_s);
  EXPECT_FALSE(set("requestTimeout", constant(0_s)).request_timeout);
}

TEST(GatewayApiOptions, RefuseNumbersOutOfRange) {
  const std::string wrong =
      "spec.mesh.options.retryAttempts: wrong value (expected a whole number from 1 to 1000) "
      "[option-value]";
  for (const double n : {0.0, -1.0, 1001.0, 2.5})
    EXPECT_EQ(read("retryAttempts", n).complaint, wrong) << n;
  EXPECT_EQ(read("retryAttempts", std::string("two")).complaint, wrong);
  EXPECT_EQ(read("retryAttempts", 1e300).complaint, wrong);
}

TEST(GatewayApiOptions, RefuseDrawnTimeouts) {
  for (const char* name : {"retryBackoff", "requestTimeout", "backendRequestTimeout"})
    EXPECT_EQ(read(name, Distribution::exponential(1_s)).complaint,
              std::string("spec.mesh.options.") + name +
                  ": wrong value (expected a duration) [option-value]");
}

TEST(GatewayApiOptions, ReadFlags) {
  EXPECT_FALSE(set("retryOnConnectFailure", false).retry_on_connect_failure);
  EXPECT_FALSE(set("retryOnReset", false).retry_on_reset);
  EXPECT_FALSE(set("retryOnBackendTimeout", false).retry_on_backend_timeout);
  EXPECT_TRUE(set("countTrailingSlash", true).routing.count_trailing_slash);
  EXPECT_FALSE(set("listenerIsolation", false).routing.listener_isolation);
  EXPECT_EQ(read("retryOnReset", std::string("yes")).complaint,
            "spec.mesh.options.retryOnReset: wrong value (expected true or false) [option-value]");
}

TEST(GatewayApiOptions, ReadStatusesAsNumbersOrText) {
  EXPECT_EQ(set("connectionErrorStatus", 500.0).connection_error_status, 500);
  EXPECT_EQ(set("connectionErrorStatus", std::string("500")).connection_error_status, 500);
  EXPECT_EQ(set("budgetDeniedStatus", std::string("original")).budget_denied_status, 0);
  EXPECT_EQ(set("allZeroWeightStatus", 500.0).routing.all_zero_weight_status, 500);
  EXPECT_EQ(set("corsPreflightStatus", 204.0).routing.cors_preflight_status, 204);
  EXPECT_EQ(read("connectionErrorStatus", 502.0).complaint,
            "spec.mesh.options.connectionErrorStatus: wrong value (expected one of 503, 500) "
            "[option-value]");
}

TEST(GatewayApiOptions, ReadWords) {
  EXPECT_TRUE(set("retryBackend", std::string("redraw")).repick_backend);
  EXPECT_EQ(set("loadBalancing", std::string("peak_ewma")).load_balancing, Balancing::peak_ewma);
  EXPECT_EQ(set("regexPrecedence", std::string("as-prefix")).routing.regex_precedence,
            RegexPrecedence::as_prefix);
  EXPECT_EQ(read("retryBackend", std::string("other")).complaint,
            "spec.mesh.options.retryBackend: wrong value (expected one of same, redraw) "
            "[option-value]");
}

TEST(GatewayApiOptions, ReadHowBudgetsCount) {
  EXPECT_EQ(set("budgetShare", std::string("originals")).budget_reading.window.share,
            WindowReading::Share::originals);
  EXPECT_EQ(set("budgetFloor", std::string("scaled")).budget_reading.window.floor,
            WindowReading::Floor::scaled);
  EXPECT_EQ(set("budgetCounted", std::string("dispatch")).budget_reading.window.counted,
            WindowReading::Counted::at_dispatch);
}

TEST(GatewayApiOptions, ReadABudgetInPlaceOfThePolicies) {
  EXPECT_EQ(set("budgetOverride", Budget(GrpcBudget{})).budget_override, Budget(GrpcBudget{}));
  EXPECT_EQ(read("budgetOverride", 20.0).complaint,
            "spec.mesh.options.budgetOverride: wrong value (expected a retry budget, e.g. {ratio: "
            "{percent: 20}}) [option-value]");
}

TEST(GatewayApiOptions, RefuseUnknownNamesAtTheirPlace) {
  MeshSpec mesh;
  mesh.options["retryAttempt"] = {1.0, {std::make_shared<const std::string>("s.yaml"), 7, 5}};
  Diagnostics diagnostics;
  read_options(mesh, diagnostics);
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_TRUE(to_text(diagnostics[0])
                  .starts_with("s.yaml:7:5: error: unknown option of profile gateway-api (got "
                               "\"retryAttempt\", expected one of proxyLatency, l4Latency, "))
      << to_text(diagnostics[0]);
}

}  // namespace
}  // namespace spillway::model::gateway_api
