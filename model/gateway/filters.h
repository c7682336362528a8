// What single filters of a rule do to a request, as the Gateway API specification words them. Pure
// functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/gateway/options.h"
#include "model/resources/gateway_api.h"
#include "model/spec/request.h"

namespace spillway::model {

/// Set, then add (appended after a comma where the header is there), then remove. "Host" is the
/// host of the request, which cannot be removed.
void modify_headers(Request& request, const HeaderModifier& modifier);

/// The path of `target` (`/path?query`) changed; the query stays. A prefix is replaced only where
/// `match` is the PathPrefix that matched (the API demands it), else the path stays.
std::string modify_path(std::string_view target, const PathModifier& modifier,
                        const HttpPathMatch& match);

void rewrite(Request& request, const UrlRewriteFilter& filter, const HttpPathMatch& match);

/// Where a request came in: what a redirect keeps where it does not say otherwise.
struct Entry {
  std::string_view scheme = "http";
  int port = 80;  ///< of the listener, or of the Service
};

/// The Location header. The port is the redirect's; else the well-known one of its scheme; else the
/// entry's. It is not written where it is the well-known one of the scheme. A request without a
/// host is redirected to a path alone.
std::string redirect_location(const Request& request, const RequestRedirectFilter& filter,
                              const HttpPathMatch& match, const Entry& entry);

/// OPTIONS with Origin and Access-Control-Request-Method.
bool is_cors_preflight(const Request& request);
/// Whether one of the allowed origins ("*", scheme://host[:port], a "*" at the left of the host)
/// stands for `origin`. Ports default to 80 and 443.
bool cors_allows_origin(const CorsFilter& filter, std::string_view origin);
/// Why a browser will not send the request after this preflight, as a clause; empty where it will.
/// GET, HEAD and POST need no permission.
std::string cors_refusal(const CorsFilter& filter, const Request& preflight);

}  // namespace spillway::model
