// The rows of one rule in the portability table. Internal to portability().
#pragma once

#include <cstddef>
#include <vector>

#include "model/profiles/portability.h"
#include "model/profiles/reading.h"

namespace spillway::model {

inline constexpr const char* kIgnored = "ignored";

inline const Place& first_known(const Place& first, const Place& second) {
  return first.known() ? first : second;
}

/// `readings`: one a column.
void add_rule_rows(Portability& to, const HttpRoute& route, std::size_t number,
                   std::vector<RuleReading> readings);
void add_virtual_rows(Portability& to, const istio::VirtualService& service, std::size_t number,
                      std::vector<RuleReading> readings);

}  // namespace spillway::model
