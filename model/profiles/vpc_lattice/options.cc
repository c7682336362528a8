#include "model/profiles/vpc_lattice/options.h"

namespace spillway::model::vpc_lattice {

ProfileInfo info() {
  ProfileInfo info;
  info.name = "vpc-lattice";
  info.summary =
      "Amazon VPC Lattice with the AWS Gateway API Controller: a managed proxy that neither "
      "retries "
      "nor knows the timeouts of rules";
  info.options = {
      {"proxyLatency", "duration or distribution", "1ms",
       "one traversal of the managed proxy; no figure is published: measure yours"},
      {"l4Latency", "duration or distribution", "0ms", "there is no L4 proxy in this profile"},
      {"networkLatency", "duration or distribution", "0.2ms", "each way between two pods"},
      {"idleTimeout", "duration", "60s",
       "without an answer for so long a request ends with 504 (idleTimeoutSeconds)"},
      {"maxCallDepth", "number", "64", "calls within calls"},
  };
  info.validated =
      "not against the service, which is closed: rules as the controller 2.1 makes them, read in "
      "its "
      "source and documentation";
  return info;
}

neutral::RuleConfig translate(sim::Duration idle_timeout) {
  neutral::RuleConfig config;
  config.request_timeout = idle_timeout;
  return config;
}

}  // namespace spillway::model::vpc_lattice
