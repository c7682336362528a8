// Envoy's configuration as named fields with their values as text, for comparisons field by field.
// Pure functions; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/envoy/cluster_config.h"
#include "model/envoy/route_config.h"

namespace spillway::model {

/// By the name in Envoy's API v3, "retry_policy.num_retries"; unset fields are not there.
using EnvoyFields = std::map<std::string, std::string, std::less<>>;

EnvoyFields fields_of(const envoy::Route& route);
EnvoyFields fields_of(const envoy::Cluster& cluster);

/// What Envoy does where the field is unset: "15s"; empty where that is nothing.
std::string_view default_of(std::string_view field);

}  // namespace spillway::model
