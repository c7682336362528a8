// Requests come in and go out.
#include "model/run/simulation.h"

namespace spillway::model {

void Simulation::traffic_arrives(Id traffic) {
  start_request(traffic, arrived_[traffic]++, kNoId);
  if (const sim::Time next = arrivals_[traffic].next_or_never(); next < end_)
    queue_.push(next, static_cast<std::uint8_t>(Kind::arrival), traffic, 0);
}

void Simulation::user_ready(Id id) {
  if (now_ >= end_) return;
  User& user = users_[id];
  // A user's n-th request has the same number whatever the other users do.
  const std::uint64_t number = static_cast<std::uint64_t>(user.number) << 40 | user.requests++;
  start_request(user.traffic, number, id);
}

void Simulation::start_request(Id traffic, std::uint64_t number, Id user) {
  const CompiledTraffic& source = mesh_.traffic[traffic];
  Lineage lineage;
  lineage.key = sim::combine(sim::combine(run_key_, source.salt), number);
  lineage.root = requests_++;
  lineage.traffic = static_cast<std::uint16_t>(traffic);
  lineage.counted = now_ >= warmup_ && now_ < end_;
  std::size_t kind = 0;
  if (source.requests.size() > 1) {
    const double u = sim::Draw(sim::combine(lineage.key, kKindOfRequest)).uniform();
    while (kind + 1 < source.requests.size() && u > source.requests[kind].cumulative) ++kind;
  }
  const Id call = source.requests[kind].call;
  const auto instance =
      static_cast<std::uint32_t>((user == kNoId ? number : users_[user].number) % source.instances);
  recorder_.sent(source.scope, lineage.counted, true);
  recorder_.in_flight(source.scope, now_, 1);
  open_[traffic] += lineage.counted;
  start_call(call, lineage, Stream::Parent::traffic, {user, 0}, instance);
}

void Simulation::start_call(Id call, const Lineage& lineage, Stream::Parent parent_kind, Ref parent,
                            std::uint32_t instance) {
  const Id leg_id = mesh_.calls[call].leg;
  const Leg& leg = mesh_.legs[leg_id];
  ++descending_;
  if (goes_direct(leg, lineage))
    start_direct(leg, call, lineage,
                 parent_kind == Stream::Parent::job ? Job::Caller::job : Job::Caller::traffic,
                 parent, instance);
  else
    start_stream(leg_id, call, lineage, parent_kind, parent, instance, true);
  --descending_;
}

void Simulation::request_ended(const Lineage& lineage, sim::Time start, Id user,
                               std::uint16_t status, Flags flags) {
  const Id traffic = lineage.traffic;
  const Id scope = mesh_.traffic[traffic].scope;
  const bool counted = lineage.counted;
  const bool success = status != 0 && status < 500;
  if (flags.has(Flags::kUT)) recorder_.count<&Tally::timeouts>(scope, counted);
  recorder_.ended(scope, now_ - start, success, counted);
  recorder_.in_flight(scope, now_, -1);
  open_[traffic] -= counted;
  if (counted) recorder_.outcome(scope, status, flags);
  if (user == kNoId) return;
  const auto& closed = std::get<ClosedArrivals>(mesh_.spec.scenario.traffic[traffic].arrivals);
  sim::Draw think(sim::combine(lineage.key, kThink));
  sim::Duration pause = closed.think.sample(think);
  if (pause.ns == 0 && now_ == start) pause = kLeastTurn;
  after(pause, Kind::user_ready, user, 0);
}

}  // namespace spillway::model
