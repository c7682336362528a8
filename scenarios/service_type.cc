// Services: replicas, workers, queue, operations and their steps.
#include <algorithm>

#include "scenarios/basic_types.h"
#include "scenarios/object.h"
#include "scenarios/request_fields.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using namespace model;

const Type<Step>& step();

Type<PortSpec> port() {
  const Type<int> number = whole<int>(1, 65535);
  const Type<PortSpec> object =
      Object<PortSpec>("port", "A port of a service.")
          .required("port", &PortSpec::port, number, "Its number.")
          .optional("name", &PortSpec::name, label(), "Its name.", "none")
          .optional("appProtocol", &PortSpec::app_protocol, text(),
                    "What is spoken on it, as in a Service manifest.", "HTTP/1.1");
  return either<PortSpec>({converted<PortSpec>(number,
                                               [](int value) {
                                                 PortSpec made;
                                                 made.port = value;
                                                 return made;
                                               }),
                           object},
                          "a port number or {port: 8080, name: http}");
}

bool check_ports(const std::vector<PortSpec>& ports, const Node& node, const Path& path,
                 Decoding& decoding) {
  for (std::size_t i = 1; i < ports.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (ports[i].port == ports[j].port)
        return complain(node.items[i], path[i], decoding, "duplicate", "the port stands twice",
                        "different ports");
  return true;
}

Type<std::vector<PortSpec>> ports() {
  Type<std::vector<PortSpec>> type = list_of(port(), 1);
  type.decode = [decode = type.decode](const Node& node, const Path& path,
                                       std::vector<PortSpec>& into, Decoding& decoding) {
    return decode(node, path, into, decoding) && check_ports(into, node, path, decoding);
  };
  type.write = [](const std::vector<PortSpec>&) { return std::string("[80]"); };
  return type;
}

Type<QueueSpec> queue() {
  const auto discipline =
      choice<Discipline>("discipline", {{"fifo", Discipline::fifo},
                                        {"lifo", Discipline::lifo},
                                        {"lifo-preemptive", Discipline::lifo_preemptive},
                                        {"ps", Discipline::ps}});
  return Object<QueueSpec>("queue", "Where requests wait for a worker of a replica.")
      .optional("capacity", &QueueSpec::capacity, whole<std::uint64_t>(0, 1'000'000'000),
                "Requests that may wait in one replica; the next is answered 503.", "unlimited")
      .optional("discipline", &QueueSpec::discipline, discipline,
                "Who is next: the oldest, the newest, the newest at once by interrupting the one "
                "at work, or everybody shares the workers.")
      .optional("maxWait", &QueueSpec::max_wait, distribution(),
                "A request that has waited so long is answered 503.", "unlimited");
}

bool check_balancer(LoadBalancer& balancer, const Node& node, const Path& path,
                    Decoding& decoding) {
  const bool hashes =
      balancer.policy == Balancing::ring_hash || balancer.policy == Balancing::maglev;
  const bool chooses =
      balancer.policy == Balancing::least_request || balancer.policy == Balancing::peak_ewma;
  bool good = true;
  if (const Node* hash_on = node.find("hashOn"); hash_on != nullptr && !hashes)
    good = complain(*hash_on, path / "hashOn", decoding, "contradiction",
                    "only ring_hash and maglev hash", "no hashOn with this policy");
  if (hashes && balancer.hash_on.empty())
    good = complain(*node.find("policy"), path / "policy", decoding, "missing-field",
                    "nothing to hash on", "hashOn with the name of a header, or source");
  if (const Node* choices = node.find("choices"); choices != nullptr && !chooses)
    good =
        complain(*choices, path / "choices", decoding, "contradiction",
                 "only least_request and peak_ewma compare hosts", "no choices with this policy");
  return good;
}

Type<LoadBalancer> load_balancer() {
  const auto policy = choice<Balancing>("load balancing policy",
                                        {{"round_robin", Balancing::round_robin},
                                         {"random", Balancing::random},
                                         {"least_request", Balancing::least_request},
                                         {"join_shortest_queue", Balancing::join_shortest_queue},
                                         {"peak_ewma", Balancing::peak_ewma},
                                         {"ring_hash", Balancing::ring_hash},
                                         {"maglev", Balancing::maglev}});
  return Object<LoadBalancer>("loadBalancer", "How callers choose among the replicas.")
      .required("policy", &LoadBalancer::policy, policy, "The rule.")
      .optional("choices", &LoadBalancer::choices, whole<std::uint32_t>(1, 64),
                "least_request and peak_ewma: replicas that are compared.")
      .optional("hashOn", &LoadBalancer::hash_on, text(),
                "ring_hash and maglev: the name of a header, or `source` for the client instance.",
                "none")
      .check(check_balancer);
}

const Type<WorkStep>& work() {
  static const Type<LoadDependentWork> load_dependent =
      Object<LoadDependentWork>("loadDependent",
                                "Work that grows with the load of the replica, "
                                "fixed when it starts.")
          .required("base", &LoadDependentWork::base, duration(), "With nobody in the replica.")
          .required("perInFlight", &LoadDependentWork::per_in_flight, duration(),
                    "More for each request then in the replica, this one included.");
  static const Type<LoadDependentWork> object =
      Object<LoadDependentWork>("load-dependent work", "Work that depends on the load.")
          .one("loadDependent", load_dependent, "Base and growth.");
  static const Type<WorkStep> type = either<WorkStep>(
      {converted<WorkStep>(distribution(),
                           [](sim::Distribution d) { return WorkStep{std::move(d)}; }),
       converted<WorkStep>(object, [](LoadDependentWork w) { return WorkStep{w}; })},
      "a duration, a law or {loadDependent: ...}");
  return type;
}

const Type<CallStep>& call() {
  static const Type<CallStep> type =
      request_fields(
          Object<CallStep>("call", "A request to another service; the step ends with its reply.")
              .required("service", &CallStep::service, service_reference(),
                        "Which; the namespace is that of the caller unless given, the port the "
                        "first one."),
          [](CallStep& c) -> Request& { return c.request; })
          .optional("probability", &CallStep::probability, number(0, 1),
                    "Share of the runs of the operation that make the call.")
          .optional("client", &CallStep::client, client_policy(),
                    "Policy inside the calling application.", "one try without timeout")
          .optional("optional", &CallStep::optional, boolean(),
                    "true: the operation goes on when the call has failed.");
  return type;
}

const Type<Step>& step() {
  static const Type<std::vector<Step>> branches = list_of(reference_to<Step>("step", step), 1);
  static const Type<Step> type =
      Object<Step>("step", "One step of an operation; steps run one after the other.")
          .one(
              "work", work(), [](Step& s, WorkStep w) { s.action = std::move(w); },
              "Time at a worker: a duration or law, or {loadDependent: ...}.")
          .one(
              "call", call(), [](Step& s, CallStep c) { s.action = std::move(c); },
              "A call to another service.")
          .one(
              "parallel", branches,
              [](Step& s, std::vector<Step> b) { s.action = ParallelStep{std::move(b)}; },
              "Steps that start together; this one ends with the last of them.")
          .place(&Step::place);
  return type;
}

const Type<ScriptEntry>& script_entry() {
  const auto kind = [](ScriptEntry::Kind k) { return [k](ScriptEntry& e, bool) { e.kind = k; }; };
  static const Type<ScriptEntry> type =
      Object<ScriptEntry>("script entry", "The reply to one attempt of a request.")
          .one(
              "status", whole<int>(200, 599), [](ScriptEntry& e, int s) { e.status = s; },
              "A reply with this status.")
          .one("reset", only_true(), kind(ScriptEntry::Kind::reset), "The connection is reset.")
          .one("refuse", only_true(), kind(ScriptEntry::Kind::refuse), "The connection is refused.")
          .one("hang", only_true(), kind(ScriptEntry::Kind::hang), "There is never a reply.")
          .optional("after", &ScriptEntry::after, duration(), "Time before it happens.")
          .optional("headers", &ScriptEntry::headers, headers(),
                    "Headers of the reply, as the proxy reads them: grpc-status, "
                    "x-envoy-ratelimited, retry-after, grpc-retry-pushback-ms.",
                    "none")
          .needs("headers", "status");
  return type;
}

const Type<Operation>& operation() {
  static const Type<OperationMatch> match =
      Object<OperationMatch>("match", "Which requests an operation serves.")
          .optional("method", &OperationMatch::method, http_method(), "HTTP method.", "any")
          .optional("path", &OperationMatch::path, url_path(),
                    "Path prefix, element by element as in an HTTPRoute.", "any")
          .optional("headers", &OperationMatch::headers, headers(),
                    "Headers that must have these values.", "any");
  static const Type<Operation> type =
      Object<Operation>("operation", "What a service does for one kind of request.")
          .optional("name", &Operation::name, text(), "Its name; unique within the service.")
          .optional("match", &Operation::match, match, "Which requests; the first match wins.",
                    "everything")
          .optional("steps", &Operation::steps, list_of(step(), 1), "What it does, in order.",
                    "nothing: it replies 200 at once")
          .optional("script", &Operation::script, list_of(script_entry(), 1),
                    "Instead of steps, for replays: the replies to the first, second ... attempt "
                    "of the same request; the last entry repeats. No worker or queue is involved.",
                    "none")
          .at_most_one({"steps", "script"})
          .place(&Operation::place);
  return type;
}

/// A call without a namespace stays in that of the caller.
void fill_namespaces(std::vector<Step>& steps, const std::string& of_caller) {
  for (Step& step : steps) {
    if (auto* call = std::get_if<CallStep>(&step.action); call && call->service.namespace_.empty())
      call->service.namespace_ = of_caller;
    else if (auto* parallel = std::get_if<ParallelStep>(&step.action))
      fill_namespaces(parallel->branches, of_caller);
  }
}

}  // namespace

const Type<Service>& service() {
  static const Type<Threading> threading = choice<Threading>(
      "threading", {{"blocking", Threading::blocking}, {"async", Threading::async}});
  static const Type<OnCancel> on_cancel = choice<OnCancel>(
      "onCancel",
      {{"finish", OnCancel::finish}, {"dequeue", OnCancel::dequeue}, {"abort", OnCancel::abort}});
  static const Type<Service> type =
      Object<Service>("service", "How a service behaves.")
          .required("name", &Service::name, label(), "Name of its Service.")
          .optional("namespace", &Service::namespace_, label(), "Namespace of its Service.")
          .optional("ports", &Service::ports, ports(),
                    "Ports; a Service manifest, where there is one, decides instead.")
          .optional("replicas", &Service::replicas, whole<std::uint32_t>(1, 100'000),
                    "Number of its pods.")
          .custom(
              "workers", whole<std::uint32_t>(1, 1'000'000),
              [](Service& s, std::uint32_t w) { s.workers = w; },
              "Requests that one replica serves at once.", "unlimited")
          .optional("threading", &Service::threading, threading,
                    "blocking: a request keeps its worker while it waits for its own calls; "
                    "async: it does not.")
          .optional("queue", &Service::queue, queue(), "Where requests wait for a worker.",
                    "unlimited, fifo")
          .optional("onCancel", &Service::on_cancel, on_cancel,
                    "When the caller has given up: finish the work (it is wasted), dequeue (drop "
                    "the request if it still waits), or abort (stop at once and cancel its calls).")
          .optional("loadBalancer", &Service::load_balancer, load_balancer(),
                    "How callers choose among the replicas.", "what the profile does")
          .optional("meshed", &Service::meshed, boolean(), "Whether its pods are in the mesh.")
          .optional("operations", &Service::operations, list_of(operation(), 1),
                    "What it does; the first match wins, a request without a match gets 404.",
                    "one that matches everything and does no work")
          .place(&Service::place)
          .check([](Service& s, const Node&, const Path&, Decoding&) {
            for (Operation& o : s.operations) fill_namespaces(o.steps, s.namespace_);
            return true;
          });
  return type;
}

}  // namespace spillway::scenarios
