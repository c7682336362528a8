// recordings systems: open-loop clients, a real Envoy and a backend that ran for a while in real
// time, each scenario more than once. A figure agrees if the middle of the simulated runs lies
// within its tolerance of what was recorded, or no farther from it than the recorded runs lie
// apart, or if the recorded runs lie among the simulated ones (where a system tips over by chance,
// one run says little).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "model/run/simulation.h"
#include "tests/recordings/envoy_case.h"
#include "tests/recordings/kinds.h"

namespace spillway::recordings {
namespace {

using nlohmann::json;
using namespace model;

constexpr std::uint64_t kRuns = 30;
/// What wire and proxy cost a request, in ms.
constexpr double kWireMs = 1;

using Figures = std::map<std::string, double>;

bool known_law(const json& service) {
  const std::string law = service.value("law", "exp");
  return law == "exp" || law == "constant";
}

sim::Distribution service_time(const json& service) {
  const sim::Duration mean = sim::from_seconds(service.at("mean_ms").get<double>() / 1e3);
  return service.value("law", "exp") == "constant" ? sim::Distribution::constant(mean)
                                                   : sim::Distribution::exponential(mean);
}

FaultAction action(const json& fault) {
  if (fault.contains("slow_factor")) return SlowFault{fault["slow_factor"]};
  if (fault.contains("hang_percent")) return HangFault{fault["hang_percent"]};
  if (fault.contains("workers")) return WorkersFault{fault["workers"]};
  AbortFault abort;
  abort.percent = fault.at("abort_percent");
  abort.work = false;
  return abort;
}

Spec system_spec(const json& one) {
  Spec spec;
  Service service;
  service.name = "h0";
  service.workers = one.at("service").at("workers");
  Operation operation;
  operation.steps.push_back({WorkStep{service_time(one["service"])}, {}});
  service.operations.push_back(std::move(operation));
  spec.scenario.services.push_back(std::move(service));
  if (one.contains("fault")) {
    Fault fault;
    const json& given = one["fault"];
    fault.when = FaultWindow{sim::Time{} + sim::from_seconds(given.at("at_s")),
                             sim::from_seconds(given.at("for_s"))};
    fault.target = ServiceTarget{{"h0", "default", 0, {}}, std::nullopt, ""};
    fault.action = action(given);
    if (auto* workers = std::get_if<WorkersFault>(&fault.action))  // of them are left
      workers->percent *= 100.0 / one["service"]["workers"].get<double>();
    spec.scenario.faults.push_back(std::move(fault));
  }
  Traffic traffic;
  traffic.name = "clients";
  traffic.to = ServiceRef{"h0", "default", 0, {}};
  traffic.arrivals = PoissonArrivals{{{{sim::Time{}, one.at("rate").get<double>()}}}};
  spec.scenario.traffic.push_back(std::move(traffic));
  spec.scenario.run.duration = sim::from_seconds(one.at("duration_s"));
  spec.scenario.run.interval = spec.scenario.run.duration;
  return spec;
}

double quantile(std::vector<double> values, double q) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

void add_quantiles(const std::string& name, const std::vector<double>& ms, Figures& figures) {
  if (ms.empty()) return;
  figures[name + " p50"] = quantile(ms, 0.5);
  figures[name + " p90"] = quantile(ms, 0.9);
  figures[name + " p99"] = quantile(ms, 0.99);
}

Figures simulated_run(const Mesh& mesh, const json& one, std::uint64_t seed) {
  Tracer tracer(mesh, {});
  Simulation simulation(mesh, seed, 0, &tracer);
  simulation.run({}, nullptr);
  const double from = one.contains("window_s") ? one["window_s"][0].get<double>() : 0;
  double offered = 0, success = 0, attempts = 0;
  std::vector<double> all, good;
  for (const RequestTrace& request : tracer.take()) {
    if (request.arrival.seconds() < from) continue;
    const double ms = request.latency.milliseconds() + kWireMs;
    ++offered;
    attempts += static_cast<double>(request.call.attempts.size());
    all.push_back(ms);
    if (request.status >= 500) continue;
    ++success;
    good.push_back(ms);
  }
  Figures figures{{"success", success / offered}, {"attempts per request", attempts / offered}};
  add_quantiles("ms of all", all, figures);
  add_quantiles("ms of successes", good, figures);
  return figures;
}

Figures recorded_run(const json& run) {
  const double offered = run.at("offered");
  Figures figures{{"success", run.at("success").get<double>() / offered},
                  {"attempts per request", run.at("attempts").get<double>() / offered}};
  for (const auto& [field, name] :
       {std::pair{"latency_ms", "ms of all"}, std::pair{"success_ms", "ms of successes"}})
    for (const char* q : {"p50", "p90", "p99"})
      if (!run.at(field).at(q).is_null()) figures[fmt::format("{} {}", name, q)] = run[field][q];
  return figures;
}

double tolerance(const std::string& figure, double value) {
  if (figure == "success") return 0.015;
  return (figure == "attempts per request" ? 0.03 : 0.10) * value;
}

void compare(const std::string& figure, const std::vector<double>& real,
             const std::vector<double>& drawn, Report& report) {
  const auto [least, most] = std::ranges::minmax(real);
  const double middle = quantile(drawn, 0.5);
  const std::string text =
      fmt::format("recorded {:.4g} ... {:.4g}, simulated {:.4g} ({:.4g} ... {:.4g})", least, most,
                  middle, std::ranges::min(drawn), std::ranges::max(drawn));
  report.note(figure + ": " + text);
  const double spread = most - least;
  const bool close = middle >= least - std::max(spread, tolerance(figure, least)) &&
                     middle <= most + std::max(spread, tolerance(figure, most));
  const bool among = least >= std::ranges::min(drawn) && most <= std::ranges::max(drawn);
  if (!close && !among) report.disagree(figure, text);
}

}  // namespace

void check_systems(const std::vector<json>& cases, Report& report) {
  for (const json& one : cases) {
    report.begin_case(one.at("name").get<std::string>());
    std::map<std::string, std::vector<double>> real, drawn;
    for (const json& run : one.at("observed"))
      for (const auto& [figure, value] : recorded_run(run)) real[figure].push_back(value);
    if (!known_law(one.at("service"))) {
      report.disagree("law", one["service"]["law"].dump() + " is not known");
      continue;
    }
    const Mesh mesh = with_envoy(system_spec(one), one);
    for (std::uint64_t seed = 1; seed <= kRuns; ++seed)
      for (const auto& [figure, value] : simulated_run(mesh, one, seed))
        drawn[figure].push_back(value);
    for (const auto& [figure, values] : real)
      if (!drawn[figure].empty()) compare(figure, values, drawn[figure], report);
  }
}

}  // namespace spillway::recordings
