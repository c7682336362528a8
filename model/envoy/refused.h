// What a real Envoy refuses as a whole, by the validation rules of its API (the `validate.rules` in
// envoyproxy/envoy api/envoy/config): the proxy then keeps what it had before. Pure functions; any
// thread.
#pragma once

#include <string>
#include <vector>

#include "model/envoy/config.h"

namespace spillway::model::envoy {

/// One clause for each field that breaks a rule; empty where Envoy accepts the configuration.
std::vector<std::string> refused(const ProxyConfig& config);

}  // namespace spillway::model::envoy
