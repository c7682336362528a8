#include "model/profiles/cilium/options.h"

#include "model/profiles/common_options.h"

#include <algorithm>
#include <array>

namespace spillway::model::cilium {
namespace {

struct Version {
  std::string_view name;
  Options options;
};

constexpr ListOrder kByName = ListOrder::by_name;
/// 1.20 is read at its branch point (3ab8efdd), 1.21-dev at 4df675e3.
constexpr std::array<Version, 5> kVersions{{
    {"1.17", {false, false, false, false, kByName}},
    {"1.18", {false, false, false, false, kByName}},
    {"1.19", {false, false, false, false, kByName}},
    {"1.20", {true, false, false, false, kByName}},
    {"1.21-dev", {true, true, true, true, kByName}},
}};

}  // namespace

Options options_for(std::string_view version) {
  const auto found = std::ranges::find(kVersions, version, &Version::name);
  return found == kVersions.end() ? kVersions.back().options : found->options;
}

ProfileInfo info() {
  ProfileInfo info;
  info.name = "cilium";
  info.summary =
      "Cilium: one Envoy a node serves Gateways and, for Services whose port is redirected to it, "
      "mesh routes; other traffic stays in eBPF";
  for (const Version& version : kVersions) info.versions.emplace_back(version.name);
  info.options = {
      {"nodes", "number", "3", "nodes with an Envoy each; breakers and outlier state are theirs"},
      {"proxyLatency", "duration or distribution", "0.2ms", "one traversal of the node's Envoy"},
      {"l4Latency", "duration or distribution", "0.02ms", "one traversal of the eBPF data path"},
      {"networkLatency", "duration or distribution", "0.2ms", "each way between two pods"},
      envoy_budget_override(),
      {"maxCallDepth", "number", "64", "calls within calls"},
  };
  info.validated = "configuration made by the operator of Cilium 1.20 and 1.21-dev";
  return info;
}

}  // namespace spillway::model::cilium
