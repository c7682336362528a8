// What the writers of Envoy's configuration share. Internal to reports/*.cc.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "model/envoy/route_config.h"
#include "reports/envoy_json.h"

namespace spillway::reports::envoy_parts {

using Json = nlohmann::ordered_json;

inline std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Written unless empty.
inline void set(Json& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}

template <class T>
void set(Json& json, const char* name, const std::optional<T>& value) {
  if (!value) return;
  if constexpr (std::is_same_v<T, sim::Duration>)
    json[name] = proto_duration(*value);
  else
    json[name] = *value;
}

/// Written unless empty, each item as `write` makes it.
template <class T, class Write>
void set_list(Json& json, const char* name, const std::vector<T>& items, Write write) {
  if (items.empty()) return;
  Json list = Json::array();
  for (const T& item : items) list.push_back(write(item));
  json[name] = std::move(list);
}

Json hash_policy(const model::envoy::HashPolicy& policy);

}  // namespace spillway::reports::envoy_parts
