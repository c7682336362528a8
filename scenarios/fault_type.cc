// What breaks, where and when.
#include <algorithm>

#include "scenarios/basic_types.h"
#include "scenarios/object.h"
#include "scenarios/suggest.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using namespace model;
using sim::Duration;

/// All that may stand under `target`.
struct Target {
  ServiceRef service;
  std::optional<std::uint32_t> replicas;
  std::string operation;
  RouteTarget route;
  LinkTarget link;
  ProxyTarget proxy;
  FaultTarget chosen;
};

/// "namespace/name".
bool read_route(const Node& node, const Path& path, RouteTarget& into, Decoding& decoding) {
  std::string written;
  if (!text().decode(node, path, written, decoding)) return false;
  const std::size_t slash = written.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == written.size() ||
      written.find('/', slash + 1) != std::string::npos)
    return complain(node, path, decoding, "bad-reference", "not the name of a route",
                    "namespace/name");
  into.namespace_ = written.substr(0, slash);
  into.name = written.substr(slash + 1);
  return true;
}

bool read_proxy(const Node& node, const Path& path, ProxyTarget& into, Decoding& decoding) {
  return text().decode(node, path, into.name, decoding);
}

Type<LinkTarget> link() {
  return Object<LinkTarget>("link", "The network between a caller and a service.")
      .required("from", &LinkTarget::from, text(),
                "The caller: a service as `name.namespace`, or the name of a traffic source.")
      .required("to", &LinkTarget::to, service_reference(), "The service that is called.");
}

Type<Target> target() {
  const Type<RouteTarget> route{text().shape, read_route, {}};
  const Type<ProxyTarget> proxy{text().shape, read_proxy, {}};
  return Object<Target>("target", "Where a fault strikes.")
      .one(
          "service", service_reference(), [](Target& t, ServiceRef s) { t.service = std::move(s); },
          "In the pods of a service.")
      .optional("replicas", &Target::replicas, whole<std::uint32_t>(1, 100'000),
                "Only in so many of its replicas, the first ones.", "all")
      .optional("operation", &Target::operation, text(), "Only in this operation of it.", "all")
      .one(
          "route", route, [](Target& t, RouteTarget r) { t.route = std::move(r); },
          "At the proxies that execute a route, as `namespace/name`.")
      .custom(
          "rule", whole<std::uint32_t>(0, 1000),
          [](Target& t, std::uint32_t rule) { t.route.rule = rule; },
          "Only its rule with this index, from 0.", "all")
      .one(
          "link", link(), [](Target& t, LinkTarget l) { t.link = std::move(l); },
          "On the network between a caller and a service.")
      .one(
          "proxy", proxy, [](Target& t, ProxyTarget p) { t.proxy = std::move(p); },
          "Proxies by their name in the results, `kind/name` or `kind/name/instance`, e.g. "
          "`waypoint/waypoint.shop`; or `ztunnel`, `ztunnel/node`.")
      .needs("replicas", "service")
      .needs("operation", "service")
      .needs("rule", "route")
      .check([](Target& t, const Node& node, const Path&, Decoding&) {
        for (ServiceRef* ref : {&t.service, &t.link.to})
          if (ref->namespace_.empty()) ref->namespace_ = "default";
        if (node.find("service") != nullptr)
          t.chosen = ServiceTarget{std::move(t.service), t.replicas, std::move(t.operation)};
        else if (node.find("route") != nullptr)
          t.chosen = std::move(t.route);
        else if (node.find("proxy") != nullptr)
          t.chosen = std::move(t.proxy);
        else
          t.chosen = std::move(t.link);
        return true;
      });
}

Type<AbortFault> abort_fault() {
  return Object<AbortFault>("abort", "Requests are answered with an error.")
      .required("status", &AbortFault::status, whole<int>(200, 599), "The status.")
      .optional("percent", &AbortFault::percent, percent(), "Share of the requests.")
      .optional("work", &AbortFault::work, boolean(),
                "true: the operation runs first and then fails; false: answered at once.");
}

Type<DelayFault> delay_fault() {
  return Object<DelayFault>("delay", "Requests are held up.")
      .required("time", &DelayFault::time, distribution(), "For how long.")
      .optional("percent", &DelayFault::percent, percent(), "Share of the requests.");
}

Type<LossFault> loss_fault() {
  return Object<LossFault>("loss", "Packets are lost and sent again.")
      .required("percent", &LossFault::percent, percent(), "Share that is lost, each time.")
      .optional("retransmit", &LossFault::retransmit, positive_duration(),
                "Time until a lost packet is sent again.");
}

template <class F>
Type<F> with_percent(const char* name, const char* meaning) {
  return Object<F>(name, meaning)
      .optional("percent", &F::percent, percent(), "Share of the requests.");
}

template <class F>
Type<F> without_fields(const char* name, const char* meaning) {
  return Object<F>(name, meaning);
}

struct When {
  std::optional<Duration> at;
  std::optional<Duration> length;
  std::optional<FaultEvery> every;
};

struct FaultFields {
  When when;
  FaultTarget target;
  FaultAction action;
  Place place;
};

Type<FaultEvery> every() {
  return Object<FaultEvery>("every", "Times that are drawn, with exponential laws.")
      .required("meanBetween", &FaultEvery::mean_between, positive_duration(),
                "Mean time from the end of one to the start of the next.")
      .required("meanRepair", &FaultEvery::mean_repair, positive_duration(), "Mean length of one.");
}

/// Which actions make sense at which kind of target.
struct Reach {
  std::string_view action;
  bool service, operation, route, link, proxy;
};
constexpr Reach kReach[] = {
    {"abort", true, true, true, false, false},     {"delay", true, true, true, true, false},
    {"slow", true, false, false, false, false},    {"crash", true, false, false, false, true},
    {"hang", true, true, true, true, false},       {"reset", true, true, true, false, false},
    {"loss", false, false, false, true, false},    {"partition", false, false, false, true, false},
    {"workers", true, false, false, false, false},
};

bool check_reach(FaultFields& fault, const Node& node, const Path& path, Decoding& decoding) {
  const auto* service = std::get_if<ServiceTarget>(&fault.target);
  const bool operation = service != nullptr && !service->operation.empty();
  const bool route = std::holds_alternative<RouteTarget>(fault.target);
  const bool proxy = std::holds_alternative<ProxyTarget>(fault.target);
  const auto possible = [&](const Reach& r) {
    if (operation) return r.operation;
    return service != nullptr ? r.service : route ? r.route : proxy ? r.proxy : r.link;
  };
  const std::string_view kind = operation            ? "an operation"
                                : service != nullptr ? "a service"
                                : route              ? "a route"
                                : proxy              ? "a proxy"
                                                     : "a link";
  std::vector<std::string> allowed;
  for (const Reach& r : kReach)
    if (possible(r)) allowed.emplace_back(r.action);
  for (const Reach& r : kReach) {
    const Member* found = nullptr;
    for (const Member& member : node.members)
      if (member.key == r.action) found = &member;
    if (found == nullptr || possible(r)) continue;
    decoding.diagnostics.push_back(mistake(
        found->key_place, "contradiction",
        path.text() + ": " + std::string(r.action) + " cannot happen to " + std::string(kind), {},
        one_of(allowed)));
    return false;
  }
  return true;
}

template <class F>
auto acts() {
  return [](FaultFields& fault, F action) { fault.action = std::move(action); };
}

Type<FaultFields> fault_fields() {
  return Object<FaultFields>("fault", "What breaks, where and when.")
      .custom(
          "at", duration(), [](FaultFields& f, Duration d) { f.when.at = d; },
          "Start, from the start of the run.")
      .custom(
          "for", positive_duration(), [](FaultFields& f, Duration d) { f.when.length = d; },
          "Length.", "to the end of the run")
      .custom(
          "every", every(), [](FaultFields& f, FaultEvery e) { f.when.every = e; },
          "In place of `at` and `for`: drawn times.")
      .exactly_one({"at", "every"})
      .needs("for", "at")
      .custom(
          "target", target(), [](FaultFields& f, Target t) { f.target = std::move(t.chosen); },
          "Where.")
      .mandatory()
      .one("abort", abort_fault(), acts<AbortFault>(), "Requests are answered with an error.")
      .one("delay", delay_fault(), acts<DelayFault>(), "Requests are held up.")
      .one("slow",
           Type<SlowFault>(Object<SlowFault>("slow", "All service times are longer.")
                               .required("factor", &SlowFault::factor, number(0, 1e6, true),
                                         "What they are multiplied by.")),
           acts<SlowFault>(), "All service times are multiplied.")
      .one("crash",
           without_fields<CrashFault>("crash",
                                      "Connections are refused; requests in flight are "
                                      "reset."),
           acts<CrashFault>(), "Pods are gone.")
      .one("hang", with_percent<HangFault>("hang", "Requests are accepted and never answered."),
           acts<HangFault>(), "Requests are never answered.")
      .one("reset", with_percent<ResetFault>("reset", "Connections are reset."), acts<ResetFault>(),
           "Connections are reset.")
      .one("loss", loss_fault(), acts<LossFault>(), "Packets are lost.")
      .one("partition",
           without_fields<PartitionFault>("partition",
                                          "Nothing gets through; what was sent "
                                          "arrives when the fault is over."),
           acts<PartitionFault>(), "Nothing gets through.")
      .one("workers",
           Type<WorkersFault>(Object<WorkersFault>("workers", "Some workers are missing.")
                                  .required("percent", &WorkersFault::percent, percent(),
                                            "Share of the workers that is left.")),
           acts<WorkersFault>(), "Some workers are missing.")
      .place(&FaultFields::place)
      .check(check_reach);
}

}  // namespace

const Type<Fault>& fault() {
  static const Type<Fault> type = converted<Fault>(fault_fields(), [](FaultFields f) {
    Fault fault{{}, std::move(f.target), std::move(f.action), std::move(f.place)};
    if (f.when.every)
      fault.when = *f.when.every;
    else
      fault.when = FaultWindow{sim::Time{f.when.at.value_or(Duration{}).ns}, f.when.length};
    return fault;
  });
  return type;
}

}  // namespace spillway::scenarios
