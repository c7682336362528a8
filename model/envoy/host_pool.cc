#include "model/envoy/host_pool.h"

namespace spillway::model::envoy {

HostPool::Admission HostPool::admit(Resources& resources, Waiter who) {
  if (free_ > 0) {
    if (!resources.request_allowed()) return Admission::overflow;
    ++resources.requests;
    --free_;
    return Admission::ready;
  }
  if (!resources.pending_allowed()) return Admission::overflow;
  ++resources.pending;
  ++waiting_;
  queue_.push_back(who);
  return Admission::waits;
}

bool HostPool::connect(Resources& resources) {
  if (std::uint64_t{waiting_} <= std::uint64_t{connecting_} * streams_) return false;
  if (connections_ > 0 && !resources.connection_allowed()) return false;
  ++connections_;
  ++connecting_;
  ++resources.connections;
  return true;
}

void HostPool::connected() {
  --connecting_;
  free_ += streams_;
}

void HostPool::connect_failed(Resources& resources) {
  --connecting_;
  --connections_;
  --resources.connections;
}

void HostPool::leave(Resources& resources) {
  --waiting_;
  --resources.pending;
}

void HostPool::release(Resources& resources, bool keep) {
  --resources.requests;
  if (keep || streams_ > 1) {
    if (connections_ > connecting_) ++free_;
    return;
  }
  --connections_;
  --resources.connections;
}

void HostPool::close_idle(Resources& resources) {
  const std::uint32_t closed = streams_ > 1 ? connections_ - connecting_ : free_;
  connections_ -= closed;
  resources.connections -= closed;
  free_ = 0;
}

}  // namespace spillway::model::envoy
