// Envoy's configuration structs as the JSON that Envoy reads: protobuf's JSON form with the field
// names of the .proto files. A field that is unset, or at its proto default, is left out. Pure
// functions; any thread.
#pragma once

#include <string>

#include "model/envoy/config.h"

namespace spillway::reports {

/// A duration as protobuf writes it: "1.500s", with 0, 3, 6 or 9 digits.
std::string proto_duration(sim::Duration duration);

/// One line each.
std::string envoy_json(const model::envoy::Route& route);
std::string envoy_json(const model::envoy::VirtualHost& host);
std::string envoy_json(const model::envoy::RouteConfiguration& config);
std::string envoy_json(const model::envoy::HttpFault& fault);
std::string envoy_json(const model::envoy::Cluster& cluster);

}  // namespace spillway::reports
