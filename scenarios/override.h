// `--set PATH=VALUE`: changes documents before they are decoded, so that a value from the command
// line is judged like one in a file. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "scenarios/load.h"
#include "scenarios/node.h"

namespace spillway::scenarios {

/// Which document a path names. `kind` is "Scenario" for paths without an object; otherwise
/// KIND/NAMESPACE/NAME, or KIND/NAME for objects without a namespace.
struct ObjectName {
  std::string kind;
  std::string namespace_;
  std::string name;
  bool operator==(const ObjectName&) const = default;

  std::string text() const;
};

/// Of a document; namespace "default" where none is written.
ObjectName object_name(const Node& document);

/// Whether the path of `change` is one of the scenario's own fields.
bool is_for_scenario(const Override& change);

/// Sets the value in the one document that the path names. What is missing at the end of the path
/// is added where its parent exists (or may be added, in a scenario); the decoder judges it. A path
/// that names nothing is an error that says how far it led.
void apply(const Override& change, const std::vector<Node*>& documents,
           model::Diagnostics& diagnostics);

}  // namespace spillway::scenarios
