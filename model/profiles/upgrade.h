// What an upgrade of an implementation changes for given manifests: both versions' configurations
// compared field by field, each difference told with its reason from the profile's version tables.
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/profiles/version_change.h"
#include "model/resources/resources.h"
#include "model/spec/assumption.h"
#include "model/spec/diagnostic.h"
#include "model/spec/scenario.h"

namespace spillway::model {

struct UpgradeReport {
  struct Change {
    std::vector<std::string> proxies;  ///< "waypoint shop/waypoint"; empty: the object's status
    std::string object;                ///< "HTTPRoute ns/name rule 0", "Service ns/name", ...
    std::string field;                 ///< Envoy's, "retry_policy.retry_on", or a condition
    std::string before;                ///< "unset (15s)" where Envoy's default counts
    std::string after;
    Place place;      ///< of the manifest's field; unknown for what no manifest says
    std::string why;  ///< a clause; empty where several changes work together
    std::string source;
    Evidence evidence = Evidence::read_in_source;
  };

  std::string profile;
  std::string from;
  std::string to;
  std::string scenario;         ///< whose manifests they are; empty: of no scenario
  std::vector<Change> changes;  ///< by object and field
  std::vector<Assumption> assumptions;
};

/// "FROM..TO" of a profile that has both versions; errors list the known ones.
struct VersionRange {
  std::string from;
  std::string to;
};
Loaded<VersionRange> parse_upgrade(std::string_view profile, std::string_view text);

/// `mesh`: profile and options; its version does not count. The range must be one that
/// parse_upgrade() gave.
UpgradeReport compare_versions(const Resources& resources, const MeshSpec& mesh,
                               const VersionRange& range);

/// A warning for every change, rule upgrade-FIELD.
Diagnostics to_diagnostics(const UpgradeReport& report);

}  // namespace spillway::model
