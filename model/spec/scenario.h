// A validated scenario: everything of a scenario file but the manifests. Plain values; no
// behaviour, no file formats.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/spec/fault.h"
#include "model/spec/service.h"
#include "model/spec/workload.h"

namespace spillway::model {

enum class Channel { experimental, standard };

/// One entry of `mesh.options`; which names exist, and what they take, is the profile's to say.
struct MeshOption {
  std::variant<sim::Distribution, double, bool, std::string, Budget> value;
  Place place;
  bool operator==(const MeshOption& o) const { return value == o.value; }
};

struct MeshSpec {
  std::string profile = "gateway-api";
  std::string version;  ///< empty: the newest known
  Channel channel = Channel::experimental;
  std::map<std::string, MeshOption> options;
  Place profile_place;
  Place version_place;
  bool operator==(const MeshSpec&) const = default;
};

struct RunSpec {
  sim::Duration duration{60'000'000'000};
  sim::Duration warmup{};
  std::uint64_t seed = 1;
  std::uint32_t replications = 8;
  sim::Duration interval{1'000'000'000};
  Place place;
  bool operator==(const RunSpec& o) const {
    return duration == o.duration && warmup == o.warmup && seed == o.seed &&
           replications == o.replications && interval == o.interval;
  }
};

/// METRIC[@SCOPE] OP VALUE. `limit` in the unit of the metric's column (ms, share 0..1, count,
/// 1/s); recovery_time in ms.
struct Objective {
  enum class Op { less, less_equal, greater, greater_equal };
  std::string metric;
  std::string scope;  ///< empty: all traffic
  Op op = Op::less;
  double limit = 0;
  std::string text;  ///< as written
  Place place;
  bool operator==(const Objective&) const = default;
};

struct Scenario {
  std::string name;
  std::string description;
  MeshSpec mesh;
  std::vector<Service> services;
  std::vector<Traffic> traffic;
  std::vector<Fault> faults;
  RunSpec run;
  std::vector<Objective> objectives;
  Place place;
  bool operator==(const Scenario&) const = default;
};

}  // namespace spillway::model
