#include "model/gateway/filters.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/gateway/hostname.h"
#include "model/gateway/match.h"
#include "model/gateway/text.h"

namespace spillway::model {
namespace {

bool is_host(std::string_view name) { return equal_ignoring_case(name, "host"); }

void set_header(Request& request, const HttpHeader& header) {
  if (is_host(header.name)) {
    request.host = header.value;
    return;
  }
  const auto same = [&](const Header& h) { return equal_ignoring_case(h.name, header.name); };
  const auto first = std::ranges::find_if(request.headers, same);
  if (first == request.headers.end()) {
    request.headers.push_back({header.name, header.value});
    return;
  }
  first->value = header.value;
  request.headers.erase(std::remove_if(first + 1, request.headers.end(), same),
                        request.headers.end());
}

void add_header(Request& request, const HttpHeader& header) {
  const auto found = std::ranges::find_if(
      request.headers, [&](const Header& h) { return equal_ignoring_case(h.name, header.name); });
  if (is_host(header.name) || found == request.headers.end())
    set_header(request, header);
  else
    found->value += "," + header.value;
}

/// What is left of `path` behind `prefix`: empty, or from a "/" on.
std::string_view behind_prefix(std::string_view path, std::string_view prefix) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  return path.substr(std::min(prefix.size(), path.size()));
}

std::string replace_prefix(std::string_view path, std::string_view prefix,
                           std::string_view replacement) {
  if (replacement.ends_with('/')) replacement.remove_suffix(1);
  std::string result(replacement);
  result += behind_prefix(path, prefix);
  return result.empty() ? "/" : result;
}

std::optional<int> well_known_port(std::string_view scheme) {
  if (scheme == "http") return 80;
  if (scheme == "https") return 443;
  return std::nullopt;
}

}  // namespace

void modify_headers(Request& request, const HeaderModifier& modifier) {
  for (const HttpHeader& header : modifier.set) set_header(request, header);
  for (const HttpHeader& header : modifier.add) add_header(request, header);
  for (const std::string& name : modifier.remove)
    std::erase_if(request.headers,
                  [&](const Header& h) { return equal_ignoring_case(h.name, name); });
}

std::string modify_path(std::string_view target, const PathModifier& modifier,
                        const HttpPathMatch& match) {
  const PathAndQuery parts = split_path(target);
  std::string path(parts.path);
  if (modifier.type == PathModifier::Type::replace_full_path)
    path = modifier.value.empty() ? "/" : modifier.value;
  else if (match.type == PathMatchType::path_prefix)
    path = replace_prefix(parts.path, match.value, modifier.value);
  if (parts.has_query) path.append("?").append(parts.query);
  return path;
}

void rewrite(Request& request, const UrlRewriteFilter& filter, const HttpPathMatch& match) {
  if (filter.hostname) request.host = *filter.hostname;
  if (filter.path) request.path = modify_path(request.path, *filter.path, match);
}

std::string redirect_location(const Request& request, const RequestRedirectFilter& filter,
                              const HttpPathMatch& match, const Entry& entry) {
  const std::string path =
      filter.path ? modify_path(request.path, *filter.path, match) : request.path;
  const std::string host = filter.hostname ? *filter.hostname : normalize_host(request.host);
  if (host.empty()) return path;
  const std::string scheme = filter.scheme ? *filter.scheme : std::string(entry.scheme);
  const auto scheme_port = well_known_port(scheme);
  const int port =
      filter.port ? *filter.port : (filter.scheme ? scheme_port.value_or(entry.port) : entry.port);
  if (scheme_port == port) return fmt::format("{}://{}{}", scheme, host, path);
  return fmt::format("{}://{}:{}{}", scheme, host, port, path);
}

bool is_cors_preflight(const Request& request) {
  return request.method == "OPTIONS" && find_header(request, "origin") &&
         find_header(request, "access-control-request-method");
}

namespace {

struct Origin {
  std::string_view scheme;
  std::string_view host;
  std::string_view port;
};

std::optional<Origin> parse_origin(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Origin origin{text.substr(0, colon), text.substr(colon + 3), ""};
  if (const auto port = origin.host.rfind(':');
      port != std::string_view::npos && !origin.host.ends_with(']')) {
    origin.port = origin.host.substr(port + 1);
    origin.host = origin.host.substr(0, port);
  } else if (equal_ignoring_case(origin.scheme, "http")) {
    origin.port = "80";
  } else if (equal_ignoring_case(origin.scheme, "https")) {
    origin.port = "443";
  }
  return origin;
}

bool origin_matches(std::string_view allowed, std::string_view origin) {
  if (allowed == "*") return true;
  const auto pattern = parse_origin(allowed);
  const auto actual = parse_origin(origin);
  if (!pattern || !actual) return equal_ignoring_case(allowed, origin);
  if (!equal_ignoring_case(pattern->scheme, actual->scheme) || pattern->port != actual->port)
    return false;
  if (!pattern->host.starts_with('*')) return equal_ignoring_case(pattern->host, actual->host);
  const std::string_view suffix = pattern->host.substr(1);
  return actual->host.size() > suffix.size() &&
         equal_ignoring_case(actual->host.substr(actual->host.size() - suffix.size()), suffix);
}

bool lists(const std::vector<std::string>& names, std::string_view name, bool ignoring_case) {
  return std::ranges::any_of(names, [&](const std::string& n) {
    return n == "*" || (ignoring_case ? equal_ignoring_case(n, name) : n == name);
  });
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// The first name of a comma-separated list that is not allowed; empty where all are.
std::string_view refused_header(const CorsFilter& filter, std::string_view names) {
  while (!names.empty()) {
    const auto comma = std::min(names.find(','), names.size());
    const std::string_view name = trim(names.substr(0, comma));
    if (!name.empty() && !lists(filter.allow_headers, name, true)) return name;
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return {};
}

}  // namespace

bool cors_allows_origin(const CorsFilter& filter, std::string_view origin) {
  return std::ranges::any_of(filter.allow_origins, [&](const std::string& allowed) {
    return origin_matches(allowed, origin);
  });
}

std::string cors_refusal(const CorsFilter& filter, const Request& preflight) {
  const std::string* origin = find_header(preflight, "origin");
  if (!origin || !cors_allows_origin(filter, *origin))
    return fmt::format("the origin {} is not allowed", origin ? *origin : "");
  const std::string* method = find_header(preflight, "access-control-request-method");
  const bool safe = method && (*method == "GET" || *method == "HEAD" || *method == "POST");
  if (!safe && !lists(filter.allow_methods, method ? *method : "", false))
    return fmt::format("the method {} is not allowed", method ? *method : "");
  const std::string* headers = find_header(preflight, "access-control-request-headers");
  const std::string_view refused = headers ? refused_header(filter, *headers) : std::string_view();
  return refused.empty() ? "" : fmt::format("the header {} is not allowed", refused);
}

}  // namespace spillway::model
