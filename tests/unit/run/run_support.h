// What the tests of the run loop share: one service with requests at given times, and how long
// each of them took.
#pragma once

#include <gmock/gmock.h>

#include "tests/support/runs.h"

namespace spillway::model::build {

/// 100 s of `users`, who send a request to the first service at each of `seconds`.
inline Spec sent_at(const std::vector<double>& seconds, std::vector<Service> services) {
  Spec spec;
  spec.scenario.traffic.push_back(times("users", services.front().name, seconds));
  spec.scenario.services = std::move(services);
  spec.scenario.run.duration = s(100);
  return spec;
}

/// Latency of every request, in seconds, in order of arrival.
inline std::vector<double> latencies(Spec spec) {
  std::vector<double> list;
  for (const RequestTrace& request : trace(std::move(spec)))
    list.push_back(request.latency.seconds());
  return list;
}

/// "200 after 1 s", of the first request.
inline std::string answer(Spec spec) {
  const RequestTrace request = trace(std::move(spec)).at(0);
  std::string text = std::to_string(request.status);
  for (const std::string& flag : request.flags) text.append(" ").append(flag);
  const auto ms = request.latency.ns / 1'000'000;
  return text.append(" after ").append(std::to_string(ms)).append(" ms");
}

inline Service with(Service service, OnCancel on_cancel) {
  service.on_cancel = on_cancel;
  return service;
}
inline Service with(Service service, Discipline discipline) {
  service.queue.discipline = discipline;
  return service;
}

}  // namespace spillway::model::build
