// Reference numbers (oracles.csv) and the systems that must reproduce them. A row of the file is a
// test case; a kind of system is one entry of a table. Plain values; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/run/experiment.h"
#include "sim/histogram.h"

namespace spillway::validation {

/// One number that theory gives for a system.
struct Oracle {
  std::string model;
  std::string params;
  std::string metric;
  double value = 0;
  double precision = 0;  ///< largest relative standard error that the estimate may have
  double bias = 0;  ///< relative, where the value is a limit that a finite system only approaches
  std::string formula;
};

/// Reads oracles.csv; throws std::runtime_error where it is malformed.
std::vector<Oracle> read_oracles(const std::string& file);

/// "lambda=0.5;service=exp" by name.
class Params {
 public:
  explicit Params(const std::string& text);
  double number(const std::string& name) const;
  double number(const std::string& name, double otherwise) const;
  std::string text(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

/// What one replication measured. Times are in seconds.
struct Sample {
  const std::vector<model::Scope>& scopes;
  const model::ReplicationResult& result;
  double seconds;  ///< from the warm-up to the end

  const model::ScopeResult& operator[](const std::string& scope) const;
};

/// A number, and of how many independent trials it is the share (0: it is no such share).
struct Observed {
  Observed(double v) : value(v) {}  // NOLINT(google-explicit-constructor): most metrics are numbers
  Observed(double v, double n) : value(v), trials(n) {}
  double value;
  double trials = 0;
};

/// How a system is simulated and what is read off it.
struct System {
  model::Spec spec;
  std::map<std::string, std::function<Observed(const Sample&)>> values;
  std::map<std::string, std::function<sim::Histogram(const Sample&)>> laws;
  std::uint32_t batch = 1;  ///< replications whose mean is one sample
};

/// The system of a row's model and params; throws std::runtime_error for an unknown model.
System find_system(const std::string& model, const std::string& params);

/// What a row's metric is in one replication, and what it should be. A quantile is judged by the
/// share of values above the reference, which, unlike the quantile of a sample, has no bias.
struct Judged {
  std::function<Observed(const Sample&)> measure;
  double expected;
};
Judged judged(const System& system, const Oracle& oracle);

// Tables of systems; one function a source file.
using Builder = System (*)(const Params&);
std::map<std::string, Builder> queue_systems();
std::map<std::string, Builder> server_systems();
std::map<std::string, Builder> policy_systems();

/// The share of values above `seconds`, interpolated within its bin.
double share_above(const sim::Histogram& law, double seconds);

}  // namespace spillway::validation
