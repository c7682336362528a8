#include "model/profiles/kgateway/changes.h"

#include <array>

namespace spillway::model::kgateway {
namespace {

template <auto Member>
constexpr VersionChange<Options> change(std::string_view why, std::string_view source) {
  return version_change<Member, Options>(why, source, Evidence::recorded);
}

constexpr std::array kChanges{
    change<&Options::retry_on_reset>("since 2.4 broken connections and expired tries are retried",
                                     "kgateway-dev/kgateway #14245, ee899a1"),
    change<&Options::backend_request_overall_too>(
        "before 2.4 backendRequest beside a retry without request was the overall timeout too, and "
        "its expiry was never retried",
        "kgateway-dev/kgateway pkg/krtcollections/builtin.go"),
    change<&Options::gateway_policies_reach_routes>(
        "since 2.4 timeouts and retries of policies on Gateways and listeners reach the routes",
        "kgateway-dev/kgateway pkg/kgateway/extensions2/plugins/trafficpolicy"),
    change<&Options::programmed_condition>(
        "since 2.4 a replaced rule is told by the condition kgateway.dev/Programmed, not by "
        "Accepted",
        "kgateway-dev/kgateway pkg/reports"),
    change<&Options::newer_backend_config_wins>(
        "since 2.4 the older of two BackendConfigPolicies wins, field by field; before, the newer",
        "kgateway-dev/kgateway pkg/kgateway/extensions2/plugins/backendconfigpolicy"),
    change<&Options::locality_weighted>("since 2.4 clusters weigh localities",
                                        "kgateway-dev/kgateway bc561b0"),
    change<&Options::session_cookie_path>("since 2.4 the cookie of a session has a path",
                                          "kgateway-dev/kgateway pkg/krtcollections/builtin.go"),
    change<&Options::new_outlier_fields>(
        "after 2.4 outlierDetection has enforcing and local-origin fields; before, the API server "
        "refuses them",
        "kgateway-dev/kgateway fc377e7"),
};

}  // namespace

std::span<const VersionChange<Options>> changes() { return kChanges; }

}  // namespace spillway::model::kgateway
