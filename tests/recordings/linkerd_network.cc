// The other end of the driver: connections, backends that answer as scripted, and uploads.
#include <algorithm>

#include "tests/recordings/linkerd_driver.h"

namespace spillway::recordings::linkerd {

using namespace model::linkerd;

namespace {

Breakage breakage_of(const std::string& error) {
  if (error.starts_with("io_")) return Breakage::io;
  if (error == "h2_refused_stream") return Breakage::refused_stream;
  if (error == "h2_cancel") return Breakage::cancel;
  if (error == "h2_internal") return Breakage::internal;
  return Breakage::other;
}

}  // namespace

Connect Driver::next_connect(int endpoint) {
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
