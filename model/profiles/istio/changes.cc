#include "model/profiles/istio/changes.h"

#include <array>

namespace spillway::model::istio {
namespace {

template <auto Member>
constexpr VersionChange<Behavior> change(std::string_view why, std::string_view source) {
  return version_change<Member, Behavior>(why, source, Evidence::read_in_source);
}

constexpr std::array kChanges{
    change<&Behavior::panic_off_everywhere>(
        "since 1.31 unready endpoints are sent as unhealthy ones, and no cluster falls back to all "
        "of its endpoints when most are out",
        "PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS, istio/istio a7c9ae0"),
    change<&Behavior::waypoint_default_retries>(
        "since 1.31 a waypoint's default route retries connection failures; before, it had the "
        "server side's policy, which repeats unsent requests only",
        "istio/istio 0b478b5"),
    change<&Behavior::budget_window>(
        "since 1.31 the interval of a retry budget reaches Envoy, which then counts the requests "
        "of the interval in place of the active ones",
        "istio/istio c3a9d27"),
    change<&Behavior::mesh_default_policies>(
        "since 1.31 MeshConfig has defaultTrafficPolicy and defaultInboundHttpRetryPolicy",
        "istio/api mesh/v1alpha1/config.proto"),
    change<&Behavior::no_backend_refs_status>(
        "since 1.31 a rule without backendRefs answers 500, as the specification says",
        "istio/istio pilot/pkg/config/kube/gateway/conversion.go"),
};

}  // namespace

std::span<const VersionChange<Behavior>> changes() { return kChanges; }

}  // namespace spillway::model::istio
