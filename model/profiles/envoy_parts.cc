#include "model/profiles/envoy_parts.h"

#include <utility>

namespace spillway::model {
namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& what) {
  to.insert(to.end(), what.begin(), what.end());
}

}  // namespace

envoy::StringMatcher string_matcher(ValueMatchType type, std::string value) {
  using Kind = envoy::StringMatcher::Kind;
  return {type == ValueMatchType::exact ? Kind::exact : Kind::safe_regex, std::move(value), false,
          false};
}

envoy::HeaderMatcher value_matcher(const ValueMatch& match) {
  return {match.name, string_matcher(match.type, match.value)};
}

envoy::HeaderMatcher method_matcher(const std::string& method) {
  return {":method", string_matcher(ValueMatchType::exact, method)};
}

std::string quote_regex(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

std::string without_trailing_slash(std::string path) {
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

void append_headers(envoy::HeaderMutations& to, const envoy::HeaderMutations& what) {
  append(to.request_headers_to_add, what.request_headers_to_add);
  append(to.request_headers_to_remove, what.request_headers_to_remove);
  append(to.response_headers_to_add, what.response_headers_to_add);
  append(to.response_headers_to_remove, what.response_headers_to_remove);
}

}  // namespace spillway::model
