#include "model/profiles/istio/http_routes.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/profiles/istio/names.h"

namespace spillway::model::istio {
namespace {

using Kind = StringMatch::Kind;

std::string without_trailing_slash(std::string path) {
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

StringMatch value_match(const ValueMatch& match) {
  return {match.type == ValueMatchType::exact ? Kind::exact : Kind::regex, match.value};
}

HttpMatchRequest convert_match(const HttpRouteMatch& match, bool grpc) {
  HttpMatchRequest converted;
  switch (match.path.type) {
    case PathMatchType::exact:
      converted.uri = {Kind::exact, match.path.value};
      break;
    case PathMatchType::path_prefix:
      converted.uri = {Kind::prefix, without_trailing_slash(match.path.value)};
      break;
    case PathMatchType::regular_expression:
      converted.uri = {Kind::regex, match.path.value};
      break;
  }
  for (const ValueMatch& header : match.headers)
    converted.headers.insert_or_assign(header.name, value_match(header));
  for (const ValueMatch& query : match.query_params)
    converted.query_params.insert_or_assign(query.name, value_match(query));
  if (!grpc && !match.method.empty()) converted.method = {Kind::exact, match.method};
  return converted;
}

std::map<std::string, std::string> header_map(const std::vector<HttpHeader>& headers) {
  std::map<std::string, std::string> map;
  for (const HttpHeader& header : headers) {
    std::string name = header.name;
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    map.emplace(std::move(name), header.value);
  }
  return map;
}

HeaderOperations header_operations(const HeaderModifier& modifier) {
  return {header_map(modifier.set), header_map(modifier.add), modifier.remove};
}

/// A backend that is not there keeps its share; an error that `stops` leaves nothing of the route.
struct Resolved {
  Destination destination;
  std::optional<ConfigError> error;
  bool stops = false;
};

class Converter {
 public:
  Converter(const model::HttpRoute& route, bool mesh, const ResourceIndex& index,
            const Behavior& behavior)
      : route_(route), mesh_(mesh), index_(index), behavior_(behavior) {}

  ConvertedRoute convert() {
    ConvertedRoute result;
    for (std::size_t rule = 0; rule < route_.rules.size(); ++rule)
      for (const HttpRouteMatch& match : route_.rules[rule].matches) {
        error_.reset();
        auto converted = convert_rule(route_.rules[rule], rule, match);
        if (!converted) return {{}, error_};
        if (error_) result.error = error_;
        result.routes.push_back(std::move(*converted));
      }
    return result;
  }

 private:
  bool grpc() const { return route_.kind == "GRPCRoute"; }

  std::optional<HttpRoute> convert_rule(const HttpRouteRule& rule, std::size_t position,
                                        const HttpRouteMatch& match) {
    HttpRoute converted;
    converted.name = rule.name.empty() ? fmt::format("{}.{}.{}", route_.meta.namespace_,
                                                     route_.meta.name, position)
                                       : rule.name;
    converted.origin = fmt::format("{}#{}", route_.meta.key(), position);
    converted.place = rule.place;
    converted.match.push_back(convert_match(match, grpc()));
    std::optional<ConfigError> mirror_error;
    for (const HttpRouteFilter& filter : rule.filters)
      if (!convert_filter(filter, converted, mirror_error)) return std::nullopt;
    convert_retry(rule, converted);
    convert_timeouts(rule, converted);
    if (!convert_backends(rule, converted)) return std::nullopt;
    join(mirror_error);
    return converted;
  }

  void join(const std::optional<ConfigError>& more) {
    if (!more) return;
    if (error_)
      error_->message += "; " + more->message;
    else
      error_ = more;
  }

  bool convert_filter(const HttpRouteFilter& filter, HttpRoute& to,
                      std::optional<ConfigError>& mirror_error) {
    if (const auto* request = std::get_if<RequestHeaderModifierFilter>(&filter.filter)) {
      headers_of(to).request = header_operations(*request);
    } else if (const auto* response = std::get_if<ResponseHeaderModifierFilter>(&filter.filter)) {
      headers_of(to).response = header_operations(*response);
    } else if (const auto* redirect = std::get_if<RequestRedirectFilter>(&filter.filter)) {
      to.redirect = convert_redirect(*redirect);
    } else if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter)) {
      return convert_mirror(*mirror, to, mirror_error);
    } else if (const auto* rewrite = std::get_if<UrlRewriteFilter>(&filter.filter)) {
      to.rewrite = convert_rewrite(*rewrite);
    } else if (const auto* cors = std::get_if<CorsFilter>(&filter.filter)) {
      to.cors_policy = convert_cors(*cors);
    } else {
      const bool extension = std::holds_alternative<ExtensionRefFilter>(filter.filter);
      return unsupported(extension ? "ExtensionRef" : "ExternalAuth");
    }
    return true;
  }

  bool unsupported(std::string_view type) {
    error_ = {"InvalidFilter", fmt::format("unsupported filter type \"{}\"", type)};
    return false;
  }

  template <class Owner>
  static Headers& headers_of(Owner& owner) {
    if (!owner.headers) owner.headers.emplace();
    return *owner.headers;
  }

  static HttpRedirect convert_redirect(const RequestRedirectFilter& filter) {
    HttpRedirect redirect;
    redirect.redirect_code = filter.status_code;
    redirect.authority = filter.hostname.value_or("");
    redirect.scheme = filter.scheme.value_or("");
    redirect.port = filter.port;
    redirect.port_from_request = !filter.port && !filter.scheme;
    if (filter.path)
      redirect.uri = filter.path->type == PathModifier::Type::replace_full_path
                         ? filter.path->value
                         : "%PREFIX()%" + filter.path->value;
    return redirect;
  }

  bool convert_mirror(const RequestMirrorFilter& filter, HttpRoute& to,
                      std::optional<ConfigError>& mirror_error) {
    const Resolved resolved = resolve(filter.backend_ref);
    if (resolved.error) {
      mirror_error = resolved.error;
      if (grpc()) error_ = resolved.error;
      return !grpc();
    }
    std::optional<double> percentage;
    if (filter.fraction)
      percentage = 100.0 * static_cast<double>(filter.fraction->numerator) /
                   static_cast<double>(filter.fraction->denominator);
    else if (filter.percent)
      percentage = *filter.percent;
    to.mirrors.push_back({resolved.destination, percentage, false});
    return true;
  }

  static std::optional<HttpRewrite> convert_rewrite(const UrlRewriteFilter& filter) {
    HttpRewrite rewrite;
    rewrite.authority = filter.hostname.value_or("");
    if (filter.path && filter.path->type == PathModifier::Type::replace_full_path) {
      rewrite.regex_match = "/.*";
      rewrite.regex_rewrite = filter.path->value;
    } else if (filter.path) {
      rewrite.uri = without_trailing_slash(filter.path->value);
      if (rewrite.uri.empty()) rewrite.uri = "/";
    }
    const bool nothing =
        rewrite.uri.empty() && rewrite.regex_match.empty() && rewrite.authority.empty();
    return nothing ? std::nullopt : std::optional(rewrite);
  }

  static CorsPolicy convert_cors(const CorsFilter& filter) {
    CorsPolicy cors;
    for (const std::string& origin : filter.allow_origins)
      cors.allow_origins.push_back({Kind::exact, origin});
    cors.allow_methods = filter.allow_methods;
    cors.allow_headers = filter.allow_headers;
    cors.expose_headers = filter.expose_headers;
    if (filter.allow_credentials) cors.allow_credentials = true;
    if (filter.max_age > 0) cors.max_age = sim::Duration{filter.max_age * 1'000'000'000LL};
    return cors;
  }

  static void convert_retry(const HttpRouteRule& rule, HttpRoute& to) {
    if (!rule.retry) return;
    HttpRetry retries;
    retries.attempts = rule.retry->attempts.value_or(2);
    retries.retry_on = "connect-failure,refused-stream,unavailable,cancelled";
    for (const int code : rule.retry->codes) retries.retry_on += fmt::format(",{}", code);
    retries.backoff = rule.retry->backoff;
    to.retries = std::move(retries);
  }

  /// A zero means nothing. backendRequest is a try's timeout only beside `retry`; without, it is
  /// the whole request's.
  static void convert_timeouts(const HttpRouteRule& rule, HttpRoute& to) {
    if (!rule.timeouts) return;
    const auto& [request, backend] =
        std::pair(rule.timeouts->request, rule.timeouts->backend_request);
    if (request && request->ns != 0) to.timeout = request;
    if (!backend || backend->ns == 0) return;
    if (to.retries)
      to.retries->per_try_timeout = backend;
    else
      to.timeout = backend;
  }

  bool convert_backends(const HttpRouteRule& rule, HttpRoute& to) {
    std::vector<const HttpBackendRef*> weighted;
    for (const HttpBackendRef& backend : rule.backend_refs)
      if (backend.weight != 0) weighted.push_back(&backend);
    if (weighted.empty()) {
      if (!to.redirect)
        to.direct_response = {rule.backend_refs.empty() ? behavior_.no_backend_refs_status : 500,
                              ""};
      return true;
    }
    for (const HttpBackendRef* backend : weighted) {
      Resolved resolved = resolve(backend->ref);
      if (resolved.error) error_ = resolved.error;
      if (resolved.stops) return false;
      HttpRouteDestination& destination = to.route.emplace_back();
      destination.destination = std::move(resolved.destination);
      destination.weight = weighted.size() == 1 ? 0 : backend->weight;
      if (!convert_backend_filters(*backend, destination)) return false;
    }
    return true;
  }

  bool convert_backend_filters(const HttpBackendRef& backend, HttpRouteDestination& to) {
    for (const HttpRouteFilter& filter : backend.filters) {
      if (const auto* request = std::get_if<RequestHeaderModifierFilter>(&filter.filter))
        headers_of(to).request = header_operations(*request);
      else if (const auto* response = std::get_if<ResponseHeaderModifierFilter>(&filter.filter))
        headers_of(to).response = header_operations(*response);
      else
        return unsupported(filter_type(filter));
    }
    return true;
  }

  static std::string_view filter_type(const HttpRouteFilter& filter) {
    constexpr std::string_view kTypes[] = {"RequestHeaderModifier",
                                           "ResponseHeaderModifier",
                                           "RequestMirror",
                                           "RequestRedirect",
                                           "URLRewrite",
                                           "CORS",
                                           "ExternalAuth",
                                           "ExtensionRef"};
    return kTypes[filter.filter.index()];
  }

  Resolved resolve(const BackendObjectReference& ref) const {
    const auto stop = [](std::string message) {
      return Resolved{{}, ConfigError{"InvalidDestination", std::move(message)}, true};
    };
    if (!mesh_ && ref.namespace_ != route_.meta.namespace_ &&
        !index_.granted(route_.kind, route_.meta.namespace_, ref))
      return {
          {},
          ConfigError{"RefNotPermitted",
                      fmt::format("backendRef {}/{} not accessible to a {} in namespace \"{}\" "
                                  "(missing a ReferenceGrant?)",
                                  ref.name, ref.namespace_, route_.kind, route_.meta.namespace_)}};
    const bool imported = ref.group == "multicluster.x-k8s.io" && ref.kind == "ServiceImport";
    if (ref.group == "networking.istio.io" && ref.kind == "Hostname") return by_hostname(ref);
    if (!imported && (!ref.group.empty() || ref.kind != "Service"))
      return {
          {},
          ConfigError{"InvalidKind",
                      fmt::format("referencing unsupported backendRef: group \"{}\" kind \"{}\"",
                                  ref.group, ref.kind)}};
    if (ref.name.find('.') != std::string::npos)
      return stop("service name invalid; the name of the Service must be used, not the hostname.");
    if (!ref.port) return stop("port is required in backendRef");
    const std::string host = service_host(ref.namespace_, ref.name);
    Resolved resolved{{host, "", ref.port}, {}, false};
    if (!index_.service(ref.namespace_ + "/" + ref.name))
      resolved.error = {"BackendNotFound", fmt::format("backend({}) not found", host)};
    return resolved;
  }

  /// A host name in place of an object; only those of Services are known.
  Resolved by_hostname(const BackendObjectReference& ref) const {
    Resolved resolved{{ref.name, "", ref.port}, {}, !ref.port};
    if (!ref.port)
      resolved.error = {"InvalidDestination", "port is required in backendRef"};
    else if (!index_.service(service_key(ref.name)))
      resolved.error = {"BackendNotFound", fmt::format("backend({}) not found", ref.name)};
    return resolved;
  }

  const model::HttpRoute& route_;
  bool mesh_;
  const ResourceIndex& index_;
  const Behavior& behavior_;
  std::optional<ConfigError> error_;
};

int uri_rank(const HttpMatchRequest& match) {
  if (!match.uri) return -1;
  switch (match.uri->kind) {
    case Kind::exact:
      return 3;
    case Kind::prefix:
      return 2;
    case Kind::regex:
      return 1;
    case Kind::present:
      break;
  }
  return -1;
}

bool precedes(const HttpRoute& a, const HttpRoute& b) {
  if (a.match.empty() || b.match.empty()) return !a.match.empty();
  const HttpMatchRequest& m = a.match[0];
  const HttpMatchRequest& n = b.match[0];
  if (uri_rank(m) != uri_rank(n)) return uri_rank(m) > uri_rank(n);
  const std::size_t length = m.uri ? m.uri->value.size() : 0;
  const std::size_t other = n.uri ? n.uri->value.size() : 0;
  if (length != other) return length > other;
  if (m.method.has_value() != n.method.has_value()) return m.method.has_value();
  if (m.headers.size() != n.headers.size()) return m.headers.size() > n.headers.size();
  return m.query_params.size() > n.query_params.size();
}

}  // namespace

ConvertedRoute convert(const model::HttpRoute& route, bool mesh, const ResourceIndex& index,
                       const Behavior& behavior) {
  return Converter(route, mesh, index, behavior).convert();
}

void sort_by_precedence(std::vector<HttpRoute>& routes) {
  std::ranges::stable_sort(routes, precedes);
}

}  // namespace spillway::model::istio
