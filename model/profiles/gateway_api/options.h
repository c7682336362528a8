// Profile `gateway-api`: the specification itself. What it leaves to the implementation is an
// option with a default; a run lists those that it used. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/gateway/options.h"
#include "model/neutral/rule.h"
#include "model/policy/budget.h"
#include "model/profiles/common_options.h"
#include "model/profiles/profile.h"
#include "model/resources/gateway_api.h"
#include "model/spec/assumption.h"

namespace spillway::model::gateway_api {

struct Options : CommonOptions {
  std::uint32_t retry_attempts = 2;
  sim::Duration retry_backoff{};
  std::optional<sim::Duration> request_timeout;
  std::optional<sim::Duration> backend_request_timeout;
  bool retry_on_connect_failure = true;
  bool retry_on_reset = true;
  bool retry_on_backend_timeout = true;
  int connection_error_status = 503;
  int budget_denied_status = 503;  ///< 0: the original one
  bool repick_backend = false;
  Balancing load_balancing = Balancing::round_robin;
  BudgetReading budget_reading;
  std::optional<Budget> budget_override;
  RoutingOptions routing;
};

ProfileInfo info();

/// Reads `mesh.options`; unknown names and wrong values are errors at their place.
Options read_options(const MeshSpec& mesh, Diagnostics& diagnostics);

/// What a rule's timeouts and retries mean. Adds the choices that it had to make.
neutral::RuleConfig translate(const HttpRouteRule& rule, const Options& options,
                              std::vector<Assumption>& assumptions);

/// The budget of a backend: its XBackendTrafficPolicy (nullptr: none), or the override.
Budget translate_budget(const XBackendTrafficPolicy* policy, const Options& options,
                        std::vector<Assumption>& assumptions);

}  // namespace spillway::model::gateway_api
