// Requests at the proxies of Linkerd: what model/linkerd decides is scheduled here, and told what
// became of it.
#include "model/run/simulation.h"

namespace spillway::model {
namespace {

/// How often a timer lets the other events of its instant go first: a reply in the very instant of
/// a deadline wins, and a request that arrives as failfast begins has been queued.
std::uint32_t patience(linkerd::TimerKind kind) {
  switch (kind) {
    case linkerd::TimerKind::peek:
    case linkerd::TimerKind::deadline:
    case linkerd::TimerKind::idle:
    case linkerd::TimerKind::profile:
      return 1;
    case linkerd::TimerKind::failfast:
      return 2;
    default:
      return 0;
  }
}

Flags flags_of(linkerd::Error error) {
  switch (error) {
    case linkerd::Error::none:
      return {};
    case linkerd::Error::request_timeout:
    case linkerd::Error::response_timeout:
    case linkerd::Error::retry_timeout:
    case linkerd::Error::idle_timeout:
    case linkerd::Error::profile_timeout:
      return Flags::kUT;
    case linkerd::Error::failfast:
      return Flags::kUH;
    case linkerd::Error::loadshed:
      return Flags::kUO;
    case linkerd::Error::connect_error:
      return Flags::kUF;
    default:
      return Flags::kUC;
  }
}

linkerd::ResponseHead head_of(const AttemptResult& result) {
  linkerd::ResponseHead head;
  head.status = result.status;
  head.grpc_status = static_cast<std::int8_t>(result.grpc_status);
  head.http1 = true;
  if (result.retry_after_s > 0) head.retry_after = {result.retry_after_s * 1'000'000'000LL};
  return head;
}

}  // namespace

LinkerdProxy::LinkerdProxy(const Mesh& mesh, const LinkerdStack& compiled, sim::Key key)
    : stack(compiled), executor(mesh.linkerd_policies[compiled.policy], key, actions) {
  for (std::uint32_t b = 0; b < stack.backends.size(); ++b)
    for (Id hop = 0; hop < stack.backends[b].hops; ++hop) executor.add_endpoint(b, sim::Time{});
}

void Simulation::linkerd_open(Id id) {
  Stream& stream = streams_[id];
  const Id proxy_id = mesh_.legs[stream.leg].config + stream.instance;
  LinkerdProxy& proxy = linkerd_proxies_[proxy_id];
  linkerd::RequestHead head;
  head.grpc = mesh_.linkerd_policies[proxy.stack.policy].kind == linkerd::RouteKind::grpc;
  head.body_size = 0;
  const linkerd::Handle handle = proxy.executor.on_request(head, now_);
  if (proxy.requests.size() <= handle.index) proxy.requests.resize(handle.index + 1);
  proxy.requests[handle.index] = {id, handle.generation};
  stream.request = handle.index;
  linkerd_perform(proxy_id);
}

/// Carries out what the executor wants; what it wants meanwhile is carried out by the same loop.
void Simulation::linkerd_perform(Id proxy_id) {
  LinkerdProxy& proxy = linkerd_proxies_[proxy_id];
  if (proxy.performing) return;
  proxy.performing = true;
  ++descending_;
  for (std::size_t i = 0; i < proxy.actions.size(); ++i) {
    const linkerd::Action action = proxy.actions[i];
    switch (action.kind) {
      case linkerd::Action::Kind::set_timer:
        linkerd_set_timer(proxy_id, action);
        break;
      case linkerd::Action::Kind::connect:
        linkerd_connect(proxy_id, action.endpoint);
        break;
      case linkerd::Action::Kind::send:
        linkerd_send(proxy, action);
        break;
      case linkerd::Action::Kind::cancel:
        linkerd_cancel(proxy, action.attempt);
        break;
      case linkerd::Action::Kind::headers:
        linkerd_headers(proxy, action);
        break;
      case linkerd::Action::Kind::body:
        break;
      case linkerd::Action::Kind::end:
        linkerd_end(proxy, action.request);
        break;
    }
  }
  proxy.actions.clear();
  --descending_;
  proxy.performing = false;
}

void Simulation::linkerd_set_timer(Id proxy_id, const linkerd::Action& action) {
  if (action.timer.kind == linkerd::TimerKind::backoff) {
    Stream& stream = streams_[linkerd_proxies_[proxy_id].requests[action.timer.owner.index].stream];
    ++stream.retries;
    stream.wait = action.at - now_;
  }
  const Id id = linkerd_timers_.allocate();
  linkerd_timers_[id] = {proxy_id, false, patience(action.timer.kind), action.timer};
  after(action.at - now_, Kind::linkerd_timer, id, linkerd_timers_.generation(id));
}

/// A connection to an endpoint costs a round trip.
void Simulation::linkerd_connect(Id proxy_id, linkerd::EndpointRef endpoint) {
  const Hop& hop = mesh_.hops[linkerd_proxies_[proxy_id].hop(endpoint)];
  const sim::Key key = sim::combine(sim::combine(run_key_, kConnection), connections_opened_++);
  const Id id = linkerd_timers_.allocate();
  linkerd::Timer connected;
  connected.endpoint = endpoint;
  linkerd_timers_[id] = {proxy_id, true, 0, connected};
  after(length(hop.back, key) + length(hop.back, sim::combine(key, 1)), Kind::linkerd_timer, id,
        linkerd_timers_.generation(id));
}

void Simulation::linkerd_timer(Id id) {
  LinkerdTimer& waiting = linkerd_timers_[id];
  if (waiting.patience > 0) {
    --waiting.patience;
    return after(sim::Duration{}, Kind::linkerd_timer, id, linkerd_timers_.generation(id));
  }
  const LinkerdTimer timer = waiting;
  linkerd_timers_.release(id);
  LinkerdProxy& proxy = linkerd_proxies_[timer.proxy];
  if (timer.connection)
    proxy.executor.on_connected(timer.timer.endpoint, now_);
  else
    proxy.executor.on_timer(timer.timer, now_);
  const linkerd::TimerKind kind = timer.timer.kind;
  proxy.timing_out = !timer.connection &&
                     (kind == linkerd::TimerKind::deadline || kind == linkerd::TimerKind::idle ||
                      kind == linkerd::TimerKind::profile);
  linkerd_perform(timer.proxy);
  proxy.timing_out = false;
}

void Simulation::linkerd_send(LinkerdProxy& proxy, const linkerd::Action& action) {
  const Id stream_id = proxy.requests[action.request.index].stream;
  Stream& stream = streams_[stream_id];
  const Id hop_id =
      mesh_.legs[stream.leg].first_hop + proxy.hop(action.endpoint) - proxy.stack.first_hop;
  const Hop& hop = mesh_.hops[hop_id];
  const bool first = stream.tries++ == 0;
  stream.hop = hop_id;
  const Id id = new_attempt(stream_id, hop_id, first);
  Attempt& attempt = attempts_[id];
  attempt.host = action.attempt.index;
  attempt.replica = hop.replica;
  if (proxy.attempts.size() <= attempt.host) proxy.attempts.resize(attempt.host + 1);
  proxy.attempts[attempt.host] = {id, action.attempt.generation};
  count_try(stream, mesh_.legs[stream.leg], first);
  if (tracer_) tracer_->attempt_started(id, attempt, stream_id, stream);
  proxy.executor.on_upload(action.attempt, 0, true, now_);
  send_job(id, stream, hop);
}

void Simulation::linkerd_cancel(LinkerdProxy& proxy, linkerd::Handle handle) {
  LinkerdProxy::Slot& slot = proxy.attempts[handle.index];
  if (slot.stream == kNoId || slot.generation != handle.generation) return;
  const Id id = slot.stream;
  slot.stream = kNoId;
  if (proxy.timing_out)
    count_timeout(streams_[attempts_[id].stream], mesh_.legs[streams_[attempts_[id].stream].leg]);
  if (tracer_)
    tracer_->attempt_ended(id, now_,
                           proxy.timing_out ? Outcome::per_try_timeout : Outcome::cancelled, 0);
  cancel_attempt(id);
}

/// A try has an answer, or its connection broke.
void Simulation::linkerd_done(Id id) {
  const Attempt& attempt = attempts_[id];
  const Stream& stream = streams_[attempt.stream];
  const Id proxy_id = mesh_.legs[stream.leg].config + stream.instance;
  LinkerdProxy& proxy = linkerd_proxies_[proxy_id];
  const linkerd::Handle handle{attempt.host, proxy.attempts[attempt.host].generation};
  const AttemptResult result = attempt.result;
  const bool meshed =
      mesh_.linkerd_policies[proxy.stack.policy].transport != linkerd::Transport::http1;
  proxy.attempts[attempt.host].stream = kNoId;
  if (tracer_) tracer_->attempt_ended(id, now_, result.outcome, result.status);
  release_attempt(id);
  linkerd::ResponseHead head = head_of(result);
  if (result.outcome != Outcome::status) head.status = 502;  // of the proxy beside the server
  if (result.outcome == Outcome::status || meshed)
    proxy.executor.on_response(handle, head, now_);
  else
    proxy.executor.on_broken(handle,
                             result.outcome == Outcome::refused ? linkerd::Breakage::connect_refused
                                                                : linkerd::Breakage::io,
                             now_);
  linkerd_perform(proxy_id);
}

void Simulation::linkerd_headers(LinkerdProxy& proxy, const linkerd::Action& action) {
  Stream& stream = streams_[proxy.requests[action.request.index].stream];
  const linkerd::Answer& answer = action.answer;
  stream.answer = answer.status == 0 ? std::uint16_t{502} : answer.status;
  stream.answer_flags = flags_of(answer.error);
  stream.answer_stopped = RetryStopped::not_retriable;
  const auto& retry = mesh_.linkerd_policies[proxy.stack.policy].retry;
  if (stream.answer_flags == Flags::kUT)
    stream.answer_stopped = RetryStopped::timeout;
  else if (retry && stream.retries >= retry->max_retries &&
           linkerd::retryable(*retry, answer.status, answer.grpc_status))
    stream.answer_stopped = RetryStopped::limit;
  if (stream.answer_stopped == RetryStopped::limit) stream.answer_flags |= Flags::kURX;
}

/// The answer is complete: it is passed on after everything else of this instant.
void Simulation::linkerd_end(LinkerdProxy& proxy, linkerd::Handle request) {
  const Id id = proxy.requests[request.index].stream;
  Stream& stream = streams_[id];
  stream.request = kNoId;
  answer_later(id, stream.answer, stream.answer_flags);
}

/// Nobody waits for the answer any more.
void Simulation::linkerd_gone(const Stream& stream) {
  const Id proxy_id = mesh_.legs[stream.leg].config + stream.instance;
  LinkerdProxy& proxy = linkerd_proxies_[proxy_id];
  proxy.executor.on_gone({stream.request, proxy.requests[stream.request].generation}, now_);
  linkerd_perform(proxy_id);
}

}  // namespace spillway::model
