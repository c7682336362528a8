// The portability table: what each policy aspect of the manifests becomes under every
// implementation, newest versions and default options. Cells are worded from the configurations
// that the translators make (reading.h). Pure function; any thread.
#pragma once

#include <string>
#include <vector>

#include "model/resources/resources.h"
#include "model/spec/assumption.h"
#include "model/spec/diagnostic.h"

namespace spillway::model {

struct Portability {
  struct Column {
    std::string profile;
    std::string version;  ///< empty: it has none
  };
  struct Row {
    std::string object;              ///< "HTTPRoute ns/name rule 0", "Service ns/name"
    std::string aspect;              ///< "timeouts.request: 10s"
    Place place;                     ///< of the field; unknown for what no manifest says
    std::vector<std::string> cells;  ///< one a column
  };

  std::string scenario;         ///< whose manifests they are; empty: of no scenario
  std::vector<Column> columns;  ///< in the order of profiles()
  std::vector<Row> rows;        ///< by object
  std::vector<Assumption> assumptions;
};

Portability portability(const Resources& resources);

/// What review_profile() finds for all profiles; messages begin with the profile's name, one that
/// several share with all of theirs.
Diagnostics review_all_profiles(const Resources& resources);

}  // namespace spillway::model
