// Single stations: M/M/c and its relatives.
#include <cmath>
#include <stdexcept>

#include "tests/support/build.h"
#include "tests/validation/oracle.h"
#include "tests/validation/system_parts.h"

namespace spillway::validation {
namespace {

using namespace model::build;  // NOLINT(google-build-using-namespace): the words of specifications
using model::Discipline;

System station(const Params& p, const sim::Distribution& service_time, double relative_error) {
  const double lambda = p.number("lambda"), c = p.number("c", 1);
  System system;
  model::Service a = service("a", {work(service_time)}, static_cast<std::uint32_t>(c));
  system.spec.scenario.services.push_back(a);
  system.spec.scenario.traffic.push_back(poisson("users", "a", lambda));
  const double rho = std::min(lambda * service_time.mean_seconds() / c, 0.95);
  steady(system.spec, lambda, rho, relative_error);
  read_station(system);
  return system;
}

System mmc(const Params& p) {
  const double c = p.number("c", 1), rho = p.number("lambda") / c;
  double relative_error = 0.004;
  if (rho > 0.92) relative_error = c > 1 ? 0.009 : 0.007;
  if (rho > 0.85 && c > 1 && c < 10) relative_error = 0.0025;  // rare, long excursions
  return station(p, exponential(), relative_error);
}

System loss(const Params& p) {
  const double a = p.number("a");
  System system;
  model::Service s =
      service("a", {work(law("lognormal_sigma1"))}, static_cast<std::uint32_t>(p.number("c")));
  s.queue.capacity = 0;
  system.spec.scenario.services.push_back(s);
  system.spec.scenario.traffic.push_back(poisson("users", "a", a));
  run_for(system.spec, 20, (a > 50 ? 300'000 : 20'000) / a);
  read_station(system);
  return system;
}

System mmck(const Params& p) {
  System system = station(p, exponential(), 0.02);
  const double c = p.number("c"), k = p.number("K");
  system.spec.scenario.services[0].queue.capacity = static_cast<std::uint64_t>(k - c);
  run_for(system.spec, 10 * k, 60'000 / p.number("lambda"));
  return system;
}

System mg1(const Params& p) {
  const std::string text = p.text("service");
  const sim::Distribution s = law(text);
  System system = station(p, s, 0.006);
  if (s.scv() > 2) run_for(system.spec, 500, system.spec.scenario.run.duration.seconds() * 4);
  return system;
}

System md1(const Params& p) { return station(p, constant(1), 0.003); }

System gim1(const Params& p) {
  System system = station(p, exponential(), 0.004);
  system.spec.scenario.traffic[0].arrivals = renewal(p.text("arrivals"), p.number("lambda"));
  return system;
}

System ps(const Params& p) {
  const sim::Distribution s = p.number("mu", 0) > 0 ? exponential() : law(p.text("service"));
  System system = station(p, s, p.number("lambda") > 0.85 ? 0.007 : 0.004);
  system.spec.scenario.services[0].queue.discipline = Discipline::ps;
  const double mean = 1 / (1 - p.number("lambda"));
  // About the known mean, so that it has no bias.
  system.values["sojourn_variance"] = [mean](const Sample& sample) {
    double sum = 0;
    const sim::Histogram sojourn = answered(sample["a.default"]);
    sojourn.for_each_bin([&](std::int64_t low, std::int64_t high, std::uint64_t n) {
      const double x = (static_cast<double>(low) + static_cast<double>(high)) / 2 * 1e-9 - mean;
      sum += x * x * static_cast<double>(n);
    });
    return sum / static_cast<double>(sojourn.count());
  };
  return system;
}

/// A tenth of the jobs needs exactly 3; the others' mean makes the overall mean 1.
System ps_by_size(const Params& p) {
  System system;
  const double lambda = p.number("lambda");
  model::Service a = service("a", {work(exponential(0.7 / 0.9))}, 1);
  a.queue.discipline = Discipline::ps;
  a.operations.insert(a.operations.begin(), operation({work(constant(3))}, {"", "/three", {}}));
  system.spec.scenario.services.push_back(a);
  system.spec.scenario.traffic.push_back(poisson("small", "a", lambda * 0.9));
  system.spec.scenario.traffic.push_back(poisson("three", "a", lambda * 0.1));
  system.spec.scenario.traffic[1].requests[0].request.path = "/three";
  steady(system.spec, lambda, lambda, 0.004);
  system.values["mean_sojourn_given_size"] = [](const Sample& sample) {
    return answered(sample["three"]).mean() * 1e-9;
  };
  return system;
}

/// Arrivals go on after those that are measured: the last of them must meet later ones, too.
System lcfs_preemptive(const Params& p) {
  const double lambda = p.number("lambda"), deadline = p.number("deadline");
  const double measured = 3000, more = 10 * deadline;
  System system;
  model::Service a = service("a", {work(exponential())}, 1);
  a.queue.discipline = Discipline::lifo_preemptive;
  system.spec.scenario.services.push_back(a);
  const auto between = [&](double from, double to) {
    return model::PoissonArrivals{{{{at(0), from == 0 ? lambda : 0},
                                    {at(measured), from == 0 ? lambda : 0},
                                    {at(measured), to > measured ? lambda : 0}}}};
  };
  system.spec.scenario.traffic.push_back(traffic("users", "a", between(0, measured)));
  system.spec.scenario.traffic.push_back(traffic("later", "a", between(measured, measured + more)));
  run_for(system.spec, 0, measured + more);
  system.values["P(sojourn<=deadline)"] = [deadline](const Sample& sample) {
    return 1 - share_above(answered(sample["users"]), deadline);
  };
  return system;
}

System lcfs(const Params& p) {
  System system = station(p, exponential(), 0.005);
  system.spec.scenario.services[0].queue.discipline = Discipline::lifo;
  return system;
}

System impatient(const Params& p) {
  System system = station(p, exponential(), 0.02);
  const double tau = p.number("tau", 0), theta = p.number("theta", 0);
  system.spec.scenario.services[0].queue.max_wait =
      theta > 0 ? exponential(1 / theta) : constant(tau);
  run_for(system.spec, 100, 30'000 / p.number("lambda"));
  return system;
}

/// Who gives up is not noticed by the service: the queue is that of M/M/1.
System timeout_finished(const Params& p) {
  System system = station(p, exponential(), 0.01);
  system.spec.resources.http_routes.push_back(route("a", timeouts(s(p.number("timeout")))));
  system.values["P(timeout)"] = [](const Sample& sample) {
    const model::Tally& t = sample["users"].tally;
    return share(t.timeouts, t.requests);
  };
  return system;
}

}  // namespace

std::map<std::string, Builder> queue_systems() {
  return {{"M/M/1", mmc},
          {"M/M/c", mmc},
          {"M/G/c/c", loss},
          {"M/M/c/K", mmck},
          {"M/G/1", mg1},
          {"M/D/1", md1},
          {"GI/M/1", gim1},
          {"M/G/1-PS", ps},
          {"M/M/1-PS", ps},
          {"M/G/1-PS with jobs of size 3", ps_by_size},
          {"M/M/1 LCFS-PR", lcfs_preemptive},
          {"M/M/1 LCFS", lcfs},
          {"M/M/1+D", impatient},
          {"M/M/c+D", impatient},
          {"M/M/c+M", impatient},
          {"M/M/1 with timeout, work finished", timeout_finished}};
}

}  // namespace spillway::validation
