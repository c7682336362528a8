// What the writers of Envoy's configuration share, for any JSON type. Internal to reports/*.cc.
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "reports/envoy_json.h"

namespace spillway::reports::envoy_parts {

template <class Json>
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Written unless empty.
template <class Json>
void set(Json& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}

template <class Json, class T>
void set(Json& json, const char* name, const std::optional<T>& value) {
  if (!value) return;
  if constexpr (std::is_same_v<T, sim::Duration>)
    json[name] = proto_duration(*value);
  else
    json[name] = *value;
}

/// Written unless empty, each item as `write` makes it.
template <class Json, class T, class Write>
void set_list(Json& json, const char* name, const std::vector<T>& items, Write write) {
  if (items.empty()) return;
  Json list = Json::array();
  for (const T& item : items) list.push_back(write(item));
  json[name] = std::move(list);
}

}  // namespace spillway::reports::envoy_parts
