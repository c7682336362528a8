// Single filters and fields of HTTPRoute rules as kgateway applies them to an Envoy route. Internal
// to the profile. Pure functions.
#pragma once

#include "model/envoy/route_config.h"
#include "model/profiles/kgateway/options.h"
#include "model/profiles/kgateway/policies.h"
#include "model/resources/gateway_api.h"

namespace spillway::model::kgateway {

/// Of a backendRef: of two filters of one kind the later counts.
void set_headers(const HttpRouteFilter& filter, envoy::HeaderMutations& headers);
/// Of a rule: all count.
void append_filter_headers(const HttpRouteFilter& filter, envoy::HeaderMutations& headers);

envoy::RedirectAction redirect_action(const RequestRedirectFilter& redirect, int listener_port);

/// `overrides`: what the route has already gives way.
void apply_rewrite(const UrlRewriteFilter& rewrite, bool overrides, envoy::Route& route);
void apply_timeouts(const HttpRouteRule& rule, bool retries, bool overrides, const Options& options,
                    envoy::RouteAction& action);
envoy::RetryPolicy route_retry_policy(const HttpRouteRule& rule, const Options& options);
envoy::StatefulSession stateful_session(const SessionPersistence& session, const Options& options);

/// Timeouts and retry of policies where the route has none.
void apply_defaults(const TrafficSettings& settings, envoy::Route& route);

}  // namespace spillway::model::kgateway
