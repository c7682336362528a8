#include "cli/schema.h"

#include <iostream>

#include "cli/session.h"
#include "scenarios/schema.h"

namespace spillway::cli {

ExitCode schema(const SchemaOptions& options, Session&) {
  std::cout << (options.reference ? scenarios::scenario_reference() : scenarios::json_schema());
  return kDone;
}

}  // namespace spillway::cli
