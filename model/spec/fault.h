// What breaks, where and when. Plain values, validated by the loader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "model/spec/request.h"
#include "sim/distribution.h"

namespace spillway::model {

/// A service; some of its replicas (the first `replicas`); or one operation of it.
struct ServiceTarget {
  ServiceRef service;
  std::optional<std::uint32_t> replicas;
  std::string operation;
  bool operator==(const ServiceTarget&) const = default;
};
/// At the proxy that executes this rule, ahead of its router. Absent rule: every rule of the route.
struct RouteTarget {
  std::string namespace_;
  std::string name;
  std::optional<std::uint32_t> rule;
  bool operator==(const RouteTarget&) const = default;
};
/// The network between a caller (service scope or traffic name) and a service.
struct LinkTarget {
  std::string from;
  ServiceRef to;
  bool operator==(const LinkTarget&) const = default;
};
/// Proxies as outputs name them, "KIND/NAME" or one instance, "KIND/NAME/INSTANCE"; or the ztunnel
/// of every node, "ztunnel", or of one, "ztunnel/NODE".
struct ProxyTarget {
  std::string name;
  bool operator==(const ProxyTarget&) const = default;
};
using FaultTarget = std::variant<ServiceTarget, RouteTarget, LinkTarget, ProxyTarget>;

// Percentages: 0..100 of the requests met, each drawn on its own. On a link, requests meet a fault
// on their way to the service; loss and partition meet the replies too. Loss and partition of a
// service are those of every link to it.
struct AbortFault {
  int status = 503;
  double percent = 100;
  bool work = false;  ///< the operation runs first and then fails
  bool operator==(const AbortFault&) const = default;
};
struct DelayFault {
  sim::Distribution time;
  double percent = 100;
  bool operator==(const DelayFault&) const = default;
};
struct SlowFault {
  double factor = 1;
  bool operator==(const SlowFault&) const = default;
};
struct CrashFault {
  bool operator==(const CrashFault&) const = default;
};
struct HangFault {
  double percent = 100;
  bool operator==(const HangFault&) const = default;
};
struct ResetFault {
  double percent = 100;
  bool operator==(const ResetFault&) const = default;
};
struct LossFault {
  double percent = 0;
  sim::Duration retransmit{200'000'000};
  bool operator==(const LossFault&) const = default;
};
struct PartitionFault {
  bool operator==(const PartitionFault&) const = default;
};
/// Share of the workers that is left.
struct WorkersFault {
  double percent = 100;
  bool operator==(const WorkersFault&) const = default;
};
using FaultAction = std::variant<AbortFault, DelayFault, SlowFault, CrashFault, HangFault,
                                 ResetFault, LossFault, PartitionFault, WorkersFault>;

/// From `at`, for `length` (absent: to the end).
struct FaultWindow {
  sim::Time at;
  std::optional<sim::Duration> length;
  bool operator==(const FaultWindow&) const = default;
};
/// Drawn: exponential times between the end of one and the start of the next, exponential repair
/// times.
struct FaultEvery {
  sim::Duration mean_between;
  sim::Duration mean_repair;
  bool operator==(const FaultEvery&) const = default;
};

struct Fault {
  std::variant<FaultWindow, FaultEvery> when;
  FaultTarget target;
  FaultAction action;
  Place place;
  bool operator==(const Fault&) const = default;
};

}  // namespace spillway::model
