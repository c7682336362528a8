// The command line: which command with which options. The only door to the parser library.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/session.h"

namespace spillway::cli {

/// Parses and carries out one command. Usage errors go to standard error and end as kUsage.
ExitCode run_command(int argc, const char* const* argv, Session& session);

}  // namespace spillway::cli
