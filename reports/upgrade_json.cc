#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/upgrade.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::ordered_json;

Json interval_json(const sim::Interval& interval) {
  return {{"mean", interval.mean}, {"ci_low", interval.low}, {"ci_high", interval.high}};
}

Json change_json(const model::UpgradeReport::Change& c) {
  return {{"object", c.object},
          {"field", c.field},
          {"before", c.before},
          {"after", c.after},
          {"file", c.place.file ? *c.place.file : ""},
          {"line", c.place.line},
          {"column", c.place.column},
          {"proxies", c.proxies},
          {"why", c.why},
          {"source", c.source},
          {"evidence", to_string(c.evidence)}};
}

Json outcome_json(const UpgradeOutcome& outcome) {
  Json metrics = Json::array(), objectives = Json::array();
  for (const MovedMetric& m : outcome.metrics)
    metrics.push_back({{"scope_kind", to_string(m.scope.kind)},
                       {"scope", m.scope.name},
                       {"metric", m.metric->name},
                       {"unit", to_string(m.metric->unit)},
                       {"before", interval_json(m.before)},
                       {"after", interval_json(m.after)},
                       {"difference", interval_json(m.difference)}});
  for (const MovedVerdict& m : outcome.objectives)
    objectives.push_back({{"objective", m.objective},
                          {"before", to_string(m.before)},
                          {"after", to_string(m.after)},
                          {"observed_before", interval_json(m.observed_before)},
                          {"observed_after", interval_json(m.observed_after)}});
  return {{"not_run", outcome.not_run}, {"metrics", metrics}, {"objectives", objectives}};
}

Json result_json(const UpgradeResult& result) {
  const model::UpgradeReport& report = result.report;
  Json changes = Json::array(), assumptions = Json::array();
  for (const auto& change : report.changes) changes.push_back(change_json(change));
  for (const model::Assumption& each : report.assumptions)
    assumptions.push_back({{"name", each.name}, {"value", each.value}, {"why", each.why}});
  return {{"profile", report.profile},
          {"from", report.from},
          {"to", report.to},
          {"scenario", report.scenario},
          {"changes", changes},
          {"outcome", result.outcome ? outcome_json(*result.outcome) : Json(nullptr)},
          {"assumptions", assumptions}};
}

}  // namespace

void write_upgrade_json(std::ostream& out, std::span<const UpgradeResult> results) {
  Json json = Json::array();
  for (const UpgradeResult& result : results) json.push_back(result_json(result));
  if (json.size() == 1) json = Json(json.front());
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace spillway::reports
