#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "scenarios/manifests/access.h"
#include "scenarios/manifests/kube_scalar.h"
#include "scenarios/manifests/rules.h"

namespace spillway::scenarios::manifests {
namespace {

bool protocol_in(const Node& listener, std::initializer_list<std::string_view> protocols) {
  return std::ranges::find(protocols, text_of(listener, "protocol")) != protocols.end();
}

std::string name_of(const Node& listener) { return quoted_line(text_of(listener, "name")); }

Violations tls_forbidden(const Node& listeners) {
  Violations found;
  for (const Node& l : listeners.items)
    if (protocol_in(l, {"HTTP", "TCP", "UDP"}) && has(l, "tls"))
      found.push_back({place_of(l, "tls"),
                       clause(fmt::format("listener {} of protocol {} must not have tls",
                                          name_of(l), text_of(l, "protocol")),
                              "tls", "none"),
                       {}});
  return found;
}

Violations https_terminates(const Node& listeners) {
  Violations found;
  for (const Node& l : listeners.items) {
    const std::string_view mode = text_of(child_of(l, "tls"), "mode");
    if (protocol_in(l, {"HTTPS"}) && !mode.empty() && mode != "Terminate")
      found.push_back(
          {place_of(child_of(l, "tls"), "mode"),
           clause(fmt::format("listener {} of protocol HTTPS must terminate TLS", name_of(l)), mode,
                  "Terminate"),
           {}});
  }
  return found;
}

Violations tls_mode(const Node& listeners) {
  Violations found;
  for (const Node& l : listeners.items)
    if (protocol_in(l, {"TLS"}) && !has(l, "tls"))
      found.push_back({l.place,
                       clause(fmt::format("listener {} of protocol TLS must have tls", name_of(l)),
                              "none", "tls with a mode"),
                       {}});
  return found;
}

Violations hostname_forbidden(const Node& listeners) {
  Violations found;
  for (const Node& l : listeners.items)
    if (protocol_in(l, {"TCP", "UDP"}) && has(l, "hostname"))
      found.push_back({place_of(l, "hostname"),
                       clause(fmt::format("listener {} of protocol {} must not have a hostname",
                                          name_of(l), text_of(l, "protocol")),
                              quoted_line(text_of(l, "hostname")), "none"),
                       {}});
  return found;
}

bool same_endpoint(const Node& a, const Node& b) {
  return std::ranges::all_of(std::array{"port", "protocol", "hostname"},
                             [&](const char* key) { return text_of(a, key) == text_of(b, key); });
}

Violations endpoint_unique(const Node& listeners) {
  Violations found;
  for (std::size_t j = 1; j < listeners.items.size(); ++j)
    for (std::size_t i = 0; i < j; ++i) {
      const Node& a = listeners.items[i];
      const Node& b = listeners.items[j];
      if (!same_endpoint(a, b)) continue;
      found.push_back({b.place,
                       clause(fmt::format("listener {} repeats port, protocol and hostname of {}",
                                          name_of(b), name_of(a)),
                              fmt::format("{} {} {}", text_of(b, "port"), text_of(b, "protocol"),
                                          quoted_line(text_of(b, "hostname"))),
                              "a difference in one"),
                       {}});
      break;
    }
  return found;
}

Violations certificate(const Node& tls) {
  if (text_of(tls, "mode") != "Terminate" || !items_of(tls, "certificateRefs").empty() ||
      !child_of(tls, "options").members.empty())
    return {};
  return {{{},
           clause("mode Terminate needs a certificate", "no certificateRefs and no options",
                  "one of them"),
           {}}};
}

Violations addresses_unique(const Node& addresses, std::string_view type) {
  Violations found;
  for (std::size_t j = 1; j < addresses.items.size(); ++j)
    for (std::size_t i = 0; i < j; ++i) {
      const Node& a = addresses.items[i];
      const Node& b = addresses.items[j];
      if (text_of(a, "type") != type || text_of(b, "type") != type || !has(a, "value") ||
          !has(b, "value") || text_of(a, "value") != text_of(b, "value"))
        continue;
      found.push_back(
          {b.place,
           clause(fmt::format("repeats the {} {}", type, quoted_line(text_of(b, "value"))),
                  fmt::format("it at [{}] and [{}]", i, j), "each value once"),
           {}});
      break;
    }
  return found;
}

Violations ip_unique(const Node& addresses) { return addresses_unique(addresses, "IPAddress"); }
Violations hostname_unique(const Node& addresses) {
  return addresses_unique(addresses, "Hostname");
}

Violations hostname_value(const Node& address) {
  if (text_of(address, "type") != "Hostname" || !has(address, "value") ||
      kHostname.matches(text_of(address, "value")))
    return {};
  return {{address.find("value")->place,
           clause(fmt::format("value must be {}", kHostname.what),
                  quoted_line(text_of(address, "value")), kHostname.regex),
           {}}};
}

Violations ip_value(const Node& address) {
  const std::string value(text_of(address, "value"));
  unsigned char bytes[sizeof(in6_addr)];
  if (text_of(address, "type") != "IPAddress" || !has(address, "value") ||
      inet_pton(AF_INET, value.c_str(), bytes) == 1 ||
      inet_pton(AF_INET6, value.c_str(), bytes) == 1)
    return {};
  return {{address.find("value")->place,
           clause("value must be an IP address", quoted_line(value), "an IPv4 or IPv6 address"),
           {}}};
}

Violations key_form(const Node& map) {
  Violations found;
  for (const Member& m : map.members)
    if (!kQualifiedName.matches(m.key))
      found.push_back({m.key_place,
                       clause(fmt::format("each key must be {}", kQualifiedName.what),
                              quoted_line(m.key), kQualifiedName.regex),
                       {}});
  return found;
}

/// Looks at what stands before the first slash: the whole key where there is none.
Violations key_prefix(const Node& map) {
  constexpr std::size_t kTooLong = 253;
  Violations found;
  for (const Member& m : map.members) {
    const std::size_t size = std::min(m.key.find('/'), m.key.size());
    if (size >= kTooLong)
      found.push_back({m.key_place,
                       clause(fmt::format("the prefix of key {} is too long", quoted_line(m.key)),
                              fmt::format("{} characters", size), "252 or fewer"),
                       {}});
  }
  return found;
}

}  // namespace

Rules listeners_rules() {
  return {{"listener-tls-forbidden", tls_forbidden},
          {"listener-https-terminates", https_terminates},
          {"listener-tls-mode", tls_mode},
          {"listener-hostname-forbidden", hostname_forbidden},
          {"listener-unique", endpoint_unique}};
}

Rules listener_tls_rules() { return {{"tls-certificate", certificate}}; }

Rules addresses_rules() {
  return {{"address-ip-unique", ip_unique}, {"address-hostname-unique", hostname_unique}};
}

Rules address_rules() { return {{"address-hostname", hostname_value}, {"address-ip", ip_value}}; }

Rules metadata_key_rules() {
  return {{"metadata-key", key_form}, {"metadata-key-prefix", key_prefix}};
}

}  // namespace spillway::scenarios::manifests
