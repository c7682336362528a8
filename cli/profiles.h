// `spillway profiles`: the implementations of the Gateway API that can be simulated.
#pragma once

#include <string>

#include "cli/exit_code.h"

namespace spillway::cli {

struct Session;

struct ProfilesOptions {
  std::string name;             ///< empty: all, a line each; else its options
  std::string format = "text";  ///< text | json
};

ExitCode profiles(const ProfilesOptions& options, Session& session);

}  // namespace spillway::cli
