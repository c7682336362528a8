#include "model/profiles/data_plane.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/profiles/cilium/data_plane.h"
#include "model/profiles/common_options.h"
#include "model/profiles/istio/data_plane.h"
#include "model/profiles/kgateway/data_plane.h"

namespace spillway::model {
namespace {

/// All Gateways become ones of this class.
void take_gateways(Resources& resources, const std::string& name, const std::string& controller,
                   std::vector<Assumption>& assumptions) {
  const auto is_own = [&](const Gateway& gateway) {
    for (const GatewayClass& one : resources.gateway_classes)
      if (one.meta.name == gateway.gateway_class_name) return one.controller_name == controller;
    return gateway.gateway_class_name == name;
  };
  for (Gateway& gateway : resources.gateways) {
    if (is_own(gateway)) continue;
    assume(assumptions, "gatewayClass", fmt::format("{}: {}", gateway.meta.key(), name),
           fmt::format("its class \"{}\" is not one of the profile's", gateway.gateway_class_name));
    gateway.gateway_class_name = name;
    std::erase_if(resources.gateway_classes,
                  [&](const GatewayClass& one) { return one.meta.name == name; });
  }
}

}  // namespace

std::unique_ptr<DataPlane> make_data_plane(const MeshSpec& mesh, const Resources& resources) {
  Diagnostics ignored;
  OptionReader options(mesh, *find_profile(mesh.profile), ignored);
  if (mesh.profile.starts_with("istio-"))
    return istio::data_plane(resources, {mesh.version, options.flag("alphaGatewayApi")},
                             istio::mode_of(mesh.profile));
  if (mesh.profile == "cilium")
    return cilium::data_plane(resources, cilium::options_for(mesh.version));
  if (mesh.profile == "kgateway") {
    kgateway::Options own = kgateway::options_for(mesh.version);
    own.experimental_features = options.flag("experimentalFeatures");
    own.strict_validation = options.flag("strictValidation");
    return kgateway::data_plane(resources, own);
  }
  return nullptr;
}

void adapt_resources(const MeshSpec& mesh, Resources& resources,
                     std::vector<Assumption>& assumptions) {
  if (mesh.profile.starts_with("istio-"))
    istio::adapt(istio::mode_of(mesh.profile), resources, assumptions);
  if (mesh.profile == "cilium")
    take_gateways(resources, "cilium", "io.cilium/gateway-controller", assumptions);
  if (mesh.profile == "kgateway")
    take_gateways(resources, "kgateway", "kgateway.dev/kgateway", assumptions);
}

}  // namespace spillway::model
