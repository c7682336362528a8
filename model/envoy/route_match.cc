#include "model/envoy/route_match.h"

#include <algorithm>
#include <regex>
#include <string>

#include "model/gateway/match.h"
#include "model/gateway/regex.h"

namespace spillway::model::envoy {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// 0: no match; else the larger, the better.
std::size_t rank(std::string_view domain, std::string_view authority) {
  if (domain == authority) return 1'000'000;
  if (domain == "*") return 1;
  if (domain.starts_with('*'))
    return authority.size() > domain.size() - 1 && authority.ends_with(domain.substr(1))
               ? 10'000 + domain.size()
               : 0;
  if (!domain.ends_with('*')) return 0;
  domain.remove_suffix(1);
  return authority.size() > domain.size() && authority.starts_with(domain) ? 10 + domain.size() : 0;
}

const VirtualHost* best_host(const RouteConfiguration& config, std::string_view authority) {
  const VirtualHost* best = nullptr;
  std::size_t best_rank = 0;
  for (const VirtualHost& host : config.virtual_hosts)
    for (const std::string& domain : host.domains)
      if (const std::size_t r = rank(lower(domain), authority); r > best_rank) {
        best = &host;
        best_rank = r;
      }
  return best;
}

bool matches_text(const StringMatcher& matcher, std::string_view given) {
  const std::string value = matcher.ignore_case ? lower(given) : std::string(given);
  const std::string wanted = matcher.ignore_case ? lower(matcher.value) : matcher.value;
  switch (matcher.kind) {
    case StringMatcher::Kind::exact:
      return value == wanted;
    case StringMatcher::Kind::prefix:
      return value.starts_with(wanted);
    case StringMatcher::Kind::suffix:
      return value.ends_with(wanted);
    case StringMatcher::Kind::contains:
      return value.find(wanted) != std::string::npos;
    case StringMatcher::Kind::safe_regex: {
      const auto regex = Regex::compile(matcher.value);
      return regex && regex->matches_whole(given);
    }
    case StringMatcher::Kind::present:
      return true;
  }
  return false;
}

bool matches_value(const HeaderMatcher& matcher, const std::string* value) {
  return (value && matches_text(matcher.match, *value)) != matcher.match.invert;
}

const std::string* header_of(const Request& request, std::string_view name) {
  if (name == ":method") return &request.method;
  if (name == ":authority") return &request.host;
  if (name == ":path") return &request.path;
  return find_header(request, name);
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) == name)
      return std::string(equals == pair.npos ? "" : pair.substr(equals + 1));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return std::nullopt;
}

bool matches_path(const RouteMatch& match, std::string_view target) {
  const std::string_view path = split_path(target).path;
  if (match.kind == RouteMatch::Kind::safe_regex) {
    const auto regex = Regex::compile(match.value);
    return regex && regex->matches_whole(path);
  }
  const std::string given = match.case_sensitive ? std::string(path) : lower(path);
  const std::string wanted = match.case_sensitive ? match.value : lower(match.value);
  if (match.kind == RouteMatch::Kind::path || given == wanted) return given == wanted;
  if (!given.starts_with(wanted)) return false;
  return match.kind == RouteMatch::Kind::prefix || given[wanted.size()] == '/';
}

bool matches(const RouteMatch& match, const Request& request) {
  if (!matches_path(match, request.path)) return false;
  for (const HeaderMatcher& header : match.headers)
    if (!matches_value(header, header_of(request, header.name))) return false;
  const std::string_view query = split_path(request.path).query;
  return std::ranges::all_of(match.query_parameters, [&](const HeaderMatcher& parameter) {
    const auto value = query_parameter(query, parameter.name);
    return matches_value(parameter, value ? &*value : nullptr);
  });
}

/// RE2's \1 as the \1 of std::regex. A path that cannot be rewritten stays.
std::string regex_rewritten(const std::string& path, const RegexRewrite& rewrite) {
  std::string format;
  for (std::size_t i = 0; i < rewrite.substitution.size(); ++i) {
    const char c = rewrite.substitution[i];
    if (c == '\\' && i + 1 < rewrite.substitution.size())
      format += rewrite.substitution[i + 1] == '\\' ? "\\" : "$";
    else
      format += c == '$' ? "$$" : std::string(1, c);
    if (c == '\\' && rewrite.substitution[i + 1] == '\\') ++i;
  }
  try {
    return std::regex_replace(path, std::regex(rewrite.regex), format);
  } catch (const std::regex_error&) {
    return path;
  }
}

std::string rewritten_path(const Request& request, const Route& route) {
  const PathAndQuery target = split_path(request.path);
  const RouteAction& action = *route.route;
  std::string path(target.path);
  if (!action.prefix_rewrite.empty()) {
    const bool whole = route.match.kind == RouteMatch::Kind::safe_regex;
    path.replace(0, whole ? path.size() : std::min(route.match.value.size(), path.size()),
                 action.prefix_rewrite);
  } else if (action.regex_rewrite) {
    path = regex_rewritten(path, *action.regex_rewrite);
  }
  if (target.has_query) path.append("?").append(target.query);
  return path;
}

void mutate(Request& request, const HeaderMutations& headers) {
  using Append = HeaderValueOption::AppendAction;
  const auto same_name = [](const std::string& name) {
    return [wanted = lower(name)](const Header& h) { return lower(h.name) == wanted; };
  };
  for (const std::string& name : headers.request_headers_to_remove)
    std::erase_if(request.headers, same_name(name));
  for (const HeaderValueOption& add : headers.request_headers_to_add) {
    const std::string name = lower(add.key);
    if (name == "host" || name == ":authority") {
      request.host = add.value;
      continue;
    }
    const auto there = std::ranges::find_if(request.headers, same_name(add.key));
    if (there == request.headers.end())
      request.headers.push_back({add.key, add.value});
    else if (add.append_action == Append::append_if_exists_or_add)
      there->value += "," + add.value;
    else if (add.append_action == Append::overwrite_if_exists_or_add)
      there->value = add.value;
  }
}

}  // namespace

const VirtualHost* find_virtual_host(const RouteConfiguration& config, std::string_view authority) {
  const std::string name = lower(authority);
  if (const VirtualHost* host = best_host(config, name);
      host && std::ranges::find(host->domains, "*") == host->domains.end())
    return host;
  return best_host(config, std::string_view(name).substr(0, name.rfind(':')));
}

const Route* find_route(const VirtualHost& host, const Request& request) {
  const auto found = std::ranges::find_if(
      host.routes, [&](const Route& route) { return matches(route.match, request); });
  return found == host.routes.end() ? nullptr : &*found;
}

Request rewritten(const Request& request, const Route& route, const WeightedCluster* cluster) {
  Request result = request;
  result.path = rewritten_path(request, route);
  if (!route.route->host_rewrite_literal.empty()) result.host = route.route->host_rewrite_literal;
  if (cluster) mutate(result, cluster->headers);
  mutate(result, route.headers);
  return result;
}

HashSource hash_source(const std::vector<HashPolicy>& policies, const Request& request) {
  HashSource source;
  for (const HashPolicy& policy : policies) {
    if (policy.kind == HashPolicy::Kind::source_ip) source.source_ip = true;
    if (policy.kind == HashPolicy::Kind::header && source.text.empty())
      if (const std::string* value = find_header(request, policy.name)) source.text = *value;
    if (policy.terminal && (source.source_ip || !source.text.empty())) break;
  }
  return source;
}

}  // namespace spillway::model::envoy
