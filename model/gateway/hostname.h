// Hostnames of the Gateway API: exact names, "*.suffix" wildcards, and "" for every host. Pure
// functions over lower-case names (what the API's schema demands); any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spillway::model {

/// A Host header as hostnames compare with it: lower case, without a port.
std::string normalize_host(std::string_view host_header);

bool is_wildcard(std::string_view hostname);

/// Whether `host` (normalized) is one of those that `hostname` stands for. A wildcard stands for
/// one or more labels, never for none.
bool host_matches(std::string_view hostname, std::string_view host);

/// The more specific of the two where one contains the other; absent where they have no host in
/// common.
std::optional<std::string_view> intersect_hostnames(std::string_view a, std::string_view b);

/// How specific a hostname is, for a host that it matches: first the characters of an exact name,
/// then those of any name (HTTPRouteSpec.hostnames). Greater is more specific.
struct HostRank {
  std::size_t exact_characters = 0;
  std::size_t characters = 0;
  auto operator<=>(const HostRank&) const = default;
};
HostRank host_rank(std::string_view hostname);

}  // namespace spillway::model
