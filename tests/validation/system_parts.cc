#include "tests/validation/system_parts.h"

#include <cmath>
#include <stdexcept>

#include "tests/support/build.h"

namespace spillway::validation {

using namespace model::build;  // NOLINT(google-build-using-namespace): the words of specifications

void run_for(model::Spec& spec, double warmup, double measured) {
  model::RunSpec& run = spec.scenario.run;
  run.warmup = s(warmup);
  run.duration = s(warmup + measured);
  run.interval = run.duration;
  run.seed = 20'260'101;
}

void steady(model::Spec& spec, double lambda, double rho, double relative_error) {
  constexpr double kReplications = 32;
  const double wait = rho / (1 - rho);
  const double variance =
      rho * (2 + 5 * rho - 4 * rho * rho + rho * rho * rho) / std::pow(1 - rho, 4);
  const double customers = variance / std::pow(wait * relative_error, 2);
  run_for(spec, 5 / std::pow(1 - std::sqrt(rho), 2), customers / kReplications / lambda);
}

sim::Distribution law(const std::string& name) {
  if (name == "det") return constant(1);
  if (name == "exp") return exponential();
  if (name == "hyperexp_scv4") return sim::Distribution::hyperexponential(s(1), 4);
  if (name == "lognormal_sigma1") return sim::Distribution::lognormal_mean_sigma(s(1), 1);
  if (name == "lognormal_sigma1.5") return sim::Distribution::lognormal_mean_sigma(s(1), 1.5);
  throw std::runtime_error("no law " + name);
}

model::Arrivals renewal(const std::string& gaps, double per_second) {
  if (gaps == "D") return model::ConstantArrivals{rate(per_second)};
  if (gaps == "E4") return model::RenewalArrivals{rate(per_second), 0.5};
  if (gaps != "H2") throw std::runtime_error("no gaps " + gaps);
  const double p = (1 + std::sqrt(0.6)) / 2;  // scv 4 = 1 / (2 p (1 - p)) - 1
  const double fast = 2 * p * per_second, slow = 2 * (1 - p) * per_second;
  const double on = p * fast + (1 - p) * slow;
  const double to_off = p * (1 - p) * (fast - slow) * (fast - slow) / on;
  const double to_on = fast * slow / on;
  return model::MmppArrivals{{on, 0}, {s(1 / to_off), s(1 / to_on)}};
}

sim::Histogram answered(const model::ScopeResult& scope) {
  sim::Histogram all = scope.latency_success;
  all.merge(scope.latency_failure);
  return all;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

void read_station(System& system) {
  const auto a = [](const Sample& s) -> const model::ScopeResult& { return s["a.default"]; };
  const auto rejected = [a](const Sample& s) {
    return share(a(s).tally.rejections, a(s).tally.attempts);
  };
  system.laws["sojourn"] = [a](const Sample& s) { return answered(a(s)); };
  system.laws["sojourn_accepted"] = [a](const Sample& s) { return a(s).latency_success; };
  system.laws["wait"] = [a](const Sample& s) { return a(s).queue_time; };
  system.values["mean_in_system"] = [a](const Sample& s) { return a(s).in_flight; };
  system.values["mean_queue"] = [a](const Sample& s) { return a(s).queue_length; };
  system.values["P(wait)"] = [a](const Sample& s) { return share_above(a(s).queue_time, 0); };
  system.values["P(block)"] = rejected;
  system.values["P(reject)"] = rejected;
  system.values["P(abandon)"] = rejected;
  system.values["P(server idle)"] = [a](const Sample& s) { return 1 - a(s).utilization; };
  system.values["throughput"] = [a](const Sample& s) {
    return static_cast<double>(a(s).tally.successes) / s.seconds;
  };
}

}  // namespace spillway::validation
