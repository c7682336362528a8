// Who sends what, and when. Plain values, validated by the loader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/spec/client_policy.h"
#include "model/spec/request.h"
#include "sim/distribution.h"

namespace spillway::model {

/// Requests per second as a function of time: linear between the points, constant after the last
/// one. Two points at the same time are a step. Never empty; the first point is at 0.
struct RateProfile {
  struct Point {
    sim::Time at;
    double per_second;
    bool operator==(const Point&) const = default;
  };
  std::vector<Point> points;
  bool operator==(const RateProfile&) const = default;
};

struct PoissonArrivals {
  RateProfile rate;
  bool operator==(const PoissonArrivals&) const = default;
};
struct ConstantArrivals {
  RateProfile rate;
  bool operator==(const ConstantArrivals&) const = default;
};
/// Independent gaps with the given coefficient of variation (gamma law).
struct RenewalArrivals {
  RateProfile rate;
  double cv = 1;
  bool operator==(const RenewalArrivals&) const = default;
};
/// Markov-modulated Poisson: state i has rates[i] and an exponential holding time of mean
/// holding[i], then the next state, cyclically.
struct MmppArrivals {
  std::vector<double> rates;
  std::vector<sim::Duration> holding;
  bool operator==(const MmppArrivals&) const = default;
};
/// `users` loops of: request, wait for its end, think.
struct ClosedArrivals {
  std::uint32_t users = 1;
  sim::Distribution think;
  bool operator==(const ClosedArrivals&) const = default;
};
/// Explicit arrival times, ascending: `times`, or the timestamps of a trace file.
struct TimedArrivals {
  std::vector<sim::Time> times;
  bool operator==(const TimedArrivals&) const = default;
};

/// A trace of rates per interval is read as PoissonArrivals with a step profile.
using Arrivals = std::variant<PoissonArrivals, ConstantArrivals, RenewalArrivals, MmppArrivals,
                              ClosedArrivals, TimedArrivals>;

struct WeightedRequest {
  Request request;
  double weight = 1;
  bool operator==(const WeightedRequest&) const = default;
};

/// Enters through a Gateway: "name.namespace[:port]", with the Host header `host`.
struct GatewayTarget {
  ServiceRef gateway;
  std::string host;
  bool operator==(const GatewayTarget&) const = default;
};

struct Traffic {
  std::string name;
  std::variant<ServiceRef, GatewayTarget> to;
  std::string from_namespace = "default";
  bool meshed = true;
  std::vector<WeightedRequest> requests{WeightedRequest{}};
  Arrivals arrivals;
  std::uint32_t instances = 1;  ///< client pods; the load is dealt round robin
  std::optional<ClientPolicy> client;
  Place place;
  bool operator==(const Traffic&) const = default;
};

}  // namespace spillway::model
