// recordings envoy: scripted cases of a real Envoy. What the simulator says is certain must be
// recorded exactly; everything drawn or raced is compared in distribution, all comparisons of a
// file together at a level of 1 %.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tests/recordings/envoy_case.h"
#include "tests/recordings/kinds.h"
#include "tests/recordings/statistics.h"

namespace spillway::recordings {
namespace {

using nlohmann::json;

constexpr double kLevel = 0.01;
/// How far times may differ, in ms and as a share.
constexpr double kSlackMs = 3, kSlackShare = 0.03;
/// The recorded Envoy's timers fire up to so late, each, in ms.
constexpr double kTimerLagMs = 2.5;
/// What each of several requests that start at once adds to the delay of the last, in ms.
constexpr double kBurstLagMs = 0.35;
constexpr std::size_t kFewValues = 8;

struct Comparison {
  std::string field;
  std::string text;
  double p = 1;
};

struct Samples {
  std::vector<double> recorded, simulated;
};

/// One named number of a run.
using Counts = std::map<std::string, double>;

Counts outcomes(const EnvoyRun& run) {
  Counts counts;
  for (const EnvoyRequest& request : run.requests)
    ++counts[fmt::format("{} {} after {} tries", request.status, request.flags, request.tries)];
  return counts;
}

/// Who was tried: each host, by quarter of the case where hosts are ejected; retries that went to
/// the same host again; tries that went to the next host in order.
Counts choices(const EnvoyRun& run, const json& one) {
  const int hosts = static_cast<int>(one.at("cluster").at("hosts").size());
  const bool ejections = one["cluster"].contains("outlier");
  Counts counts;
  if (hosts < 2) return counts;
  int previous = -1;
  for (std::size_t i = 0; i < run.requests.size(); ++i) {
    const std::vector<int>& tried = run.requests[i].hosts;
    for (std::size_t k = 0; k < tried.size(); ++k) {
      ++counts[fmt::format("tries of host {}", tried[k])];
      if (ejections)
        ++counts[fmt::format("tries of host {} in quarter {}", tried[k],
                             4 * i / run.requests.size() + 1)];
      if (k > 0) counts["retries to the same host"] += tried[k] == tried[k - 1];
      counts["tries of the host after the last"] +=
          previous >= 0 && tried[k] == (previous + 1) % hosts;
      previous = tried[k];
    }
  }
  if (one.at("route").contains("mirror_percent"))
    counts["copies to the mirror"] = static_cast<double>(run.mirrored);
  return counts;
}

/// Counts that never vary in the simulation are certain and must be equal; if all are, `certain`.
void compare_counts(const Counts& recorded, const std::vector<Counts>& simulated,
                    std::vector<Comparison>& found) {
  std::map<std::string, std::vector<double>> values;
  for (const auto& [name, count] : recorded) values[name];
  for (const Counts& counts : simulated)
    for (const auto& [name, count] : counts) values[name];
  const auto at = [](const Counts& counts, const std::string& name) {
    const auto value = counts.find(name);
    return value == counts.end() ? 0.0 : value->second;
  };
  bool certain = true;
  for (auto& [name, list] : values) {
    for (const Counts& counts : simulated) list.push_back(at(counts, name));
    certain =
        certain && std::ranges::adjacent_find(list, std::ranges::not_equal_to{}) == list.end();
  }
  for (const auto& [name, list] : values) {
    const double seen = at(recorded, name);
    double mean = 0;
    for (const double value : list) mean += value / static_cast<double>(list.size());
    const std::string text = fmt::format("recorded {}, simulated {:.4g}", seen, mean);
    if (certain)
      found.push_back({name, text, seen == list.front() ? 1.0 : 0.0});
    else
      found.push_back({name, text, count_p_value(seen, list)});
  }
}

/// Times by name, with what timers may have added to each.
struct Group {
  Samples samples;
  int retries = 0;    ///< waits that lie in these times
  bool gaps = false;  ///< differences of two recorded times: worth it for larger samples only
};
using Groups = std::map<std::string, Group>;

void collect(const EnvoyRun& run, std::vector<double> Samples::*side, Groups& groups) {
  for (const EnvoyRequest& request : run.requests) {
    Group& whole = groups[fmt::format("ms of {} {} after {} tries", request.status, request.flags,
                                      request.tries)];
    whole.retries = request.tries - 1;
    (whole.samples.*side).push_back(request.ms);
    for (int k = 1; k < static_cast<int>(request.at_ms.size()); ++k) {
      const double at = request.at_ms[static_cast<std::size_t>(k)];
      Group& start = groups[fmt::format("ms until try {}", k + 1)];
      start.retries = k;
      (start.samples.*side).push_back(at);
      Group& gap = groups[fmt::format("ms between try {} and {}", k, k + 1)];
      gap.gaps = true;
      gap.retries = 1;
      (gap.samples.*side).push_back(at - request.at_ms[static_cast<std::size_t>(k - 1)]);
    }
  }
}

double burst_lag(const json& one) {
  std::map<double, int> starts;
  int most = 1;
  for (const json& at : one.at("arrivals_ms")) most = std::max(most, ++starts[at.get<double>()]);
  return (most - 1) * kBurstLagMs;
}

void compare_times(const json& one, const EnvoyRun& seen, const std::vector<EnvoyRun>& simulated,
                   std::vector<Comparison>& found) {
  Groups groups;
  collect(seen, &Samples::recorded, groups);
  for (const EnvoyRun& run : simulated) collect(run, &Samples::simulated, groups);
  const double lag = burst_lag(one);
  for (const auto& [name, group] : groups) {
    const Samples& samples = group.samples;
    if (samples.recorded.empty() || samples.simulated.empty()) continue;  // a matter of counts
    const bool few = samples.recorded.size() < kFewValues;
    if (few && group.gaps) continue;
    const auto slack = [&](double value) {
      const double each = std::max(kSlackMs, kSlackShare * value);
      return Slack{each, each + lag + std::max(0, group.retries) * kTimerLagMs};
    };
    const auto [least, most] = std::ranges::minmax(samples.simulated);
    const auto [first, last] = std::ranges::minmax(samples.recorded);
    found.push_back({name,
                     fmt::format("{} recorded in {:.1f} ... {:.1f}, simulated in {:.1f} ... {:.1f}",
                                 samples.recorded.size(), first, last, least, most),
                     few ? range_p_value(samples.recorded, samples.simulated, slack)
                         : sample_p_value(samples.recorded, samples.simulated, slack)});
  }
}

std::vector<Comparison> compare(const json& one) {
  const EnvoyRun seen = recorded(one);
  const model::Mesh mesh = envoy_mesh(one);
  const std::size_t repetitions = std::clamp<std::size_t>(20'000 / seen.requests.size(), 100, 400);
  std::vector<EnvoyRun> simulated;
  for (std::size_t seed = 1; seed <= repetitions; ++seed)
    simulated.push_back(simulate(mesh, one, seed));
  std::vector<Comparison> found;
  std::vector<Counts> ends, hosts;
  for (const EnvoyRun& run : simulated) {
    ends.push_back(outcomes(run));
    hosts.push_back(choices(run, one));
  }
  compare_counts(outcomes(seen), ends, found);
  compare_counts(choices(seen, one), hosts, found);
  compare_times(one, seen, simulated, found);
  return found;
}

}  // namespace

void check_envoy(const std::vector<json>& cases, Report& report) {
  std::vector<std::vector<Comparison>> found;
  std::size_t comparisons = 0;
  for (const json& one : cases) {
    found.push_back(compare(one));
    comparisons += found.back().size();
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    report.begin_case(cases[i].at("name").get<std::string>());
    for (const Comparison& comparison : found[i]) {
      const std::string text = fmt::format("{} (p = {:.3g})", comparison.text, comparison.p);
      report.note(comparison.field + ": " + text);
      if (comparison.p < kLevel / static_cast<double>(comparisons))
        report.disagree(comparison.field, text);
    }
  }
}

}  // namespace spillway::recordings
