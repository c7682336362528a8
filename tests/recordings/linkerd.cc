// recordings linkerd FILE: the executor of linkerd2-proxy against runs of the real proxy.
#include <algorithm>
#include <map>

#include "tests/recordings/kinds.h"
#include "tests/recordings/linkerd_compare.h"

namespace spillway::recordings {

namespace {

using linkerd::Findings;

constexpr double kLevel = 0.01;  ///< of all tests of a file together

void check_one(const nlohmann::json& one, Findings& findings) {
  findings.name = one.value("name", "?");
  findings.family = one.value("family", "?");
  if (findings.family == "backoff") return linkerd::check_backoff(one, findings);
  if (findings.family == "budget") return linkerd::check_budget(one, findings);
  if (findings.family == "ewma") return linkerd::check_ewma(one, findings);
  linkerd::check_stack(one, findings);
}

/// A case that is not as its format says disagrees, and the others are still checked.
void check_safely(const nlohmann::json& one, Findings& findings) {
  try {
    check_one(one, findings);
  } catch (const nlohmann::json::exception& error) {
    findings.compare("format", nlohmann::json(error.what()), nlohmann::json());
  }
}

/// True if nothing differs, with `tests` tests in the file.
bool show(const Findings& findings, std::size_t tests, Report& report) {
  report.begin_case(findings.name);
  bool agrees = findings.differences.empty();
  for (const Findings::Difference& one : findings.differences)
    report.compare(one.field, one.recorded, one.simulated);
  for (const linkerd::Test& test : findings.tests) {
    if (test.p * static_cast<double>(tests) >= kLevel) continue;
    agrees = false;
    report.disagree(test.field, test.what + ", p = " + std::to_string(test.p));
  }
  return agrees;
}

}  // namespace

void check_linkerd(const std::vector<nlohmann::json>& cases, Report& report) {
  std::vector<Findings> all(cases.size());
  std::size_t tests = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    check_safely(cases[i], all[i]);
    tests += all[i].tests.size();
  }
  std::map<std::string, std::pair<int, int>> families;
  for (const Findings& findings : all) {
    auto& [agreed, count] = families[findings.family];
    ++count;
    if (show(findings, tests, report)) ++agreed;
  }
  for (const auto& [family, counts] : families)
    report.note("family " + family + ": agree " + std::to_string(counts.first) + " of " +
                std::to_string(counts.second));
}

}  // namespace spillway::recordings
