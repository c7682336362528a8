#include "model/run/recorder.h"

#include <algorithm>
#include <cmath>

namespace spillway::model {
namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? kNotMeasured : static_cast<double>(part) / static_cast<double>(whole);
}

double amplification(ScopeKind kind, const Tally& t) {
  if (kind == ScopeKind::traffic)
    return t.requests == 0 ? kNotMeasured : 1 + ratio(t.retries, t.requests);
  return ratio(t.attempts, kind == ScopeKind::service ? t.clean_requests : t.requests);
}

}  // namespace

Recorder::Recorder(const Mesh& mesh)
    : mesh_(mesh), scopes_(mesh.scopes.size()), series_(mesh.scopes.size()) {
  for (const CompiledService& service : mesh.services)
    if (service.workers != kUnlimitedWorkers)
      scopes_[service.scope].workers = static_cast<double>(service.workers) * service.replicas;
}

void Recorder::outcome(Id traffic_scope, std::uint16_t status, Flags flags,
                       std::uint64_t requests) {
  const auto same = [&](const OutcomeSlot& s) {
    return s.scope == traffic_scope && s.status == status && s.flags == flags;
  };
  if (last_outcome_ >= outcomes_.size() || !same(outcomes_[last_outcome_])) {
    const auto found = std::ranges::find_if(outcomes_, same);
    last_outcome_ = static_cast<std::size_t>(found - outcomes_.begin());
    if (found == outcomes_.end()) outcomes_.push_back({traffic_scope, status, flags, 0});
  }
  outcomes_[last_outcome_].count += requests;
}

void Recorder::start_measuring(sim::Time now) {
  for (ScopeState& scope : scopes_) {
    scope.queued.reset(now);
    scope.busy.reset(now);
    scope.in_flight.reset(now);
    scope.queued.mark(std::max(now, interval_start_));
  }
}

IntervalRow Recorder::row(ScopeKind kind, ScopeState& s, double seconds, sim::Time now) {
  Tally t = s.tally[0];
  t += s.tally[1];
  const auto per_second = [&](std::uint64_t n) { return static_cast<double>(n) / seconds; };
  IntervalRow row;
  row.requests_per_s = per_second(t.requests);
  row.attempts_per_s = per_second(kind == ScopeKind::traffic ? t.requests + t.retries : t.attempts);
  row.retries_per_s = per_second(t.retries);
  row.success_rate = ratio(t.successes, t.finished);
  row.goodput_per_s = per_second(t.successes);
  all_.clear();
  for (const sim::Histogram& part : s.latency) all_.merge(part);
  if (!all_.empty()) {
    row.latency_p50_ms = all_.quantile(0.5) * 1e-6;
    row.latency_p90_ms = all_.quantile(0.9) * 1e-6;
    row.latency_p99_ms = all_.quantile(0.99) * 1e-6;
  }
  row.amplification = amplification(kind, t);
  row.budget_denied_per_s = per_second(t.budget_denied);
  if (kind == ScopeKind::service) {
    row.queue_length = s.queued.average_since_mark(now);
    if (s.workers > 0) row.utilization = s.busy.average_since_mark(now) / s.workers;
  }
  return row;
}

void Recorder::end_interval(sim::Time now, const std::vector<double>& balance) {
  const double seconds = (now - interval_start_).seconds();
  if (seconds <= 0) return;
  for (Id i = 0; i < scopes_.size(); ++i) {
    ScopeState& scope = scopes_[i];
    series_[i].push_back(row(mesh_.scopes[i].kind, scope, seconds, now));
    series_[i].back().budget_balance = balance[i];
    fold(scope);
    scope.queued.mark(now);
    scope.busy.mark(now);
  }
  interval_start_ = now;
}

void Recorder::fold(ScopeState& scope) {
  scope.total += scope.tally[1];
  scope.tally[0] = scope.tally[1] = {};
  scope.success.merge(scope.latency[kSuccess]);
  scope.failure.merge(scope.latency[kFailure]);
  for (sim::Histogram& part : scope.latency) part.clear();
}

void Recorder::end_measuring(sim::Time now) {
  for (ScopeState& scope : scopes_) {
    scope.mean_queued = scope.queued.average(now);
    scope.mean_busy = scope.busy.average(now);
    scope.mean_in_flight = scope.in_flight.average(now);
  }
}

ReplicationResult Recorder::take(const std::vector<std::uint64_t>& unfinished) {
  ReplicationResult result;
  result.scopes.resize(scopes_.size());
  for (Id i = 0; i < scopes_.size(); ++i) {
    ScopeState& from = scopes_[i];
    ScopeResult& to = result.scopes[i];
    const ScopeKind kind = mesh_.scopes[i].kind;
    fold(from);  // what ended after the last interval
    to.tally = from.total;
    if (kind == ScopeKind::traffic) to.tally.attempts = to.tally.requests + to.tally.retries;
    to.latency_success = std::move(from.success);
    to.latency_failure = std::move(from.failure);
    to.queue_time = std::move(from.queue_time);
    to.busy_seconds = from.held.seconds();
    to.wasted_seconds = from.wasted.seconds();
    if (kind == ScopeKind::service) {
      to.queue_length = from.mean_queued;
      if (from.workers > 0) to.utilization = from.mean_busy / from.workers;
    }
    if (kind == ScopeKind::service || kind == ScopeKind::traffic)
      to.in_flight = from.mean_in_flight;
  }
  for (const OutcomeSlot& slot : outcomes_)
    result.outcomes.push_back({slot.scope, slot.status, to_text(slot.flags), slot.count});
  for (std::size_t t = 0; t < unfinished.size(); ++t)
    if (unfinished[t] > 0)
      result.outcomes.push_back({mesh_.traffic[t].scope, 0, "unfinished", unfinished[t]});
  std::ranges::sort(result.outcomes, [](const OutcomeCount& a, const OutcomeCount& b) {
    return std::tie(a.scope, a.status, a.flags) < std::tie(b.scope, b.status, b.flags);
  });
  result.series = std::move(series_);
  return result;
}

}  // namespace spillway::model
