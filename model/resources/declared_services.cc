#include "model/resources/declared_services.h"

#include <set>
#include <utility>

namespace spillway::model {

void declare_services(Spec& spec) {
  std::set<std::string> known;
  for (const KubeService& service : spec.resources.services) known.insert(service.meta.key());
  for (const Service& service : spec.scenario.services) {
    KubeService declared;
    declared.meta.name = service.name;
    declared.meta.namespace_ = service.namespace_;
    declared.meta.place = service.place;
    if (!known.insert(declared.meta.key()).second) continue;
    for (const PortSpec& port : service.ports)
      declared.ports.push_back({.name = port.name,
                                .port = port.port,
                                .target_port = 0,
                                .protocol = "TCP",
                                .app_protocol = port.app_protocol});
    spec.resources.services.push_back(std::move(declared));
  }
}

}  // namespace spillway::model
