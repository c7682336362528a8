// The 23 cases for timeouts and retries of the Gateway API conformance suite, replayed with
// manifests through the neutral profile. The suite asserts the status; the number of tries follows
// from the rule (1 + attempts at most, GEP-1731). Cases of its development branch are marked.
#include <gtest/gtest.h>

#include "tests/validation/manifest_case.h"

namespace spillway::validation {
namespace {

struct Case {
  const char* name;
  const char* manifest;
  const char* path;
  const char* script;  ///< of the backend, by attempt; the last entry repeats
  int status;
  std::size_t tries;
};

constexpr const char* kAtOnce = "{status: 200}";
constexpr const char* kAfterOneSecond = "{status: 200, after: 1s}";

constexpr Case kCases[] = {
    // HTTPRouteTimeoutRequest
    {"RequestTimeoutOfAQuickReply", "timeout-request.yaml", "/request-timeout", kAtOnce, 200, 1},
    {"RequestTimeoutOfASlowReply", "timeout-request.yaml", "/request-timeout", kAfterOneSecond, 504,
     1},
    {"RequestTimeoutZeroIsNone", "timeout-request.yaml", "/disable-request-timeout",
     kAfterOneSecond, 200, 1},
    // HTTPRouteTimeoutBackendRequest
    {"BackendTimeoutOfAQuickReply", "timeout-backend-request.yaml", "/backend-timeout", kAtOnce,
     200, 1},
    {"BackendTimeoutOfASlowReply", "timeout-backend-request.yaml", "/backend-timeout",
     kAfterOneSecond, 504, 1},
    {"BackendTimeoutZeroIsNone", "timeout-backend-request.yaml", "/disable-backend-timeout",
     kAfterOneSecond, 200, 1},
    // HTTPRouteRetry
    {"RetryUntilItSucceeds", "retry.yaml", "/retry-500",
     "{status: 500}, {status: 500}, {status: 200}", 200, 3},
    {"RetryUntilTheLimit", "retry.yaml", "/retry-500",
     "{status: 500}, {status: 500}, {status: 500}, {status: 500}, {status: 200}", 500, 4},
    {"NoRetryOfACodeThatIsNotListed", "retry.yaml", "/retry-500",
     "{status: 503}, {status: 503}, {status: 200}", 503, 1},
    {"RetryOf500", "retry.yaml", "/retry-many-codes", "{status: 500}, {status: 200}", 200, 2},
    {"RetryOf502", "retry.yaml", "/retry-many-codes", "{status: 502}, {status: 200}", 200, 2},
    {"RetryOf503", "retry.yaml", "/retry-many-codes", "{status: 503}, {status: 200}", 200, 2},
    {"RetryOf504", "retry.yaml", "/retry-many-codes", "{status: 504}, {status: 200}", 200, 2},
    {"TooMany500", "retry.yaml", "/retry-many-codes",
     "{status: 500}, {status: 500}, {status: 500}, {status: 200}", 500, 3},
    {"TooMany502", "retry.yaml", "/retry-many-codes",
     "{status: 502}, {status: 502}, {status: 502}, {status: 200}", 502, 3},
    {"TooMany503", "retry.yaml", "/retry-many-codes",
     "{status: 503}, {status: 503}, {status: 503}, {status: 200}", 503, 3},
    {"TooMany504", "retry.yaml", "/retry-many-codes",
     "{status: 504}, {status: 504}, {status: 504}, {status: 200}", 504, 3},
    // HTTPRouteRetryWithTimeouts (development branch)
    {"RetryAfterBackendTimeouts", "retry-with-timeouts.yaml", "/retry-backend-timeout",
     "{status: 500, after: 300ms}, {status: 500, after: 300ms}, {status: 200}", 200, 3},
    {"TooManyBackendTimeouts", "retry-with-timeouts.yaml", "/retry-backend-timeout",
     "{status: 500, after: 300ms}, {status: 500, after: 300ms}, {status: 500, after: 300ms}, "
     "{status: 200}",
     504, 3},
    {"RetryWithinBothTimeouts", "retry-with-timeouts.yaml", "/retry-both-timeouts",
     "{status: 500}, {status: 200}", 200, 2},
    // The fourth failure comes at 400 ms exactly: the deadline wins.
    {"RequestTimeoutEndsTheRetries", "retry-with-timeouts.yaml", "/retry-both-timeouts",
     "{status: 500, after: 100ms}, {status: 500, after: 100ms}, {status: 500, after: 100ms}, "
     "{status: 500, after: 100ms}, {status: 200}",
     504, 4},
    // HTTPRouteRetryConnectionError (development branch)
    {"RetryAfterResets", "retry-connection-error.yaml", "/retry-connection-error",
     "{reset: true}, {reset: true}, {status: 200}", 200, 3},
    {"TooManyResets", "retry-connection-error.yaml", "/retry-connection-error",
     "{reset: true}, {reset: true}, {reset: true}, {reset: true}, {status: 200}", 503, 4},
};
static_assert(std::size(kCases) == 23);

void PrintTo(const Case& c, std::ostream* out) { *out << c.manifest << c.path << " " << c.script; }

class Conformance : public ::testing::TestWithParam<Case> {};

TEST_P(Conformance, HasTheStatusAndTheTries) {
  const Case& c = GetParam();
  const model::Spec spec = load({c.manifest, c.path, scripted("v1", c.script)});
  const std::vector<model::RequestTrace> requests = model::build::trace(spec);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].status, c.status);
  const model::CallTrace& gateway = requests[0].call.attempts.at(0).leg.at(0);
  EXPECT_EQ(gateway.proxy, "gateway/same-namespace.infra/0");
  EXPECT_EQ(gateway.attempts.size(), c.tries);
  EXPECT_EQ(model::build::run(spec).tally("v1.infra").attempts, c.tries);
}

INSTANTIATE_TEST_SUITE_P(Suite, Conformance, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace spillway::validation
