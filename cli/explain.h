// `spillway explain`: the life of single requests of one replication.
#pragma once

#include <cstdint>
#include <string>

#include "cli/exit_code.h"
#include "cli/scenario_case.h"

namespace spillway::cli {

struct Session;

struct ExplainOptions {
  std::string scenario;
  std::string request;  ///< a number, "all", or empty: the first that failed, else 0
  std::uint32_t replication = 0;
  std::string format = "text";  ///< text | json | perfetto
  Replacements replacements;
};

ExitCode explain(const ExplainOptions& options, Session& session);

}  // namespace spillway::cli
