#include "tests/recordings/linkerd_script.h"

namespace spillway::recordings::linkerd {

using namespace model::linkerd;

namespace {

bool has(const Json& json, const char* key) { return json.contains(key) && !json[key].is_null(); }

std::optional<sim::Duration> duration(const Json& json, const char* key) {
  if (!has(json, key)) return std::nullopt;
  return millis(json[key].get<double>());
}

Retry read_retry(const Json& json) {
  Retry retry;
  for (const Json& range : json.value("status_ranges", Json::array()))
    retry.status_ranges.push_back({range[0].get<std::uint16_t>(), range[1].get<std::uint16_t>()});
  for (const Json& code : json.value("grpc_codes", Json::array()))
    retry.grpc_codes.set(code.get<std::size_t>());
  retry.max_retries = json.value("max_retries", 1U);
  retry.max_request_bytes = json.value("max_request_bytes", std::uint64_t{65536});
  retry.timeout = duration(json, "timeout_ms");
  retry.backoff.reset();
  if (has(json, "backoff")) retry.backoff = read_backoff(json["backoff"]);
  return retry;
}

FailureAccrual read_accrual(const Json& json) {
  FailureAccrual accrual;
  accrual.max_failures = json.value("max_failures", 7U);
  if (has(json, "backoff")) accrual.backoff = read_backoff(json["backoff"]);
  if (has(json, "success_rate_threshold")) {
    FailureAccrual::SuccessRate rate;
    rate.threshold = json["success_rate_threshold"].get<double>();
    if (const auto window = duration(json, "window_ms")) rate.window = *window;
    rate.min_requests = json.value("min_requests", 5U);
    accrual.success_rate = rate;
  }
  return accrual;
}

BalanceP2c read_balancer(const Json& json) {
  BalanceP2c balancer;
  if (const auto decay = duration(json, "decay_ms")) balancer.decay = *decay;
  if (const auto rtt = duration(json, "default_rtt_ms")) balancer.default_rtt = *rtt;
  if (const auto penalty = duration(json, "penalty_ms")) {
    balancer.penalty.emplace();
    balancer.penalty->penalty = *penalty;
    if (const auto max = duration(json, "max_retry_after_ms"))
      balancer.penalty->max_retry_after = *max;
  }
  return balancer;
}

ProfileRoute read_profile(const Json& json) {
  ProfileRoute route;
  if (has(json, "budget")) {
    const Json& budget = json["budget"];
    route.retry_budget =
        RetryBudget{millis(budget["ttl_ms"].get<double>()),
                    budget["min_per_sec"].get<std::uint32_t>(), budget["ratio"].get<float>()};
  }
  route.timeout = duration(json, "timeout_ms");
  return route;
}

Transport read_transport(const Json& json) {
  if (json.value("transport", "mock") == "mock") return Transport::none;
  const bool http1 = json.value("client", "http2") == "http1";
  if (!http1) return Transport::http2;
  return json.value("meshed", false) ? Transport::orig_proto : Transport::http1;
}

OutboundPolicy read_policy(const Json& json, std::uint32_t endpoints) {
  OutboundPolicy policy;
  policy.kind = json.value("route", "http") == "grpc" ? RouteKind::grpc : RouteKind::http;
  if (has(json, "retry")) policy.retry = read_retry(json["retry"]);
  const Json timeouts = json.value("timeouts", Json::object());
  policy.timeouts = {duration(timeouts, "request_ms"), duration(timeouts, "response_ms"),
                     duration(timeouts, "idle_ms")};
  policy.allow_l5d_request_headers = json.value("allow_l5d_headers", false);
  if (has(json, "profile")) policy.profile = read_profile(json["profile"]);
  if (has(json, "failure_accrual")) policy.failure_accrual = read_accrual(json["failure_accrual"]);
  if (has(json, "queue")) {
    policy.queue.capacity = json["queue"].value("capacity", 10000U);
    policy.queue.failfast_timeout = millis(json["queue"].value("failfast_ms", 3000.0));
  }
  if (has(json, "balancer")) policy.balancer = read_balancer(json["balancer"]);
  if (json.value("distribution", "first_available") == "random")
    policy.distribution = Distribution::random_available;
  policy.transport = read_transport(json);
  if (has(json, "connect_backoff")) policy.connect_backoff = read_backoff(json["connect_backoff"]);
  if (has(json, "backends")) {
    for (const Json& backend : json["backends"])
      policy.backends.push_back(
          {backend.value("weight", 1U), backend["endpoints"].get<std::vector<std::uint32_t>>()});
  } else {
    policy.backends.emplace_back();
    for (std::uint32_t i = 0; i < endpoints; ++i) policy.backends[0].endpoints.push_back(i);
  }
  return policy;
}

Reply read_reply(const Json& json) {
  Reply reply;
  reply.status = json.value("status", 200);
  reply.grpc_header = json.value("grpc_header", -1);
  reply.hang = json.value("hang", false);
  reply.error = json.value("error", "");
  reply.kill = json.value("kill", false);
  reply.after = json.value("after_ms", Millis{0});
  reply.early = json.value("early", false);
  reply.h1 = json.value("h1", false);
  reply.body_hang = json.value("body_hang", false);
  for (const Json& frame : json.value("body", Json::array()))
    reply.frames.push_back({frame.value("after_ms", Millis{0}),
                            frame.value("bytes", std::uint64_t{0}), frame.value("grpc", -1)});
  if (json.contains("grpc")) reply.frames.push_back({0, 0, json["grpc"].get<int>()});
  return reply;
}

std::vector<Reply> read_replies(const Json& json) {
  std::vector<Reply> replies;
  if (json.contains("reply")) replies.push_back(read_reply(json["reply"]));
  for (const Json& reply : json.value("replies", Json::array()))
    replies.push_back(read_reply(reply));
  return replies;
}

Connect read_connect(const Json& json) {
  return {json.value("refuse", false), json.value("hang", false),
          json.value("after_ms", Millis{0})};
}

EndpointScript read_endpoint(const Json& json) {
  EndpointScript endpoint;
  endpoint.replies = read_replies(json);
  endpoint.cycle = json.value("cycle", false);
  for (const Json& phase : json.value("phases", Json::array()))
    endpoint.phases.push_back({phase.value("from_ms", Millis{0}), read_replies(phase)});
  endpoint.never_ready = json.value("never_ready", false);
  endpoint.ready_after = json.value("ready_after_ms", Millis{0});
  for (const Json& connect : json.value("connects", Json::array()))
    endpoint.connects.push_back(read_connect(connect));
  for (const Json& phase : json.value("connect_phases", Json::array()))
    endpoint.connect_phases.emplace_back(phase.value("from_ms", Millis{0}),
                                         read_connect(phase.value("connect", Json::object())));
  return endpoint;
}

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

void read_requests(const Json& json, bool grpc, std::vector<RequestScript>& out) {
  RequestScript request;
  request.body = json.value("body_bytes", std::uint64_t{0});
  request.streamed = json.value("streamed", false);
  request.chunk_every = json.value("chunk_every_ms", Millis{0});
  if (has(json, "client_gives_up_ms")) request.gives_up = json["client_gives_up_ms"].get<Millis>();
  request.head.grpc = grpc;
  if (!request.streamed) request.head.body_size = request.body;
  const Json headers = json.value("headers", Json::object());
  for (const auto& [name, value] : headers.items())
    request.head.overrides.add(name, text_of(value));
  const auto add = [&out, &request](Millis at) {
    request.at = at;
    out.push_back(request);
  };
  if (json.contains("at_ms")) add(json["at_ms"].get<Millis>());
  for (const Json& at : json.value("at_list_ms", Json::array())) add(at.get<Millis>());
  for (Millis i = 0; i < json.value("count", Millis{0}); ++i)
    add(json.value("from_ms", Millis{0}) + i * json.value("every_ms", Millis{0}));
}

}  // namespace

ExponentialBackoff read_backoff(const Json& json) {
  return {millis(json["min_ms"].get<double>()), millis(json["max_ms"].get<double>()),
          json.value("jitter", 0.0)};
}

Script read_script(const Json& policy, const Json& script) {
  Script result;
  for (const Json& endpoint : script.value("endpoints", Json::array()))
    result.endpoints.push_back(read_endpoint(endpoint));
  result.policy = read_policy(policy, static_cast<std::uint32_t>(result.endpoints.size()));
  result.http1_answers = result.policy.transport == Transport::http1 ||
                         result.policy.transport == Transport::orig_proto;
  for (const Json& requests : script["requests"])
    read_requests(requests, result.policy.kind == RouteKind::grpc, result.requests);
  for (const Json& update : policy.value("updates", Json::array()))
    result.updates.push_back({update.value("at_ms", Millis{0}),
                              update.value("add", std::vector<std::uint32_t>{}),
                              update.value("remove", std::vector<std::uint32_t>{})});
  return result;
}

}  // namespace spillway::recordings::linkerd
