#include "tests/recordings/linkerd_compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

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
  const Json simulated = sample_of(run);
  for (const auto& [key, value] : simulated.items()) {
    if ((key == "endpoints" || key == "connects") && !recorded.contains(key)) continue;
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
  for (std::size_t i = 0; i < run.requests.size(); ++i)
    findings.compare("request " + std::to_string(i), recorded["requests"].at(i),
                     request_row(run, i));
  std::vector<Json> theirs = recorded["attempts"].get<std::vector<Json>>();
  std::vector<Json> ours = attempt_rows(run);
  sort_attempts(theirs);
  sort_attempts(ours);
  if (theirs.size() != ours.size())
    findings.compare("number of attempts", Json(theirs.size()), Json(ours.size()));
  for (std::size_t i = 0; i < std::min(theirs.size(), ours.size()); ++i)
    findings.compare("attempt " + std::to_string(i), theirs[i], ours[i]);
  if (!recorded.contains("connects")) return;
  Json connects = Json::array();
  for (const auto& [endpoint, when] : run.connects) connects.push_back({endpoint, when});
  findings.compare("connects", recorded["connects"], connects);
}

// Where runs differ, each run is a set of named numbers, and each number is compared over the runs.

using Numbers = std::map<std::string, double>;

double number_of(const Json& json) { return json.is_number() ? json.get<double>() : -1; }

std::string name(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

void add_sample(const Json& sample, Numbers& out) {
  out["headers_ms"] = number_of(sample.value("headers_ms", Json()));
  out["end_ms"] = number_of(sample.value("end_ms", Json()));
  out["attempts"] = static_cast<double>(sample["attempts"].size());
  for (std::size_t i = 0; i < sample["attempts"].size(); ++i) {
    const Json& attempt = sample["attempts"][i];
    out["attempt " + std::to_string(i) + " start"] = number_of(attempt[0]);
    out["attempt " + std::to_string(i) + " lasts"] = number_of(attempt[1]) - number_of(attempt[0]);
  }
}

void add_connects(const Json& connects, Numbers& out) {
  std::map<std::string, int> count;
  for (const Json& connect : connects) {
    const std::string endpoint = connect[0].dump();
    out[name({"connect", endpoint, std::to_string(count[endpoint]++)})] = number_of(connect[1]);
  }
}

/// Times of a detailed run, a number for each request.
void add_detail(const Json& requests, Numbers& out) {
  for (const Json& row : requests) {
    const std::string field = "request " + row[0].dump();
    out[field + " headers_ms"] = number_of(row[2]);
    out[field + " end_ms"] = number_of(row[3]);
    out[field + " status"] = number_of(row[4]);
  }
}

void add_summary(const Json& summary, Numbers& out) {
  for (const auto& [key, count] : summary["answers"].items())
    out["answers " + key] = number_of(count);
  const auto per_endpoint = [&out](const std::string& field, const Json& counts) {
    for (std::size_t e = 0; e < counts.size(); ++e)
      out[name({field, std::to_string(e)})] = number_of(counts[e]);
  };
  per_endpoint("attempts", summary["attempts_per_endpoint"]);
  const Json windows = summary.value("attempts_per_window", Json::array());
  for (std::size_t w = 0; w < windows.size(); ++w)
    per_endpoint("window " + std::to_string(w) + " attempts", windows[w]);
  const Json answers = summary.value("answers_per_window", Json::array());
  for (std::size_t w = 0; w < answers.size(); ++w)
    for (const auto& [key, count] : answers[w].items())
      out[name({"window", std::to_string(w), "answers", key})] = number_of(count);
  per_endpoint("latency_ms", summary.value("latency_ms", Json::array()));
  const Json rare = summary.value("starts_on_rare_endpoints", Json::object());
  for (const auto& [endpoint, starts] : rare.items())
    for (std::size_t i = 0; i < starts.size(); ++i)
      out[name({"start", endpoint, std::to_string(i)})] = number_of(starts[i]);
}

std::string answer_key(const RequestRow& row) {
  std::string key = row.status > 0 ? std::to_string(row.status) : "null";
  if (!row.error.empty()) key += ":" + row.error;
  if (row.grpc_status >= 0) key += ":" + std::to_string(row.grpc_status);
  return key;
}

Json latencies(const Run& run) {
  std::vector<Millis> times;
  for (const RequestRow& row : run.requests)
    if (row.headers >= 0) times.push_back(row.headers - row.sent);
  std::sort(times.begin(), times.end());
  Json quantiles = Json::array();
  for (std::size_t q = 0; q <= 10 && !times.empty(); ++q)
    quantiles.push_back(times[static_cast<std::size_t>(
        std::lround(0.1 * static_cast<double>(q * (times.size() - 1))))]);
  return quantiles;
}

/// The summary of a run in the words of the recording; `window_ms` > 0: with windows.
Json summary_of(const Run& run, std::size_t endpoints, double window_ms, bool answers_by_window) {
  constexpr std::size_t kWindows = 10;
  Json summary = {{"answers", Json::object()}};
  const auto window = [window_ms](Millis when) {
    return std::min(kWindows - 1, static_cast<std::size_t>(static_cast<double>(when) / window_ms));
  };
  std::vector<std::vector<int>> by_window(kWindows, std::vector<int>(endpoints));
  std::vector<std::map<std::string, int>> answers(kWindows);
  std::map<std::string, int> total;
  for (const RequestRow& row : run.requests) {
    if (row.end < 0) continue;
    ++total[answer_key(row)];
    if (window_ms > 0) ++answers[window(row.sent)][answer_key(row)];
  }
  summary["answers"] = total;
  std::vector<std::vector<Millis>> starts(endpoints);
  for (const AttemptRow& one : run.attempts) {
    starts[one.endpoint].push_back(one.start);
    if (window_ms > 0) ++by_window[window(one.start)][one.endpoint];
  }
  summary["attempts_per_endpoint"] = Json::array();
  for (std::size_t e = 0; e < endpoints; ++e) {
    summary["attempts_per_endpoint"].push_back(starts[e].size());
    if (starts[e].size() <= 60 && window_ms <= 0)
      summary["starts_on_rare_endpoints"][std::to_string(e)] = starts[e];
  }
  if (window_ms > 0) {
    summary["attempts_per_window"] = by_window;
    summary["latency_ms"] = latencies(run);
    if (answers_by_window) summary["answers_per_window"] = answers;
  }
  return summary;
}

/// A number that a run does not have is zero for counts, -1 for times.
double value_in(const Numbers& numbers, const std::string& field) {
  const auto found = numbers.find(field);
  if (found != numbers.end()) return found->second;
  return field.find("answers") != std::string::npos ? 0 : -1;
}

void compare_numbers(const std::vector<Numbers>& recorded, const std::vector<Numbers>& simulated,
                     Findings& findings) {
  std::set<std::string> fields;
  for (const Numbers& run : recorded)
    for (const auto& [field, value] : run) fields.insert(field);
  for (const Numbers& run : simulated)
    for (const auto& [field, value] : run) fields.insert(field);
  for (const std::string& field : fields) {
    std::vector<double> theirs;
    std::vector<double> ours;
    for (const Numbers& run : recorded) theirs.push_back(value_in(run, field));
    for (const Numbers& run : simulated) ours.push_back(value_in(run, field));
    findings.compare(field, theirs, ours);
  }
}

std::string outcome_key(const Json& status, const Json& error, const Json& grpc,
                        const Json& tries) {
  return Json{status, error, grpc, tries}.dump();
}

void compare_outcomes(const Json& outcomes, const std::vector<Json>& samples, Findings& findings) {
  std::map<std::string, std::size_t> ours;
  for (const Json& s : samples)
    ++ours[outcome_key(s["status"], s["error"], s["grpc_status"], s["attempts"].size())];
  std::map<std::string, std::size_t> theirs;
  std::size_t runs = 0;
  for (const Json& o : outcomes) {
    theirs[outcome_key(o["status"], o["error"], o["grpc_status"], o["attempts"])] +=
        o["count"].get<std::size_t>();
    runs += o["count"].get<std::size_t>();
  }
  for (const auto& [key, count] : theirs) ours.try_emplace(key, 0);
  for (const auto& [key, count] : ours) {
    const double p = (static_cast<double>(count) + 0.5) / (static_cast<double>(samples.size()) + 1);
    const std::size_t seen = theirs.contains(key) ? theirs[key] : 0;
    findings.tests.push_back({"outcome " + key,
                              "recorded " + std::to_string(seen) + " of " + std::to_string(runs) +
                                  ", simulated share " + std::to_string(p),
                              binomial(seen, runs, p)});
  }
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
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Run run = play(script, seed);
    if (!summaries.empty())
      add_summary(summary_of(run, script.endpoints.size(), window_ms, by_window),
                  sums.emplace_back());
    if (details.empty()) continue;
    Json requests = Json::array();
    for (std::size_t i = 0; i < run.requests.size(); ++i) requests.push_back(request_row(run, i));
    add_detail(requests, rows.emplace_back());
    Json connects = Json::array();
    for (const auto& [endpoint, when] : run.connects) connects.push_back({endpoint, when});
    if (details[0].contains("connects")) add_connects(connects, rows.back());
  }
  std::vector<Numbers> recorded_sums;
  for (const Json& summary : summaries) add_summary(summary, recorded_sums.emplace_back());
  if (!summaries.empty()) compare_numbers(recorded_sums, sums, findings);
  std::vector<Numbers> recorded_rows;
  for (const Json& detail : details) {
    add_detail(detail["requests"], recorded_rows.emplace_back());
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
