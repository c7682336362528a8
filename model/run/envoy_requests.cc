// A request at an Envoy: the fault filter, the router, its tries. What is to be done is decided in
// model/envoy; here it is scheduled.
#include "model/run/simulation.h"

namespace spillway::model {

/// Comes here again when an injected delay is over.
void Simulation::envoy_open(Id id) {
  Stream& stream = streams_[id];
  const Leg& leg = mesh_.legs[stream.leg];
  if (stream.request == kNoId) {
    stream.request = envoy_requests_.allocate();
    envoy_requests_[stream.request].start(mesh_.envoy_routes[leg.config]);
    if (mesh_.envoy_routes[leg.config].fault && envoy_fault(id)) return;
  } else if (stream.answer != 0) {
    return answer_later(id, stream.answer, stream.answer_flags);
  }
  if (!envoy_admits(stream)) return answer_later(id, 503, envoy_requests_[stream.request].flags);
  if (leg.mirror_count > 0) start_mirrors(stream);
  if (leg.answer != 0) return answer_later(id, leg.answer, leg.answer_flags);
  if (leg.timeout.armed)
    queue_.push(leg.timeout.lane, now_, static_cast<std::uint8_t>(Kind::deadline), id,
                streams_.generation(id));
  stream.hop = pick_hop(stream, leg);
  const Hop& hop = mesh_.hops[stream.hop];
  if (hop.to == Hop::To::answer)
    return answer_later(id, hop.status, envoy_requests_[stream.request].flags);
  envoy_try(id);
}

/// True: the request is held or answered.
bool Simulation::envoy_fault(Id id) {
  Stream& stream = streams_[id];
  envoy::RequestState& request = envoy_requests_[stream.request];
  sim::Draw draw(sim::combine(stream.lineage.key, kProxyFault));
  const envoy::FaultDecision fault =
      envoy::draw_fault(*mesh_.envoy_routes[mesh_.legs[stream.leg].config].fault, draw);
  if (fault.delay.ns > 0) request.flags |= Flags::kDI;
  stream.answer = fault.abort_status;
  stream.answer_flags = request.flags | Flags::kFI;
  if (fault.delay.ns > 0) {
    after(fault.delay, Kind::start_delayed, id, streams_.generation(id));
    return true;
  }
  if (fault.abort_status == 0) return false;
  answer_later(id, stream.answer, stream.answer_flags);
  return true;
}

/// Asks the filters that turn requests away.
bool Simulation::envoy_admits(const Stream& stream) {
  const Leg& leg = mesh_.legs[stream.leg];
  bool admitted = true;
  if (leg.admission != kNoId) {
    sim::Draw draw(sim::combine(stream.lineage.key, kAdmission));
    admitted = admission_[leg.admission + stream.instance].admit(now_, draw);
  }
  if (admitted && leg.concurrency != kNoId)
    admitted = concurrency_[leg.concurrency + stream.instance].admit(now_);
  if (admitted) {
    envoy_requests_[stream.request].admitted = now_;
  } else if (stream.call != kNoId && mesh_.calls[stream.call].edge != kNoId) {
    recorder_.count<&Tally::rejections>(mesh_.calls[stream.call].edge, stream.lineage.counted);
  }
  return admitted;
}

void Simulation::envoy_retry(Id id) {
  --envoy_requests_[streams_[id].request].waiting_retries;
  envoy_try(id);
}

void Simulation::envoy_try(Id stream_id) {
  Stream& stream = streams_[stream_id];
  const Leg& leg = mesh_.legs[stream.leg];
  const envoy::RouteSettings& route = mesh_.envoy_routes[leg.config];
  const envoy::RequestState& request = envoy_requests_[stream.request];
  const Id cluster_id = envoy_cluster(stream);
  envoy::ClusterState& cluster = envoy_clusters_[cluster_id];
  const bool first = stream.tries++ == 0;
  const Hop& hop = mesh_.hops[stream.hop];
  sim::Draw draw(sim::combine(stream.lineage.key, kHost + (std::uint64_t{stream.tries} << 32)));
  const std::uint64_t hash = hop.hash_source ? sim::combine(hop.hash, stream.caller_instance)
                             : hop.hash != 0 ? hop.hash
                                             : draw.next();  // nothing to hash: any host
  const std::uint32_t more = route.retry.previous_hosts && !first ? route.retry.host_attempts : 0;
  const std::uint32_t host = cluster.balancer.pick_other(
      now_, draw, hash, more, [&](std::uint32_t h) { return request.tried(h); });
  if (host == envoy::Balancer::kNoHost) {
    drop_attempts(stream);
    const Verdict none = envoy::local_reply(Outcome::no_endpoint);
    return answer_later(stream_id, none.status, none.flags | request.flags);
  }
  const EnvoyHost& target = mesh_.envoy_hosts[mesh_.envoy_clusters[cluster_id].first_host + host];
  const Id id = new_attempt(stream_id, hop.target == kNoId ? target.hop : hop.target + host, first);
  Attempt& attempt = attempts_[id];
  attempt.host = host;
  attempt.replica = target.replica;
  count_try(stream, leg, first);
  if (tracer_) tracer_->attempt_started(id, attempt, stream_id, stream);
  switch (cluster.pools[host].admit(cluster.resources, {id, attempts_.generation(id)})) {
    case envoy::HostPool::Admission::ready:
      return envoy_send(id);
    case envoy::HostPool::Admission::waits:
      attempt.pool = Attempt::Pool::waits;
      return envoy_connect(cluster_id, host);
    case envoy::HostPool::Admission::overflow:
      return envoy_post(id, Outcome::overflow, Attempt::Pool::none);
  }
}

void Simulation::envoy_done(Id id) {
  Attempt& attempt = attempts_[id];
  const Id stream_id = attempt.stream;
  Stream& stream = streams_[stream_id];
  const Leg& leg = mesh_.legs[stream.leg];
  const Id cluster = envoy_cluster(stream);
  const Flags flags = attempt.flags;
  envoy::TryFacts facts;
  facts.host = attempt.host;
  facts.already_retried = attempt.hedged;
  // A replica that went down while the request was on its way to it breaks the connection.
  const Id replica = envoy_replica(cluster, attempt.host);
  if (attempt.pool == Attempt::Pool::connected && attempt.result.outcome == Outcome::refused &&
      replica != kNoId && replicas_[replica].crashes > 0)
    attempt.result.outcome = Outcome::reset;
  const AttemptResult result = attempt.result;
  envoy_report(cluster, attempt, result);
  if (tracer_) tracer_->attempt_ended(id, now_, result.outcome, result.status);
  for (Id other = stream.first_attempt; other != kNoId; other = attempts_[other].next)
    facts.under_way += other != id;

  sim::Draw draw(
      sim::combine(stream.lineage.key, kBackoff + (std::uint64_t{stream.retries + 1} << 32)));
  envoy::Decision decision =
      envoy::on_try_ended(mesh_.envoy_routes[leg.config], envoy_requests_[stream.request], facts,
                          result, envoy_clusters_[cluster].resources, now_, draw);
  release_attempt(id);  // only now: while its retry is judged the try counts as active
  switch (decision.what) {
    case envoy::Decision::What::wait:
      return;
    case envoy::Decision::What::retry:
      return envoy_retry_later(stream_id, decision.verdict);
    case envoy::Decision::What::end:
      break;
  }
  decision.verdict.flags |= flags;
  if (decision.verdict.stopped == RetryStopped::budget) count_denied(stream, leg);
  drop_attempts(stream);
  end_stream(stream_id, decision.verdict);
}

void Simulation::envoy_retry_later(Id id, const Verdict& verdict) {
  Stream& stream = streams_[id];
  ++stream.retries;
  stream.wait = verdict.wait;
  after(verdict.wait, Kind::retry, id, streams_.generation(id));
}

void Simulation::envoy_hedge(Id id) {
  Attempt& attempt = attempts_[id];
  const Id stream_id = attempt.stream;
  const Stream& stream = streams_[stream_id];
  const Id cluster = envoy_cluster(stream);
  AttemptResult timeout;
  timeout.outcome = Outcome::per_try_timeout;
  envoy_report(cluster, attempt, timeout);
  sim::Draw draw(
      sim::combine(stream.lineage.key, kBackoff + (std::uint64_t{stream.retries + 1} << 32)));
  const envoy::Decision decision = envoy::on_hedge_timer(
      mesh_.envoy_routes[mesh_.legs[stream.leg].config], envoy_requests_[stream.request],
      attempt.host, envoy_clusters_[cluster].resources, now_, draw);
  if (decision.what != envoy::Decision::What::retry) return;
  attempt.hedged = true;
  envoy_retry_later(stream_id, decision.verdict);
}

/// The route's timeout: every try under way counts as a timeout of its host.
void Simulation::envoy_deadline(const Stream& stream) {
  AttemptResult timeout;
  timeout.outcome = Outcome::request_timeout;
  for (Id id = stream.first_attempt; id != kNoId; id = attempts_[id].next)
    if (!attempts_[id].hedged) envoy_report(envoy_cluster(stream), attempts_[id], timeout);
}

/// `status`: of the answer; 0: none, its caller has gone.
void Simulation::envoy_close(Stream& stream, std::uint16_t status) {
  envoy::RequestState& request = envoy_requests_[stream.request];
  const Leg& leg = mesh_.legs[stream.leg];
  if (request.admitted != sim::kNever) {
    if (leg.admission != kNoId && status != 0)
      admission_[leg.admission + stream.instance].on_result(now_, status < 500);
    if (leg.concurrency != kNoId)
      concurrency_[leg.concurrency + stream.instance].on_end(now_, now_ - request.admitted,
                                                             status != 0);
  }
  if (request.retry.holds_slot)
    envoy::release_retry(request.retry, envoy_clusters_[envoy_cluster(stream)].resources);
  envoy_requests_.release(stream.request);
  stream.request = kNoId;
}

}  // namespace spillway::model
