#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/portability.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::ordered_json;

Json row_json(const model::Portability& table, const model::Portability::Row& row) {
  Json cells = Json::object();
  for (std::size_t i = 0; i < row.cells.size(); ++i) cells[table.columns[i].profile] = row.cells[i];
  return {{"object", row.object},
          {"aspect", row.aspect},
          {"file", row.place.file ? *row.place.file : ""},
          {"line", row.place.line},
          {"column", row.place.column},
          {"cells", cells}};
}

Json table_json(const model::Portability& table) {
  Json profiles = Json::array(), rows = Json::array(), assumptions = Json::array();
  for (const auto& column : table.columns)
    profiles.push_back({{"name", column.profile}, {"version", column.version}});
  for (const auto& row : table.rows) rows.push_back(row_json(table, row));
  for (const model::Assumption& each : table.assumptions)
    assumptions.push_back({{"name", each.name}, {"value", each.value}, {"why", each.why}});
  return {{"scenario", table.scenario},
          {"profiles", profiles},
          {"rows", rows},
          {"assumptions", assumptions}};
}

}  // namespace

void write_portability_json(std::ostream& out, std::span<const model::Portability> tables) {
  Json json = Json::array();
  for (const model::Portability& table : tables) json.push_back(table_json(table));
  if (json.size() == 1) json = Json(json.front());
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace spillway::reports
