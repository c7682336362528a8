// Look-up of resources by name, and what references between them resolve to. Keeps pointers into
// the Resources, which must outlive it and not change; const use from any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/gateway/options.h"
#include "model/resources/resources.h"

namespace spillway::model {

class ResourceIndex {
 public:
  explicit ResourceIndex(const Resources& resources);

  /// By "ns/name"; null where there is none. Of duplicates, the first counts.
  const KubeService* service(std::string_view key) const;
  const Gateway* gateway(std::string_view key) const;
  /// Whether a manifest of Namespace `name` was given.
  bool has_namespace(const std::string& name) const { return namespaces_.contains(name); }
  /// Labels of a namespace, with `kubernetes.io/metadata.name`, which the API server sets.
  std::map<std::string, std::string> namespace_labels(const std::string& name) const;
  /// Whether a ReferenceGrant in the namespace of `to` lets `from_kind` objects (of the Gateway API
  /// group) in `from_namespace` refer to it.
  bool granted(std::string_view from_kind, std::string_view from_namespace,
               const BackendObjectReference& to) const;

 private:
  template <class T>
  using ByKey = std::map<std::string, const T*, std::less<>>;
  ByKey<KubeService> services_;
  ByKey<Gateway> gateways_;
  ByKey<Namespace> namespaces_;
  std::map<std::string, std::vector<const ReferenceGrant*>, std::less<>> grants_;
};

/// What is wrong with a reference to a backend. `wrong_port`: the Service has no such port.
enum class BackendFault {
  none,
  invalid_kind,
  not_found,
  not_permitted,
  unsupported_protocol,
  wrong_port
};

/// The reason of the ResolvedRefs condition: InvalidKind, BackendNotFound, ... ("" for none).
std::string_view condition_reason(BackendFault fault);

struct Resolution {
  BackendFault fault = BackendFault::none;
  std::string message;  ///< a clause that says what is wrong; empty without fault
  std::vector<RoutingOption> depends_on;
};

/// Resolves a backendRef of `route`. `mesh`: as a rule of a Service parent, where no ReferenceGrant
/// is needed (GEP-1294), not of a Gateway parent. Of several faults the first counts: kind, grant,
/// existence, port, protocol.
Resolution resolve(const ResourceIndex& index, const RoutingOptions& options,
                   const HttpRoute& route, const BackendObjectReference& ref, bool mesh);

}  // namespace spillway::model
