#include "scenarios/manifests/manifests.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "scenarios/document.h"
#include "scenarios/manifests/access.h"
#include "scenarios/manifests/decode.h"
#include "scenarios/manifests/kube_scalar.h"
#include "scenarios/manifests/schemas.h"
#include "scenarios/manifests/validate.h"
#include "scenarios/mistake.h"
#include "scenarios/suggest.h"

namespace spillway::scenarios {
namespace manifests {
namespace {

using model::Channel;
using model::Diagnostics;
using model::Resources;
using model::Severity;

constexpr std::string_view kIstioGroup = "networking.istio.io";
constexpr std::string_view kExperimentalGroup = "gateway.networking.x-k8s.io";

struct Kind {
  std::string_view group;
  std::string_view kind;
  std::array<std::string_view, 2> versions;  ///< the second may be empty
  Channel since;
  const Schema& (*schema)(Channel);
  void (*decode)(const Node&, Resources&);
};

constexpr std::array<Kind, 14> kKinds{{
    {model::kGatewayGroup,
     "HTTPRoute",
     {"v1", "v1beta1"},
     Channel::standard,
     http_route_schema,
     [](const Node& n, Resources& r) { r.http_routes.push_back(decode_route(n, "HTTPRoute")); }},
    {model::kGatewayGroup,
     "GRPCRoute",
     {"v1"},
     Channel::standard,
     grpc_route_schema,
     [](const Node& n, Resources& r) { r.http_routes.push_back(decode_route(n, "GRPCRoute")); }},
    {model::kGatewayGroup,
     "Gateway",
     {"v1", "v1beta1"},
     Channel::standard,
     [](Channel) -> const Schema& { return gateway_schema(); },
     [](const Node& n, Resources& r) { r.gateways.push_back(decode_gateway(n)); }},
    {model::kGatewayGroup,
     "GatewayClass",
     {"v1", "v1beta1"},
     Channel::standard,
     [](Channel) -> const Schema& { return gateway_class_schema(); },
     [](const Node& n, Resources& r) { r.gateway_classes.push_back(decode_gateway_class(n)); }},
    {model::kGatewayGroup,
     "ReferenceGrant",
     {"v1", "v1beta1"},
     Channel::standard,
     [](Channel) -> const Schema& { return reference_grant_schema(); },
     [](const Node& n, Resources& r) { r.reference_grants.push_back(decode_reference_grant(n)); }},
    {kExperimentalGroup,
     "XBackendTrafficPolicy",
     {"v1alpha1"},
     Channel::experimental,
     [](Channel) -> const Schema& { return backend_traffic_policy_schema(); },
     [](const Node& n, Resources& r) {
       r.backend_traffic_policies.push_back(decode_backend_traffic_policy(n));
     }},
    {"",
     "Service",
     {"v1"},
     Channel::standard,
     [](Channel) -> const Schema& { return service_schema(); },
     [](const Node& n, Resources& r) { r.services.push_back(decode_service(n)); }},
    {"",
     "Namespace",
     {"v1"},
     Channel::standard,
     [](Channel) -> const Schema& { return namespace_schema(); },
     [](const Node& n, Resources& r) { r.namespaces.push_back(decode_namespace(n)); }},
    {kIstioGroup,
     "VirtualService",
     {"v1", "v1beta1"},
     Channel::standard,
     [](Channel) -> const Schema& { return virtual_service_schema(); },
     [](const Node& n, Resources& r) { r.virtual_services.push_back(decode_virtual_service(n)); }},
    {kIstioGroup,
     "DestinationRule",
     {"v1", "v1beta1"},
     Channel::standard,
     [](Channel) -> const Schema& { return destination_rule_schema(); },
     [](const Node& n, Resources& r) {
       r.destination_rules.push_back(decode_destination_rule(n));
     }},
    {model::kgateway::kGroup,
     "TrafficPolicy",
     {"v1alpha1"},
     Channel::standard,
     [](Channel) -> const Schema& { return kgateway_traffic_policy_schema(); },
     [](const Node& n, Resources& r) {
       r.kgateway_traffic_policies.push_back(decode_kgateway_traffic_policy(n));
     }},
    {model::kgateway::kGroup,
     "BackendConfigPolicy",
     {"v1alpha1"},
     Channel::standard,
     [](Channel) -> const Schema& { return kgateway_backend_config_policy_schema(); },
     [](const Node& n, Resources& r) {
       r.kgateway_backend_config_policies.push_back(decode_kgateway_backend_config_policy(n));
     }},
    {model::kgateway::kGroup,
     "DirectResponse",
     {"v1alpha1"},
     Channel::standard,
     [](Channel) -> const Schema& { return kgateway_direct_response_schema(); },
     [](const Node& n, Resources& r) {
       r.kgateway_direct_responses.push_back(decode_kgateway_direct_response(n));
     }},
    {model::kgateway::kGroup,
     "Backend",
     {"v1alpha1"},
     Channel::standard,
     [](Channel) -> const Schema& { return kgateway_backend_schema(); },
     [](const Node& n, Resources& r) {
       r.kgateway_backends.push_back(decode_kgateway_backend(n));
     }},
}};

/// Kinds of the Gateway API that are not read.
constexpr std::array<std::string_view, 7> kOtherGatewayKinds{
    "TLSRoute", "TCPRoute", "UDPRoute", "BackendTLSPolicy", "ListenerSet", "XListenerSet", "XMesh"};

/// Groups of Kubernetes itself, whose kinds place workloads rather than requests.
constexpr std::array<std::string_view, 10> kWorkloadGroups{"",
                                                           "apps",
                                                           "batch",
                                                           "autoscaling",
                                                           "policy",
                                                           "rbac.authorization.k8s.io",
                                                           "storage.k8s.io",
                                                           "scheduling.k8s.io",
                                                           "apiextensions.k8s.io",
                                                           "admissionregistration.k8s.io"};

template <class Range>
bool among(const Range& values, std::string_view value) {
  return std::ranges::find(values, value) != std::ranges::end(values);
}

/// What a document calls itself.
struct Identity {
  std::string api_version;
  std::string group;
  std::string version;
  std::string kind;
  const Node* api_version_node = nullptr;
  const Node* kind_node = nullptr;
};

std::optional<Identity> identify(const Node& document, Diagnostics& diagnostics) {
  const auto fail = [&](const model::Place& place, std::string what, const std::string& got,
                        const std::string& expected) {
    diagnostics.push_back(mistake(place, "manifest-identity", std::move(what), got, expected));
  };
  if (document.kind != Node::Kind::mapping) {
    fail(document.place, "a manifest must be a mapping", manifest_description(document),
         "apiVersion, kind, metadata and spec");
    return std::nullopt;
  }
  Identity identity;
  identity.api_version_node = document.find("apiVersion");
  identity.kind_node = document.find("kind");
  const auto is_text = [](const Node* node) {
    return node && node->kind == Node::Kind::scalar && scalar_type(*node) == ScalarType::string &&
           !node->scalar.empty();
  };
  for (const auto& [name, node] :
       {std::pair("apiVersion", identity.api_version_node), std::pair("kind", identity.kind_node)})
    if (!is_text(node))
      fail(node ? node->place : document.place, fmt::format("{}: must be set", name),
           node ? manifest_description(*node) : "nothing", "a string");
  if (!is_text(identity.api_version_node) || !is_text(identity.kind_node)) return std::nullopt;
  identity.api_version = identity.api_version_node->scalar;
  identity.kind = identity.kind_node->scalar;
  const std::size_t slash = identity.api_version.find('/');
  if (slash != std::string::npos) identity.group = identity.api_version.substr(0, slash);
  identity.version = identity.api_version.substr(slash == std::string::npos ? 0 : slash + 1);
  return identity;
}

std::string api_version(const Kind& kind, std::string_view version) {
  return kind.group.empty() ? std::string(version) : fmt::format("{}/{}", kind.group, version);
}

std::string expected_versions(const Kind& kind) {
  std::string text = api_version(kind, kind.versions[0]);
  if (!kind.versions[1].empty()) text += " or " + api_version(kind, kind.versions[1]);
  return text;
}

/// Groups whose kinds a writer may mistake for each other: other groups (Istio, Linkerd, Knative)
/// have a Gateway, HTTPRoute or Service of their own.
bool is_gateway_group(std::string_view group) {
  return group.ends_with("networking.k8s.io") ? group != "networking.k8s.io"
                                              : group.ends_with("networking.x-k8s.io");
}

bool may_be_mistaken(const Identity& identity, const Kind& kind) {
  if (identity.group == kind.group) return true;
  if (kind.group.empty()) return identity.group == "core";
  return is_gateway_group(kind.group) &&
         (identity.group.empty() || is_gateway_group(identity.group));
}

/// A misspelt or misplaced kind; true if it was one.
bool report_wrong_kind(const Identity& identity, Diagnostics& diagnostics) {
  const auto fail = [&](const Node& at, std::string rule, std::string what, const std::string& got,
                        const std::string& expected, std::string hint = {}) {
    diagnostics.push_back(
        mistake(at.place, std::move(rule), std::move(what), got, expected, std::move(hint)));
    return true;
  };
  for (const Kind& kind : kKinds)
    if (identity.kind == kind.kind && may_be_mistaken(identity, kind))
      return fail(*identity.api_version_node, "manifest-api-version",
                  fmt::format("{} does not exist in this version of its API", kind.kind),
                  quoted_line(identity.api_version), expected_versions(kind));
  const bool in_gateway_group = is_gateway_group(identity.group);
  if (in_gateway_group && identity.kind == "BackendTrafficPolicy")
    return fail(*identity.kind_node, "manifest-kind",
                "the policy with the retry budget has another name", "BackendTrafficPolicy",
                "XBackendTrafficPolicy of gateway.networking.x-k8s.io/v1alpha1");
  if (among(kOtherGatewayKinds, identity.kind)) return false;
  std::vector<std::string> known;
  for (const Kind& kind : kKinds)
    if (in_gateway_group ? is_gateway_group(kind.group) : kind.group == identity.group)
      known.emplace_back(kind.kind);
  const std::string near = closest(identity.kind, known);
  return !near.empty() &&
         fail(*identity.kind_node, "manifest-kind",
              fmt::format("there is no such kind in {}", identity.api_version),
              quoted_line(identity.kind), near, fmt::format("did you mean \"{}\"?", near));
}

void keep_unknown(const Node& document, const Identity& identity, Resources& out,
                  Diagnostics& diagnostics) {
  const model::ObjectMeta meta = decode_meta(document, Scope::namespaced);
  const std::string name = fmt::format("{} {}", identity.kind, quoted_line(meta.name));
  if (among(kWorkloadGroups, identity.group))
    diagnostics.push_back({Severity::note,
                           identity.kind_node->place,
                           fmt::format("{} says nothing about requests and is read past", name),
                           "manifest-not-used",
                           {}});
  else
    diagnostics.push_back({Severity::warning,
                           identity.kind_node->place,
                           fmt::format("{} of {} is read past: what it asks for has no effect here",
                                       name, identity.api_version),
                           "manifest-unknown-kind",
                           {}});
  out.unknown.push_back({identity.api_version, identity.kind, meta});
}

/// The text of the mesh configuration where the document is the ConfigMap that istiod reads.
const Node* mesh_text(const Node& document, const Identity& identity) {
  if (identity.kind != "ConfigMap" || !identity.group.empty()) return nullptr;
  const Node& metadata = child_of(document, "metadata");
  if (text_of(metadata, "name") != "istio" || text_of(metadata, "namespace") != "istio-system")
    return nullptr;
  return child_of(document, "data").find("mesh");
}

/// An empty namespace is the same as none.
void drop_empty_namespace(Node& manifest) {
  if (Node* metadata = manifest.find("metadata"))
    std::erase_if(metadata->members, [](const Member& m) {
      return m.key == "namespace" && m.value.kind == Node::Kind::scalar && m.value.scalar.empty();
    });
}

/// Session persistence as version 1.6.1 of the API wrote it, in the form of today. An object that
/// mixes the two is left as it is.
void modernize_session(Node& rule) {
  Node* session = rule.find("sessionPersistence");
  if (!session || session->find("cookie") || session->find("header")) return;
  const Node* name = session->find("sessionName");
  const Node* config = session->find("cookieConfig");
  if (!name && !config) return;
  const Node* type = session->find("type");
  const bool header = type && type->scalar == "Header";
  Node target = config && config->kind == Node::Kind::mapping ? *config : object_node();
  if (!config) target.place = session->place;
  if (name) target.members.push_back({"name", name->place, *name});
  std::erase_if(session->members, [](const Member& m) {
    return m.key == "sessionName" || m.key == "cookieConfig" || m.key == "idleTimeout";
  });
  session->members.push_back({header ? "header" : "cookie", session->place, std::move(target)});
}

void modernize_route(Node& manifest) {
  Node* spec = manifest.find("spec");
  Node* rules = spec ? spec->find("rules") : nullptr;
  if (rules)
    for (Node& rule : rules->items) modernize_session(rule);
}

void decode_known(const Kind& kind, const Node& document, Channel channel, Resources& out,
                  Diagnostics& diagnostics) {
  if (kind.since == Channel::experimental && channel == Channel::standard) {
    diagnostics.push_back(mistake(
        document.find("kind")->place, "manifest-channel",
        fmt::format("{} is part of the experimental channel only", kind.kind), "channel standard",
        "experimental", "a cluster with the standard CRDs does not know the kind"));
    return;
  }
  Node manifest = document;
  drop_empty_namespace(manifest);
  if (kind.kind == "HTTPRoute") modernize_route(manifest);
  if (validate(kind.schema(channel), channel, manifest, diagnostics)) kind.decode(manifest, out);
}

void decode_list(const Node& document, Channel channel, Resources& out, Diagnostics& diagnostics) {
  const Node* items = document.find("items");
  if (!items || items->kind == Node::Kind::null) return;
  if (items->kind != Node::Kind::sequence) {
    diagnostics.push_back(mistake(items->place, "crd-type", "items: has the wrong type",
                                  manifest_description(*items), "a list"));
    return;
  }
  for (const Node& item : items->items) decode_manifest(item, channel, out, diagnostics);
}

}  // namespace
}  // namespace manifests

using namespace manifests;

void decode_mesh_config(const Node& config, Resources& out, Diagnostics& diagnostics) {
  Node checked = config;
  if (validate(mesh_config_schema(), Channel::experimental, checked, diagnostics))
    out.mesh_config = manifests::decode_mesh_config(checked);
}

namespace {

/// The text inside a ConfigMap is a document of its own; its places are the ConfigMap's.
void decode_mesh_text(const Node& text, Resources& out, Diagnostics& diagnostics) {
  auto documents = read_yaml(text.scalar, text.place.file ? *text.place.file : "");
  Diagnostics inner = documents.diagnostics();
  if (documents)
    for (const Node& document : *documents) scenarios::decode_mesh_config(document, out, inner);
  for (model::Diagnostic& d : inner) {
    d.place = text.place;
    diagnostics.push_back(std::move(d));
  }
}

}  // namespace

void decode_manifest(const Node& document, Channel channel, Resources& out,
                     Diagnostics& diagnostics) {
  const auto identity = identify(document, diagnostics);
  if (!identity) return;
  if (identity->kind == "List" && identity->api_version == "v1")
    return decode_list(document, channel, out, diagnostics);
  if (const Node* mesh = mesh_text(document, *identity))
    return decode_mesh_text(*mesh, out, diagnostics);
  for (const Kind& kind : kKinds)
    if (identity->kind == kind.kind && identity->group == kind.group &&
        among(kind.versions, identity->version))
      return decode_known(kind, document, channel, out, diagnostics);
  if (!report_wrong_kind(*identity, diagnostics))
    keep_unknown(document, *identity, out, diagnostics);
}

Diagnostics duplicate_manifests(const Resources& resources) {
  std::map<std::pair<std::string, std::string>, model::Place> seen;
  Diagnostics diagnostics;
  const auto add = [&](const std::string& kind, const model::ObjectMeta& meta) {
    const std::string name = meta.namespace_.empty() ? meta.name : meta.key();
    const auto [first, fresh] = seen.try_emplace({kind, name}, meta.place);
    if (!fresh)
      diagnostics.push_back(mistake(meta.place, "manifest-duplicate",
                                    fmt::format("{} {} is defined twice", kind, name),
                                    fmt::format("it at {} too", first->second.text()), "it once"));
  };
  for (const auto& route : resources.http_routes) add(route.kind, route.meta);
  for (const auto& gateway : resources.gateways) add("Gateway", gateway.meta);
  for (const auto& gateway_class : resources.gateway_classes)
    add("GatewayClass", gateway_class.meta);
  for (const auto& service : resources.services) add("Service", service.meta);
  for (const auto& space : resources.namespaces) add("Namespace", space.meta);
  for (const auto& grant : resources.reference_grants) add("ReferenceGrant", grant.meta);
  for (const auto& policy : resources.backend_traffic_policies)
    add("XBackendTrafficPolicy", policy.meta);
  for (const auto& service : resources.virtual_services) add("VirtualService", service.meta);
  for (const auto& rule : resources.destination_rules) add("DestinationRule", rule.meta);
  for (const auto& policy : resources.kgateway_traffic_policies) add("TrafficPolicy", policy.meta);
  for (const auto& policy : resources.kgateway_backend_config_policies)
    add("BackendConfigPolicy", policy.meta);
  for (const auto& response : resources.kgateway_direct_responses)
    add("DirectResponse", response.meta);
  for (const auto& backend : resources.kgateway_backends) add("Backend", backend.meta);
  return diagnostics;
}

}  // namespace spillway::scenarios
