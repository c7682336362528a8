// Sources of load.
#include <algorithm>

#include "scenarios/basic_types.h"
#include "scenarios/object.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using namespace model;

Type<Traffic> destination() {
  return Object<Traffic>("to",
                         "Where the requests of a source go: a service, or in through a "
                         "Gateway.")
      .one(
          "service", service_reference(), [](Traffic& t, ServiceRef s) { t.to = std::move(s); },
          "A service, from within the cluster; the namespace is `default` unless given.")
      .one(
          "gateway", service_reference(),
          [](Traffic& t, ServiceRef g) {
            auto* target = std::get_if<GatewayTarget>(&t.to);
            t.to = GatewayTarget{std::move(g), target != nullptr ? target->host : std::string()};
          },
          "A Gateway, as `name.namespace` with the port of a listener if it has several.")
      .custom(
          "host", hostname(),
          [](Traffic& t, std::string host) {
            auto* target = std::get_if<GatewayTarget>(&t.to);
            if (target == nullptr) target = &t.to.emplace<GatewayTarget>();
            target->host = std::move(host);
          },
          "Host header of the requests.", "that of the request")
      .needs("host", "gateway");
}

Type<Traffic> origin() {
  return Object<Traffic>("from", "Where the clients run.")
      .optional("namespace", &Traffic::from_namespace, label(),
                "Their namespace, which decides which routes apply to them.")
      .optional("meshed", &Traffic::meshed, boolean(), "Whether they are in the mesh.");
}

void fill_namespace(Traffic& traffic) {
  auto* gateway = std::get_if<GatewayTarget>(&traffic.to);
  ServiceRef& to = gateway != nullptr ? gateway->gateway : std::get<ServiceRef>(traffic.to);
  if (to.namespace_.empty()) to.namespace_ = "default";
}

bool check_traffic(Traffic& traffic, const Node& node, const Path& path, Decoding& decoding) {
  fill_namespace(traffic);
  if (const Node* requests = node.find("requests")) {
    const auto zero = [](const WeightedRequest& r) { return r.weight == 0; };
    if (std::ranges::all_of(traffic.requests, zero))
      return complain(*requests, path / "requests", decoding, "out-of-range",
                      "the weights add up to nothing", "a weight above zero");
  }
  const auto* gateway = std::get_if<GatewayTarget>(&traffic.to);
  if (gateway == nullptr || !gateway->host.empty()) return true;
  const auto no_host = [](const WeightedRequest& r) { return r.request.host.empty(); };
  if (std::ranges::none_of(traffic.requests, no_host)) return true;
  return complain(*node.find("to"), path / "to", decoding, "missing-field",
                  "requests through a Gateway need a host", "host");
}

}  // namespace

const Type<Traffic>& traffic() {
  static const Type<Traffic> type =
      Object<Traffic>("traffic", "A source of load.")
          .required("name", &Traffic::name, name(), "Its name in every output.")
          .part("to", destination(), "Where the requests go.")
          .mandatory()
          .part("from", origin(), "Where the clients run.")
          .custom(
              "request", request(),
              [](Traffic& t, Request r) {
                t.requests = {{std::move(r), 1}};
              },
              "What is sent.", "GET /")
          .optional("requests", &Traffic::requests, weighted_requests(),
                    "In place of `request`: a list of requests with weights.", "none")
          .at_most_one({"request", "requests"})
          .required("arrivals", &Traffic::arrivals, arrivals(), "When requests arrive.")
          .optional("instances", &Traffic::instances, whole<std::uint32_t>(1, 100'000),
                    "Client pods, each with its own proxy and budgets; the load is dealt out "
                    "evenly.")
          .optional("client", &Traffic::client, client_policy(),
                    "Policy inside the application of the caller.", "one try without timeout")
          .place(&Traffic::place)
          .check(check_traffic);
  return type;
}

}  // namespace spillway::scenarios
