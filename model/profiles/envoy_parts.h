// Parts of Envoy routes that the translators of HTTPRoutes have in common. Pure functions; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "model/envoy/route_config.h"
#include "model/resources/gateway_api.h"

namespace spillway::model {

envoy::StringMatcher string_matcher(ValueMatchType type, std::string value);
envoy::HeaderMatcher value_matcher(const ValueMatch& match);
envoy::HeaderMatcher method_matcher(const std::string& method);

/// `text` as a regular expression that matches it alone (RE2's QuoteMeta over ASCII).
std::string quote_regex(std::string_view text);

/// "/a/" as "/a"; "/" stays.
std::string without_trailing_slash(std::string path);

/// `what`s appended to `to`.
void append_headers(envoy::HeaderMutations& to, const envoy::HeaderMutations& what);

}  // namespace spillway::model
