// Where recorded runs differ, each run is a set of named numbers, and each number is compared over
// the runs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/recordings/linkerd_compare.h"

namespace spillway::recordings::linkerd {

using Numbers = std::map<std::string, double>;

/// Of a run of one request, of the rows of a detailed run, of its connections, of a summary: all in
/// the words of the recordings.
void add_sample(const Json& sample, Numbers& out);
void add_detail(const Json& requests, Numbers& out);
void add_connects(const Json& connects, Numbers& out);
void add_summary(const Json& summary, Numbers& out);

/// The summary of a run in the words of the recordings; `window_ms` > 0: with ten windows.
Json summary_of(const Run& run, std::size_t endpoints, double window_ms, bool answers_by_window);

void compare_numbers(const std::vector<Numbers>& recorded, const std::vector<Numbers>& simulated,
                     Findings& findings);

/// How often each (status, error, gRPC status, number of tries) came.
void compare_outcomes(const Json& outcomes, const std::vector<Json>& samples, Findings& findings);

}  // namespace spillway::recordings::linkerd
