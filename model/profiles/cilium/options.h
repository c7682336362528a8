// Cilium's versions and options as data. Plain values; any thread.
#pragma once

#include <string_view>

#include "model/profiles/profile.h"

namespace spillway::model::cilium {

ProfileInfo info();

/// The order in which the operator happens to read routes. It decides between routes with the same
/// matches; a live cluster has it at random.
enum class ListOrder { by_name, reversed };

struct Options {
  /// Before PR #46433 (1.20) a retry policy had no retry_on, so it did nothing.
  bool retries_act = true;
  /// Since PR #46696 (after 1.20) equal rules of one route stay apart and the first serves; before,
  /// their backends were merged.
  bool equal_rules_stay_apart = true;
  /// Since PR #47766 (after 1.20) a port that the Service lacks makes ResolvedRefs false.
  bool wrong_port_is_unresolved = true;
  /// After 1.20 a header filter that sets Host makes Accepted false; before, the route was dropped
  /// without a word.
  bool host_header_is_unsupported = true;
  ListOrder order = ListOrder::by_name;
};

/// Of a version that info() names; "" is the newest.
Options options_for(std::string_view version);

}  // namespace spillway::model::cilium
