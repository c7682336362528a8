#include "model/gateway/hostname.h"

#include "model/gateway/text.h"

namespace spillway::model {

std::string normalize_host(std::string_view host) {
  const std::size_t bracket = host.starts_with('[') ? host.find(']') : 0;
  if (bracket != std::string_view::npos) {
    const std::size_t colon = host.find(':', bracket);
    host = host.substr(0, colon);
  }
  return to_lower(host);
}

bool is_wildcard(std::string_view hostname) { return hostname.starts_with("*."); }

bool host_matches(std::string_view hostname, std::string_view host) {
  if (hostname.empty()) return true;
  if (!is_wildcard(hostname)) return hostname == host;
  const std::string_view suffix = hostname.substr(1);
  return host.size() > suffix.size() && host.ends_with(suffix);
}

namespace {

/// Whether every host of `narrow` is one of `wide`.
bool contains(std::string_view wide, std::string_view narrow) {
  if (wide.empty() || wide == narrow) return true;
  if (!is_wildcard(wide) || narrow.empty()) return false;
  return host_matches(wide, is_wildcard(narrow) ? narrow.substr(1) : narrow);
}

}  // namespace

std::optional<std::string_view> intersect_hostnames(std::string_view a, std::string_view b) {
  if (contains(a, b)) return b;
  if (contains(b, a)) return a;
  return std::nullopt;
}

HostRank host_rank(std::string_view hostname) {
  return {is_wildcard(hostname) ? 0 : hostname.size(), hostname.size()};
}

}  // namespace spillway::model
