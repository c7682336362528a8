#include "tests/recordings/linkerd_numbers.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/recordings/numbered.h"
#include "tests/recordings/two_samples.h"

namespace spillway::recordings::linkerd {

namespace {

double number_of(const Json& json) { return json.is_number() ? json.get<double>() : -1; }

std::string name(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ' ';
    text += part;
  }
  return text;
}

std::string answer_key(const RequestRow& row) {
  std::string key = row.status > 0 ? std::to_string(row.status) : "null";
  const auto add = [&key](const std::string& part) {
    key += ':';
    key += part;
  };
  if (!row.error.empty()) add(row.error);
  if (row.grpc_status >= 0) add(std::to_string(row.grpc_status));
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

/// A number that a run does not have is zero for counts, -1 for times.
double value_in(const Numbers& numbers, const std::string& field) {
  const auto found = numbers.find(field);
  if (found != numbers.end()) return found->second;
  return field.find("answers") != std::string::npos ? 0 : -1;
}

std::string outcome_key(const Json& status, const Json& error, const Json& grpc,
                        const Json& tries) {
  return Json{status, error, grpc, tries}.dump();
}

}  // namespace

void add_sample(const Json& sample, Numbers& out) {
  out["headers_ms"] = number_of(sample.value("headers_ms", Json()));
  out["end_ms"] = number_of(sample.value("end_ms", Json()));
  out["attempts"] = static_cast<double>(sample["attempts"].size());
  for (std::size_t i = 0; i < sample["attempts"].size(); ++i) {
    const Json& attempt = sample["attempts"][i];
    out[numbered("attempt", i, " start")] = number_of(attempt[0]);
    out[numbered("attempt", i, " lasts")] = number_of(attempt[1]) - number_of(attempt[0]);
  }
}

void add_connects(const Json& connects, Numbers& out) {
  std::map<std::string, int> count;
  for (const Json& connect : connects) {
    const std::string endpoint = connect[0].dump();
    out[name({"connect", endpoint, std::to_string(count[endpoint]++)})] = number_of(connect[1]);
  }
}

void add_detail(const Json& requests, Numbers& out) {
  for (const Json& row : requests) {
    const std::string field = numbered("request", row[0].get<std::size_t>());
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
    per_endpoint(numbered("window", w, " attempts"), windows[w]);
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
                              numbered("recorded", seen, " of ") + std::to_string(runs) +
                                  ", simulated share " + std::to_string(p),
                              binomial(seen, runs, p)});
  }
}

}  // namespace spillway::recordings::linkerd
