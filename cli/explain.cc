#include "cli/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>

#include "cli/session.h"
#include "reports/explain.h"

namespace spillway::cli {
namespace {

using model::RequestTrace;

bool failed(const RequestTrace& request) {
  return request.call.finished && (request.status == 0 || request.status >= 500);
}

// The first request that failed. Tracing costs memory, so that the run is tried from its start in
// windows that grow: what happens in a window does not depend on its length.
std::optional<std::uint64_t> first_failed(const model::Spec& spec, std::uint32_t replication) {
  const std::int64_t end = spec.scenario.run.duration.ns;
  for (std::int64_t window = std::max<std::int64_t>(1, end / 64);; window *= 4) {
    model::Spec part = spec;
    part.scenario.run.duration = {std::min(window, end)};
    part.scenario.run.warmup = {};
    model::Diagnostics ignored;
    if (const auto mesh = compile_checked(std::move(part), ignored)) {
      const auto traces = model::trace_requests(*mesh, {replication, std::nullopt});
      const auto found = std::ranges::find_if(traces, failed);
      if (found != traces.end()) return found->request;
    }
    if (window >= end) return std::nullopt;
  }
}

ExitCode no_such_request(const Session& session, const std::string& request) {
  report_error(session, fmt::format("the replication has no request {}", request));
  return kWrongInput;
}

void write(const ExplainOptions& options, const std::vector<RequestTrace>& traces) {
  if (options.format == "json")
    reports::write_explain_json(std::cout, traces);
  else if (options.format == "perfetto")
    reports::write_explain_perfetto(std::cout, traces);
  else
    reports::write_explain_text(std::cout, traces);
}

}  // namespace

ExitCode explain(const ExplainOptions& options, Session& session) {
  auto loaded = scenarios::load_scenario(
      options.scenario, {.channel = {}, .overrides = overrides(options.replacements)});
  model::Diagnostics diagnostics = std::move(loaded.diagnostics());
  model::MeshPtr mesh;
  if (loaded && !model::has_errors(diagnostics)) mesh = compile_checked(*loaded, diagnostics);
  report(session, diagnostics);
  if (!mesh) return kWrongInput;
  const std::uint32_t replications = loaded->scenario.run.replications;
  if (options.replication >= replications) {
    report_error(session, fmt::format("the scenario has no replication {}: they are 0 to {}",
                                      options.replication, replications - 1));
    return kWrongInput;
  }
  model::TraceSelection selection{options.replication, std::nullopt};
  if (options.request.empty()) {
    selection.request = first_failed(*loaded, options.replication);
    if (!selection.request) {
      say(session, "no request failed: this is the first one");
      selection.request = 0;
    }
  } else if (options.request != "all") {
    std::uint64_t number = 0;
    std::from_chars(options.request.data(), options.request.data() + options.request.size(),
                    number);
    selection.request = number;
  }
  const auto traces = model::trace_requests(*mesh, selection);
  if (traces.empty() && selection.request)
    return no_such_request(session, std::to_string(*selection.request));
  write(options, traces);
  return kDone;
}

}  // namespace spillway::cli
