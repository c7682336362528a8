#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/diagnostics.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::ordered_json;
using model::Diagnostic;
using model::Severity;

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string_view level(Severity severity) {
  return severity == Severity::note ? "note" : model::to_string(severity);
}

Json sarif_result(const Diagnostic& d, std::size_t rule) {
  Json result{
      {"ruleId", d.rule},
      {"ruleIndex", rule},
      {"level", level(d.severity)},
      {"message", {{"text", d.hint.empty() ? d.message : d.message + " (" + d.hint + ")"}}}};
  if (!d.place.file) return result;
  Json location{{"artifactLocation", {{"uri", *d.place.file}}}};
  if (d.place.known())
    location["region"] = {{"startLine", d.place.line}, {"startColumn", d.place.column}};
  result["locations"] = Json::array({{{"physicalLocation", location}}});
  return result;
}

}  // namespace

std::string diagnostic_json(const Diagnostic& d) {
  const Json json{{"severity", model::to_string(d.severity)},
                  {"file", d.place.file ? *d.place.file : ""},
                  {"line", d.place.line},
                  {"column", d.place.column},
                  {"message", d.message},
                  {"rule", d.rule},
                  {"hint", d.hint}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write_diagnostics_json(std::ostream& out, const model::Diagnostics& diagnostics) {
  out << "[";
  bool first = true;
  for (const Diagnostic& d : diagnostics) {
    out << (first ? "\n  " : ",\n  ") << diagnostic_json(d);
    first = false;
  }
  out << (first ? "]\n" : "\n]\n");
}

void write_diagnostics_sarif(std::ostream& out, const model::Diagnostics& diagnostics,
                             std::string_view version) {
  std::map<std::string, std::size_t> rules;
  for (const Diagnostic& d : diagnostics) rules.try_emplace(d.rule, 0);
  Json descriptions = Json::array();
  for (auto& [name, index] : rules) {
    index = descriptions.size();
    descriptions.push_back({{"id", name}});
  }
  Json results = Json::array();
  for (const Diagnostic& d : diagnostics) results.push_back(sarif_result(d, rules[d.rule]));
  const Json driver{{"name", "spillway"}, {"version", version}, {"rules", descriptions}};
  const Json run{{"tool", {{"driver", driver}}}, {"results", results}};
  const Json sarif{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", Json::array({run})}};
  out << dump(sarif) << '\n';
}

}  // namespace spillway::reports
