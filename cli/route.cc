#include "cli/route.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <iostream>

#include "cli/session.h"
#include "model/gateway/routing.h"
#include "model/resources/declared_services.h"
#include "reports/route.h"
#include "scenarios/load.h"
#include "scenarios/suggest.h"

namespace spillway::cli {
namespace {

using model::Resources;

// NAME[:PORT]; the port is checked when the flag is read.
std::pair<std::string, std::optional<int>> split_port(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return {text, std::nullopt};
  int port = 0;
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  return {text.substr(0, colon), port};
}

// "name.ns" -> "ns/name"; the namespace of a bare name is "default".
std::string service_key(const std::string& scope) {
  const auto dot = scope.find('.');
  if (dot == std::string::npos) return "default/" + scope;
  return scope.substr(dot + 1) + "/" + scope.substr(0, dot);
}

template <class Object>
std::vector<std::string> keys(const std::vector<Object>& objects) {
  std::vector<std::string> names;
  for (const Object& object : objects) names.push_back(object.meta.key());
  return names;
}

std::string unknown(std::string_view kind, const std::string& name,
                    const std::vector<std::string>& known) {
  std::string text = fmt::format("no {} {} in these files", kind, name);
  const std::string hint = scenarios::did_you_mean(name, known);
  if (!hint.empty()) return text + "; " + hint;
  return known.empty() ? text : fmt::format("{} (there is {})", text, scenarios::one_of(known));
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// Manifests of the files, and of the scenarios among them with a Service for every simulated one.
Resources merged(scenarios::LoadedFiles files) {
  Resources all = std::move(files.resources);
  const auto add = [](auto& to, auto& from) {
    for (auto& object : from) to.push_back(std::move(object));
  };
  for (model::Spec& spec : files.scenarios) {
    model::declare_services(spec);
    Resources& r = spec.resources;
    add(all.http_routes, r.http_routes);
    add(all.gateways, r.gateways);
    add(all.gateway_classes, r.gateway_classes);
    add(all.services, r.services);
    add(all.namespaces, r.namespaces);
    add(all.reference_grants, r.reference_grants);
    add(all.backend_traffic_policies, r.backend_traffic_policies);
  }
  return all;
}

struct Question {
  std::string scheme;
  model::Request request;
};

std::optional<std::string> ask_gateway(const RouteOptions& options, const Question& question,
                                       const model::RoutingTable& table, model::Routed& answer) {
  const auto known = keys(table.resources().gateways);
  auto [name, port] = split_port(options.gateway);
  if (name.empty() && known.size() == 1) name = known.front();
  if (name.empty())
    return known.empty() ? "these files hold no Gateway: name a Service with --service"
                         : fmt::format(
                               "these files hold several Gateways: name one with "
                               "--gateway ({})",
                               scenarios::one_of(known));
  if (!contains(known, name)) return unknown("Gateway", name, known);
  answer = table.route_gateway(name, port, question.scheme, question.request);
  return std::nullopt;
}

std::optional<std::string> ask_service(const RouteOptions& options, const Question& question,
                                       const model::RoutingTable& table, model::Routed& answer) {
  auto [scope, port] = split_port(options.service);
  const std::string key = service_key(scope);
  const auto& services = table.resources().services;
  const auto found =
      std::ranges::find_if(services, [&](const auto& s) { return s.meta.key() == key; });
  if (found == services.end() && !table.options().assume_services_exist)
    return unknown("Service", key, keys(services));
  if (!port) {
    if (found != services.end() && found->ports.size() > 1)
      return fmt::format("Service {} has several ports: name one with --service {}:PORT", key,
                         scope);
    port = found != services.end() && !found->ports.empty() ? found->ports.front().port : 80;
  }
  const std::string from =
      options.from_namespace.empty() ? key.substr(0, key.find('/')) : options.from_namespace;
  answer = table.route_service(key, *port, from, false, question.request);
  return std::nullopt;
}

Question question_of(const RouteOptions& options) {
  const Url url = *parse_url(options.url);
  Question question{url.scheme,
                    {.method = options.method, .host = url.host, .path = url.path, .headers = {}}};
  for (const std::string& header : options.headers)
    question.request.headers.push_back(*parse_header(header));
  return question;
}

}  // namespace

ExitCode route(const RouteOptions& options, Session& session) {
  scenarios::LoadOptions load;
  if (!options.channel.empty())
    load.channel =
        options.channel == "standard" ? model::Channel::standard : model::Channel::experimental;
  auto loaded = scenarios::load_files({options.files.begin(), options.files.end()}, load);
  report(session, loaded.diagnostics());
  if (!loaded || model::has_errors(loaded.diagnostics())) return kWrongInput;
  const Resources resources = merged(*std::move(loaded));
  model::RoutingOptions routing;
  routing.assume_services_exist = options.assume_services.value_or(resources.services.empty());
  if (routing.assume_services_exist && !options.assume_services)
    say(session, "no file holds a Service: references to Services are taken as valid");
  const model::RoutingTable table(resources, routing);
  const Question question = question_of(options);
  model::Routed answer;
  const auto problem = options.service.empty() ? ask_gateway(options, question, table, answer)
                                               : ask_service(options, question, table, answer);
  if (problem) {
    report_error(session, *problem);
    return kWrongInput;
  }
  if (options.format == "json")
    reports::write_route_json(std::cout, answer);
  else
    reports::write_route_text(std::cout, answer);
  return kDone;
}

}  // namespace spillway::cli
