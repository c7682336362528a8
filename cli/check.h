// `spillway check`: what is wrong, or surprising, in manifests and scenarios, without a run.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"

namespace spillway::cli {

struct Session;

struct CheckOptions {
  std::vector<std::string> files;  ///< files, folders, "-"
  std::string format = "text";     ///< text | json | sarif | markdown
  std::string channel;             ///< standard | experimental; empty: the scenario's
  std::string profile;             ///< empty: the scenario's; "all": the portability table
  std::string upgrade;             ///< FROM..TO; empty: one version
};

/// kWrongInput when there are errors; warnings alone are fine.
ExitCode check(const CheckOptions& options, Session& session);

}  // namespace spillway::cli
