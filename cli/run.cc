#include "cli/run.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "cli/inputs.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "reports/csv.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/output_directory.h"
#include "reports/summary.h"
#include "reports/table.h"

namespace spillway::cli {
namespace fs = std::filesystem;
namespace {

// A scenario that ran to its end.
struct Finished {
  reports::Summary summary;
  reports::RunRecord record;
};

struct Run {
  ScenarioCase scenario;
  std::optional<Finished> finished;

  ExitCode exit_code() const {
    if (finished) return finished->summary.objectives_met() ? kDone : kObjectivesMissed;
    return scenario.mesh ? kInterrupted : kWrongInput;
  }
  reports::RunStatus status() const {
    static const std::map<ExitCode, std::string> kTexts{{kDone, "ok"},
                                                        {kObjectivesMissed, "objectives missed"},
                                                        {kWrongInput, "input error"},
                                                        {kInterrupted, "interrupted"}};
    return {scenario.name, kTexts.at(exit_code()), exit_code(),
            finished ? &finished->summary : nullptr};
  }
};

model::Diagnostic name_error(const ScenarioCase& scenario, std::string message) {
  return {model::Severity::error, scenario.place, std::move(message), "scenario-name", ""};
}

// Every scenario's results go into a folder of its name.
void check_names(std::vector<Run>& runs) {
  std::map<std::string, const fs::path*> first;
  for (Run& run : runs) {
    ScenarioCase& s = run.scenario;
    if (!s.mesh) continue;
    const auto [known, is_new] = first.try_emplace(s.name, &s.file);
    if (!is_new)
      s.diagnostics.push_back(
          name_error(s, fmt::format("the scenario \"{}\" of {} has the same name", s.name,
                                    known->second->string())));
    else if (s.name.empty() || s.name.front() == '.' || s.name.find('/') != std::string::npos ||
             s.name == "runs.csv")
      s.diagnostics.push_back(
          name_error(s, fmt::format("\"{}\" cannot be the name of a folder of results", s.name)));
    if (model::has_errors(s.diagnostics)) s.mesh.reset();
  }
}

std::vector<Run> open_all(const ScenarioFiles& inputs, const Replacements& replacements) {
  std::vector<Run> runs;
  const scenarios::LoadOptions options{.channel = {}, .overrides = overrides(replacements)};
  for (const fs::path& file : inputs.files)
    runs.push_back({open_scenario(file, options), std::nullopt});
  if (inputs.several) check_names(runs);
  return runs;
}

std::uint64_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// Simulates what compiled; the meshes and results are gone when it returns.
void simulate(std::vector<Run>& runs, const RunOptions& options, Session& session) {
  std::vector<model::MeshPtr> meshes;
  std::vector<Run*> running;
  for (Run& run : runs) {
    if (!run.scenario.mesh) continue;
    meshes.push_back(std::move(run.scenario.mesh));
    running.push_back(&run);
  }
  ProgressLine progress(session.show_progress && !session.quiet);
  const model::Plan plan{.threads = options.threads,
                         .stop = session.interrupt.stop_on_signal(),
                         .on_progress = [&](const model::Progress& p) { progress.update(p); }};
  auto results = model::run_experiments(meshes, plan);
  for (std::size_t i = 0; i < results.size(); ++i) {
    running[i]->scenario.mesh = std::move(meshes[i]);
    if (!results[i].complete) continue;
    results[i].diagnostics = running[i]->scenario.diagnostics;
    reports::RunRecord record = reports::record_of(results[i]);
    record.version = kVersion;
    record.command_line = session.command_line;
    running[i]->finished = {reports::summarize(results[i]), std::move(record)};
    results[i] = {};
  }
}

void write_result(reports::OutputDirectory& directory, const fs::path& folder, Finished& finished) {
  const reports::Summary& summary = finished.summary;
  using Write = void (*)(std::ostream&, const reports::Summary&);
  const std::pair<const char*, Write> tables[] = {
      {"summary.csv", reports::write_summary_csv},
      {"timeseries.csv", reports::write_timeseries_csv},
      {"replications.csv", reports::write_replications_csv},
      {"outcomes.csv", reports::write_outcomes_csv}};
  for (const auto& [name, write] : tables)
    directory.write(folder / name, [&](std::ostream& out) { write(out, summary); });
  directory.write(folder / "summary.json",
                  [&](std::ostream& out) { reports::write_summary_json(out, summary, kVersion); });
  finished.record.peak_memory = peak_memory();
  directory.write(folder / "run.json",
                  [&](std::ostream& out) { reports::write_run_json(out, finished.record); });
}

std::vector<reports::RunStatus> statuses(const std::vector<Run>& runs) {
  std::vector<reports::RunStatus> list;
  for (const Run& run : runs) list.push_back(run.status());
  return list;
}

void write_files(std::vector<Run>& runs, bool several, const RunOptions& options,
                 std::unique_ptr<reports::OutputDirectory>& directory, const Session& session) {
  if (directory) {
    for (Run& run : runs)
      if (run.finished)
        write_result(*directory, several ? fs::path(run.scenario.name) : fs::path(), *run.finished);
    if (several)
      directory->write("runs.csv",
                       [&](std::ostream& out) { reports::write_runs_csv(out, statuses(runs)); });
    if (!several && session.interrupt.requested()) return;
    directory->commit();
    say(session, fmt::format("results are in {}", options.out));
  }
  if (!options.junit.empty())
    reports::write_file(options.junit,
                        [&](std::ostream& out) { reports::write_junit(out, statuses(runs)); });
}

void print(const std::vector<Run>& runs, bool several, const RunOptions& options,
           const Session& session) {
  std::vector<const reports::Summary*> summaries;
  for (const Run& run : runs)
    if (run.finished) summaries.push_back(&run.finished->summary);
  if (options.format == "json") {
    if (several)
      reports::write_summaries_json(std::cout, summaries, kVersion);
    else if (!summaries.empty())
      reports::write_summary_json(std::cout, *summaries.front(), kVersion);
    return;
  }
  const reports::TableOptions table{.color = session.color_output, .verbose = session.verbose};
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    if (i > 0) std::cout << '\n';
    reports::write_table(std::cout, *summaries[i], table);
  }
}

// The folder of a JUnit file must exist, unless it is the result directory itself.
void check_junit(const RunOptions& options) {
  if (options.junit.empty()) return;
  const fs::path folder = fs::absolute(options.junit).lexically_normal().parent_path();
  if (fs::is_directory(options.junit))
    throw reports::OutputError(fmt::format("cannot write {}: it is a directory", options.junit));
  if (fs::is_directory(folder)) return;
  const fs::path out = options.out.empty() ? fs::path() : fs::absolute(options.out / fs::path());
  if (out.empty() || out.lexically_normal().parent_path() != folder)
    throw reports::OutputError(
        fmt::format("cannot write {}: its folder does not exist", options.junit));
}

ExitCode run_all(const RunOptions& options, const ScenarioFiles& inputs, Session& session) {
  check_junit(options);
  std::vector<Run> runs = open_all(inputs, options.replacements);
  bool some = false;
  for (const Run& run : runs) {
    report(session, run.scenario.diagnostics);
    some |= run.scenario.mesh != nullptr;
  }
  std::unique_ptr<reports::OutputDirectory> directory;
  if (some) {
    session.interrupt.stop_on_signal();
    if (!options.out.empty())
      directory = std::make_unique<reports::OutputDirectory>(options.out, options.force);
    simulate(runs, options, session);
  }
  ExitCode code = kDone;
  bool any_finished = false;
  for (const Run& run : runs) {
    code = worse(code, run.exit_code());
    any_finished |= run.finished.has_value();
  }
  if (code == kInterrupted && !(inputs.several && any_finished)) {
    say(session, "interrupted, nothing is written");
    return kInterrupted;
  }
  write_files(runs, inputs.several, options, directory, session);
  if (session.interrupt.requested()) {
    say(session, "interrupted");
    return kInterrupted;
  }
  print(runs, inputs.several, options, session);
  return code;
}

}  // namespace

ExitCode run(const RunOptions& options, Session& session) {
  const ScenarioFiles inputs = find_scenarios(options.scenarios);
  for (const std::string& error : inputs.errors) report_error(session, error);
  if (!inputs.errors.empty()) return kWrongInput;
  try {
    return run_all(options, inputs, session);
  } catch (const reports::OutputError& error) {
    report_error(session, error.what());
    return kWrongInput;
  }
}

}  // namespace spillway::cli
