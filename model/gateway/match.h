// Whether a request satisfies a match of a rule, and which of several matches takes precedence
// (HTTPRouteMatch, HTTPRouteRule in the Gateway API specification). Pure functions; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/gateway/hostname.h"
#include "model/gateway/options.h"
#include "model/gateway/regex.h"
#include "model/resources/gateway_api.h"
#include "model/spec/request.h"

namespace spillway::model {

/// The regular expressions of all routes, compiled once. One that is not valid matches nothing.
class RegexCache {
 public:
  void add(const std::string& pattern);
  /// Requires: the pattern was added.
  bool matches(const std::string& pattern, std::string_view text) const;

 private:
  std::map<std::string, std::optional<Regex>> compiled_;
};

/// `/path?query` split at the first "?"; `query` without it.
struct PathAndQuery {
  std::string_view path;
  std::string_view query;
  bool has_query = false;
};
PathAndQuery split_path(std::string_view target);

/// Element-wise, with the trailing "/" of `prefix` ignored: "/abc" and "/abc/" match "/abc",
/// "/abc/", "/abc/d", not "/abcd". `path` without query.
bool has_path_prefix(std::string_view path, std::string_view prefix);

/// The first header of that name (in any case), or null. "host" is the Host of the request.
const std::string* find_header(const Request& request, std::string_view name);

/// All conditions of `match`. Queries compare as written on the wire (no percent-decoding); of a
/// repeated parameter or header, the first entry counts, in the request as in the match.
bool matches(const HttpRouteMatch& match, const Request& request, const RegexCache& regexes);

/// One match of one rule of a route, and the hostnames under which it matched ("" outside
/// Gateways): `host` of the route intersected with the listener's, `own_host` as the route has it.
struct Candidate {
  const HttpRoute* route = nullptr;
  int rule = -1;
  int match = -1;
  int listener = -1;
  std::string_view host;
  std::string_view own_host;

  const HttpRouteRule& rule_of() const { return route->rules[static_cast<std::size_t>(rule)]; }
  const HttpRouteMatch& match_of() const {
    return rule_of().matches[static_cast<std::size_t>(match)];
  }
};

/// How precedence is read where the specification leaves it open.
struct PrecedenceOptions {
  RegexPrecedence regex = RegexPrecedence::before_prefix;
  bool count_trailing_slash = false;
  bool inherit_listener_hostname = true;
  bool reverse_names = false;  ///< Z to A between routes of unknown age: to see whether it matters
};

/// Whether `a` takes precedence over `b`: a strict weak order. Hostname first; then Exact path,
/// longest PathPrefix, method, most headers, most query parameters, oldest route, namespace/name,
/// first in the list.
bool takes_precedence(const Candidate& a, const Candidate& b, const PrecedenceOptions& options);

/// Whether `a` is older: by creationTimestamp (objects without one were never applied and are
/// newer than all others), then by namespace/name.
bool is_older(const ObjectMeta& a, const ObjectMeta& b);

}  // namespace spillway::model
