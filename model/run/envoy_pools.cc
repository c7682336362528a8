// The connections of Envoys, and what they think of their hosts.
#include <algorithm>

#include "model/run/simulation.h"

namespace spillway::model {

/// A try has a connection.
void Simulation::envoy_send(Id id) {
  Attempt& attempt = attempts_[id];
  Stream& stream = streams_[attempt.stream];
  const Leg& leg = mesh_.legs[stream.leg];
  const Hop& hop = mesh_.hops[attempt.hop];
  envoy::ClusterState& cluster = envoy_clusters_[envoy_cluster(stream)];
  attempt.pool = Attempt::Pool::connected;
  cluster.outlier.on_connected(attempt.host);
  cluster.balancer.on_start(attempt.host);
  cluster.resources.on_request_started(now_);
  if (leg.per_try.armed)
    queue_.push(leg.per_try.lane, now_, static_cast<std::uint8_t>(Kind::per_try), id,
                attempts_.generation(id));
  if (tracer_) tracer_->attempt_sent(id, now_);
  ++descending_;
  if (hop.to == Hop::To::replica)
    send_job(id, stream, hop);
  else
    send_to_leg(id, hop);
  --descending_;
}

/// A try ends without having been sent. `pool`: how it counts until then.
void Simulation::envoy_post(Id id, Outcome outcome, Attempt::Pool pool) {
  Attempt& attempt = attempts_[id];
  attempt.pool = pool;
  attempt.result.outcome = outcome;
  attempt.result.request_sent = false;
  after(sim::Duration{}, Kind::reply, id, attempts_.generation(id));
}

/// Opens as many connections as are wanted. One costs a round trip.
void Simulation::envoy_connect(Id cluster_id, std::uint32_t host) {
  envoy::ClusterState& cluster = envoy_clusters_[cluster_id];
  const EnvoyHost& target = mesh_.envoy_hosts[mesh_.envoy_clusters[cluster_id].first_host + host];
  const Hop& hop = mesh_.hops[target.hop];
  while (cluster.pools[host].connect(cluster.resources)) {
    const sim::Key key = sim::combine(sim::combine(run_key_, kConnection), connections_opened_++);
    sim::Duration time = length(hop.back, key) + length(hop.back, sim::combine(key, 1));
    bool arrives = true;
    if (hop.to == Hop::To::replica && hop.link != kNoId && !link_faults_[hop.link].empty()) {
      sim::Duration extra{};
      arrives = network_passes(hop, mesh_.services[hop.target].first_replica + target.replica,
                               sim::combine(key, 2), extra);
      time += extra;
    }
    const Id id = connections_.allocate();
    const bool times_out = !arrives || time > cluster.settings.connect_timeout;
    connections_[id] = {cluster_id, host, times_out};
    after(times_out ? cluster.settings.connect_timeout : time, Kind::connected, id,
          connections_.generation(id));
  }
}

void Simulation::envoy_connected(Id id) {
  const Connection connection = connections_[id];
  connections_.release(id);
  envoy::ClusterState& cluster = envoy_clusters_[connection.cluster];
  envoy::HostPool& pool = cluster.pools[connection.host];
  const Id replica = envoy_replica(connection.cluster, connection.host);
  const bool refused = replica != kNoId && replicas_[replica].crashes > 0;
  if (!connection.times_out && !refused) {
    pool.connected();
    return envoy_serve(connection.cluster, connection.host);
  }
  pool.connect_failed(cluster.resources);
  envoy::Waiter who;
  while (pool.purge(
      who, [this](const envoy::Waiter& w) { return attempts_.alive(w.index, w.generation); }))
    envoy_post(who.index, Outcome::refused, Attempt::Pool::purged);
}

/// Hands out free connections, and opens those that are still missing.
void Simulation::envoy_serve(Id cluster_id, std::uint32_t host) {
  envoy::ClusterState& cluster = envoy_clusters_[cluster_id];
  if (cluster.pools[host].waiting() == 0) return;
  const auto alive = [this](const envoy::Waiter& w) {
    return attempts_.alive(w.index, w.generation);
  };
  for (;;) {
    envoy::Waiter who;
    const envoy::HostPool::Next next = cluster.pools[host].next(cluster.resources, who, alive);
    if (next == envoy::HostPool::Next::none) break;
    if (next == envoy::HostPool::Next::serve)
      envoy_send(who.index);
    else
      envoy_post(who.index, Outcome::overflow, Attempt::Pool::none);
  }
  envoy_connect(cluster_id, host);
}

/// A try leaves its pool, with an answer or without.
void Simulation::envoy_leave(const Attempt& attempt, Id cluster_id) {
  envoy::ClusterState& cluster = envoy_clusters_[cluster_id];
  envoy::HostPool& pool = cluster.pools[attempt.host];
  if (attempt.pool == Attempt::Pool::waits) return pool.leave(cluster.resources);
  if (attempt.pool == Attempt::Pool::purged) return pool.drop_purged(cluster.resources);
  const bool answered = attempt.child_kind == Attempt::Child::none &&
                        attempt.result.outcome == Outcome::status && attempt.result.status != 0;
  pool.release(cluster.resources, answered);
  cluster.balancer.on_end(attempt.host);
}

/// Tells outlier detection how a try ended. What breakers refused does not count.
void Simulation::envoy_report(Id cluster_id, const Attempt& attempt, const AttemptResult& result) {
  envoy::OutlierDetector& outlier = envoy_clusters_[cluster_id].outlier;
  if (!outlier.on()) return;
  // Requests are gRPC's only over HTTP/2; otherwise nobody asks for grpc-status here.
  const bool grpc = envoy_clusters_[cluster_id].settings.streams_per_connection > 1;
  bool changed = false;
  switch (result.outcome) {
    case Outcome::status:
      changed = outlier.on_answer(
          attempt.host, envoy::http_status(result.status, grpc ? result.grpc_status : -1), now_);
      break;
    case Outcome::refused:
    case Outcome::reset:
      changed = outlier.on_local_failure(attempt.host, 503, now_);
      break;
    case Outcome::per_try_timeout:
    case Outcome::request_timeout:
      if (attempt.pool == Attempt::Pool::connected)
        changed = outlier.on_local_failure(attempt.host, 504, now_);
      break;
    case Outcome::overflow:
    case Outcome::no_endpoint:
    case Outcome::cancelled:
      break;
  }
  if (changed) envoy_hosts_changed(cluster_id);
}

void Simulation::envoy_hosts_changed(Id cluster_id) {
  envoy::ClusterState& cluster = envoy_clusters_[cluster_id];
  switch (cluster.window.change(now_)) {
    case envoy::UpdateWindow::Action::deliver:
      return cluster.balancer.update(cluster.outlier.healthy());
    case envoy::UpdateWindow::Action::arm:
      queue_.push(cluster.window.due(), static_cast<std::uint8_t>(Kind::host_update), cluster_id,
                  0);
      return;
    case envoy::UpdateWindow::Action::held:
      return;
  }
}

void Simulation::envoy_update(Id cluster_id) {
  envoy::ClusterState& cluster = envoy_clusters_[cluster_id];
  if (cluster.window.flush(now_)) cluster.balancer.update(cluster.outlier.healthy());
}

void Simulation::envoy_sweep(Id cluster_id) {
  envoy::ClusterState& cluster = envoy_clusters_[cluster_id];
  if (cluster.outlier.sweep(now_)) envoy_hosts_changed(cluster_id);
  if (now_ < end_ || streams_.live() > 0)
    queue_.push(now_ + cluster.outlier.settings().interval, static_cast<std::uint8_t>(Kind::sweep),
                cluster_id, 0);
}

/// A replica went down: nobody has a connection to it any more.
void Simulation::envoy_close_idle(Id replica) {
  for (Id c = 0; c < envoy_clusters_.size(); ++c) {
    const EnvoyCluster& compiled = mesh_.envoy_clusters[c];
    for (std::uint32_t host = 0; host < compiled.hosts; ++host)
      if (envoy_replica(c, host) == replica)
        envoy_clusters_[c].pools[host].close_idle(envoy_clusters_[c].resources);
  }
}

bool Simulation::envoys_idle() const {
  return std::ranges::all_of(envoy_clusters_, [](const envoy::ClusterState& cluster) {
    const envoy::Resources& r = cluster.resources;
    std::uint32_t connections = 0;
    for (const envoy::HostPool& pool : cluster.pools) connections += pool.connections();
    return r.requests == 0 && r.pending == 0 && r.retries == 0 && r.connections == connections;
  });
}

/// The replica that a host is; kNoId for a proxy.
Id Simulation::envoy_replica(Id cluster, std::uint32_t host) const {
  const EnvoyHost& target = mesh_.envoy_hosts[mesh_.envoy_clusters[cluster].first_host + host];
  const Hop& hop = mesh_.hops[target.hop];
  return hop.to == Hop::To::replica ? mesh_.services[hop.target].first_replica + target.replica
                                    : kNoId;
}

}  // namespace spillway::model
