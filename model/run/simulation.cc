#include "model/run/simulation.h"

#include <cmath>

#include "model/run/recovery.h"

namespace spillway::model {
namespace {

constexpr std::uint64_t kStopPollEvents = 4096;

sim::Key key_of_run(std::uint64_t seed, std::uint32_t replication) {
  return sim::combine(sim::combine(sim::hash_name("spillway"), seed), replication);
}

}  // namespace

Simulation::Simulation(const Mesh& mesh, std::uint64_t seed, std::uint32_t replication,
                       Tracer* tracer)
    : mesh_(mesh),
      tracer_(tracer),
      run_key_(key_of_run(seed, replication)),
      warmup_{mesh.spec.scenario.run.warmup.ns},
      end_{mesh.spec.scenario.run.duration.ns},
      queue_(mesh.queue),
      replicas_(mesh.replicas),
      recorder_(mesh) {
  for (const CompiledService& service : mesh.services)
    for (std::uint32_t i = 0; i < service.replicas; ++i) {
      Replica& replica = replicas_[service.first_replica + i];
      replica.workers = service.workers;
      replica.newest_first = service.discipline != Discipline::fifo;
      replica_scopes_.push_back(service.scope);
      replica.ps.set_workers(now_, service.workers);
    }
  const sim::Key balancing = sim::combine(run_key_, kBalancing);
  balancers_.reserve(mesh.clusters.size());
  for (const Cluster& cluster : mesh.clusters)
    balancers_.emplace_back(cluster.balancer, mesh.services[cluster.service].replicas,
                            sim::combine(balancing, cluster.seed), cluster.table);
  budgets_.reserve(mesh.budgets.size());
  for (const BudgetSlot& slot : mesh.budgets) budgets_.emplace_back(slot.budget, slot.reading);
  const sim::Key envoys = sim::combine(run_key_, kEnvoyCluster);
  envoy_clusters_.reserve(mesh.envoy_clusters.size());
  for (const EnvoyCluster& cluster : mesh.envoy_clusters)
    envoy_clusters_.emplace_back(cluster.settings, cluster.hosts,
                                 sim::combine(envoys, cluster.seed));
  for (const LinkerdStack& stack : mesh.linkerd_stacks)
    linkerd_proxies_.emplace_back(mesh, stack,
                                  sim::combine(sim::combine(run_key_, kLinkerd), stack.seed));
  for (const envoy::AdmissionControlConfig& config : mesh.admission_controls)
    admission_.emplace_back(config);
  for (const envoy::AdaptiveConcurrencyConfig& config : mesh.adaptive_concurrencies)
    concurrency_.emplace_back(
        config, sim::combine(sim::combine(run_key_, kConcurrency), concurrency_.size()));
  throttles_.reserve(mesh.throttles.size());
  for (const AdaptiveThrottle& throttle : mesh.throttles) throttles_.emplace_back(throttle);
  for (auto* active : {&service_faults_, &slow_faults_, &worker_faults_})
    active->resize(mesh.services.size());
  processes_down_.resize(mesh.proxies);
  rule_faults_.resize(mesh.rule_targets);
  link_faults_.resize(mesh.links);
  fault_ends_.resize(mesh.faults.size(), sim::kNever);
  timeline_ = fault_timeline(mesh.spec.scenario.faults, mesh.spec.scenario.run.duration,
                             sim::combine(run_key_, kFaultTimes));
}

void Simulation::schedule_start() {
  const RunSpec& run = mesh_.spec.scenario.run;
  queue_.push(warmup_, static_cast<std::uint8_t>(Kind::warmup), 0, 0);
  queue_.push(end_, static_cast<std::uint8_t>(Kind::end), 0, 0);
  if (run.interval < run.duration)
    queue_.push(sim::Time{run.interval.ns}, static_cast<std::uint8_t>(Kind::interval), 0, 0);
  for (Id i = 0; i < timeline_.size(); ++i)
    queue_.push(timeline_[i].at, static_cast<std::uint8_t>(Kind::fault), i, 0);
  for (Id p = 0; p < linkerd_proxies_.size(); ++p) linkerd_perform(p);
  for (Id c = 0; c < envoy_clusters_.size(); ++c)
    if (envoy_clusters_[c].outlier.on())
      queue_.push(envoy_clusters_[c].first_sweep, static_cast<std::uint8_t>(Kind::sweep), c, 0);
  const sim::Key arrivals = sim::combine(run_key_, kArrivals);
  arrived_.resize(mesh_.traffic.size());
  open_.resize(mesh_.traffic.size());
  arrivals_.reserve(mesh_.traffic.size());
  for (Id t = 0; t < mesh_.traffic.size(); ++t) {
    const Traffic& traffic = mesh_.spec.scenario.traffic[t];
    const sim::Key key = sim::combine(arrivals, mesh_.traffic[t].salt);
    const auto* closed = std::get_if<ClosedArrivals>(&traffic.arrivals);
    arrivals_.emplace_back(traffic.arrivals, key, end_);
    if (closed) {
      for (std::uint32_t u = 0; u < closed->users; ++u) {
        users_.push_back({static_cast<std::uint16_t>(t), u, 0});
        queue_.push(sim::Time{}, static_cast<std::uint8_t>(Kind::user_ready),
                    static_cast<Id>(users_.size() - 1), 0);
      }
    } else if (const sim::Time first = arrivals_[t].next_or_never(); first < end_) {
      queue_.push(first, static_cast<std::uint8_t>(Kind::arrival), t, 0);
    }
  }
}

bool Simulation::live(const sim::Event& event) const {
  switch (static_cast<Kind>(event.kind())) {
    case Kind::job_arrives:
    case Kind::cancel_arrives:
    case Kind::direct_reply:
      return jobs_.alive(event.slot, event.generation);
    case Kind::work_done:
    case Kind::max_wait:
      return jobs_[event.slot].epoch == event.generation;
    case Kind::ps_done:
      return replicas_[event.slot].ps.epoch == event.generation;
    case Kind::leg_reached:
    case Kind::reply:
    case Kind::per_try:
      return attempts_.alive(event.slot, event.generation);
    case Kind::connected:
      return connections_.alive(event.slot, event.generation);
    case Kind::deadline:
    case Kind::retry:
    case Kind::hedge:
    case Kind::answer:
    case Kind::start_delayed:
      return streams_.alive(event.slot, event.generation);
    default:
      return true;
  }
}

void Simulation::dispatch(const sim::Event& event) {
  switch (static_cast<Kind>(event.kind())) {
    case Kind::arrival:
      return traffic_arrives(event.slot);
    case Kind::user_ready:
      return user_ready(event.slot);
    case Kind::job_arrives:
      return job_arrives(event.slot);
    case Kind::work_done:
      return work_done(event.slot);
    case Kind::ps_done:
      return ps_done(event.slot);
    case Kind::max_wait:
      return wait_expired(event.slot);
    case Kind::cancel_arrives:
      return caller_gone(event.slot);
    case Kind::direct_reply:
      return direct_done(event.slot);
    case Kind::leg_reached:
      return enter_leg(event.slot);
    case Kind::reply:
      return attempt_done(event.slot);
    case Kind::per_try:
      return per_try_expired(event.slot);
    case Kind::deadline:
      return deadline(event.slot);
    case Kind::retry:
      return streams_[event.slot].request == kNoId ? start_attempt(event.slot)
                                                   : envoy_retry(event.slot);
    case Kind::hedge:
      return hedge(event.slot);
    case Kind::answer:
      return stream_answered(event.slot);
    case Kind::start_delayed:
      return open_stream(event.slot);
    case Kind::connected:
      return envoy_connected(event.slot);
    case Kind::sweep:
      return envoy_sweep(event.slot);
    case Kind::host_update:
      return envoy_update(event.slot);
    case Kind::linkerd_timer:
      return linkerd_timer(event.slot);
    case Kind::fault:
      return fault_edge(timeline_[event.slot]);
    case Kind::interval:
      return end_interval();
    case Kind::warmup:
      return recorder_.start_measuring(now_);
    case Kind::end:
      recorder_.end_measuring(now_);
      end_interval();
      ended_ = true;
      return;
  }
}

bool Simulation::run(std::stop_token stop, std::atomic<std::int64_t>* simulated) {
  schedule_start();
  sim::Event event;
  const auto is_live = [this](const sim::Event& e) { return live(e); };
  while (queue_.pop(event, is_live)) {
    now_ = event.at;
    if (++events_ % kStopPollEvents == 0) {
      if (stop.stop_requested()) return false;
      if (simulated) simulated->store(std::min(now_, end_).ns, std::memory_order_relaxed);
    }
    dispatch(event);
  }
  return true;
}

void Simulation::after(sim::Duration wait, Kind kind, Id slot, std::uint32_t generation) {
  if (wait.ns == 0)
    queue_.push(mesh_.now, now_, static_cast<std::uint8_t>(kind), slot, generation);
  else if (wait.ns < sim::kNever.ns - now_.ns)
    queue_.push(now_ + wait, static_cast<std::uint8_t>(kind), slot, generation);
}

void Simulation::after(const Delay& delay, sim::Key key, Kind kind, Id slot,
                       std::uint32_t generation) {
  if (delay.drawn.empty())
    queue_.push(delay.lane, now_, static_cast<std::uint8_t>(kind), slot, generation);
  else
    after(length(delay, key), kind, slot, generation);
}

sim::Duration Simulation::length(const Delay& delay, sim::Key key) const {
  sim::Duration sum = delay.constant;
  sim::Draw draw(key);
  for (const sim::Distribution& part : delay.drawn) sum += part.sample(draw);
  return sum;
}

void Simulation::end_interval() {
  const RunSpec& run = mesh_.spec.scenario.run;
  std::vector<double> balance(mesh_.scopes.size(), kNotMeasured);
  for (Id b = 0; b < budgets_.size(); ++b) {
    const Id scope = mesh_.budgets[b].scope;
    if (scope == kNoId || !budgets_[b].limited()) continue;
    const double left = budgets_[b].balance(now_);
    if (!std::isfinite(left)) continue;  // retries cost nothing
    balance[scope] = (std::isnan(balance[scope]) ? 0 : balance[scope]) + left;
  }
  recorder_.end_interval(now_, balance);
  if (now_ + run.interval < end_)
    queue_.push(now_ + run.interval, static_cast<std::uint8_t>(Kind::interval), 0, 0);
}

ReplicationResult Simulation::take() {
  ReplicationResult result = recorder_.take(open_);
  find_recovery(mesh_, timeline_, result);
  result.events = events_;
  result.requests = requests_;
  result.open_streams = streams_.live();
  result.open_attempts = attempts_.live();
  result.open_jobs = jobs_.live();
  return result;
}

}  // namespace spillway::model
