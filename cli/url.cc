#include <charconv>

#include "cli/route.h"

namespace spillway::cli {
namespace {

// The port behind the last colon of an authority; nullopt without one, -1 when it is no port.
std::optional<int> port_in(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos)
    return std::nullopt;
  const std::string_view digits = authority.substr(colon + 1);
  int port = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool good = end.ec == std::errc() && end.ptr == digits.data() + digits.size() && port > 0 &&
                    port <= 65535;
  return good ? port : -1;
}

bool has_blank(std::string_view text) {
  return text.find_first_of(" \t\r\n") != std::string_view::npos;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || has_blank(text)) return std::nullopt;
  Url url{.scheme = std::string(text.substr(0, colon)), .host = {}, .port = {}, .path = "/"};
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));
  const auto end = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, end);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  url.host = authority;
  url.port = port_in(authority);
  if (authority.empty() || authority.front() == ':' || url.port == -1) return std::nullopt;
  if (end < text.size())
    url.path = std::string(text[end] == '?' ? "/" : "").append(text.substr(end));
  return url;
}

std::optional<model::Header> parse_header(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos || has_blank(text.substr(0, colon)))
    return std::nullopt;
  std::string_view value = text.substr(colon + 1);
  const auto first = value.find_first_not_of(" \t");
  value = first == std::string_view::npos ? std::string_view() : value.substr(first);
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  return model::Header{std::string(text.substr(0, colon)), std::string(value)};
}

}  // namespace spillway::cli
