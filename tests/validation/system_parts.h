// What the systems of the reference numbers have in common.
#pragma once

#include <string>

#include "tests/validation/oracle.h"

namespace spillway::validation {

/// Sets how long a replication warms up and measures, in seconds.
void run_for(model::Spec& spec, double warmup, double measured);

/// Long enough that the mean wait of an M/M/1 queue with load `rho` has this relative standard
/// error over 32 replications (Daley 1968); warms up for five relaxation times
/// 1 / (1 - sqrt(rho))^2. Service times have mean 1.
void steady(model::Spec& spec, double lambda, double rho, double relative_error);

/// Mean 1: det, exp, hyperexp_scv4, lognormal_sigma1, lognormal_sigma1.5.
sim::Distribution law(const std::string& name);

/// Renewal arrivals with gaps D (constant), E4 (Erlang) or H2 (two-phase hyperexponential with
/// balanced means and squared coefficient of variation 4, as an interrupted Poisson process:
/// Kuczura 1973).
model::Arrivals renewal(const std::string& gaps, double per_second);

/// Metrics of service "a.default".
void read_station(System& system);

/// Latencies of everything that was answered.
sim::Histogram answered(const model::ScopeResult& scope);

double share(std::uint64_t part, std::uint64_t whole);

}  // namespace spillway::validation
