#include "tests/recordings/linkerd_driver.h"

#include <algorithm>

namespace spillway::recordings::linkerd {

using namespace model::linkerd;

namespace {

constexpr Millis kHorizon = 7'200'000;
constexpr std::uint64_t kChunk = 16384;

// Order of the events of one instant.
constexpr int kReplies = 0;
constexpr int kArrivals = 1;
constexpr int kWaits = 2;
constexpr int kWireReplies = 3;  ///< a few tasks later than those that need no connection
constexpr int kPeek = 4;
constexpr int kDeadlines = 5;
constexpr int kFailfast = 6;
constexpr int kDelivery = 7;

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

Breakage breakage_of(const std::string& error) {
  if (error.starts_with("io_")) return Breakage::io;
  if (error == "h2_refused_stream") return Breakage::refused_stream;
  if (error == "h2_cancel") return Breakage::cancel;
  if (error == "h2_internal") return Breakage::internal;
  return Breakage::other;
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

const Connect Driver::next_connect(int endpoint) {
  const EndpointScript& script = script_.endpoints[endpoint];
  const std::size_t number = peers_[endpoint].connects++;
  Connect connect;
  for (const auto& [from, phase] : script.connect_phases)
    if (from <= now_) connect = phase;
  if (!script.connects.empty())
    connect = script.connects[std::min(number, script.connects.size() - 1)];
  run_.connects.emplace_back(endpoint, now_);
  return connect;
}

void Driver::connect_try(std::size_t index) {
  const Connect connect = next_connect(tries_[index].endpoint);
  if (connect.hang) return;
  at(now_ + connect.after, kReplies, [this, index, connect] {
    Try& one = tries_[index];
    if (one.over) return;
    if (connect.refuse) {
      one.over = true;
      return executor_.on_broken(one.handle, Breakage::connect_refused, now());
    }
    one.on_connection = true;
    at(now_, kDelivery, [this, index] { arrive(index); });
  });
}

void Driver::connect_peer(int endpoint) {
  const Connect connect = next_connect(endpoint);
  const EndpointRef ref = peers_[endpoint].ref;
  if (connect.hang) return;
  at(now_ + connect.after, kReplies, [this, ref, connect] {
    if (connect.refuse)
      executor_.on_refused(ref, now());
    else
      executor_.on_connected(ref, now());
  });
}

const Reply& Driver::choose_reply(int endpoint) {
  const EndpointScript& script = script_.endpoints[endpoint];
  const std::size_t number = peers_[endpoint].arrivals++;
  const std::vector<Reply>* replies = &script.replies;
  bool cycle = script.cycle;
  for (const Phase& phase : script.phases) {
    if (phase.from > now_) break;
    replies = &phase.replies;
    cycle = true;
  }
  return (*replies)[cycle ? number % replies->size() : std::min(number, replies->size() - 1)];
}

void Driver::arrive(std::size_t index) {
  Try& one = tries_[index];
  if (one.over) return;
  one.reply = choose_reply(one.endpoint);
  one.row = static_cast<std::int64_t>(run_.attempts.size());
  run_.attempts.push_back({one.client, one.endpoint, now_, -1, 'p'});
  if (one.reply.early) {
    if (!wire_) executor_.on_upload_refused(one.handle, now());
    reply_after(index);
    if (!wire_) return;
  }
  clients_[one.client].attempt = static_cast<std::int64_t>(index);
  upload(index);
}

void Driver::upload(std::size_t index) {
  Try& one = tries_[index];
  Client& client = clients_[one.client];
  const RequestScript& script = script_.requests[one.client];
  if (one.over || one.uploaded) return;
  while (one.sent_chunks < client.read) {
    ++one.sent_chunks;
    const std::uint64_t total = std::min(one.sent_chunks * kChunk, script.body);
    if (one.sent_chunks < client.chunks) executor_.on_upload(one.handle, total, false, now());
  }
  if (one.sent_chunks >= client.chunks) {
    one.uploaded = true;
    executor_.on_upload(one.handle, script.streamed ? script.body : std::uint64_t{0}, true, now());
    if (!one.reply.early) reply_after(index);
    return;
  }
  if (client.reading) return;
  client.reading = true;
  const std::size_t number = one.client;
  at(now_ + script.chunk_every, kReplies, [this, number] {
    Client& reader = clients_[number];
    reader.reading = false;
    ++reader.read;
    if (reader.attempt >= 0) upload(reader.attempt);
  });
}

void Driver::reply_after(std::size_t index) {
  const Reply& reply = tries_[index].reply;
  if (reply.hang) return;
  at(now_ + reply.after, wire_ ? kWireReplies : kReplies, [this, index] {
    const Try& one = tries_[index];
    if (one.over) return;
    if (one.reply.kill)
      kill_connection(index);
    else if (!one.reply.error.empty())
      break_off(index);
    else
      answer(index);
  });
}

void Driver::answer(std::size_t index) {
  Try& one = tries_[index];
  one.answered = true;
  run_.attempts[one.row].end = now_;
  run_.attempts[one.row].how = 'r';
  ResponseHead head;
  head.status = static_cast<std::uint16_t>(one.reply.status);
  head.grpc_status = static_cast<std::int8_t>(one.reply.grpc_header);
  head.http1 = one.reply.h1 || script_.http1_answers;
  head.end = one.reply.frames.empty() && !one.reply.body_hang;
  if (!head.end) next_frame(index);
  if (head.end && one.on_connection && one.uploaded) {
    one.on_connection = false;
    ++peers_[one.endpoint].idle_connections;
  }
  executor_.on_response(one.handle, head, now());
}

void Driver::next_frame(std::size_t index) {
  const Try& one = tries_[index];
  if (one.frame == one.reply.frames.size()) {
    if (one.reply.body_hang) return;
    return executor_.on_end(one.handle, -1, now());
  }
  at(now_ + one.reply.frames[one.frame].after, wire_ ? kWireReplies : kReplies, [this, index] {
    Try& sender = tries_[index];
    if (sender.over) return;
    const Frame frame = sender.reply.frames[sender.frame++];
    if (frame.grpc >= 0) return executor_.on_end(sender.handle, frame.grpc, now());
    executor_.on_data(sender.handle, frame.bytes, now());
    next_frame(index);
  });
}

void Driver::break_off(std::size_t index) {
  Try& one = tries_[index];
  one.over = true;
  run_.attempts[one.row].end = now_;
  run_.attempts[one.row].how = 'r';
  executor_.on_broken(one.handle, breakage_of(one.reply.error), now());
}

void Driver::kill_connection(std::size_t index) {
  const Try killer = tries_[index];
  if (script_.policy.transport == Transport::http1) return break_off(index);
  executor_.on_lost(killer.ref);
  for (std::size_t i = 0; i < tries_.size(); ++i) {
    Try& one = tries_[i];
    if (one.over || one.row < 0 || !(one.ref == killer.ref)) continue;
    one.over = true;
    if (!one.answered) {
      run_.attempts[one.row].end = now_;
      run_.attempts[one.row].how = 'r';
    }
    executor_.on_broken(one.handle, Breakage::closed, now());
  }
}

void Driver::close(std::size_t index, bool reusable) {
  Try& one = tries_[index];
  if (one.over) return;
  one.over = true;
  if (reusable && one.on_connection && one.uploaded) ++peers_[one.endpoint].idle_connections;
}

void Driver::cancel(Handle handle) {
  Try* one = find(handle);
  if (one == nullptr || one->over) return;
  const bool complete = one->answered && one->reply.frames.empty() && !one->reply.body_hang;
  if (one->row >= 0 && !one->answered) {
    run_.attempts[one->row].end = now_;
    run_.attempts[one->row].how = 'x';
  }
  close(one - tries_.data(), complete);
}

}  // namespace spillway::recordings::linkerd
