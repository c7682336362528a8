// Services that a scenario simulates without a manifest of their own. Pure function.
#pragma once

#include "model/resources/resources.h"

namespace spillway::model {

/// Adds a Service object with the ports of the scenario for every simulated service that has no
/// manifest; a manifest, where given, decides. Doing it twice changes nothing.
void declare_services(Spec& spec);

}  // namespace spillway::model
