#include "model/run/tracer.h"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::model {
namespace {

std::vector<std::string> flag_list(Flags flags) {
  std::vector<std::string> list;
  if (flags.empty()) return list;
  const std::string text = to_text(flags);
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    list.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  return list;
}

std::string why(const Verdict& verdict, std::size_t tries) {
  switch (verdict.stopped) {
    case RetryStopped::none:
      return verdict.status == 0 ? "cancelled: the caller had gone"
             : tries > 1         ? "succeeded after a retry"
                                 : "succeeded";
    case RetryStopped::not_retriable:
      return tries == 0 ? "answered without a try" : "this failure is not retried";
    case RetryStopped::limit:
      return "no retry was left";
    case RetryStopped::budget:
      return "the retry budget refused a retry";
    case RetryStopped::breaker:
      return "a circuit breaker refused a retry";
    case RetryStopped::timeout:
      return "the request timeout expired";
  }
  return {};
}

}  // namespace

Tracer::Tracer(const Mesh& mesh, const TraceSelection& selection)
    : mesh_(mesh), selection_(selection) {}

bool Tracer::wanted(const Lineage& lineage) const {
  return !selection_.request || *selection_.request == lineage.root;
}

std::size_t Tracer::open_call(Id stream, const Stream& s) {
  const Leg& leg = mesh_.legs[s.leg];
  CallNode node;
  node.call.to = leg.to;
  node.call.route = leg.route;
  node.call.rule = leg.rule;
  if (!leg.proxy.empty())
    node.call.proxy = leg.executor == Executor::client
                          ? leg.proxy
                          : fmt::format("{}/{}", leg.proxy, leg.first_instance + s.instance);
  node.call.start = s.start;
  node.call.finished = false;
  calls_.push_back(std::move(node));
  stream_nodes_[stream] = calls_.size() - 1;
  return calls_.size() - 1;
}

void Tracer::request_started(Id stream, const Stream& s, const std::string& traffic) {
  if (!wanted(s.lineage)) return;
  RequestNode node;
  node.request.request = s.lineage.root;
  node.request.traffic = traffic;
  node.request.arrival = s.start;
  node.call = open_call(stream, s);
  request_of_root_[s.lineage.root] = requests_.size();
  requests_.push_back(std::move(node));
}

void Tracer::request_ended(Id, const Stream& s, sim::Time now, std::uint16_t status, Flags flags) {
  const auto found = request_of_root_.find(s.lineage.root);
  if (found == request_of_root_.end()) return;
  RequestTrace& request = requests_[found->second].request;
  request.latency = now - request.arrival;
  request.status = status;
  request.flags = flag_list(flags);
}

void Tracer::stream_started(Id stream, const Stream& s, Id parent_attempt, Id parent_job) {
  if (!wanted(s.lineage)) return;
  if (const auto a = attempt_nodes_.find(parent_attempt);
      parent_attempt != kNoId && a != attempt_nodes_.end())
    attempts_[a->second].leg.push_back(open_call(stream, s));
  else if (const auto j = job_nodes_.find(parent_job); parent_job != kNoId && j != job_nodes_.end())
    attempts_[j->second].calls.push_back(open_call(stream, s));
}

void Tracer::stream_ended(Id stream, const Stream& s, sim::Time now, const Verdict& verdict) {
  const auto found = stream_nodes_.find(stream);
  if (found == stream_nodes_.end()) return;
  CallTrace& call = calls_[found->second].call;
  call.end = now;
  call.status = verdict.status;
  call.flags = flag_list(verdict.flags);
  call.retry_stopped = to_string(verdict.stopped);
  call.reason = why(verdict, s.tries);
  call.finished = true;
  stream_nodes_.erase(found);
}

void Tracer::attempt_started(Id attempt, const Attempt& a, Id stream, const Stream& s) {
  const auto found = stream_nodes_.find(stream);
  if (found == stream_nodes_.end()) return;
  AttemptNode node;
  node.attempt.attempt = s.tries;
  node.attempt.start = a.start;
  node.attempt.end = a.start;
  node.attempt.backend = mesh_.hops[a.hop].backend;
  node.attempt.outcome = "unfinished";
  node.attempt.backoff = a.first ? sim::Duration{} : s.wait;
  calls_[found->second].attempts.push_back(attempts_.size());
  attempt_nodes_[attempt] = attempts_.size();
  attempts_.push_back(std::move(node));
}

void Tracer::attempt_sent(Id attempt, sim::Time now) {
  const auto found = attempt_nodes_.find(attempt);
  if (found != attempt_nodes_.end()) attempts_[found->second].attempt.start = now;
}

void Tracer::attempt_ended(Id attempt, sim::Time now, Outcome outcome, std::uint16_t status) {
  const auto found = attempt_nodes_.find(attempt);
  if (found == attempt_nodes_.end()) return;
  AttemptTrace& trace = attempts_[found->second].attempt;
  trace.end = now;
  trace.outcome = to_string(outcome);
  trace.status = status;
  attempt_nodes_.erase(found);
}

void Tracer::job_started(Id job, Id attempt, const Attempt& a) {
  job_nodes_.erase(job);
  const auto found = attempt_nodes_.find(attempt);
  if (found == attempt_nodes_.end()) return;
  job_nodes_[job] = found->second;
  attempts_[found->second].attempt.replica = static_cast<int>(a.replica);
}

void Tracer::waited(Id job, sim::Time now, sim::Duration wait) {
  note(job, now, fmt::format("waited {:g} ms for a worker", wait.milliseconds()));
}

void Tracer::note(Id job, sim::Time now, const std::string& text) {
  const auto found = job_nodes_.find(job);
  if (found != job_nodes_.end())
    attempts_[found->second].attempt.notes.push_back(
        fmt::format("at {:g} ms: {}", now.seconds() * 1e3, text));
}

AttemptTrace Tracer::build_attempt(std::size_t index) const {
  const AttemptNode& node = attempts_[index];
  AttemptTrace trace = node.attempt;
  for (const std::size_t call : node.leg) trace.leg.push_back(build(call));
  for (const std::size_t call : node.calls) trace.calls.push_back(build(call));
  return trace;
}

CallTrace Tracer::build(std::size_t index) const {
  CallTrace trace = calls_[index].call;
  for (const std::size_t attempt : calls_[index].attempts)
    trace.attempts.push_back(build_attempt(attempt));
  return trace;
}

std::vector<RequestTrace> Tracer::take() {
  std::vector<RequestTrace> traces;
  for (RequestNode& node : requests_) {
    node.request.call = build(node.call);
    traces.push_back(std::move(node.request));
  }
  return traces;
}

}  // namespace spillway::model
