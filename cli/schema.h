// `spillway schema`: the form of scenario files.
#pragma once

#include "cli/exit_code.h"

namespace spillway::cli {

struct Session;

struct SchemaOptions {
  bool reference = false;  ///< the reference as Markdown instead of the JSON Schema
};

ExitCode schema(const SchemaOptions& options, Session& session);

}  // namespace spillway::cli
