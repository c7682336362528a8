// What the parts of a scenario say together: names that exist, names that are unique, settings that
// contradict each other. Adds to the diagnostics; pure functions; any thread.
#pragma once

#include "model/resources/resources.h"

namespace spillway::scenarios {

/// The scenario by itself. Also gives the caller of a link fault its full name.
void check_scenario(model::Scenario& scenario, model::Diagnostics& diagnostics);

/// What needs the manifests too: the services, ports, Gateways and routes that calls, traffic and
/// faults name. A service exists when the scenario or a Service manifest has it.
void check_references(const model::Scenario& scenario, const model::Resources& resources,
                      model::Diagnostics& diagnostics);

}  // namespace spillway::scenarios
