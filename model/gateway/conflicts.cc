#include "model/gateway/conflicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/gateway/hostname.h"
#include "model/gateway/match.h"

namespace spillway::model {
namespace {

using Role = Attachment::Role;
using Section = Attachment::Section;

/// One section of one attachment.
struct Claim {
  Attachment* attachment;
  std::size_t section;

  const Section& get() const { return attachment->sections[section]; }
  const HttpRoute& route() const { return *attachment->route; }
};

bool hosts_intersect(const Section& a, const Section& b) {
  return std::ranges::any_of(a.hosts, [&](const Attachment::Host& x) {
    return std::ranges::any_of(b.hosts, [&](const Attachment::Host& y) {
      return intersect_hostnames(x.effective, y.effective).has_value();
    });
  });
}

/// Sections to take away, by attachment, with the route that won.
using Losses = std::map<Attachment*, std::map<std::size_t, const HttpRoute*>>;

void settle_listener(std::vector<Claim>& claims, Losses& losses) {
  const bool both = std::ranges::any_of(
      claims, [&](const Claim& c) { return c.route().kind != claims.front().route().kind; });
  if (!both) return;
  std::ranges::stable_sort(claims, [](const Claim& a, const Claim& b) {
    return is_older(a.route().meta, b.route().meta);
  });
  std::vector<Claim> winners;
  for (const Claim& claim : claims) {
    const auto winner = std::ranges::find_if(winners, [&](const Claim& w) {
      return w.route().kind != claim.route().kind && hosts_intersect(w.get(), claim.get());
    });
    if (winner == winners.end())
      winners.push_back(claim);
    else
      losses[claim.attachment][claim.section] = &winner->route();
  }
}

/// Routes of one group (producers, or the consumers of one namespace) of one Service.
void settle_service(const std::vector<Claim>& claims, Losses& losses) {
  std::map<int, const HttpRoute*> grpc_ports;
  for (const Claim& c : claims)
    if (c.route().kind == "GRPCRoute") grpc_ports.emplace(c.get().port, &c.route());
  if (grpc_ports.empty()) return;
  for (const Claim& c : claims) {
    if (c.route().kind == "GRPCRoute") continue;
    auto winner = grpc_ports.find(0);
    if (winner == grpc_ports.end() && c.get().port != 0) winner = grpc_ports.find(c.get().port);
    if (winner != grpc_ports.end()) losses[c.attachment][c.section] = winner->second;
  }
}

/// A section that stands for every port becomes one section a port, where a GRPCRoute of the same
/// group claims one of them.
void split_ports(Attachment& a, const std::set<int>& grpc_ports, const ResourceIndex& index) {
  const KubeService* service = index.service(parent_key(a.parent()));
  if (!service || a.route->kind == "GRPCRoute" || a.sections.front().port != 0) return;
  if (grpc_ports.empty() || grpc_ports.contains(0)) return;
  a.sections.clear();
  for (const ServicePort& port : service->ports)
    a.sections.push_back({port.name, port.port, -1, {}});
}

using GroupKey = std::tuple<std::string, std::string>;  // Service, client namespace ("" producers)

GroupKey group_of(const Attachment& a) {
  return {parent_key(a.parent()), a.role == Role::consumer ? a.route->meta.namespace_ : ""};
}

void take_away(const Losses& losses) {
  for (const auto& [attachment, sections] : losses) {
    std::vector<Section> kept;
    for (std::size_t i = 0; i < attachment->sections.size(); ++i)
      if (!sections.contains(i)) kept.push_back(std::move(attachment->sections[i]));
    attachment->sections = std::move(kept);
    if (!attachment->sections.empty()) continue;
    const HttpRoute& winner = *sections.begin()->second;
    attachment->accepted = false;
    attachment->reason = "Conflicted";
    attachment->message =
        fmt::format("{} {} serves the same traffic", winner.kind, winner.meta.key());
  }
}

}  // namespace

void reject_conflicts(std::vector<Attachment>& attachments, const ResourceIndex& index) {
  if (std::ranges::none_of(attachments,
                           [](const Attachment& a) { return a.route->kind == "GRPCRoute"; }))
    return;
  std::map<std::pair<std::string, int>, std::vector<Claim>> listeners;
  std::map<GroupKey, std::set<int>> grpc_ports;
  std::map<GroupKey, std::vector<Claim>> services;
  for (Attachment& a : attachments)
    if (a.accepted && a.role != Role::gateway && a.route->kind == "GRPCRoute")
      for (const Section& s : a.sections) grpc_ports[group_of(a)].insert(s.port);
  for (Attachment& a : attachments) {
    if (!a.accepted) continue;
    if (a.role != Role::gateway) split_ports(a, grpc_ports[group_of(a)], index);
    for (std::size_t i = 0; i < a.sections.size(); ++i) {
      if (a.role == Role::gateway)
        listeners[{parent_key(a.parent()), a.sections[i].listener}].push_back({&a, i});
      else
        services[group_of(a)].push_back({&a, i});
    }
  }
  Losses losses;
  for (auto& [key, claims] : listeners) settle_listener(claims, losses);
  for (auto& [key, claims] : services) settle_service(claims, losses);
  take_away(losses);
}

}  // namespace spillway::model
