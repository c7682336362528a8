#include "model/profiles/cilium/changes.h"

#include <array>

namespace spillway::model::cilium {
namespace {

constexpr std::array kChanges{
    version_change<&Options::retries_act, Options>(
        "since 1.20 the retry policy says what to retry; before, it had no retry_on and nothing "
        "was "
        "retried",
        "cilium/cilium #46433, e3de836c", Evidence::read_in_source),
    version_change<&Options::equal_rules_stay_apart, Options>(
        "after 1.20 rules of one route with equal matches stay apart and the first serves; before, "
        "their backends were merged",
        "cilium/cilium #46696, 18ee0982", Evidence::recorded),
    version_change<&Options::wrong_port_is_unresolved, Options>(
        "after 1.20 a port that the Service lacks makes ResolvedRefs False", "cilium/cilium #47766",
        Evidence::recorded),
    version_change<&Options::host_header_is_unsupported, Options>(
        "after 1.20 a header filter that sets Host makes Accepted False; before, the route was "
        "dropped without a word",
        "cilium/cilium operator/pkg/gateway-api", Evidence::recorded),
};

}  // namespace

std::span<const VersionChange<Options>> changes() { return kChanges; }

}  // namespace spillway::model::cilium
