#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/route.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::ordered_json;

// Headers of one name are one value, joined as RFC 9110 section 5.3 does.
Json headers_json(const std::vector<model::Header>& headers) {
  Json json = Json::object();
  for (const model::Header& header : headers) {
    Json& value = json[header.name];
    value = value.is_null() ? header.value : value.get<std::string>() + ", " + header.value;
  }
  return json;
}

Json request_json(const model::Request& request) {
  return {{"method", request.method},
          {"host", request.host},
          {"path", request.path},
          {"headers", headers_json(request.headers)}};
}

Json backend_json(const model::RoutedBackend& backend, const model::Request& rule_request) {
  Json json{{"service", backend.service},
            {"port", backend.port},
            {"weight", backend.weight},
            {"share", backend.share}};
  if (backend.reply) {
    json["status"] = backend.reply->status;
    json["reason"] = backend.reply->reason;
    if (!backend.reply->location.empty()) json["location"] = backend.reply->location;
  }
  if (!(backend.request == rule_request)) json["request"] = request_json(backend.request);
  return json;
}

void add_mirrors(Json& names, const std::vector<model::RoutedMirror>& mirrors) {
  for (const model::RoutedMirror& mirror : mirrors) names.push_back(mirror.service);
}

// What reaches the backends: as the only backend sees it, else as the filters of the rule leave it.
const model::Request& seen_request(const model::Routed& routed) {
  return routed.backends.size() == 1 ? routed.backends.front().request : routed.request;
}

}  // namespace

void write_route_json(std::ostream& out, const model::Routed& routed) {
  const model::Request& seen = seen_request(routed);
  Json backends = Json::array();
  for (const model::RoutedBackend& backend : routed.backends)
    backends.push_back(backend_json(backend, seen));
  Json mirrors = Json::array();
  add_mirrors(mirrors, routed.mirrors);
  for (const model::RoutedBackend& backend : routed.backends) add_mirrors(mirrors, backend.mirrors);
  Json depends = Json::array();
  for (const model::RoutingOption option : routed.depends_on)
    depends.push_back(model::option_name(option));

  const Json null = nullptr;
  Json json{{"status", routed.status},
            {"route", routed.route ? Json(routed.route->meta.key()) : null},
            {"rule", routed.rule < 0 ? null : Json(routed.rule)},
            {"match", routed.match < 0 ? null : Json(routed.match)},
            {"backends", backends},
            {"request", request_json(seen)},
            {"mirrors", mirrors}};
  if (!routed.location.empty()) json["location"] = routed.location;
  json["reason"] = routed.reason;
  if (routed.external_auth) json["externalAuth"] = routed.external_auth->service;
  json["dependsOn"] = depends;
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace spillway::reports
