#include "model/profiles/istio/version.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace spillway::model::istio {
namespace {

constexpr std::array<Behavior, 2> kBehaviors{{
    {"1.30", false, false, false, false, 404},
    {"1.31", true, true, true, true, 500},
}};

std::vector<std::string> versions() {
  std::vector<std::string> names;
  for (const Behavior& b : kBehaviors) names.emplace_back(b.version);
  return names;
}

const OptionInfo kProxyLatency{"proxyLatency", "duration or distribution", "0.2ms",
                               "one traversal of an L7 proxy (sidecar, waypoint, gateway)"};
const OptionInfo kL4Latency{"l4Latency", "duration or distribution", "0.09ms",
                            "one traversal of ztunnel"};
const OptionInfo kNetworkLatency{"networkLatency", "duration or distribution", "0.2ms",
                                 "each way between two pods"};
const OptionInfo kWaypointReplicas{"waypointReplicas", "number", "1",
                                   "replicas of every waypoint; each has its own budget state"};
const OptionInfo kGatewayReplicas{"gatewayReplicas", "number", "1",
                                  "replicas of every gateway; each has its own budget state"};
const OptionInfo kAlpha{"alphaGatewayApi", "boolean", "false",
                        "PILOT_ENABLE_ALPHA_GATEWAY_API: XBackendTrafficPolicy is read"};
const OptionInfo kNodes{
    "nodes", "number", "3",
    "nodes with a ztunnel each; pod i of everything runs on node i modulo nodes"};
const OptionInfo kMaxCallDepth{"maxCallDepth", "number", "64", "calls within calls"};

constexpr const char* kValidated =
    "configurations that istiod's own code made of the same manifests (istio/istio, August 2026)";

}  // namespace

const Behavior& behavior(std::string_view version) {
  const auto found = std::ranges::find(kBehaviors, version, &Behavior::version);
  return found == kBehaviors.end() ? kBehaviors.back() : *found;
}

ProfileInfo ambient_info() {
  return {"istio-ambient",
          "Istio's ambient mode: ztunnel on both nodes and the waypoint of the destination, which "
          "runs its routes for all clients",
          versions(),
          {kProxyLatency, kL4Latency, kNetworkLatency, kWaypointReplicas, kGatewayReplicas, kNodes,
           kAlpha, kMaxCallDepth},
          kValidated};
}

ProfileInfo ambient_l4_info() {
  return {
      "istio-ambient-l4",
      "Istio's ambient mode without waypoints: ztunnel balances connections, routes of Services "
      "do nothing",
      versions(),
      {kL4Latency, kNetworkLatency, kProxyLatency, kGatewayReplicas, kNodes, kAlpha, kMaxCallDepth},
      kValidated};
}

ProfileInfo sidecar_info() {
  return {"istio-sidecar",
          "Istio's sidecars: the caller's runs the routes, the server's retries requests that it "
          "could not send",
          versions(),
          {kProxyLatency, kNetworkLatency, kL4Latency, kGatewayReplicas, kAlpha, kMaxCallDepth},
          kValidated};
}

}  // namespace spillway::model::istio
