#include "model/profiles/data_plane.h"

#include "model/profiles/cilium/data_plane.h"
#include "model/profiles/common_options.h"
#include "model/profiles/istio/data_plane.h"
#include "model/profiles/kgateway/data_plane.h"

namespace spillway::model {

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

}  // namespace spillway::model
