// The string formats that the API server asks of manifests: each with its regular expression, which
// stands in the messages, and a hand-written matcher that takes linear time on any input. Pure; any
// thread.
#pragma once

#include <string_view>

namespace spillway::scenarios::manifests {

/// `what` completes "must be ..."; `matches` accepts exactly what `regex` (RE2) accepts.
struct Pattern {
  std::string_view what;
  std::string_view regex;
  bool (*matches)(std::string_view text);
};

extern const Pattern kGroupName;       ///< empty (the core group) or a DNS name
extern const Pattern kKindName;        ///< a kind such as HTTPRoute
extern const Pattern kDnsLabel;        ///< a name without dots, as of namespaces
extern const Pattern kDns1035Label;    ///< a DNS label that starts with a letter, as of Services
extern const Pattern kDnsName;         ///< labels joined by dots, as of most objects
extern const Pattern kHostname;        ///< a DNS name, or one behind "*."
extern const Pattern kHeaderName;      ///< RFC 7230 token
extern const Pattern kHeaderValue;     ///< visible ASCII, single blanks inside
extern const Pattern kPathCharacters;  ///< RFC 3986 path, percent-encoded where needed
extern const Pattern kDuration;        ///< GEP-2257
extern const Pattern kGoDuration;      ///< as Istio reads durations: fractions, us and ns too
extern const Pattern kCorsOrigin;
extern const Pattern kControllerName;
extern const Pattern kProtocol;     ///< of a listener
extern const Pattern kAddressType;  ///< of a Gateway address; as loose as its expression
extern const Pattern kLabelValue;
extern const Pattern kQualifiedName;  ///< key of a label or annotation
extern const Pattern kPortName;       ///< IANA service name
extern const Pattern kTimestamp;      ///< RFC 3339, and a time that exists

}  // namespace spillway::scenarios::manifests
