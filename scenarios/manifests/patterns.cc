#include "scenarios/manifests/patterns.h"

#include <algorithm>

#include "model/spec/gep2257.h"
#include "scenarios/manifests/timestamp.h"
#include "scenarios/quantity.h"

namespace spillway::scenarios::manifests {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_lower(c) || is_upper(c); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
bool is_lower_alphanumeric(char c) { return is_lower(c) || is_digit(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
  return std::ranges::all_of(text, predicate);
}

bool dns_label(std::string_view text) {
  return !text.empty() && is_lower_alphanumeric(text.front()) &&
         is_lower_alphanumeric(text.back()) &&
         all(text, [](char c) { return c == '-' || is_lower_alphanumeric(c); });
}

bool dns_1035_label(std::string_view text) { return dns_label(text) && is_lower(text.front()); }

bool dns_name(std::string_view text) {
  for (std::size_t dot; (dot = text.find('.')) != text.npos; text.remove_prefix(dot + 1))
    if (!dns_label(text.substr(0, dot))) return false;
  return dns_label(text);
}

bool group_name(std::string_view text) { return text.empty() || dns_name(text); }

bool dashed(std::string_view text, bool (*first)(char)) {
  return !text.empty() && first(text.front()) && is_alphanumeric(text.back()) &&
         all(text, [](char c) { return c == '-' || is_alphanumeric(c); });
}

bool kind_name(std::string_view text) { return dashed(text, is_letter); }

bool hostname(std::string_view text) {
  return dns_name(text.starts_with("*.") ? text.substr(2) : text);
}

bool header_name(std::string_view text) {
  constexpr std::string_view kOther = "!#$%&'*+-.^_`|~";
  return !text.empty() &&
         all(text, [&](char c) { return is_alphanumeric(c) || kOther.find(c) != kOther.npos; });
}

bool is_visible(char c) { return c >= '!' && c <= '~'; }

bool header_value(std::string_view text) {
  if (text.empty() || !is_visible(text.front()) || !is_visible(text.back())) return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool blank = text[i] == ' ' || text[i] == '\t';
    if (!is_visible(text[i]) && !(blank && is_visible(text[i - 1]))) return false;
  }
  return true;
}

bool path_characters(std::string_view text) {
  constexpr std::string_view kOther = "-/._~!$&'()*+,;=:@";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_alphanumeric(text[i]) || kOther.find(text[i]) != kOther.npos) continue;
    if (text[i] != '%' || i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
      return false;
    i += 2;
  }
  return !text.empty();
}

bool duration(std::string_view text) { return model::parse_gep2257(text).has_value(); }

/// Labels of letters, digits and dashes (in any place) joined by dots; the last may not be empty.
bool origin_host(std::string_view host) {
  if (host == "*") return true;
  if (host.starts_with("*.")) host.remove_prefix(2);
  return !host.empty() && host.front() != '.' && host.back() != '.' &&
         host.find("..") == host.npos &&
         all(host, [](char c) { return c == '-' || c == '.' || is_alphanumeric(c); });
}

bool cors_origin(std::string_view text) {
  if (text == "*") return true;
  if (text.starts_with("http://"))
    text.remove_prefix(7);
  else if (text.starts_with("https://"))
    text.remove_prefix(8);
  else
    return false;
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return origin_host(text);
  const std::string_view port = text.substr(colon + 1);
  return !port.empty() && port.size() <= 5 && all(port, is_digit) &&
         origin_host(text.substr(0, colon));
}

bool is_domain_path_character(char c) {
  constexpr std::string_view kOther = "/-._~%!$&'()*+,;=:";
  return is_alphanumeric(c) || kOther.find(c) != kOther.npos;
}

bool controller_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != text.npos && slash + 1 < text.size() && dns_name(text.substr(0, slash)) &&
         all(text.substr(slash + 1), is_domain_path_character);
}

/// The expression is not anchored at the front of its second half: any text that ends in a
/// lower-case letter or digit, a slash and a name will do.
bool protocol(std::string_view text) {
  if (dashed(text, is_alphanumeric)) return true;
  const std::size_t slash = text.rfind('/');
  return slash != text.npos && slash > 0 && slash + 1 < text.size() &&
         is_lower_alphanumeric(text[slash - 1]) && all(text.substr(slash + 1), is_alphanumeric);
}

/// Likewise: `^` and `$` belong to the first and the last alternative only.
bool address_type(std::string_view text) {
  if (text.starts_with("Hostname") || text.find("IPAddress") != text.npos ||
      text.find("NamedAddress") != text.npos)
    return true;
  for (std::size_t slash = text.find('/'); slash != text.npos; slash = text.find('/', slash + 1))
    if (slash > 0 && slash + 1 < text.size() && is_lower_alphanumeric(text[slash - 1]) &&
        all(text.substr(slash + 1), is_domain_path_character))
      return true;
  return false;
}

bool name_segment(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         all(text, [](char c) { return c == '-' || c == '_' || c == '.' || is_alphanumeric(c); });
}

bool label_value(std::string_view text) { return text.empty() || name_segment(text); }

bool qualified_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != text.npos && !dns_name(text.substr(0, slash))) return false;
  const std::string_view name = slash == text.npos ? text : text.substr(slash + 1);
  return name.size() <= 63 && name_segment(name);
}

bool port_name(std::string_view text) {
  return text.size() <= 15 && dns_label(text) && text.find("--") == text.npos &&
         std::ranges::any_of(text, is_lower);
}

bool timestamp(std::string_view text) { return utc_timestamp(text).has_value(); }

}  // namespace

constinit const Pattern kGroupName{
    "an API group", R"(^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)",
    group_name};
constinit const Pattern kKindName{"a kind such as Service", "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$",
                                  kind_name};
constinit const Pattern kDnsLabel{"a DNS label in lower case", "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
                                  dns_label};
constinit const Pattern kDns1035Label{"a DNS label in lower case that starts with a letter",
                                      "^[a-z]([-a-z0-9]*[a-z0-9])?$", dns_1035_label};
constinit const Pattern kDnsName{
    "a DNS name in lower case",
    R"(^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)", dns_name};
constinit const Pattern kHostname{
    "a host name in lower case, with or without a leading \"*.\"",
    R"(^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)", hostname};
constinit const Pattern kHeaderName{"the name of an HTTP header",
                                    R"(^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$)", header_name};
constinit const Pattern kHeaderValue{"the value of an HTTP header", R"(^[!-~]+([\t ]?[!-~]+)*$)",
                                     header_value};
constinit const Pattern kPathCharacters{
    "a URL path", R"(^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$)", path_characters};
constinit const Pattern kGoDuration{
    "a duration such as 10s, 1.5s, 500ms or 1h30m", "^([0-9]+(\\.[0-9]*)?(h|m|s|ms|us|ns))+$",
    [](std::string_view text) { return static_cast<bool>(parse_duration(text)); }};
constinit const Pattern kDuration{"a duration such as 10s, 500ms or 1h30m",
                                  "^([0-9]{1,5}(h|m|s|ms)){1,4}$", duration};
constinit const Pattern kCorsOrigin{
    "an origin such as https://shop.example.com",
    R"((^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$))",
    cors_origin};
constinit const Pattern kControllerName{
    "a controller name such as example.com/gateway",
    R"(^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$)",
    controller_name};
constinit const Pattern kProtocol{
    "a protocol such as HTTP or example.com/proto",
    R"(^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$)",
    protocol};
constinit const Pattern kAddressType{
    "IPAddress, Hostname, NamedAddress or a type such as example.com/vip",
    R"(^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$)",
    address_type};
constinit const Pattern kLabelValue{"the value of a label",
                                    "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", label_value};
constinit const Pattern kQualifiedName{
    "the key of a label or annotation",
    R"(^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$)",
    qualified_name};
constinit const Pattern kPortName{"the name of a port (15 characters at most)",
                                  "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$, with a letter, without \"--\"",
                                  port_name};
constinit const Pattern kTimestamp{
    "a time such as 2024-05-01T12:00:00Z",
    R"(^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})$)",
    timestamp};

}  // namespace spillway::scenarios::manifests
