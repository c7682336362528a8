// `spillway run`: simulates scenarios and writes what they show.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/scenario_case.h"

namespace spillway::cli {

struct Session;

struct RunOptions {
  std::vector<std::string> scenarios;  ///< files, folders, patterns
  std::string out;                     ///< empty: no files
  bool force = false;
  std::string format = "table";  ///< table | json
  Replacements replacements;
  std::uint32_t threads = 0;  ///< 0: all cores
  std::string junit;          ///< empty: none
};

ExitCode run(const RunOptions& options, Session& session);

}  // namespace spillway::cli
