// A whole document of kind Scenario.
#include <algorithm>

#include "scenarios/basic_types.h"
#include "scenarios/object.h"
#include "scenarios/quantity.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using namespace model;

constexpr std::int64_t kMostIntervals = 1'000'000;

bool check_run(RunSpec& run, const Node& node, const Path& path, Decoding& decoding) {
  const auto refuse = [&](const char* key, std::string_view what, const std::string& expected) {
    const Node* at = node.find(key);
    return complain(at != nullptr ? *at : node, at != nullptr ? path / key : path, decoding,
                    "contradiction", what, expected);
  };
  if (run.warmup >= run.duration)
    return refuse("warmup", "the warm-up leaves nothing of the run",
                  "less than the duration of " + format_duration(run.duration));
  if (node.find("interval") == nullptr) run.interval = std::min(run.interval, run.duration);
  if (run.interval > run.duration)
    return refuse("interval", "longer than the run",
                  "at most the duration of " + format_duration(run.duration));
  if (run.duration.ns / run.interval.ns > kMostIntervals)
    return refuse("interval", "too short for the length of the run",
                  "at most " + std::to_string(kMostIntervals) + " intervals");
  return true;
}

struct Metadata {
  std::string name;
  std::string description;
};

Type<Metadata> metadata() {
  return Object<Metadata>("metadata", "What the scenario is called.")
      .required("name", &Metadata::name, subdomain(), "Its name, also that of its results.")
      .optional("description", &Metadata::description, free_text(), "What it is about.", "none");
}

Type<ManifestPattern> manifest_pattern() {
  return {text().shape,
          [](const Node& node, const Path& path, ManifestPattern& into, Decoding& decoding) {
            into.place = node.place;
            return text().decode(node, path, into.pattern, decoding);
          },
          {}};
}

/// A field of the Scenario within the file.
template <class M>
auto into_scenario(M Scenario::*member) {
  return [member](ScenarioFile& file, M value) { file.scenario.*member = std::move(value); };
}

Type<ScenarioFile> spec() {
  return Object<ScenarioFile>("spec",
                              "What a cluster cannot tell: how the services behave, what "
                              "load arrives, what breaks, what is good enough.")
      .optional("manifests", &ScenarioFile::manifests, list_of(manifest_pattern()),
                "Kubernetes manifests, relative to this file, with *, ? and **; a folder stands "
                "for the .yaml, .yml and .json files in it.",
                "none")
      .custom("mesh", mesh(), into_scenario(&Scenario::mesh),
              "Which data plane carries the requests.", "profile gateway-api")
      .custom("services", list_of(service(), 1), into_scenario(&Scenario::services),
              "How the services behave.")
      .mandatory()
      .custom("traffic", list_of(traffic(), 1), into_scenario(&Scenario::traffic),
              "What load arrives.")
      .mandatory()
      .custom("faults", list_of(fault()), into_scenario(&Scenario::faults), "What breaks.", "none")
      .custom("run", run(), into_scenario(&Scenario::run), "How long and how often.",
              "see its fields")
      .custom("objectives", list_of(objective()), into_scenario(&Scenario::objectives),
              "What is good enough: `METRIC[@SCOPE] OP VALUE`, the scope being a traffic source "
              "or `service.namespace`.",
              "none");
}

}  // namespace

const Type<RunSpec>& run() {
  static const Type<RunSpec> type =
      Object<RunSpec>("run", "How long and how often is simulated.")
          .optional("duration", &RunSpec::duration, positive_duration(),
                    "Simulated time of one replication.")
          .optional("warmup", &RunSpec::warmup, duration(),
                    "Start of each replication that no metric counts.")
          .optional("seed", &RunSpec::seed,
                    whole<std::uint64_t>(0, std::numeric_limits<std::int64_t>::max()),
                    "Decides all draws.")
          .optional("replications", &RunSpec::replications, whole<std::uint32_t>(1, 100'000),
                    "Independent runs; intervals of confidence need at least two.")
          .optional("interval", &RunSpec::interval, positive_duration(),
                    "Width of the rows of the time series.")
          .place(&RunSpec::place)
          .check(check_run);
  return type;
}

const Type<ScenarioFile>& scenario_file() {
  static const auto api_version = choice<int>("apiVersion", {{"spillway.dev/v1alpha1", 1}});
  static const auto kind = choice<int>("kind", {{"Scenario", 1}});
  static const auto ignore = [](ScenarioFile&, int) {};
  static const Type<ScenarioFile> type =
      Object<ScenarioFile>("Scenario",
                           "A document of a scenario file. Other documents of the file "
                           "are manifests, as if they were listed under `manifests`.")
          .custom("apiVersion", api_version, ignore, "Version of this format.")
          .mandatory()
          .custom("kind", kind, ignore, "Kind of document.")
          .mandatory()
          .custom(
              "metadata", metadata(),
              [](ScenarioFile& file, Metadata m) {
                file.scenario.name = std::move(m.name);
                file.scenario.description = std::move(m.description);
              },
              "What the scenario is called.")
          .mandatory()
          .part("spec", spec(), "Its contents.")
          .mandatory()
          .check([](ScenarioFile& file, const Node& node, const Path&, Decoding&) {
            file.scenario.place = node.place;
            return true;
          });
  return type;
}

}  // namespace spillway::scenarios
