#include <algorithm>
#include <cctype>

#include "model/graph/graph.h"

namespace spillway::model {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

/// A PathPrefix matches whole elements; its trailing slash does not count.
bool matches_prefix(std::string_view prefix, std::string_view path) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool has_header(const Request& request, const Header& wanted) {
  const auto found = std::find_if(
      request.headers.begin(), request.headers.end(),
      [&](const Header& header) { return equal_ignoring_case(header.name, wanted.name); });
  return found != request.headers.end() && found->value == wanted.value;
}

bool matches(const OperationMatch& match, const Request& request) {
  if (!match.method.empty() && match.method != request.method) return false;
  const std::string_view path = std::string_view(request.path).substr(0, request.path.find('?'));
  if (!match.path.empty() && !matches_prefix(match.path, path)) return false;
  return std::all_of(match.headers.begin(), match.headers.end(),
                     [&](const Header& header) { return has_header(request, header); });
}

}  // namespace

std::optional<std::uint32_t> match_operation(const Service& service, const Request& request) {
  if (service.operations.empty()) return 0;
  for (std::uint32_t i = 0; i < service.operations.size(); ++i) {
    if (matches(service.operations[i].match, request)) return i;
  }
  return std::nullopt;
}

}  // namespace spillway::model
