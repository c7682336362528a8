#include "tests/property/run/random_spec.h"

#include <array>

#include "sim/random.h"
#include "tests/support/build.h"

namespace spillway::model::build {
namespace {

class Generator {
 public:
  Generator(std::uint64_t seed, bool calm) : draw_(sim::combine(2024, seed)), calm_(calm) {}

  Spec make() {
    services_ = 1 + below(5);
    for (std::uint32_t i = 0; i < services_; ++i) add_service(i);
    for (std::uint32_t i = 0; i < services_; ++i)
      if (chance(0.5)) add_route(i);
    if (chance(0.4)) spec_.resources.backend_traffic_policies.push_back(random_policy());
    const bool gateway = chance(0.4);
    if (gateway) add_gateway();
    const std::uint32_t sources = 1 + below(3);
    for (std::uint32_t i = 0; i < sources; ++i) add_traffic(i, gateway);
    add_options();
    if (!calm_) add_faults();
    RunSpec& run = spec_.scenario.run;
    run.duration = s(2);
    run.warmup = s(chance(0.5) ? 0.3 : 0);
    run.interval = s(0.25);
    run.replications = 3;
    run.seed = below(1000);
    return std::move(spec_);
  }

 private:
  std::uint32_t below(std::uint32_t n) { return draw_.below(n); }
  bool chance(double p) { return draw_.uniform() < p; }
  double between(double low, double high) { return low + (high - low) * draw_.uniform(); }
  static std::string name(std::uint32_t i) { return std::string(1, static_cast<char>('a' + i)); }
  template <class T, std::size_t N>
  T one_of(const std::array<T, N>& values) {
    return values[below(N)];
  }

  sim::Distribution random_time(double mean) {
    const sim::Duration m = s(mean);
    switch (below(7)) {
      case 0:
        return constant(mean);
      case 1:
        return sim::Distribution::lognormal_mean_sigma(m, 1);
      case 2:
        return sim::Distribution::uniform({}, m * 2);
      case 3:
        return sim::Distribution::erlang(m, 3);
      case 4:
        return sim::Distribution::hyperexponential(m, 4);
      case 5:
        return sim::Distribution::constant({});
      default:
        return sim::Distribution::exponential(m);
    }
  }

  Budget random_budget() {
    switch (below(8)) {
      case 0:
        return RatioBudget{20, 5, s(1)};
      case 1:
        return ConcurrencyBudget{25, 1, {}};
      case 2:
        return WindowBudget{20, s(1), 2, s(0.5)};
      case 3:
        return TokenBudget{};
      case 4:
        return GrpcBudget{};
      case 5:
        return AwsSdkBudget{50, 5, 10};
      case 6:
        return FailureRatioBudget{10};
      default:
        return {};
    }
  }

  ClientPolicy random_client() {
    ClientPolicy policy;
    if (chance(0.5)) policy.timeout = s(between(0.02, 0.2));
    if (chance(0.5)) policy.per_try_timeout = s(between(0.01, 0.05));
    policy.retries = below(4);
    policy.retry_on = static_cast<std::uint8_t>(below(16));
    policy.backoff.base = s(between(0, 0.02));
    policy.backoff.max = s(0.05);
    policy.backoff.jitter =
        one_of(std::array{Jitter::none, Jitter::full, Jitter::equal, Jitter::decorrelated});
    if (chance(0.2)) policy.backoff.drawn = random_time(0.01);
    if (chance(0.3)) policy.hedge = Hedge{s(between(0, 0.02)), 1 + below(2)};
    policy.budget = random_budget();
    if (!calm_ && chance(0.2)) policy.throttle = AdaptiveThrottle{1.1, s(1)};
    return policy;
  }

  /// A service to go to from number `from`: in a calm specification a later one, without circles.
  std::string other(std::uint32_t from) {
    return name(calm_ ? from + 1 + below(services_ - from - 1) : below(services_));
  }
  bool is_last(std::uint32_t i) const { return calm_ && i + 1 == services_; }

  Step random_call(std::uint32_t from) {
    Step step = call(other(from));
    auto& made = std::get<CallStep>(step.action);
    made.probability = between(0.05, 0.7);
    made.optional = chance(0.3);
    if (chance(0.3)) made.client = random_client();
    if (chance(0.3)) made.request.path = "/x";
    return step;
  }

  Step random_work() {
    if (chance(0.1)) return {WorkStep{LoadDependentWork{s(0.001), s(0.0005)}}, {}};
    return work(random_time(0.005));
  }

  std::vector<Step> random_steps(std::uint32_t from) {
    std::vector<Step> steps;
    for (std::uint32_t n = below(4); n > 0; --n) {
      switch (is_last(from) ? 0 : below(3)) {
        case 0:
          steps.push_back(random_work());
          break;
        case 1:
          steps.push_back(random_call(from));
          break;
        default:
          steps.push_back(
              parallel({random_call(from), chance(0.5) ? random_work() : random_call(from)}));
      }
    }
    return steps;
  }

  std::vector<ScriptEntry> random_script() {
    std::vector<ScriptEntry> script;
    for (std::uint32_t n = 1 + below(3); n > 0; --n) {
      const double after = chance(0.5) ? between(0, 0.02) : 0;
      switch (below(6)) {
        case 0:
          script.push_back(reset(after));
          break;
        case 1:
          script.push_back(refuse());
          break;
        case 2:
          script.push_back(hang());
          break;
        default:
          script.push_back(status(one_of(std::array{200, 404, 500, 503}), after));
      }
    }
    return script;
  }

  void add_service(std::uint32_t i) {
    Service made = service(name(i), random_steps(i));
    made.replicas = 1 + below(3);
    if (chance(0.8)) made.workers = 1 + below(4);
    made.threading = chance(0.5) ? Threading::async : Threading::blocking;
    made.queue.discipline = one_of(std::array{Discipline::fifo, Discipline::lifo,
                                              Discipline::lifo_preemptive, Discipline::ps});
    if (!calm_ && chance(0.3)) made.queue.capacity = below(5);
    if (!calm_ && chance(0.3)) made.queue.max_wait = random_time(0.02);
    made.on_cancel = one_of(std::array{OnCancel::finish, OnCancel::dequeue, OnCancel::abort});
    if (chance(0.5))
      made.load_balancer = LoadBalancer{
          one_of(std::array{Balancing::round_robin, Balancing::random, Balancing::least_request,
                            Balancing::join_shortest_queue, Balancing::peak_ewma,
                            Balancing::ring_hash, Balancing::maglev}),
          1 + below(3), chance(0.5) ? "source" : "x-user"};
    if (chance(0.3))
      made.operations.insert(made.operations.begin(),
                             operation(random_steps(i), {"", "/x", {}}, "x"));
    if (!calm_ && chance(0.2)) made.operations.back().script = random_script();
    spec_.scenario.services.push_back(std::move(made));
  }

  HttpRouteRule random_rule(std::uint32_t from) {
    const std::string to = name(from);
    HttpRouteRule rule;
    if (chance(0.7)) {
      rule.timeouts = timeouts({}, {});
      if (chance(0.6)) rule.timeouts->request = s(between(0.02, 0.2));
      if (chance(0.6)) rule.timeouts->backend_request = s(between(0.005, 0.05));
    }
    if (chance(0.7)) {
      rule.retry = retry(static_cast<int>(1 + below(3)), {500, 503});
      if (chance(0.5)) rule.retry->backoff = s(between(0, 0.02));
    }
    rule.backend_refs.push_back(backend(to, static_cast<int>(below(3)) + 1));
    if (!is_last(from) && chance(0.4)) rule.backend_refs.push_back(backend(other(from), 1));
    if (!calm_ && chance(0.1)) rule.backend_refs.push_back(backend("missing", 1));
    if (!calm_ && chance(0.3)) {
      RequestMirrorFilter mirror;
      mirror.backend_ref = backend(name(below(services_))).ref;
      mirror.percent = static_cast<int>(below(40));
      (chance(0.5) ? rule.filters : rule.backend_refs[0].filters).push_back({mirror, {}});
    }
    return rule;
  }

  void add_route(std::uint32_t i) {
    spec_.resources.http_routes.push_back(route(name(i), random_rule(i)));
  }

  XBackendTrafficPolicy random_policy() { return budget_policy(name(below(services_)), 20, 2, 1); }

  void add_gateway() {
    Gateway gateway;
    gateway.meta.name = "edge";
    Listener listener;
    listener.name = "http";
    listener.port = 80;
    listener.protocol = "HTTP";
    gateway.listeners.push_back(listener);
    spec_.resources.gateways.push_back(gateway);
    HttpRoute entry = route(name(0), random_rule(0));
    entry.meta.name = "entry";
    entry.parent_refs[0] = {};
    entry.parent_refs[0].name = "edge";
    entry.parent_refs[0].namespace_ = "default";
    spec_.resources.http_routes.push_back(entry);
  }

  Arrivals random_arrivals() {
    const double r = between(20, 80);
    switch (below(6)) {
      case 0:
        return ConstantArrivals{rate(r)};
      case 1:
        return RenewalArrivals{rate(r), 2};
      case 2:
        return MmppArrivals{{10, 2 * r}, {s(0.2), s(0.1)}};
      case 3:
        return ClosedArrivals{1 + below(8), random_time(0.05)};
      case 4:
        return TimedArrivals{{at(0), at(0), at(0.1), at(0.5), at(1)}};
      default:
        return PoissonArrivals{{{{at(0), r}, {at(1), 2 * r}, {at(1.2), r / 2}}}};
    }
  }

  void add_traffic(std::uint32_t i, bool gateway) {
    Traffic made = traffic(std::string("t").append(1, static_cast<char>('0' + i)),
                           name(below(services_)), random_arrivals());
    if (gateway && chance(0.5)) made.to = GatewayTarget{ref("edge"), "shop.example.com"};
    made.instances = 1 + below(3);
    made.meshed = chance(0.8);
    if (chance(0.5)) made.client = random_client();
    if (chance(0.3)) {
      WeightedRequest other;
      other.request.path = "/x";
      made.requests.push_back(other);
    }
    spec_.scenario.traffic.push_back(std::move(made));
  }

  void add_options() {
    auto& options = spec_.scenario.mesh.options;
    if (!calm_) options["maxCallDepth"] = option(4.0);
    options["gatewayReplicas"] = option(static_cast<double>(1 + below(2)));
    if (chance(0.5)) options["networkLatency"] = option(random_time(0.001));
    if (chance(0.5)) options["proxyLatency"] = option(random_time(0.001));
    if (chance(0.5)) options["retryBackend"] = option(std::string("redraw"));
    if (chance(0.5)) options["budgetDeniedStatus"] = option(std::string("original"));
    if (chance(0.5)) options["budgetCounted"] = option(std::string("dispatch"));
    if (chance(0.3)) options["budgetOverride"] = option(random_budget());
  }

  FaultTarget random_target(const FaultAction& action) {
    const bool per_request =
        action.index() == 0 || action.index() == 1 || action.index() == 4 || action.index() == 5;
    const bool network = action.index() == 6 || action.index() == 7;
    const bool works = action.index() == 0 && std::get<AbortFault>(action).work;
    const auto& routes = spec_.resources.http_routes;
    ServiceTarget target = on(name(below(services_)));
    if (per_request && !works && !routes.empty() && chance(0.3)) {
      // The first traffic enters somewhere: only routes of that service are sure to be taken.
      const auto* to = std::get_if<ServiceRef>(&spec_.scenario.traffic[0].to);
      for (const HttpRoute& r : routes)
        if (to && r.meta.name == to->name && spec_.scenario.traffic[0].meshed)
          return on_route(r.meta.name, chance(0.5) ? std::optional(0U) : std::nullopt);
    }
    if ((per_request || network) && !works && routes.empty() && chance(0.5))
      if (const auto* to = std::get_if<ServiceRef>(&spec_.scenario.traffic[0].to))
        return on_link("t0", to->name);
    if (chance(0.3)) target.replicas = 1;
    if ((per_request || action.index() == 2) && chance(0.3)) target.operation = "default";
    return target;
  }

  FaultAction random_action() {
    const double percent = between(5, 60);
    switch (below(9)) {
      case 0:
        return AbortFault{503, percent, chance(0.5)};
      case 1:
        return DelayFault{random_time(0.02), percent};
      case 2:
        return SlowFault{between(0, 4)};
      case 3:
        return CrashFault{};
      case 4:
        return HangFault{percent};
      case 5:
        return ResetFault{percent};
      case 6:
        return LossFault{percent, s(0.02)};
      case 7:
        return PartitionFault{};
      default:
        return WorkersFault{percent};
    }
  }

  void add_faults() {
    for (std::uint32_t n = below(5); n > 0; --n) {
      const FaultAction action = random_action();
      Fault made = fault(random_target(action), action, between(0, 1.5),
                         chance(0.8) ? between(0.1, 0.6) : -1);
      if (chance(0.2)) made.when = FaultEvery{s(0.4), s(0.2)};
      spec_.scenario.faults.push_back(std::move(made));
    }
  }

  sim::Draw draw_;
  bool calm_;
  std::uint32_t services_ = 0;
  Spec spec_;
};

}  // namespace

Spec random_spec(std::uint64_t seed) { return Generator(seed, false).make(); }
Spec random_calm_spec(std::uint64_t seed) { return Generator(seed, true).make(); }

}  // namespace spillway::model::build
