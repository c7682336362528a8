#include "model/gateway/serve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace spillway::model {
namespace {

constexpr int kInternalServerError = 500;

std::string service_key(const BackendObjectReference& ref) {
  return ref.namespace_ + "/" + ref.name;
}

/// Runs a list of filters over a request, in order, until one replies.
class FilterRun {
 public:
  FilterRun(const ServeContext& context, const Candidate& chosen, Request original,
            std::vector<RoutingOption>& depends_on)
      : request(std::move(original)),
        context_(context),
        chosen_(chosen),
        path_(chosen.match_of().path),
        depends_on_(depends_on) {}

  void run(const std::vector<HttpRouteFilter>& filters) {
    for (const HttpRouteFilter& filter : filters) {
      std::visit([this](const auto& f) { apply(f); }, filter.filter);
      if (reply) return;
    }
  }

  Request request;
  std::vector<RoutedMirror> mirrors;
  std::optional<RoutedAuth> auth;
  std::optional<ProxyReply> reply;

 private:
  void apply(const RequestHeaderModifierFilter& f) { modify_headers(request, f); }
  void apply(const ResponseHeaderModifierFilter&) {}
  void apply(const UrlRewriteFilter& f) { rewrite(request, f, path_); }

  void apply(const RequestRedirectFilter& f) {
    reply = ProxyReply{f.status_code, redirect_location(request, f, path_, context_.entry),
                       "a RequestRedirect filter replies"};
  }

  void apply(const RequestMirrorFilter& f) {
    if (find(f.backend_ref).fault == BackendFault::none)
      mirrors.push_back(
          {service_key(f.backend_ref), f.backend_ref.port.value_or(0), f.share(), request});
  }

  void apply(const CorsFilter& f) {
    if (!is_cors_preflight(request)) return;
    const std::string refusal = cors_refusal(f, request);
    const bool denied = refusal.starts_with("the origin");
    note(depends_on_,
         denied ? RoutingOption::cors_denied_status : RoutingOption::cors_preflight_status);
    reply = ProxyReply{
        denied ? context_.options.cors_denied_status : context_.options.cors_preflight_status, "",
        refusal.empty() ? "a CORS filter replies to the preflight"
                        : fmt::format("a CORS filter replies to the preflight: {}", refusal)};
  }

  void apply(const ExternalAuthFilter& f) {
    const Resolution found = find(f.backend_ref);
    if (found.fault == BackendFault::none) {
      auth = {service_key(f.backend_ref), f.backend_ref.port.value_or(0), f.protocol};
      return;
    }
    note(depends_on_, RoutingOption::external_auth_fault_status);
    reply = ProxyReply{context_.options.external_auth_fault_status, "",
                       fmt::format("an ExternalAuth filter fails closed: {}", found.message)};
  }

  void apply(const ExtensionRefFilter& f) {
    const std::string kind = f.group + "/" + f.kind;
    if (std::ranges::find(context_.options.extension_kinds, kind) !=
        context_.options.extension_kinds.end())
      return;
    note(depends_on_, RoutingOption::extension_ref_status);
    reply = ProxyReply{context_.options.extension_ref_status, "",
                       fmt::format("ExtensionRef {} {} cannot be resolved", kind, f.name)};
  }

  Resolution find(const BackendObjectReference& ref) {
    Resolution found =
        resolve(context_.index, context_.options, *chosen_.route, ref, context_.mesh);
    for (const RoutingOption option : found.depends_on) note(depends_on_, option);
    return found;
  }

  const ServeContext& context_;
  const Candidate& chosen_;
  const HttpPathMatch& path_;
  std::vector<RoutingOption>& depends_on_;
};

void set_reply(Routed& routed, ProxyReply reply) {
  routed.by_proxy = true;
  routed.status = reply.status;
  routed.location = std::move(reply.location);
  routed.reason += ": " + reply.reason;
}

RoutedBackend serve_backend(const ServeContext& context, const Candidate& chosen,
                            const HttpBackendRef& backend, double share, Routed& routed) {
  const Resolution found =
      resolve(context.index, context.options, *chosen.route, backend.ref, context.mesh);
  for (const RoutingOption option : found.depends_on) note(routed.depends_on, option);
  RoutedBackend result{service_key(backend.ref),
                       backend.ref.port.value_or(0),
                       backend.weight,
                       share,
                       found.fault,
                       routed.request,
                       std::nullopt,
                       {}};
  if (found.fault != BackendFault::none) {
    result.reply = ProxyReply{kInternalServerError, "", found.message};
    return result;
  }
  FilterRun filters(context, chosen, routed.request, routed.depends_on);
  filters.run(backend.filters);
  result.request = std::move(filters.request);
  result.reply = std::move(filters.reply);
  result.mirrors = std::move(filters.mirrors);
  return result;
}

/// Where every share is a reply of the proxy with one status, so is the whole.
void sum_up(Routed& routed) {
  const ProxyReply* first = nullptr;
  for (const RoutedBackend& backend : routed.backends) {
    if (backend.share == 0) continue;
    if (!backend.reply || (first && (first->status != backend.reply->status ||
                                     first->location != backend.reply->location)))
      return;
    if (!first) first = &*backend.reply;
  }
  if (first) set_reply(routed, *first);
}

void serve_backends(const ServeContext& context, const Candidate& chosen, Routed& routed) {
  const std::vector<HttpBackendRef>& backends = chosen.rule_of().backend_refs;
  if (backends.empty())
    return set_reply(routed, {kInternalServerError, "", "it has no backendRefs"});
  std::int64_t sum = 0;
  for (const HttpBackendRef& backend : backends) sum += backend.weight;
  for (const HttpBackendRef& backend : backends) {
    const double share = sum > 0 ? backend.weight / static_cast<double>(sum) : 0;
    routed.backends.push_back(serve_backend(context, chosen, backend, share, routed));
  }
  if (sum > 0) return sum_up(routed);
  note(routed.depends_on, RoutingOption::all_zero_weight_status);
  set_reply(routed,
            {context.options.all_zero_weight_status, "", "the weights of its backends sum to 0"});
}

}  // namespace

void note(std::vector<RoutingOption>& options, RoutingOption option) {
  const auto at = std::ranges::lower_bound(options, option);
  if (at == options.end() || *at != option) options.insert(at, option);
}

Routed serve(const ServeContext& context, const Candidate& chosen, const Request& request) {
  Routed routed;
  routed.route = chosen.route;
  routed.rule = chosen.rule;
  routed.match = chosen.match;
  routed.reason = fmt::format("rule {} of {} {} serves the request", chosen.rule,
                              chosen.route->kind, chosen.route->meta.key());
  FilterRun filters(context, chosen, request, routed.depends_on);
  filters.run(chosen.rule_of().filters);
  routed.request = std::move(filters.request);
  routed.external_auth = std::move(filters.auth);
  if (filters.reply) {
    set_reply(routed, std::move(*filters.reply));
    return routed;
  }
  routed.mirrors = std::move(filters.mirrors);
  serve_backends(context, chosen, routed);
  return routed;
}

}  // namespace spillway::model
