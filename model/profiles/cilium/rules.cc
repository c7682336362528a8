#include "model/profiles/cilium/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace spillway::model::cilium {
namespace {

using envoy::HeaderMutations;
using envoy::HeaderValueOption;

bool is_service(const BackendObjectReference& ref) {
  return ref.group.empty() && ref.kind == "Service";
}

/// Headers are added first, then set.
std::vector<HeaderValueOption> options_of(const HeaderModifier& modifier) {
  using Action = HeaderValueOption::AppendAction;
  std::vector<HeaderValueOption> options;
  for (const HttpHeader& h : modifier.add)
    options.push_back({h.name, h.value, Action::append_if_exists_or_add});
  for (const HttpHeader& h : modifier.set)
    options.push_back({h.name, h.value, Action::overwrite_if_exists_or_add});
  return options;
}

/// Of two filters of one kind the later counts.
void read_headers(const HttpRouteFilter& filter, HeaderMutations& headers) {
  if (const auto* request = std::get_if<RequestHeaderModifierFilter>(&filter.filter)) {
    headers.request_headers_to_add = options_of(*request);
    headers.request_headers_to_remove = request->remove;
  } else if (const auto* response = std::get_if<ResponseHeaderModifierFilter>(&filter.filter)) {
    headers.response_headers_to_add = options_of(*response);
    headers.response_headers_to_remove = response->remove;
  }
}

bool changes_headers(const HttpRouteFilter& filter) {
  return std::holds_alternative<RequestHeaderModifierFilter>(filter.filter) ||
         std::holds_alternative<ResponseHeaderModifierFilter>(filter.filter);
}

/// The share of a mirror in whole percent, rounded down.
std::uint32_t mirrored_percent(const RequestMirrorFilter& mirror) {
  if (mirror.percent) return static_cast<std::uint32_t>(*mirror.percent);
  if (mirror.fraction)
    return static_cast<std::uint32_t>(mirror.fraction->numerator * 100 /
                                      mirror.fraction->denominator);
  return 100;
}

class RuleReader {
 public:
  RuleReader(const HttpRoute& route, const ResourceIndex& index) : route_(route), index_(index) {}

  void read(const HttpRouteRule& rule, RuleMatch& to) const {
    for (const HttpBackendRef& ref : rule.backend_refs) read_backend(ref, to);
    for (const HttpRouteFilter& filter : rule.filters) read_filter(filter, to);
  }

 private:
  const KubeService* service_of(const BackendObjectReference& ref) const {
    return reference_allowed(index_, route_, ref) ? index_.service(ref.namespace_ + "/" + ref.name)
                                                  : nullptr;
  }

  void read_backend(const HttpBackendRef& ref, RuleMatch& to) const {
    if (!is_service(ref.ref) || !ref.ref.port || !service_of(ref.ref)) return;
    to.backends.push_back({ref.ref.namespace_, ref.ref.name, *ref.ref.port, ref.weight});
    for (const HttpRouteFilter& filter : ref.filters)
      if (changes_headers(filter)) {
        BackendHeaders& entry = to.backend_headers.emplace_back();
        entry.cluster = to.backends.back().cluster();
        read_headers(filter, entry.headers);
      }
  }

  void read_filter(const HttpRouteFilter& filter, RuleMatch& to) const {
    read_headers(filter, to.headers);
    if (const auto* redirect = std::get_if<RequestRedirectFilter>(&filter.filter))
      to.redirect = redirect;
    else if (const auto* rewrite = std::get_if<UrlRewriteFilter>(&filter.filter))
      to.rewrite = rewrite;
    else if (const auto* cors = std::get_if<CorsFilter>(&filter.filter))
      to.cors = cors;
    else if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter))
      read_mirror(*mirror, to);
  }

  void read_mirror(const RequestMirrorFilter& mirror, RuleMatch& to) const {
    const BackendObjectReference& ref = mirror.backend_ref;
    if (!service_of(ref)) return;
    to.mirrors.push_back({ref.namespace_, ref.name, ref.port.value_or(0), 1});
    to.mirror_policies.push_back(
        {to.mirrors.back().cluster(), envoy::FractionalPercent{mirrored_percent(mirror), 100}});
  }

  const HttpRoute& route_;
  const ResourceIndex& index_;
};

std::string value_key(const ValueMatch& match) {
  return match.name + ":" + (match.type == ValueMatchType::exact ? "exact:" : "regex:") +
         match.value;
}

/// What makes two matches the same one: the order of headers and parameters does not count, the
/// spelling of everything does.
std::string match_key(const RuleMatch& entry) {
  const HttpRouteMatch& match = *entry.match;
  std::string key =
      match.method + "|" + std::to_string(static_cast<int>(match.path.type)) + match.path.value;
  for (const auto* values : {&match.headers, &match.query_params}) {
    std::multiset<std::string> keys;
    for (const ValueMatch& value : *values) keys.insert(value_key(value));
    key += '|';
    for (const std::string& one : keys) key += '\n' + one;
  }
  if (entry.redirect && entry.redirect->scheme) key += "|redirect";
  return key;
}

/// Rules of this route with equal matches get keys of their own.
void keep_equal_rules_apart(std::vector<RuleMatch>& entries) {
  std::map<std::string, std::set<int>> rules;
  for (const RuleMatch& entry : entries) rules[entry.key].insert(entry.rule);
  for (RuleMatch& entry : entries)
    if (rules[entry.key].size() > 1)
      entry.key += fmt::format("|{}#{}", entry.route->meta.key(), entry.rule);
}

}  // namespace

void ingest_rules(const HttpRoute& route, const std::vector<std::string>& hostnames, int port,
                  const ResourceIndex& index, const Options& options, std::vector<RuleMatch>& to) {
  std::vector<RuleMatch> entries;
  for (std::size_t i = 0; i < route.rules.size(); ++i) {
    RuleMatch entry;
    entry.route = &route;
    entry.rule = static_cast<int>(i);
    entry.hostnames = hostnames;
    entry.listener_port = port;
    RuleReader(route, index).read(route.rules[i], entry);
    for (const HttpRouteMatch& match : route.rules[i].matches) {
      entry.match = &match;
      entry.key = match_key(entry);
      entries.push_back(entry);
    }
  }
  if (options.equal_rules_stay_apart) keep_equal_rules_apart(entries);
  to.insert(to.end(), std::make_move_iterator(entries.begin()),
            std::make_move_iterator(entries.end()));
}

}  // namespace spillway::model::cilium
