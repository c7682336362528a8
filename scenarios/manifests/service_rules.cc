#include <fmt/format.h>

#include <algorithm>

#include "scenarios/manifests/access.h"
#include "scenarios/manifests/kube_scalar.h"
#include "scenarios/manifests/rules.h"

namespace spillway::scenarios::manifests {
namespace {

Violations ports_required(const Node& spec) {
  if (!items_of(spec, "ports").empty() || text_of(spec, "clusterIP") == "None" ||
      text_of(spec, "type") == "ExternalName")
    return {};
  return {{{}, clause("a Service must have ports", "none", "one or more"), {}}};
}

Violations port_names(const Node& spec) {
  const auto& ports = items_of(spec, "ports");
  Violations found;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string_view name = text_of(ports[i], "name");
    if (name.empty() && ports.size() > 1)
      found.push_back({ports[i].place,
                       clause(fmt::format("ports[{}] must have a name, as there are several", i),
                              "none", "a name"),
                       {}});
    for (std::size_t j = 0; j < i && !name.empty(); ++j)
      if (text_of(ports[j], "name") == name)
        found.push_back({ports[i].place,
                         clause(fmt::format("two ports have the name {}", quoted_line(name)),
                                fmt::format("it at [{}] and [{}]", j, i), "a name once"),
                         {}});
  }
  return found;
}

Violations port_numbers(const Node& spec) {
  const auto& ports = items_of(spec, "ports");
  Violations found;
  for (std::size_t i = 1; i < ports.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (text_of(ports[j], "port") == text_of(ports[i], "port") &&
          text_of(ports[j], "protocol") == text_of(ports[i], "protocol")) {
        found.push_back({ports[i].place,
                         clause(fmt::format("port {}/{} is listed twice", text_of(ports[i], "port"),
                                            text_of(ports[i], "protocol")),
                                fmt::format("it at [{}] and [{}]", j, i), "each once"),
                         {}});
        break;
      }
  return found;
}

Violations target_ports(const Node& spec) {
  constexpr int kHighest = 65535;
  Violations found;
  for (const Node& port : items_of(spec, "ports")) {
    const Node* target = port.find("targetPort");
    if (!target) continue;
    const auto number = number_of(port, "targetPort");
    const bool valid = number ? *number >= 0 && *number <= kHighest
                              : target->scalar.empty() || kPortName.matches(target->scalar);
    if (!valid)
      found.push_back(
          {target->place,
           clause("targetPort must be a port or the name of one",
                  number ? target->scalar : quoted_line(target->scalar), "1 to 65535 or a name"),
           {}});
  }
  return found;
}

Violations external_name(const Node& spec) {
  if (text_of(spec, "type") != "ExternalName" || !text_of(spec, "externalName").empty()) return {};
  return {{{}, clause("type ExternalName needs externalName", "none", "a DNS name"), {}}};
}

}  // namespace

Rules service_rules() {
  return {{"service-ports", ports_required},
          {"service-port-name", port_names},
          {"service-port-unique", port_numbers},
          {"service-target-port", target_ports},
          {"service-external-name", external_name}};
}

}  // namespace spillway::scenarios::manifests
