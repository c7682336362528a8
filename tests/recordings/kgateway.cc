#include "tests/recordings/kinds.h"
namespace spillway::recordings {
void check_kgateway(const std::vector<nlohmann::json>&, Report&) {}
}  // namespace spillway::recordings
