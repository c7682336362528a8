#include "reports/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "reports/table.h"

namespace spillway::reports {
namespace {

std::size_t tests_of(const RunStatus& run) {
  return run.summary ? run.summary->objectives.size() : 1;
}

std::size_t failures_of(const RunStatus& run) {
  if (!run.summary) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      run.summary->objectives, [](const auto& o) { return o.verdict != Verdict::pass; }));
}

void write_case(std::ostream& out, const RunStatus& run, const ObjectiveResult& o) {
  out << fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml_text(run.scenario),
                     xml_text(o.objective.text));
  if (o.verdict == Verdict::pass) {
    out << "/>\n";
    return;
  }
  const std::string observed = observed_text(o);
  const std::string limit = limit_text(o.objective, o.unit);
  out << fmt::format(">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
                     to_string(o.verdict),
                     xml_text(fmt::format("observed {}, limit {}", observed, limit)),
                     xml_text(fmt::format("{}\nobserved: {}\nlimit: {}\n{}", o.objective.text,
                                          observed, limit, o.note.empty() ? "" : o.note + "\n")));
}

void write_suite(std::ostream& out, const RunStatus& run) {
  out << fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                     xml_text(run.scenario), tests_of(run), failures_of(run), run.summary ? 0 : 1);
  if (run.summary) {
    for (const ObjectiveResult& o : run.summary->objectives) write_case(out, run, o);
  } else {
    out << fmt::format(
        "    <testcase classname=\"{}\" name=\"run\">\n      <error type=\"{}\" "
        "message=\"{}\"/>\n    </testcase>\n",
        xml_text(run.scenario), xml_text(run.status), xml_text(run.status));
  }
  out << "  </testsuite>\n";
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&apos;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') escaped += c;
    }
  }
  return escaped;
}

void write_junit(std::ostream& out, std::span<const RunStatus> runs) {
  std::size_t tests = 0, failures = 0, errors = 0;
  for (const RunStatus& run : runs) {
    tests += tests_of(run);
    failures += failures_of(run);
    errors += run.summary ? 0 : 1;
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      << fmt::format("<testsuites name=\"spillway\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                     tests, failures, errors);
  for (const RunStatus& run : runs) write_suite(out, run);
  out << "</testsuites>\n";
}

}  // namespace spillway::reports
