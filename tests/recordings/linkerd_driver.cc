#include "tests/recordings/linkerd_driver.h"

#include <algorithm>

namespace spillway::recordings::linkerd {

using namespace model::linkerd;

namespace {

constexpr Millis kHorizon = 7'200'000;

int priority_of(TimerKind kind) {
  switch (kind) {
    case TimerKind::peek:
      return kPeek;
    case TimerKind::deadline:
    case TimerKind::idle:
    case TimerKind::profile:
      return kDeadlines;
    case TimerKind::failfast:
      return kFailfast;
    default:
      return kWaits;
  }
}

}  // namespace

Driver::Driver(const Script& script, sim::Key seed)
    : script_(script),
      wire_(script.policy.transport != Transport::none),
      executor_(script.policy, seed, actions_),
      peers_(script.endpoints.size()),
      names_(script.policy.backends.size()) {
  clients_.resize(script.requests.size());
  run_.requests.resize(script.requests.size());
  unanswered_ = script.requests.size();
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    const RequestScript& request = script.requests[i];
    run_.requests[i].sent = request.at;
    clients_[i].chunks = request.streamed ? (request.body + kChunk - 1) / kChunk : 0;
    at(request.at, kArrivals, [this, i] { start_request(i); });
  }
  std::vector<bool> absent(script.endpoints.size());
  std::vector<bool> seen(script.endpoints.size());
  for (const Update& update : script.updates) {
    for (const std::uint32_t e : update.add) absent[e] = absent[e] || !seen[e], seen[e] = true;
    for (const std::uint32_t e : update.remove) seen[e] = true;
    at(update.at, kArrivals, [this, &update] {
      for (const std::uint32_t e : update.add) add_peer(e);
      for (const std::uint32_t e : update.remove) remove_peer(e);
    });
  }
  for (std::uint32_t e = 0; e < script.endpoints.size(); ++e) {
    if (!absent[e]) add_peer(e);
    if (script.endpoints[e].ready_after > 0)
      at(script.endpoints[e].ready_after, kReplies, [this, e] {
        if (peers_[e].present) executor_.set_usable(peers_[e].ref, true, now());
      });
  }
}

void Driver::at(Millis when, int priority, std::function<void()> what) {
  events_.push({when, priority, sequence_++, std::move(what)});
}

Run Driver::play() {
  perform_all();
  while (!events_.empty() && events_.top().at <= kHorizon) {
    if (unanswered_ == 0 && events_.top().at > now_) break;
    const Event event = events_.top();
    events_.pop();
    now_ = event.at;
    event.what();
    perform_all();
  }
  return std::move(run_);
}

void Driver::perform_all() {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const Action action = actions_[i];
    perform(action);
  }
  actions_.clear();
}

std::uint32_t Driver::backend_of(std::uint32_t endpoint) const {
  for (std::uint32_t b = 0; b < script_.policy.backends.size(); ++b)
    for (const std::uint32_t e : script_.policy.backends[b].endpoints)
      if (e == endpoint) return b;
  return 0;
}

void Driver::add_peer(std::uint32_t endpoint) {
  Peer& peer = peers_[endpoint];
  if (peer.present) return;
  const EndpointScript& script = script_.endpoints[endpoint];
  const bool usable = !script.never_ready && now_ >= script.ready_after;
  const std::uint32_t backend = backend_of(endpoint);
  names_[backend].push_back(static_cast<int>(endpoint));
  peer.present = true;
  peer.ref = executor_.add_endpoint(backend, now(), usable);
}

void Driver::remove_peer(std::uint32_t endpoint) {
  if (peers_[endpoint].present) executor_.remove_endpoint(peers_[endpoint].ref);
  peers_[endpoint].present = false;
}

int Driver::endpoint_of(EndpointRef ref) const { return names_[ref.backend][ref.index]; }

void Driver::start_request(std::size_t index) {
  const RequestScript& script = script_.requests[index];
  const Handle handle = executor_.on_request(script.head, now());
  clients_[index].handle = handle;
  if (client_of_slot_.size() <= handle.index) client_of_slot_.resize(handle.index + 1);
  client_of_slot_[handle.index] = index;
  if (script.gives_up)
    at(now_ + *script.gives_up, kArrivals, [this, index] {
      RequestRow& row = run_.requests[index];
      if (row.end >= 0) return;
      row.gave_up = true;
      --unanswered_;
      executor_.on_gone(clients_[index].handle, now());
    });
}

Driver::Try* Driver::find(Handle handle) {
  if (handle.index >= try_of_slot_.size() || try_of_slot_[handle.index] < 0) return nullptr;
  Try& found = tries_[try_of_slot_[handle.index]];
  return found.handle == handle ? &found : nullptr;
}

void Driver::perform(const Action& action) {
  switch (action.kind) {
    case Action::Kind::set_timer: {
      const Timer timer = action.timer;
      at(action.at.ns / 1'000'000, priority_of(timer.kind),
         [this, timer] { executor_.on_timer(timer, now()); });
      return;
    }
    case Action::Kind::connect:
      return connect_peer(endpoint_of(action.endpoint));
    case Action::Kind::send:
      return send(action);
    case Action::Kind::cancel:
      return cancel(action.attempt);
    case Action::Kind::headers: {
      RequestRow& row = run_.requests[client_of_slot_[action.request.index]];
      row.headers = now_;
      row.status = action.answer.status;
      row.grpc_status = action.answer.grpc_status;
      row.error = to_string(action.answer.error);
      if (!row.error.empty()) row.seen_as = row.status == 0 ? "stream" : "response";
      if (row.error.empty()) row.endpoint = endpoint_of(action.endpoint);
      return;
    }
    case Action::Kind::body:
      run_.requests[client_of_slot_[action.request.index]].body_bytes += action.bytes;
      return;
    case Action::Kind::end: {
      RequestRow& row = run_.requests[client_of_slot_[action.request.index]];
      row.end = now_;
      --unanswered_;
      if (action.answer.grpc_status >= 0) row.grpc_status = action.answer.grpc_status;
      if (action.answer.error != Error::none && row.error.empty()) {
        row.error = to_string(action.answer.error);
        row.seen_as = "body";
      }
      if (Try* ended = find(action.attempt)) close(ended - tries_.data(), row.error.empty());
      return;
    }
  }
}

void Driver::send(const Action& action) {
  const auto index = tries_.size();
  Try one;
  one.handle = action.attempt;
  one.client = client_of_slot_[action.request.index];
  one.ref = action.endpoint;
  one.endpoint = endpoint_of(action.endpoint);
  tries_.push_back(one);
  if (try_of_slot_.size() <= action.attempt.index)
    try_of_slot_.resize(action.attempt.index + 1, -1);
  try_of_slot_[action.attempt.index] = static_cast<std::int64_t>(index);
  if (!wire_) return arrive(index);
  if (script_.policy.transport == Transport::http1 && peers_[one.endpoint].idle_connections == 0)
    return connect_try(index);
  if (script_.policy.transport == Transport::http1) --peers_[one.endpoint].idle_connections;
  tries_[index].on_connection = true;
  at(now_, kDelivery, [this, index] { arrive(index); });
}

}  // namespace spillway::recordings::linkerd
