#include "model/profiles/istio/names.h"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::model::istio {
namespace {

/// "*.suffix" as ".suffix", "*" as "".
std::string_view suffix_of(std::string_view wildcard) { return wildcard.substr(1); }

bool starts_with_no_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

Protocol named_protocol(std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (lower == "http" || lower == "http_proxy") return Protocol::http;
  if (lower == "http2") return Protocol::http2;
  if (lower == "grpc") return Protocol::grpc;
  if (lower == "udp") return Protocol::udp;
  for (const std::string_view tcp : {"tcp", "https", "tls", "mongo", "redis", "mysql", "hbone"})
    if (lower == tcp) return Protocol::tcp;
  return Protocol::sniffed;
}

}  // namespace

std::string service_host(std::string_view ns, std::string_view name) {
  return fmt::format("{}.{}.{}", name, ns, kDomain);
}

std::string service_key(std::string_view host) {
  const std::size_t dot = host.find('.');
  const std::string domain = fmt::format(".{}", kDomain);
  if (dot == host.npos || !host.ends_with(domain) || host.size() <= dot + domain.size()) return "";
  const std::string_view ns = host.substr(dot + 1, host.size() - domain.size() - dot - 1);
  return fmt::format("{}/{}", ns, host.substr(0, dot));
}

std::string resolve_host(std::string_view host, std::string_view ns) {
  const bool is_short = !host.empty() && host.find('.') == host.npos && host.find('*') == host.npos;
  return is_short ? service_host(ns, host) : std::string(host);
}

bool is_wildcard_host(std::string_view host) { return host.starts_with('*'); }

bool hosts_overlap(std::string_view a, std::string_view b) {
  if (is_wildcard_host(a) && is_wildcard_host(b))
    return a.size() < b.size() ? b.ends_with(suffix_of(a)) : a.ends_with(suffix_of(b));
  if (is_wildcard_host(a)) return b.ends_with(suffix_of(a));
  if (is_wildcard_host(b)) return a.ends_with(suffix_of(b));
  return a == b;
}

bool is_subset_host(std::string_view a, std::string_view b) {
  if (is_wildcard_host(a) && is_wildcard_host(b))
    return a.size() >= b.size() && a.ends_with(suffix_of(b));
  if (is_wildcard_host(a)) return false;
  return is_wildcard_host(b) ? a.ends_with(suffix_of(b)) : a == b;
}

Protocol port_protocol(const ServicePort& port) {
  if (port.protocol == "UDP") return Protocol::udp;
  const std::string& app = port.app_protocol;
  if (app == "kubernetes.io/h2c") return Protocol::http2;
  if (app == "kubernetes.io/ws") return Protocol::http;
  if (app == "kubernetes.io/wss") return Protocol::tcp;
  const std::string_view name = app.empty() ? port.name : app;
  if (starts_with_no_case(name, "grpc-web")) return Protocol::grpc;
  const Protocol protocol = named_protocol(name.substr(0, name.find('-')));
  const bool server_first =
      port.port == 25 || port.port == 53 || port.port == 3306 || port.port == 27017;
  return protocol == Protocol::sniffed && server_first ? Protocol::tcp : protocol;
}

std::string cluster_name(std::string_view direction, int port, std::string_view subset,
                         std::string_view host) {
  return fmt::format("{}|{}|{}|{}", direction, port, subset, host);
}

}  // namespace spillway::model::istio
