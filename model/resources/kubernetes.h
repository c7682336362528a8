// Core Kubernetes objects as far as they decide about traffic, with the API server's defaults
// filled in. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/spec/diagnostic.h"

namespace spillway::model {

struct ObjectMeta {
  std::string name;
  std::string namespace_ = "default";  ///< empty for cluster-scoped kinds
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::string
      creation_timestamp;  ///< RFC 3339 in UTC, or empty (a manifest that was never applied)
  Place place;

  std::string key() const { return namespace_ + "/" + name; }
};

struct ServicePort {
  std::string name;
  int port = 0;
  std::variant<int, std::string> target_port = 0;  ///< 0: same as `port`
  std::string protocol = "TCP";
  std::string app_protocol;
};

/// v1 Service.
struct KubeService {
  ObjectMeta meta;
  std::string type = "ClusterIP";
  std::string cluster_ip;  ///< "None": headless
  std::string external_name;
  std::map<std::string, std::string> selector;
  std::string traffic_distribution;
  std::vector<ServicePort> ports;
};

struct Namespace {
  ObjectMeta meta;
};

/// One requirement of a label selector (matchExpressions).
struct LabelRequirement {
  std::string key;
  std::string op;  ///< In | NotIn | Exists | DoesNotExist
  std::vector<std::string> values;
};

struct LabelSelector {
  std::map<std::string, std::string> match_labels;
  std::vector<LabelRequirement> match_expressions;

  bool matches(const std::map<std::string, std::string>& labels) const;
};

}  // namespace spillway::model
