#include "tests/recordings/linkerd_compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/recordings/linkerd_numbers.h"
#include "tests/recordings/numbered.h"
#include "tests/recordings/two_samples.h"

namespace spillway::recordings::linkerd {

void Findings::compare(std::string field, const Json& recorded, const Json& simulated) {
  if (recorded != simulated) differences.push_back({std::move(field), recorded, simulated});
}

void Findings::compare(std::string field, const std::vector<double>& recorded,
                       const std::vector<double>& simulated) {
  const double p = std::min(
      1.0, 2 * std::min(kolmogorov_smirnov(recorded, simulated), outliers(recorded, simulated)));
  const auto range = [](const std::vector<double>& values) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return values.empty() ? Json() : Json{*low, *high};
  };
  tests.push_back({std::move(field),
                   "recorded " + range(recorded).dump() + ", simulated " + range(simulated).dump(),
                   p});
}

namespace {

Json or_null(bool present, const Json& value) { return present ? value : Json(); }

/// A run of one request, as the recordings write it; nulls are left out.
Json sample_of(const Run& run) {
  const RequestRow& row = run.requests[0];
  Json sample = {{"headers_ms", or_null(row.headers >= 0, row.headers)},
                 {"end_ms", or_null(row.end >= 0, row.end)},
                 {"status", or_null(row.status > 0 && row.headers >= 0, row.status)},
                 {"grpc_status", or_null(row.grpc_status >= 0, row.grpc_status)},
                 {"body_bytes", or_null(row.body_bytes > 0, row.body_bytes)},
                 {"error", or_null(!row.error.empty(), row.error)},
                 {"error_seen_as", or_null(!row.error.empty(), row.seen_as)},
                 {"never_ends", or_null(row.end < 0 && !row.gave_up, true)},
                 {"attempts", Json::array()},
                 {"endpoints", Json::array()},
                 {"connects", Json::array()}};
  for (const AttemptRow& one : run.attempts) {
    sample["attempts"].push_back(
        {one.start, or_null(one.end >= 0, one.end), std::string(1, one.how)});
    sample["endpoints"].push_back(one.endpoint);
  }
  for (const auto& [endpoint, when] : run.connects) sample["connects"].push_back({endpoint, when});
  return sample;
}

void compare_sample(const Json& recorded, const Run& run, Findings& findings) {
  static const std::set<std::string> kOfAClientThatWaits{"end_ms", "error", "error_seen_as",
                                                         "never_ends"};
  const Json simulated = sample_of(run);
  for (const auto& [key, value] : simulated.items()) {
    if ((key == "endpoints" || key == "connects") && !recorded.contains(key)) continue;
    if (run.requests[0].gave_up && kOfAClientThatWaits.contains(key)) continue;
    findings.compare(key, recorded.value(key, Json()), value);
  }
}

Json request_row(const Run& run, std::size_t i) {
  const RequestRow& row = run.requests[i];
  return {i,
          row.sent,
          or_null(row.headers >= 0, row.headers),
          or_null(row.end >= 0, row.end),
          or_null(row.status > 0 && row.headers >= 0, row.status),
          or_null(!row.error.empty(), row.error),
          or_null(row.grpc_status >= 0, row.grpc_status),
          or_null(row.endpoint >= 0, row.endpoint)};
}

/// In the order of their starts.
std::vector<Json> attempt_rows(const Run& run) {
  std::vector<Json> rows;
  for (const AttemptRow& one : run.attempts)
    rows.push_back({one.request, one.endpoint, one.start, or_null(one.end >= 0, one.end),
                    std::string(1, one.how)});
  return rows;
}

void sort_attempts(std::vector<Json>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Json& a, const Json& b) {
    return std::make_pair(a[2], a[0]) < std::make_pair(b[2], b[0]);
  });
}

void compare_detail(const Json& recorded, const Run& run, Findings& findings) {
  const Json rows = recorded.value("requests", Json::array());  // not of very long cases
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (run.requests[i].gave_up) continue;
    findings.compare(numbered("request", i), rows[i], request_row(run, i));
  }
  std::vector<Json> theirs = recorded["attempts"].get<std::vector<Json>>();
  std::vector<Json> ours = attempt_rows(run);
  sort_attempts(theirs);
  sort_attempts(ours);
  if (theirs.size() != ours.size())
    findings.compare("number of attempts", Json(theirs.size()), Json(ours.size()));
  for (std::size_t i = 0; i < std::min(theirs.size(), ours.size()); ++i)
    findings.compare(numbered("attempt", i), theirs[i], ours[i]);
  if (!recorded.contains("connects")) return;
  Json connects = Json::array();
  for (const auto& [endpoint, when] : run.connects) connects.push_back({endpoint, when});
  findings.compare("connects", recorded["connects"], connects);
}

Run play(const Script& script, std::uint64_t seed) {
  return Driver(script, sim::combine(sim::hash_name("linkerd"), seed)).play();
}

void check_one_request(const Script& script, const Json& observed, Findings& findings) {
  std::vector<Json> samples;
  std::vector<Numbers> ours;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    samples.push_back(sample_of(play(script, seed)));
    add_sample(samples.back(), ours.emplace_back());
  }
  std::vector<Numbers> theirs;
  for (const Json& sample : observed["samples"]) add_sample(sample, theirs.emplace_back());
  compare_numbers(theirs, ours, findings);
  if (observed.contains("outcomes")) compare_outcomes(observed["outcomes"], samples, findings);
}

void check_many_requests(const Script& script, const Json& observed, Findings& findings) {
  const double window_ms = observed.value("window_ms", 0.0);
  const Json summaries = observed.value("summaries", Json::array());
  const Json details = observed.value("detail", Json::array());
  const bool by_window = !summaries.empty() && summaries[0].contains("answers_per_window");
  std::vector<Numbers> sums;
  std::vector<Numbers> rows;
  // Long scripts have few numbers that hang on chance.
  const std::uint64_t runs =
      std::clamp<std::uint64_t>(400'000 / (script.requests.size() + 1), 100, 400);
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const Run run = play(script, seed);
    if (!summaries.empty())
      add_summary(summary_of(run, script.endpoints.size(), window_ms, by_window),
                  sums.emplace_back());
    if (details.empty()) continue;
    Json requests = Json::array();
    for (std::size_t i = 0; i < run.requests.size(); ++i) requests.push_back(request_row(run, i));
    add_detail(details[0].contains("requests") ? requests : Json::array(), rows.emplace_back());
    Json connects = Json::array();
    for (const auto& [endpoint, when] : run.connects) connects.push_back({endpoint, when});
    if (details[0].contains("connects")) add_connects(connects, rows.back());
  }
  std::vector<Numbers> recorded_sums;
  for (const Json& summary : summaries) add_summary(summary, recorded_sums.emplace_back());
  if (!summaries.empty()) compare_numbers(recorded_sums, sums, findings);
  std::vector<Numbers> recorded_rows;
  for (const Json& detail : details) {
    add_detail(detail.value("requests", Json::array()), recorded_rows.emplace_back());
    if (detail.contains("connects")) add_connects(detail["connects"], recorded_rows.back());
  }
  if (!details.empty()) compare_numbers(recorded_rows, rows, findings);
}

}  // namespace

void check_stack(const Json& one, Findings& findings) {
  const Script script = read_script(one["policy"], one["script"]);
  const Json& observed = one["observed"];
  const bool identical = observed.value("identical", false);
  if (identical && observed.contains("samples"))
    compare_sample(observed["samples"][0], play(script, 0), findings);
  else if (identical && observed.contains("detail"))
    compare_detail(observed["detail"][0], play(script, 0), findings);
  else if (observed.contains("samples"))
    check_one_request(script, observed, findings);
  else
    check_many_requests(script, observed, findings);
}

}  // namespace spillway::recordings::linkerd
