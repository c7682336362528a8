// Short ways to write scenarios for the tests of model/graph.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/graph/graph.h"

namespace spillway::model {

inline Place at_line(int line) {
  static const auto file = std::make_shared<const std::string>("scenario.yaml");
  return {file, line, 1};
}

inline ServiceRef ref(std::string name) {
  ServiceRef result;
  result.name = std::move(name);
  return result;
}

inline Step call(std::string name, double probability = 1, Request request = {}) {
  CallStep step;
  step.service = ref(std::move(name));
  step.probability = probability;
  step.request = std::move(request);
  return {step, {}};
}

inline Step parallel(std::vector<Step> branches) { return {ParallelStep{std::move(branches)}, {}}; }

inline Operation operation(std::string name, OperationMatch match, std::vector<Step> steps) {
  Operation result;
  result.name = std::move(name);
  result.match = std::move(match);
  result.steps = std::move(steps);
  return result;
}

/// A service whose only operation has these steps.
inline Service service(std::string name, std::vector<Step> steps = {}) {
  Service result;
  result.name = std::move(name);
  result.operations.push_back(operation("default", {}, std::move(steps)));
  return result;
}

inline Traffic traffic_to(std::string name) {
  Traffic result;
  result.name = "users";
  result.to = ref(std::move(name));
  return result;
}

inline std::vector<std::uint32_t> targets(const Rows& rows, std::uint32_t vertex) {
  const auto span = rows.of(vertex);
  return {span.begin(), span.end()};
}

}  // namespace spillway::model
