// The families that need no stack: waits, the budget and the load estimate, each alone.
#include <algorithm>
#include <cmath>

#include "model/linkerd/backoff.h"
#include "model/linkerd/endpoint_load.h"
#include "model/linkerd/tps_budget.h"
#include "tests/recordings/linkerd_compare.h"
#include "tests/recordings/numbered.h"

namespace spillway::recordings::linkerd {

using namespace model::linkerd;

namespace {

/// Every value as often as it was seen.
std::vector<double> recorded_waits(const Json& retry) {
  std::vector<double> values;
  if (retry.contains("counts")) {
    for (const auto& [value, count] : retry["counts"].items())
      values.insert(values.end(), count.get<std::size_t>(), std::stod(value));
  } else {
    values = retry["samples_nominal_ms"].get<std::vector<double>>();
  }
  return values;
}

sim::Time time(const Json& step) { return sim::Time{} + millis(step["at_ms"].get<double>()); }

}  // namespace

void check_backoff(const Json& one, Findings& findings) {
  const ExponentialBackoff backoff = read_backoff(one["policy"]["backoff"]);
  sim::Draw draw(sim::hash_name("backoff"));
  for (const Json& retry : one["observed"]["per_retry"]) {
    std::vector<double> nominal;
    std::vector<double> waited;
    for (int i = 0; i < 20000; ++i) {
      const sim::Duration wait =
          backoff_wait(backoff, retry["retry"].get<std::uint32_t>() - 1, draw);
      nominal.push_back(std::round(wait.milliseconds() * 1000) / 1000);
      waited.push_back((timer_end(sim::Time{} + wait) - sim::Time{}).milliseconds());
    }
    const std::string field = numbered("retry", retry["retry"].get<std::size_t>());
    const std::vector<double> recorded = recorded_waits(retry);
    findings.compare(field + " nominal_ms", recorded, nominal);
    std::vector<double> recorded_ends;
    for (const double ms : recorded) recorded_ends.push_back(std::ceil(ms));
    findings.compare(field + " waited_ms", recorded_ends, waited);
    findings.compare(
        field + " longest waited_ms", retry["waited_ms"].back(),
        Json(static_cast<Millis>(recorded_ends.empty() ? 0
                                                       : *std::max_element(recorded_ends.begin(),
                                                                           recorded_ends.end()))));
  }
}

void check_budget(const Json& one, Findings& findings) {
  const Json& policy = one["policy"];
  TpsBudget budget({millis(policy["ttl_ms"].get<double>()),
                    policy["min_per_sec"].get<std::uint32_t>(), policy["ratio"].get<float>()});
  const Json& observed = one["observed"];
  findings.compare("balance_at_start", observed["balance_at_start"], Json(budget.balance()));
  std::size_t number = 0;
  for (const Json& step : one["script"]) {
    const std::string field = numbered("step", number);
    const Json& recorded = observed["steps"][number++];
    std::int64_t allowed = 0;
    for (int n = step["n"].get<int>(); n > 0; --n) {
      if (step["op"] == "deposit")
        budget.deposit(time(step));
      else
        allowed += budget.withdraw(time(step)) ? 1 : 0;
    }
    if (recorded.contains("allowed"))
      findings.compare(field + " allowed", recorded["allowed"], Json(allowed));
    findings.compare(field + " balance_after", recorded["balance_after"], Json(budget.balance()));
  }
}

void check_ewma(const Json& one, Findings& findings) {
  const Json& policy = one["policy"];
  BalanceP2c balancer;
  balancer.decay = millis(policy["decay_ms"].get<double>());
  balancer.default_rtt = millis(policy["default_rtt_ms"].get<double>());
  EndpointLoad load(balancer, sim::Time{});
  std::vector<std::pair<sim::Time, sim::Duration>> under_way;
  const auto complete = [&](sim::Time now) {
    for (;;) {
      const auto next =
          std::min_element(under_way.begin(), under_way.end(),
                           [](const auto& a, const auto& b) { return a.first < b.first; });
      if (next == under_way.end() || next->first > now) return;
      load.end(next->first, next->second);
      under_way.erase(next);
    }
  };
  std::size_t read = 0;
  for (const Json& step : one["script"]) {
    const sim::Time now = time(step);
    complete(now);
    if (step["op"] == "send") {
      load.begin();
      if (!step["takes_ms"].is_null()) {
        const sim::Duration takes = millis(step["takes_ms"].get<double>());
        under_way.emplace_back(now + takes, takes);
      }
      continue;
    }
    const double recorded = one["observed"]["reads"][read]["cost_ms"].get<double>();
    const double cost = std::round(load.cost(now)) / 1e6;
    if (std::abs(recorded - cost) > 2e-6)
      findings.compare(numbered("read", read), Json(recorded), Json(cost));
    ++read;
  }
}

}  // namespace spillway::recordings::linkerd
