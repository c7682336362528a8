// The kinds of recordings: one function each, in a file of its own.
#pragma once

#include "tests/recordings/report.h"

namespace spillway::recordings {

void check_cilium(const std::vector<nlohmann::json>& cases, Report& report);
void check_kgateway(const std::vector<nlohmann::json>& cases, Report& report);

}  // namespace spillway::recordings
